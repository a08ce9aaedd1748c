"""What people do to both systems, and to the product by hand; each act is one that the seed may choose."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Final, TypeAlias

from domain.attributes import CATALOGUE, CONSIDER, Role
from domain.errors import Misconfigured, MustBeKept, NotFound
from domain.records.erasure_book import ErasureState
from domain.services.drift.human_decisions import Deciding
from domain.services.journal import Journal
from domain.services.sync.report import RunStatus
from domain.snapshots import CompensationCategory
from domain.values import BLANK, Actor, FieldPath, PersonId
from tests.simulation.office import Office
from tests.simulation.settings import BICYCLE
from tests.support.world import TULP

NAMES: Final = ("Anouk", "Bram", "Cato", "Daan", "Elin", "Femke", "Guus", "Hanna", "Iris", "Joris", "Koen", "Lotte")
EDITED: Final = tuple(map(Role, ("street", "city", "phone", "mobile_phone", "personal_email", "place_of_birth")))
REQUIRED: Final = tuple(map(Role, ("last_name", "initials", "date_of_birth")))
FULL_TIME: Final = (Decimal(40), Decimal(40))
_FIELDS: Final = [row.field for row in CATALOGUE if row.role in EDITED]


class People:
    """The departments of one office. `typed` is what payroll last entered by hand, by number and field."""

    def __init__(self, office: Office, random: Random) -> None:
        self.office, self.random, self.world = office, random, office.world
        self.typed: dict[tuple[int, FieldPath], str] = {}
        self._words = 0

    # --- human resources, in Personio ---

    def hire(self, name: str, *, in_loket: bool = False) -> None:
        (self.world.employ if in_loket else self.world.hire)(name)
        self.raise_salary(name)
        self._tell(name)

    def hr_hires(self) -> None:
        free = [name for name in NAMES if name not in self.world.people]
        if free:
            self.hire(free[0])

    def hr_edits(self) -> None:
        """Mostly harmless; now and then something that no one may be without."""
        roles = REQUIRED if self.random.random() < 0.05 else EDITED
        name, role = self._someone(), self.random.choice(roles)
        value = BLANK if self.random.random() < 0.3 else self._word("Word")
        if role == "personal_email" and value is not BLANK:
            value = f"mail{self._words}@example.net"
        self.world.edit(name, role, value)
        self._tell(name)

    def hr_repairs(self) -> None:
        self.repair(self._someone())

    def repair(self, name: str) -> None:
        for role in (CONSIDER, *REQUIRED, *EDITED):
            self.world.edit(name, role, self.world.hired[name].values[role])
        self._tell(name)

    def hr_decides(self) -> None:
        name = self._someone()
        self.world.edit(name, CONSIDER, self.random.choice(["Yes", "No", "Yes"]))
        self._tell(name)

    def hr_raises(self) -> None:
        self.raise_salary(self._someone())

    def raise_salary(self, name: str) -> None:
        """From today, from later, or found out too late."""
        amount = Decimal(self.random.randrange(2300, 6900)) + Decimal("0.25")
        day = self.world.clock.today() + timedelta(days=self.random.choice([0, 0, 0, 3, 20, -25]))
        self.world.hr.set_salary(self._person(name), amount, "MONTHLY", hours=FULL_TIME, effective_from=day)

    def hr_lends_a_bicycle(self) -> None:
        """A recurring compensation; an amount of nothing ends the one before."""
        person, amount = self._person(self._someone()), Decimal(self.random.choice([0, 15, 25, 40]))
        month = self.world.clock.today().replace(day=1)
        self.world.hr.add_pay(person, BICYCLE, CompensationCategory.RECURRING, amount, month)

    # --- payroll, in Loket ---

    def payroll_edits(self) -> None:
        number = self._in_loket()
        if number is not None:
            path = self.random.choice(_FIELDS)
            self.typed[number, path] = word = self._word("Loket")
            self.world.payroll.set_field(TULP, number, path, word)

    def payroll_ends(self) -> None:
        """Soon or lately, years ago (entered late), or not at all: somebody was ended by mistake."""
        number = self._in_loket()
        if number is not None:
            days = self.random.choice([-5, 12, -400, -1_000, -3_400])
            end = self.world.clock.today() + timedelta(days=days)
            self.world.payroll.end_employment(TULP, number, self.random.choice([None, end]))

    def payroll_edits_pay(self) -> None:
        number = self._in_loket()
        wages = self.world.payroll.wages(TULP, number) if number is not None else {}
        if number is not None and wages:
            self.world.payroll.set_wage(TULP, number, max(wages), Decimal(self.random.randrange(2000, 2300)))

    def payroll_completes(self) -> None:
        concepts = [one for one in self.world.payroll.concepts(TULP) if one is not None]
        if concepts:
            act = self.random.choice([self.world.payroll.finalise] * 3 + [self.world.payroll.delete_concept])
            act(TULP, self.random.choice(sorted(concepts)))

    # --- with the product, by hand ---

    def someone_syncs(self) -> None:
        report = self.office.sync("Anna")
        if report and report.status is RunStatus.REFUSED and report.fingerprint and self.random.random() < 0.7:
            self.office.sync("Bea", report.fingerprint)

    def someone_decides(self) -> None:
        """About a difference that is open: its loss is agreed, Loket's value is right, or it may stay for some days."""
        cases = self.office.wired.views.drift.cases(TULP.personio_id)
        if cases:
            case, tools = self.random.choice(cases), self.world.tools()
            journal = Journal(tools=tools, actor=Actor("Fatima"), correlation="decision")
            deciding = Deciding(self.office.settings.policy(TULP.personio_id), journal, "agreed with payroll")
            until = self.world.clock.today() + timedelta(days=3)
            ways = [deciding.acknowledge, deciding.keep, lambda number, name: deciding.accept(number, name, until)]
            way = self.random.choice(ways)
            with suppress(NotFound, Misconfigured):  # not there any more, erased, or pay, which is not accepted
                self.office.attempted(lambda: way(case.employee_number, case.field))

    def someone_asks_to_erase(self) -> None:
        """Mostly about somebody who has left."""
        left = [name for name in sorted(self.world.people) if self._left(name)]
        person = self._person(self.random.choice(left) if left and self.random.random() < 0.8 else self._someone())
        with suppress(NotFound):
            self.office.attempted(lambda: self.office.eraser("Fatima").request(person, "she asked for it"))

    def someone_confirms(self) -> None:
        book = self.office.eraser("Bea").book()
        asked = [one.id for one in book.erasures.values() if one.state is ErasureState.REQUESTED]
        if asked:
            with suppress(MustBeKept):
                self.office.attempted(lambda: self.office.eraser("Bea").confirm(self.random.choice(sorted(asked))))

    def someone_holds(self) -> None:
        """Kept for a lawsuit, or kept no longer."""
        person, eraser = self._person(self._someone()), self.office.eraser("Fatima")
        act = self.random.choice([eraser.hold, eraser.release])
        with suppress(NotFound):
            self.office.attempted(lambda: act(person, "a lawsuit"))

    @property
    def acts(self) -> tuple[Act, ...]:
        """Each as often as it comes up."""
        return (
            *[self.hr_edits] * 5, self.hr_repairs, self.hr_repairs, self.hr_decides, self.hr_hires,
            self.hr_raises, self.hr_raises, self.hr_lends_a_bicycle,
            *[self.payroll_edits] * 4, self.payroll_ends, self.payroll_ends, self.payroll_edits_pay,
            self.payroll_completes, self.someone_syncs, self.someone_syncs, self.someone_decides, self.someone_decides,
            self.someone_asks_to_erase, self.someone_confirms, self.someone_confirms, self.someone_holds,
        )  # fmt: skip

    def _word(self, kind: str) -> str:
        """One that was never used before."""
        self._words += 1
        return f"{kind} {self._words}"

    def _tell(self, name: str) -> None:
        self.office.post.tell(self._person(name))

    def _person(self, name: str) -> PersonId:
        person = self.world.people[name].person
        assert person is not None
        return person

    def _someone(self) -> str:
        return self.random.choice(sorted(self.world.people))

    def _left(self, name: str) -> bool:
        number, payroll = self.world.people[name].number, self.world.payroll
        return number in payroll.numbers(TULP) and all(one.end for one in payroll.employments(TULP, number))

    def _in_loket(self) -> int | None:
        numbers = sorted(self.world.payroll.numbers(TULP))
        return self.random.choice(numbers) if numbers else None


Act: TypeAlias = Callable[[], None]
