"""What waits to be delivered of one stream of alerts, read from the log: for where no view can say it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertNotDelivered, AlertRaised
from domain.log import Log, Recorded, StreamId
from domain.streams import delivery_stream
from domain.views.alerts import DeliveryRow, DeliveryState

GIVEN_UP_AFTER: Final = timedelta(days=3)
LONGEST_WAIT: Final = timedelta(hours=6)


def due_of(log: Log, stream: StreamId, now: datetime) -> Sequence[DeliveryRow]:
    """As `AlertsView.due`, of the alerts of one stream that are not too old to be delivered."""
    since = now - GIVEN_UP_AFTER - LONGEST_WAIT
    raised = [
        (event, event.fact)
        for event in log.stream(stream)
        if isinstance(event.fact, AlertRaised) and event.meta.recorded_at > since
    ]
    ways = {(fact.alert, target): event for event, fact in raised for target in fact.targets}
    told = log.streams([delivery_stream(*way) for way in ways])
    rows = [_row(*way, event, told.get(delivery_stream(*way), ())) for way, event in ways.items()]
    due = (one for one in rows if one.state is DeliveryState.WAITING and one.next_at <= now)
    return sorted(due, key=lambda one: (one.next_at, one.position, one.target))


def _row(alert: str, target: str, raised: Recorded, told: Sequence[Recorded]) -> DeliveryRow:
    at, state, attempts, cause = raised.meta.recorded_at, DeliveryState.WAITING, 0, ""
    next_at = at
    for event in told:
        match event.fact:
            case AlertDelivered(attempt=attempts):
                state = DeliveryState.DELIVERED
            case AlertDeadLettered(attempts=attempts, cause=cause):
                state = DeliveryState.GIVEN_UP
            case AlertNotDelivered(attempt=attempts, cause=cause, next_at=next_at):
                pass
            case _:
                pass
    version = told[-1].version + 1 if told else 0
    return DeliveryRow(alert, target, raised.position, at, state, attempts, next_at, cause, version)
