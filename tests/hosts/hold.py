"""What must hold of one tenant's log and systems, whatever hosts and links did; judged by the order of what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from domain.events.alert import AlertDelivered, AlertNotDelivered, AlertRaised
from domain.events.drift import DriftChecked
from domain.events.runs import RunStarted
from domain.events.schedule import OccurrenceDone, OccurrencePutOff
from domain.log import Recorded
from domain.schedule import Planned
from tests.simulation.schedule_holds import ScheduleHolds
from tests.support.invariants import holes, unsettled


@dataclass
class TenantHolds:
    """`broken` says what did not hold, and of what the log had more than in quiet times `counts` keeps count."""

    name: str
    arrived: Callable[[], Counter[str]]  # how often each alert came to its target
    events: list[Recorded] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    schedule: ScheduleHolds = field(default_factory=ScheduleHolds)
    _waiting: Counter[str] = field(default_factory=Counter)
    _confirmed: dict[str, int] = field(default_factory=dict)
    _sent_again: dict[str, datetime] = field(default_factory=dict)
    _put_off: dict[tuple[str, str], OccurrencePutOff] = field(default_factory=dict)
    _told: set[tuple[tuple[str, str], datetime]] = field(default_factory=set)

    def plans(self, planned: Sequence[Planned]) -> None:
        self.schedule.plans(planned)

    def see(self, events: Sequence[Recorded], harms: int) -> None:
        """What is new; `harms` is how often something was done so far that may have cut a job off."""
        for event in events:
            self.events.append(event)
            self._note(self.schedule.see(event, harms))
            match event.fact:
                case OccurrenceDone() as fact:
                    self.counts["jobs", "done"] += 1
                    self._put_off.pop((fact.legal_entity, fact.job), None)
                case OccurrencePutOff() as fact:
                    self.counts["jobs", "put off"] += 1
                    self._put_off[fact.legal_entity, fact.job] = fact
                case AlertRaised() as fact:
                    self.counts["alerts", "raised"] += 1
                    self._waiting[fact.alert] += len(fact.targets)
                case AlertNotDelivered() as fact:
                    self.counts["alerts", "attempts that failed"] += 1
                    self._sent_again[fact.alert] = fact.next_at
                case AlertDelivered() as fact:
                    self.counts["alerts", "delivered"] += 1
                    self._waiting[fact.alert] -= 1
                    if fact.alert in self._confirmed:
                        self._note([f"alert {fact.alert} was delivered twice"])
                    self._confirmed[fact.alert] = self.arrived()[fact.alert]

    def sign_in_needed(self) -> bool:
        """Whether somebody has to sign in at Loket, and has not been told so before."""
        new = {(job, one.until) for job, one in self._put_off.items() if one.reason == "SignInNeeded"} - self._told
        self._told |= new
        return bool(new)

    @property
    def waits(self) -> list[datetime]:
        """Until when what was put off waits."""
        return [one.until for one in self._put_off.values()]

    def missing(self, now: datetime, grace: timedelta) -> list[str]:
        """What is due and not done, or waits to be tried again."""
        waiting = [f"{one.job} waits until {one.until} ({one.reason})" for one in self._put_off.values()]
        return [*self.schedule.after_all_looked(now, grace), *waiting]

    def at_rest(self, now: datetime, grace: timedelta) -> None:
        self._note(self.missing(now, grace))
        self._note(holes(self.events))
        self._note(unsettled(self.events))
        self._note(overlapping(self.events))
        arrived = self.arrived()
        for alert, waits in self._waiting.items():
            if waits:
                self._note([f"alert {alert} was not delivered"])
            elif arrived[alert] > self._confirmed[alert]:
                self._note([f"alert {alert} came again after its delivery was on record"])
            self.counts["alerts", "came again, since its answer was lost"] += max(0, arrived[alert] - 1)
        self.counts["log", "events"] += len(self.events)

    def undelivered(self) -> dict[str, datetime | None]:
        """Alerts that have not come to their target, and when they are sent again; None is at once."""
        return {alert: self._sent_again.get(alert) for alert, waits in self._waiting.items() if waits}

    def _note(self, lines: Iterator[str] | Sequence[str]) -> None:
        self.broken += [f"{self.name}: {line}" for line in lines]


def overlapping(events: Sequence[Recorded]) -> Iterator[str]:
    """Runs and checks of one legal entity, of which one recorded something after the next had begun."""
    worked = {one.meta.correlation for one in events if isinstance(one.fact, RunStarted | DriftChecked)}
    spans: dict[str, tuple[int, int]] = {}
    for one in events:
        if one.meta.correlation in worked:
            first, _ = spans.get(one.meta.correlation, (one.position, 0))
            spans[one.meta.correlation] = first, one.position
    ordered = sorted(spans.items(), key=lambda one: one[1])
    for (before, (_, ended)), (after, (began, _)) in pairwise(ordered):
        if ended > began:
            yield f"{before} recorded something at {ended}, and {after} had begun at {began}"


def counted(all_of_them: Sequence[TenantHolds]) -> Mapping[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for one in all_of_them:
        found.update(one.counts)
    return found
