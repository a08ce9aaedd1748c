"""Weeks in the life of one legal entity, decided by a seed: people edit both systems, Loket misbehaves, syncs run.

Everything is in one process and on one virtual clock; ids, keys and nonces are counters of the fakes, so that the same
seed gives the same log, to the last byte of every opened fact (`root`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from random import Random
from typing import Final

import msgspec

from adapters.projections.open import open_views
from domain.attributes import CATALOGUE, CONSIDER, Role
from domain.errors import TweeluikError
from domain.events import OutcomeRecorded, WriteIntended
from domain.services.report import RunReport, RunStatus
from domain.values import BLANK, EmployeeNumber, FieldPath
from tests.support.faults import LoketFault
from tests.support.interposed import ProcessDied
from tests.support.invariants import holes, unsettled
from tests.support.offices import Trouble
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

DAYS: Final = 12
FULL_TIME: Final = (Decimal(40), Decimal(40))
BEGINNINGS: Final = (date(2026, 3, 23), date(2026, 10, 19), date(2026, 12, 26))  # both DST switches, and a year's end
HOURS: Final = (time(0, 0), time(1, 59), time(3, 0), time(9, 0), time(22, 59), time(23, 59))
NAMES: Final = ("Anouk", "Bram", "Cato", "Daan", "Elin", "Femke", "Guus", "Hanna", "Iris", "Joris", "Koen", "Lotte")
_EDITED: Final = ("street", "city", "phone", "mobile_phone", "personal_email", "place_of_birth")
_TEXTS: Final = [row for row in CATALOGUE if row.role in _EDITED]
_REQUIRED: Final = (Role("last_name"), Role("initials"), Role("date_of_birth"))


@dataclass(slots=True)
class Life:
    """One seed. `broken` says what did not hold, and after which step."""

    seed: int
    world: World = field(default_factory=lambda: World(InProcess()))
    broken: list[str] = field(default_factory=list)
    root: str = ""
    runs: Counter[str] = field(default_factory=Counter)
    _steps: int = 0

    def lived(self) -> Life:
        """Every day, then calm: nobody edits, nothing fails, and the syncs must come to rest."""
        random, world = Random(self.seed), self.world
        day = random.choice(BEGINNINGS)
        world.clock.travel(day, time(8))
        for number, name in enumerate(NAMES[: random.randint(4, len(NAMES) - 3)]):
            (world.employ if number % 4 else world.hire)(name)
            self._salary(random, name)
        for _ in range(DAYS):
            for _ in range(random.randrange(4)):
                self._step(random, day)
            for at in sorted(random.sample(HOURS, random.randrange(3))):
                self._sync(day, at)
            day += timedelta(days=1)
        self._calm(day)
        return self

    def computed_root(self) -> str:
        """Over every event with its personal values opened: sealing is random in the real log, never what is sealed."""
        digest = hashlib.sha256()
        for one in self.world.everything():
            digest.update(msgspec.json.encode([one.position, one.stream, one.version, one.name, one.meta, one.fact]))
        return digest.hexdigest()

    # --- what happens ---

    def _step(self, random: Random, day: date) -> None:
        self._steps += 1
        self.world.clock.travel(day, time(random.randint(7, 8), random.randrange(60)))
        actions: list[Callable[[Random], None]] = [
            self._hr_edits,
            self._hr_edits,
            self._hr_repairs,
            self._hr_raises,
            self._hr_decides,
            self._hr_hires,
            self._payroll_edits,
            self._payroll_ends,
            self._payroll_completes,
            self._loket_fails,
            self._process_dies,
            self._personio_fails,
        ]
        random.choice(actions)(random)

    def _hr_edits(self, random: Random) -> None:
        role = random.choice([*(row.role for row in _TEXTS), *_REQUIRED[: random.randrange(2)]])
        value = BLANK if random.random() < 0.3 else f"Word {random.randrange(1000)}"
        if role == "personal_email" and value is not BLANK:
            value = f"mail{random.randrange(1000)}@example.net"
        self.world.edit(self._someone(random), role, value)

    def _hr_repairs(self, random: Random) -> None:
        self._repair(self._someone(random), self.world.clock.today())

    def _repair(self, name: str, day: date) -> None:
        for role in (CONSIDER, *_REQUIRED, *map(Role, _EDITED)):
            self.world.edit(name, role, self.world.hired[name].values[role], since=day)

    def _hr_raises(self, random: Random) -> None:
        self._salary(random, self._someone(random))

    def _hr_decides(self, random: Random) -> None:
        self.world.edit(self._someone(random), CONSIDER, random.choice(["Yes", "No", "Yes"]))

    def _hr_hires(self, random: Random) -> None:
        free = [name for name in NAMES if name not in self.world.people]
        if free:
            self.world.hire(free[0])
            self._salary(random, free[0])

    def _salary(self, random: Random, name: str) -> None:
        one = self.world.people[name]
        assert one.person is not None
        amount = Decimal(random.randrange(2300, 6900)) + Decimal("0.25")
        self.world.hr.set_salary(
            one.person, amount, "MONTHLY", hours=FULL_TIME, effective_from=self.world.clock.today()
        )

    def _payroll_edits(self, random: Random) -> None:
        number = self._in_loket(random)
        if number is not None:
            path = random.choice(_TEXTS).field
            self.world.payroll.set_field(TULP, number, FieldPath(path), f"Loket {random.randrange(1000)}")

    def _payroll_ends(self, random: Random) -> None:
        number = self._in_loket(random)
        if number is not None:
            end = self.world.clock.today() + timedelta(days=random.randint(-5, 30))
            self.world.payroll.end_employment(TULP, number, random.choice([None, end]))

    def _payroll_completes(self, random: Random) -> None:
        concepts = [one for one in self.world.payroll.concepts(TULP) if one is not None]
        if concepts:
            number = random.choice(sorted(concepts))
            act = random.choice([self.world.payroll.finalise, self.world.payroll.delete_concept])
            act(TULP, number)

    def _loket_fails(self, random: Random) -> None:
        self.world.payroll.add_fault(random.choice(list(LoketFault)))

    def _process_dies(self, random: Random) -> None:
        def die() -> None:
            raise ProcessDied

        setattr(self.world.hooks(), random.choice(["before_write", "after_write", "on_reading"]), die)

    def _personio_fails(self, random: Random) -> None:
        self.world.hr.trouble(random.choice([None, *Trouble]))

    def _someone(self, random: Random) -> str:
        return random.choice(sorted(self.world.people))

    def _in_loket(self, random: Random) -> int | None:
        numbers = sorted(self.world.payroll.numbers(TULP))
        return random.choice(numbers) if numbers else None

    # --- the product, and what must hold after it ---

    def _sync(
        self, day: date, at: time = time(9), actor: str = "schedule", confirm: str | None = None
    ) -> RunReport | None:
        self._steps += 1
        untouchable = self._untouchable()
        report = self.world.run(day, at, actor=actor, confirm=confirm)
        self.runs[report.status.value if report else "killed"] += 1
        for line in self._wrong(report, untouchable):
            self.broken.append(f"step {self._steps}, {day} {at:%H:%M}: {line}")
        return report

    def _untouchable(self) -> set[int]:
        """Numbers nobody may write to now: every employment has an end date, or payroll is not to consider them."""
        payroll = self.world.payroll
        ended = {one for one in payroll.numbers(TULP) if all(each.end for each in payroll.employments(TULP, one))}
        return ended | {one.number for one in self.world.people.values() if one.values[CONSIDER] == "No"}

    def _wrong(self, report: RunReport | None, untouchable: set[int]) -> Iterator[str]:
        world, events = self.world, self.world.tools().log.page(-1, 1_000_000)
        written = world.writes()
        yield from holes(events)
        yield from unsettled(events, open_allowed=len(events))
        for number in untouchable.intersection(one for one in written if one is not None):
            yield f"{number} was written, who is left out"
        known = Counter([*world.payroll.numbers(TULP), *(one or 0 for one in world.payroll.concepts(TULP))])
        yield from (f"{number} is in Loket {count} times" for number, count in known.items() if count > 1)
        if report is None:
            return
        if report.status in (RunStatus.BLOCKED, RunStatus.REFUSED) and written:
            yield f"a run that ended {report.status.value} wrote"
        intents = [one.fact for one in events if isinstance(one.fact, WriteIntended)]
        ours = [one for one in intents if one.run_id == report.run_id]
        if len(written) > len(ours):
            yield f"{len(written)} writes with {len(ours)} intents"
        if report.status is not RunStatus.REFUSED:
            told = Counter(one.person for one in report.outcomes)
            everyone = {one.person for one in world.people.values() if one.person is not None}
            yield from (f"person {one} has {told[one]} outcomes" for one in everyone if told[one] != 1)
            stored = [one for one in events if isinstance(one.fact, OutcomeRecorded)]
            if sum(one.meta.correlation == report.run_id for one in stored) != len(report.outcomes):
                yield "the outcomes on record are not those of the report"

    def _calm(self, day: date) -> None:
        """Nothing fails any more: within four runs there is nothing left to write, and every intent has ended."""
        self.world.hr.trouble(None)
        self._forget_hooks()
        for name in self.world.people:
            self._repair(name, day)
        for _ in range(6):
            day += timedelta(days=1)
            report = self._sync(day)
            if report and report.status is RunStatus.REFUSED and report.fingerprint:
                report = self._sync(day, time(10), actor="Bea", confirm=report.fingerprint)
            if report and report.status is RunStatus.COMPLETED and not self.world.writes():
                break
        else:
            said = report and (report.status.value, report.reason, report.message, len(self.world.writes()))
            self.broken.append(f"the syncs do not come to rest: {said}")
        self.broken += unsettled(self.world.tools().log.page(-1, 1_000_000))
        self.broken += self._views()

    def _forget_hooks(self) -> None:
        hooks = self.world.hooks()
        for moment in ("before_write", "after_write", "on_reading", "on_writing"):
            setattr(hooks, moment, lambda: None)

    def _views(self) -> Iterator[str]:
        """What the views of these weeks answer against those of a rebuild from nothing."""
        tools = self.world.tools()
        tools.views.catch_up()
        with closing(open_views("sqlite://", tools.log)) as fresh:
            fresh.rebuild()
            for number in {one.number for one in self.world.people.values()}:
                asked = (TULP.personio_id, EmployeeNumber(number))
                if tools.views.history.positions(*asked) != fresh.history.positions(*asked):
                    yield f"the history of {number} is not what the log folds to"
            if tools.views.sync_state.people(TULP.personio_id) != fresh.sync_state.people(TULP.personio_id):
                yield "the people of the entity are not what the log folds to"


def life(seed: int) -> Life:
    """The whole of one seed; an exception of the product is one more thing that did not hold."""
    one = Life(seed)
    try:
        one.lived()
    except (TweeluikError, AssertionError, KeyError, ValueError) as failure:
        one.broken.append(f"{type(failure).__name__}: {failure}")
    finally:
        one.root = one.computed_root()
        one.world.close()
    return one
