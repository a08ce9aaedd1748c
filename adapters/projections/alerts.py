"""Facts into the rows of `domain.views.alerts`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.projections.instants import instant, written
from adapters.projections.projection import Change, Projection, Table
from adapters.projections.readable import of_view
from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertNotDelivered, AlertRaised
from domain.log import Recorded
from domain.views.alerts import AlertRow, DeliveryRow, DeliveryState

ALERTS: Final = Table(
    "alerts_raised", key={"alert": str}, columns={"legal_entity": str, "raised_at": str, "position": int}
)
DELIVERIES: Final = Table(
    "alert_deliveries",
    key={"alert": str, "target": str},
    columns={
        "position": int, "raised_at": str, "state": str, "attempts": int, "next_at": str, "cause": str,
        "next_version": int,
    },
)  # fmt: skip
ALERT_COLUMNS: Final = ", ".join((*ALERTS.key, *ALERTS.columns))
DELIVERY_COLUMNS: Final = ", ".join((*DELIVERIES.key, *DELIVERIES.columns))


@of_view("alerts")
def alert_row(row: Sequence[Any]) -> AlertRow:
    alert, entity, raised, position = row
    return AlertRow(alert, entity, instant(raised), position)


@of_view("alerts")
def delivery_row(row: Sequence[Any]) -> DeliveryRow:
    alert, target, position, raised, state, attempts, next_at, cause, version = row
    return DeliveryRow(
        alert, target, position, instant(raised), DeliveryState(state), attempts, instant(next_at), cause, version
    )


def _raised(fact: AlertRaised, event: Recorded) -> Iterator[Change]:
    at = written(event.meta.recorded_at)
    yield ALERTS.put(fact.alert, legal_entity=fact.legal_entity, raised_at=at, position=event.position)
    for target in fact.targets:
        yield DELIVERIES.put(
            fact.alert, target, position=event.position, raised_at=at, state=DeliveryState.WAITING.value,
            attempts=0, next_at=at, cause="", next_version=0,
        )  # fmt: skip


def _ended(fact: AlertDelivered | AlertDeadLettered, event: Recorded) -> Iterator[Change]:
    taken = isinstance(fact, AlertDelivered)
    yield DELIVERIES.put(
        fact.alert,
        fact.target,
        state=(DeliveryState.DELIVERED if taken else DeliveryState.GIVEN_UP).value,
        attempts=fact.attempt if isinstance(fact, AlertDelivered) else fact.attempts,
        cause="" if isinstance(fact, AlertDelivered) else fact.cause,
        next_version=event.version + 1,
    )


def _failed(fact: AlertNotDelivered, event: Recorded) -> Iterator[Change]:
    yield DELIVERIES.put(
        fact.alert,
        fact.target,
        attempts=fact.attempt,
        next_at=written(fact.next_at),
        cause=fact.cause,
        next_version=event.version + 1,
    )


ALERTS_PROJECTION: Final = Projection(
    name="alerts",
    version=1,
    tables=(ALERTS, DELIVERIES),
    handlers={
        AlertRaised: _raised,
        AlertDelivered: _ended,
        AlertDeadLettered: _ended,
        AlertNotDelivered: _failed,
    },
)
