"""What must hold of alerts: each reaches everybody who is to hear it, none again once its delivery is on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.alerts import AlertRecord
from domain.drift.state import CaseState
from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertKind, AlertNotDelivered, AlertRaised
from domain.log import Recorded
from domain.services.alerts.raised import SYSTEMS
from domain.services.alerts.undelivered import GIVEN_UP_AFTER, LONGEST_WAIT
from domain.streams import alert_stream
from domain.values import LegalEntityId
from tests.simulation.mishaps import Inbox
from tests.simulation.office import Office
from tests.simulation.settings import TARGETS


@dataclass
class AlertsHold:
    inboxes: Mapping[str, Inbox]
    raised: dict[str, datetime] = field(default_factory=dict)
    waiting: dict[tuple[str, str], datetime] = field(default_factory=dict)  # from when it may be sent
    _confirmed: dict[tuple[str, str], int] = field(default_factory=dict)  # how often it had arrived by then

    def see(self, event: Recorded) -> Iterator[str]:
        match event.fact:
            case AlertRaised() as fact:
                if fact.alert in self.raised:
                    yield f"two alerts are called {fact.alert}"
                self.raised[fact.alert] = event.meta.recorded_at
                if {*fact.targets} != {*_hearing(fact)}:
                    yield f"alert {fact.alert} is for {fact.targets}"
                self.waiting |= {(fact.alert, one): event.meta.recorded_at for one in fact.targets}
            case AlertDelivered(alert=alert, target=target):
                self.waiting.pop((alert, target), None)
                self._confirmed[alert, target] = self.inboxes[target].taken.get(alert, 0)
                if not self._confirmed[alert, target]:
                    yield f"alert {alert} counts as delivered and never reached {target}"
            case AlertNotDelivered(alert=alert, target=target, next_at=next_at):
                self.waiting[alert, target] = next_at
            case AlertDeadLettered(alert=alert, target=target):
                self.waiting.pop((alert, target), None)
                if event.meta.recorded_at + LONGEST_WAIT < self.raised[alert] + GIVEN_UP_AFTER:
                    yield f"alert {alert} was given up for {target} too early"

    def at_any_time(self) -> Iterator[str]:
        for inbox in self.inboxes.values():
            yield from inbox.unexpected()
        for (alert, target), times in self._confirmed.items():
            if self.inboxes[target].taken[alert] > times:
                yield f"alert {alert} came to {target} again after its delivery was on record"
                self._confirmed[alert, target] = self.inboxes[target].taken[alert]

    def after_all_looked(self, now: datetime) -> Iterator[str]:
        """What could be sent then was tried, except to a target that failed just now: it is left alone for a while."""
        for (alert, target), since in self.waiting.items():
            failed_at = self.inboxes[target].failed_at
            if since < now and (
                failed_at is None or failed_at < now
            ):  # what was raised meanwhile may come after its sending
                yield f"alert {alert} waits for {target} and was not sent"


def unheard(office: Office, entity: LegalEntityId) -> Iterator[str]:
    """Once its run or check has ended: open drift that no alert told of, and alerts open of drift that is over."""
    office.wired.views.catch_up()
    record = AlertRecord.of(office.log.stream(alert_stream(entity, SYSTEMS)))
    told = {one.key for one in record.open | record.held if one.kind is AlertKind.DRIFT}
    cases = office.wired.views.drift.cases(entity)
    if told != (found := {one.stream for one in cases if one.state is CaseState.OPEN}):
        yield f"alerts tell of {len(told)} differences, {len(found)} are open: {sorted(told ^ found)}"


def _hearing(fact: AlertRaised) -> Iterator[str]:
    lasting = {one.kind.value for one in (*fact.opened, *fact.recovered)}
    kinds = lasting | {one.kind.value for one in fact.happened} | {one.kind.value for one in fact.unlisted}
    yield from (name for name, heard in TARGETS.items() if not heard or kinds.intersection(heard))
