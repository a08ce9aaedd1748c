"""What must hold of runs and of what they write, whatever died or failed around them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from domain.attributes import CONSIDER
from domain.events.loket import WriteIntended
from domain.events.runs import OutcomeRecorded, OutcomesRecorded, RunBlocked, RunCompleted, RunRefused
from domain.log import Recorded
from domain.outcomes import outcomes_in
from domain.values import PersonId
from tests.simulation.office import Office
from tests.support.invariants import FINAL
from tests.support.world import TULP


class RunsHold:
    def __init__(self, office: Office) -> None:
        self._office = office
        self.ended: Counter[str] = Counter()
        self.open: set[str] = set()  # intents without an outcome
        self._intents: set[str] = set()
        self._of_run: Counter[str] = Counter()  # intents
        self._told: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._written = 0
        self._intended = 0
        self._untouchable: set[int] = set()

    def before_a_step(self) -> None:
        """Numbers nobody may write to now: every employment has an end date, or payroll is not to consider them."""
        payroll = self._office.world.payroll
        ended = {one for one in payroll.numbers(TULP) if all(each.end for each in payroll.employments(TULP, one))}
        out = {one.number for one in self._office.world.people.values() if one.values[CONSIDER] == "No"}
        self._untouchable = ended | out

    def see(self, event: Recorded) -> Iterator[str]:
        fact = event.fact
        if self._office.overtaken.get(event.meta.correlation, event.position + 1) <= event.position:
            yield f"{event.meta.correlation} recorded {event.name} after another had taken its legal entity over"
        match fact:
            case WriteIntended():
                if fact.intent in self._intents:
                    yield f"intent {fact.intent} was recorded twice"
                self._intents.add(fact.intent)
                self.open.add(fact.intent)
                self._of_run[fact.run_id] += 1
                self._intended += 1
            case OutcomeRecorded() | OutcomesRecorded():
                self._told[event.stream].update(one.person_id for one in outcomes_in(fact))
            case RunCompleted():
                self.ended["completed with errors" if fact.with_errors else "completed"] += 1
                yield from self._everybody(event)
            case RunBlocked():
                self.ended["blocked"] += 1
                yield from self._everybody(event)
                yield from self._nothing_written(event)
            case RunRefused():
                self.ended[f"refused ({fact.reason})"] += 1
                yield from self._nothing_written(event)
        if isinstance(fact, FINAL):
            if fact.intent not in self.open:
                yield f"intent {fact.intent} has an outcome too many"
            self.open.discard(fact.intent)

    def after_a_step(self) -> Iterator[str]:
        payroll = self._office.world.payroll
        writes = payroll.writes()
        new, self._written = writes[self._written :], len(writes)
        if len(new) > self._intended:
            yield f"{len(new)} writes with {self._intended} intents"
        self._intended = 0
        for number in self._untouchable.intersection(one for one in new if one is not None):
            yield f"{number} was written, who is left out"
        known = Counter([*payroll.numbers(TULP), *(one or 0 for one in payroll.concepts(TULP))])
        yield from (f"{number} is in Loket {count} times" for number, count in known.items() if count > 1)

    def _everybody(self, event: Recorded) -> Iterator[str]:
        """Everybody who was swept has one outcome, nobody has two, and the counts at the end are of so many."""
        assert isinstance(event.fact, RunCompleted | RunBlocked)
        told, swept, counted = self._told[event.stream], self._office.reading(event).shown, event.fact.counts
        if sum(counted.values()) != len(told):
            yield f"{event.stream} counts {sum(counted.values())} people and tells of {len(told)}"
        for person in sorted(swept | told.keys()):
            if told[PersonId(person)] != 1:
                yield f"{event.stream}: person {person} has {told[PersonId(person)]} outcomes"

    def _nothing_written(self, event: Recorded) -> Iterator[str]:
        if self._of_run[event.stream.removeprefix("run:")]:
            yield f"{event.stream} ended without leave to write, and wrote"
