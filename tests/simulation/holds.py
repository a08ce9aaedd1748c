"""Everything that must hold of one office, asked after every step; and what the steps came to, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

from adapters.projections.open import open_views
from domain.events.alert import AlertDeadLettered, AlertDelivered, AlertRaised
from domain.events.drift import DriftChecked, DriftOpened, DriftReopened, DriftResolved
from domain.events.loket_versions import VersionsDoubted
from domain.events.overtaken import EventsOvertaken
from domain.events.runs import RunBlocked, RunCompleted, SystemsRead
from domain.events.schedule import OccurrenceDone, OccurrenceMissed, OccurrencePutOff
from domain.log import StreamId
from domain.records.overtaken import folded
from domain.services.journal import opened_streams
from domain.services.telling import opened_telling
from domain.snapshots import SALARY
from tests.simulation.alerts_hold import AlertsHold, unheard
from tests.simulation.comparison_holds import ComparisonHolds
from tests.simulation.derived_holds import DerivedHolds
from tests.simulation.drift_holds import DriftHolds
from tests.simulation.erasures_hold import ErasuresHold
from tests.simulation.hints_hold import HintsHold
from tests.simulation.matters_hold import untold
from tests.simulation.office import Office, rows_of, tables
from tests.simulation.people import People
from tests.simulation.runs_hold import RunsHold
from tests.simulation.schedule_holds import ScheduleHolds
from tests.simulation.sights import Sights
from tests.simulation.truth_holds import TruthHolds
from tests.support.invariants import holes
from tests.support.world import AMSTERDAM, TULP

Counts = Counter[tuple[str, str]]
"""By a group and a word."""

_COUNTED: Final = {
    OccurrenceDone: ("schedule", "jobs done"),
    OccurrencePutOff: ("schedule", "jobs put off"),
    OccurrenceMissed: ("schedule", "jobs told as missed"),
    DriftChecked: ("drift", "checks"),
    DriftOpened: ("drift", "cases opened"),
    DriftReopened: ("drift", "cases opened again"),
    DriftResolved: ("drift", "cases ended"),
    VersionsDoubted: ("sights", "version numbers are found wrong"),
    AlertRaised: ("alerts", "raised"),
    AlertDelivered: ("alerts", "delivered"),
    AlertDeadLettered: ("alerts", "given up"),
}
_JUDGED: Final = DriftChecked | RunCompleted | RunBlocked  # the ends of those who have read both systems


class Holds:
    """`broken` says what did not hold, and when."""

    def __init__(self, office: Office, people: People, sights: Sights) -> None:
        self._office, self._people, self._sights = office, people, sights
        self._seen = 0  # changes of what the systems show, so far
        self.broken: list[str] = []
        self.counts: Counts = Counter()
        self.runs, self.schedule = RunsHold(office), ScheduleHolds()
        self.alerts, self.drift = AlertsHold(office.inboxes), DriftHolds(office)
        self.hints, self.erasures = HintsHold(office), ErasuresHold(office)
        self.truth = TruthHolds(office, people)
        self.derived, self.comparison = DerivedHolds(office), ComparisonHolds(office)
        self._position, self._deaths = -1, 0

    def after_a_step(self) -> None:
        """What the new events say, and what can be seen from outside."""
        self.erasures.note()
        new = self._office.log.page(self._position, 1_000_000)
        self._position += len(new)
        died, self._deaths = self._deaths != self._office.fate.deaths, self._office.fate.deaths
        for event in new:
            self.note(self.runs.see(event))
            self.note(self.schedule.see(event, self._deaths))
            self.note(self.alerts.see(event))
            self.note(self.drift.see(event))
            self.note(self.erasures.see(event))
            self.note(self.truth.see(event))
            self._office.looked(event)
            if isinstance(event.fact, SystemsRead) and event.fact.not_read_again:
                self.counts["sights", "people not read again"] += event.fact.not_read_again.people
            if (counted := _COUNTED.get(type(event.fact))) is not None:
                self.counts[counted] += 1
        self.note(self.derived.after_a_step(new))
        self.note(self.runs.after_a_step())
        self.note(self.truth.after_a_step())
        self.note(self.alerts.at_any_time())
        self.note(self.hints.at_any_time())
        self.note(self.erasures.at_any_time())
        ended = [one for one in new if isinstance(one.fact, _JUDGED)]
        if ended and not died:  # whoever died has told nobody yet
            self.note(self.comparison.after_a_look(ended[-1]))
            for entity in sorted({self._office.entity(one) for one in ended}):
                self.note(unheard(self._office, entity))
                self.note(untold(self._office, entity))
            if isinstance(ended[-1].fact, DriftChecked) and self._sights.whole and self._sights.changes == self._seen:
                self.note(self.drift.after_a_check(self._people.typed, self._people.emptied))
        self._seen = self._sights.changes

    def after_all_looked(self, at: datetime, grace: timedelta) -> None:
        """When every process has looked at what was due then, done it, and lived."""
        self.note(self.schedule.after_all_looked(at, grace))
        self.note(self.alerts.after_all_looked(at))

    def at_rest(self) -> None:
        """When nobody edits and nothing fails any more."""
        self.broken += [f"intent {one} never ended" for one in self.runs.open]
        self.broken += [f"alert {alert} never came to {target}" for alert, target in self.alerts.waiting]
        self.note(self.hints.at_rest())
        self.note(self.erasures.at_rest())
        self.note(self.erasures.in_views())
        self.note(holes(self._office.log.page(-1, 1_000_000)))
        self.note(self.truth.at_rest())
        self.note(self.derived.at_rest())
        self.note(self._wages())
        self.note(self._views())
        self.note(self._overtaken())

    def note(self, lines: Iterable[str]) -> None:
        at = self._office.clock.now().astimezone(AMSTERDAM)
        self.broken += [f"{at:%d %B %H:%M}: {line}" for line in lines]

    def counted(self) -> Counts:
        """With what others counted."""
        office, statuses = self._office, self._office.post.statuses
        taken = sum(one // 100 == 2 for one in statuses)
        self.counts |= {
            ("log", "events"): office.log.size(),
            ("Loket", "writes"): len(office.wired.payroll.sent),
            ("Loket", "writes of pay"): sum(kind.pays for kind, _ in office.wired.payroll.sent),
            ("webhooks", "taken in"): taken,
            ("webhooks", "not taken in, sent again"): len(statuses) - taken,
            ("webhooks", "hints followed"): len(self.hints.settled),
            ("alerts", "attempts that failed"): sum(one.failed for one in office.inboxes.values()),
            ("log", "decisions derived again"): self.derived.made,
            ("faults", "processes that died, or were overtaken"): office.fate.deaths,
        }
        said = self.comparison.said
        told = (
            ("comparisons", said),
            ("runs", self.runs.ended),
            ("erasures", self.erasures.seen),
            ("sights", self._sights.met),
        )
        for group, counts in told:
            self.counts |= {(group, word): count for word, count in counts.items()}
        return self.counts

    def _wages(self) -> Iterator[str]:
        """Loket pays what Personio says, to everybody who is synced."""
        today, payroll = self._office.clock.today(), self._office.world.payroll
        told = self._office.wired.hr.compensations(TULP, on=today).compensations
        salaries = {one.person: one.amount for one in told if one.category in SALARY}
        for one in (self._office.world.people[name] for name in self._office.here()):
            here = one.number in payroll.numbers(TULP)
            jobs = self._office.employments(one.number) if here else []
            if not jobs or any(each.end for each in jobs):
                continue
            wages = payroll.wages(TULP, one.number)
            begun = [start for start in wages if start <= today]
            held = wages[max(begun)].amount if begun else None
            if one.person in salaries and held != salaries[one.person]:
                yield f"{one.number} is paid {held} in Loket and {salaries[one.person]} in Personio"

    def _overtaken(self) -> Iterator[str]:
        """What is known of people by what still tells something, against everything."""
        tools = self._office.world.tools()
        events = (event.fact for event in tools.log.page(-1, 1_000_000))
        streams = {StreamId(one.stream): None for one in events if isinstance(one, EventsOvertaken)}
        self.counts["log", "streams with overtaken events"] = len(streams)
        telling, whole = opened_telling(tools, streams), opened_streams(tools, streams)
        yield from (f"{one} is not what it was by all its events" for one in streams
                    if folded(telling[one]) != folded(whole[one]))  # fmt: skip

    def _views(self) -> Iterator[str]:
        """Every row of the views against those of a rebuild from nothing."""
        self._office.wired.views.catch_up()
        with closing(open_views("sqlite://", self._office.log)) as fresh:
            fresh.rebuild()
            for table in tables():
                if rows_of(self._office.wired.views, table) != rows_of(fresh, table):
                    yield f"the view {table} is not what the log folds to"
