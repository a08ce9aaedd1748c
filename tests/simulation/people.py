"""What people do to both systems, and to the product by hand; each act is one that the seed may choose.

They see the truth: whoever accepts a read or confirms a plan has looked in both systems, and says yes only while these
show everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Final, TypeAlias

from domain.attributes import CATALOGUE, CONSIDER, GROSS_WAGE, INCOME_NUMBER, Role
from domain.errors import Misconfigured, MustBeKept, NotFound
from domain.records.erasure_book import ErasureState
from domain.services.drift.human_decisions import Deciding
from domain.services.journal import Journal
from domain.services.sync.report import RunReport, RunStatus
from domain.snapshots import CompensationCategory
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath
from tests.simulation.office import Office
from tests.simulation.settings import BICYCLE, EDITED
from tests.simulation.sights import Sights
from tests.support.world import LAVENDEL, TULP, TULP_SHOPS

NAMES: Final = ("Anouk", "Bram", "Cato", "Daan", "Elin", "Femke", "Guus", "Hanna", "Iris", "Joris", "Koen", "Lotte")
REQUIRED: Final = tuple(map(Role, ("last_name", "initials", "date_of_birth")))
WAGE: Final = "wage"
INCOME_THERE: Final = "2"  # of an employment in the other payroll administration
FULL_TIME: Final = (Decimal(40), Decimal(40))
_INCOME: Final = FieldPath("incomeRelationshipNumber")
_FIELDS: Final = [row.field for row in CATALOGUE if row.role in EDITED]


class People:
    """The departments of one office.

    `typed` is what payroll last entered by hand, by number and field, `touched` what else it moved (None: all of
    theirs); `emptied` were blanked for most people at once, which is believed when somebody says so.
    """

    def __init__(self, office: Office, sights: Sights, random: Random) -> None:
        self.office, self.sights, self.random, self.world = office, sights, random, office.world
        self.typed: dict[tuple[int, FieldPath], str] = {}
        self.touched: set[tuple[int, FieldPath | None]] = set()
        self.emptied: set[Role] = set()
        self._words = 0
        self._paid: defaultdict[tuple[str, str], list[tuple[date, int, Decimal, str]]] = defaultdict(list)

    # --- the truth ---

    def paid(self, name: str, kind: str, day: date) -> Decimal:
        """What HR says somebody earns that day: of two entries the later one, of two for a day the newer one."""
        begun = [one for one in self._paid[name, kind] if one[0] <= day]
        return max(begun)[2] if begun else Decimal(0)

    def entered(self, name: str, kind: str, day: date) -> bool:
        """Whether HR says that something begins that day."""
        return any(one[0] == day for one in self._paid[name, kind])

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

    def hr_empties(self) -> None:
        """One attribute, of most people: a mass blanking that is meant."""
        role = self.random.choice(EDITED)
        self.emptied.add(role)
        for name in self.office.here()[self.random.choice([0, 0, 1]) :]:
            self.world.edit(name, role, BLANK)
            self._tell(name)

    def hr_moves(self) -> None:
        """To a legal entity without the integration; or back, it was a mistake."""
        moved = sorted(name for name in self.world.people if self.office.where(name) == LAVENDEL)
        if moved and self.random.random() < 0.6:
            self._move(self.random.choice(moved), TULP.personio_id)
        elif name := self._leaver():
            self._move(name, LAVENDEL)

    def hr_moves_within(self) -> None:
        """Between the two legal entities of one employer in Loket: the income number that payroll gave goes along."""
        there = self.office.here(TULP_SHOPS)
        if there and self.random.random() < 0.5:
            name = self.random.choice(there)
            self._move(name, TULP.personio_id)
            self.world.edit(name, INCOME_NUMBER, "1")
        elif leaver := self._leaver():
            self._move(leaver, TULP_SHOPS.personio_id)
            self.world.edit(leaver, INCOME_NUMBER, INCOME_THERE)

    def _move(self, name: str, entity: str) -> None:
        self.world.hr.move(self.office.id(name), entity)
        self.office.moves(name, entity)
        self._tell(name)

    def hr_deletes(self) -> None:
        if name := self._leaver():
            self.world.hr.delete(self.office.id(name))
            self.office.moves(name, None)
            self._tell(name)

    def hr_raises(self) -> None:
        self.raise_salary(self._someone())

    def raise_salary(self, name: str) -> None:
        """From today, from later, or found out too late."""
        amount = Decimal(self.random.randrange(2300, 6900)) + Decimal("0.25")
        day = self.world.clock.today() + timedelta(days=self.random.choice([0, 0, 0, 3, 20, -25]))
        pay = self.world.hr.set_salary(self.office.id(name), amount, "MONTHLY", hours=FULL_TIME, effective_from=day)
        self._enter(name, WAGE, day, amount, pay)

    def hr_lends_a_bicycle(self) -> None:
        """A recurring compensation; an amount of nothing ends the one before."""
        name, amount = self._someone(), Decimal(self.random.choice([0, 15, 25, 40]))
        month = self.world.clock.today().replace(day=1)
        pay = self.world.hr.add_pay(self.office.id(name), BICYCLE, CompensationCategory.RECURRING, amount, month)
        self._enter(name, BICYCLE, month, amount, pay)

    def hr_takes_it_back(self) -> None:
        """A compensation that was a mistake is gone as if it had never been."""
        lent = sorted(name for (name, kind), entries in self._paid.items() if kind == BICYCLE and entries)
        name = self.random.choice(lent) if lent else None
        if name in self.office.here():
            entry = self._paid[name, BICYCLE].pop()
            self.world.hr.remove_pay(entry[3])
            self._tell(name)

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
            self.office.wired.loket.done.paid.pop(number, None)  # what ends of their pay from now on may be by this

    def payroll_edits_pay(self) -> None:
        number = self._in_loket()
        paid = number is not None and self.office.employments(number)
        wages = self.world.payroll.wages(TULP, number) if paid and number is not None else {}
        if number is not None and wages:
            self.touched.add((number, GROSS_WAGE))
            self.world.payroll.set_wage(TULP, number, max(wages), Decimal(self.random.randrange(2000, 2300)))

    def payroll_completes(self) -> None:
        concepts = [one for one in self.world.payroll.concepts(TULP) if one is not None]
        if concepts:
            act = self.random.choice([self.world.payroll.finalise] * 3 + [self.world.payroll.delete_concept])
            number = self.random.choice(sorted(concepts))
            there = self.world.payroll.field(TULP, number, _INCOME) == INCOME_THERE
            act(TULP_SHOPS if there else TULP, number)

    def payroll_employs(self) -> None:
        """Whoever moved within the employer gets an employment in the payroll administration they moved to."""
        for name in (*self.office.here(), *self.office.here(TULP_SHOPS)):
            self.employ(name)

    def employ(self, name: str) -> None:
        one, payroll = self.world.people[name], self.world.payroll
        there = self.office.where(name) == TULP_SHOPS.personio_id
        entity, income = (TULP_SHOPS, INCOME_THERE) if there else (TULP, "1")
        if one.number in payroll.numbers(TULP) and not self.office.employments(one.number, entity):
            self.touched.add((one.number, None))
            payroll.add_employment(entity, one.number, int(income), one.start, iban=str(one.values[Role("iban")]))

    # --- with the product, by hand ---

    def someone_syncs(self) -> None:
        report = self.office.sync("Anna")
        if self.random.random() < 0.7:
            self.agree(report)

    def someone_syncs_again(self) -> None:
        """Twice within the day: the second reads again whom the first wrote to, and whoever moved in between."""
        report = self.agree(self.office.sync("Anna"))
        if report and report.status is RunStatus.COMPLETED:
            self.random.choice([self.payroll_edits, self.hr_edits, self.payroll_edits_pay, self.hr_raises])()
            self.world.clock.sleep(self.random.choice([60, 1800]))
            self.office.sync("Bea")

    def someone_syncs_there(self) -> None:
        """The other legal entity of the same employer."""
        if self.office.here(TULP_SHOPS):
            self.agree(self.office.sync("Anna", entity=TULP_SHOPS.personio_id))

    def agree(self, report: RunReport | None) -> RunReport | None:
        """Another person looks at what was not believed or braked, in both systems, and says yes where it is true."""
        if report is None or report.fingerprint is None or not self.sights.whole:
            return report
        if report.reason == "BRAKE":
            return self.office.sync("Bea", entity=report.entity, confirm=report.fingerprint)
        return self.office.sync("Bea", entity=report.entity, accept_read=report.fingerprint)

    def someone_decides(self) -> None:
        """About a difference that is open: its loss is agreed, Loket's value is right, or it may stay for some days."""
        cases = self.office.wired.views.drift.cases(TULP.personio_id)
        if cases:
            case, tools = self.random.choice(cases), self.world.tools()
            journal = Journal(tools=tools, actor=Actor("Fatima"), correlation="decision")
            deciding = Deciding(self.office.settings.policy(TULP.personio_id), journal, "agreed with payroll")
            until = self.world.clock.today() + timedelta(days=3)
            ways: list[Callable[[EmployeeNumber, FieldPath], object]] = [
                deciding.acknowledge, deciding.keep, deciding.withdraw, partial(deciding.accept, until=until),
            ]  # fmt: skip
            way = self.random.choice(ways)
            with suppress(NotFound, Misconfigured):  # not there any more, erased, or pay, which is not accepted
                self.office.attempted(lambda: way(case.employee_number, case.field))

    def someone_asks_to_erase(self) -> None:
        """Mostly about somebody who has left."""
        left = [name for name in sorted(self.world.people) if self._left(name)]
        person = self.office.id(self.random.choice(left) if left and self.random.random() < 0.8 else self._someone())
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
        person, eraser = self.office.id(self._someone()), self.office.eraser("Fatima")
        act = self.random.choice([eraser.hold, eraser.release])
        with suppress(NotFound):
            self.office.attempted(lambda: act(person, "a lawsuit"))

    @property
    def acts(self) -> tuple[Act, ...]:
        """Each as often as it comes up."""
        return (
            *[self.hr_edits] * 5, self.hr_repairs, self.hr_repairs, self.hr_decides, self.hr_hires,
            self.hr_raises, self.hr_raises, *[self.hr_lends_a_bicycle] * 2, self.hr_takes_it_back,
            self.hr_empties, self.hr_moves, self.hr_deletes, *[self.hr_moves_within] * 2,
            *[self.payroll_employs] * 2, *[self.someone_syncs_there] * 3,
            *[self.payroll_edits] * 4, self.payroll_ends, self.payroll_ends, self.payroll_edits_pay,
            self.payroll_completes, self.someone_syncs, *[self.someone_syncs_again] * 2,
            self.someone_decides, self.someone_decides,
            self.someone_asks_to_erase, self.someone_confirms, self.someone_confirms, self.someone_holds,
        )  # fmt: skip

    def _word(self, kind: str) -> str:
        """One that was never used before."""
        self._words += 1
        return f"{kind} {self._words}"

    def _tell(self, name: str) -> None:
        self.office.post.tell(self.office.id(name))

    def _someone(self) -> str:
        """Of those who are in the legal entity."""
        return self.random.choice(self.office.here())

    def _leaver(self) -> str | None:
        return self._someone() if len(self.office.here()) > 1 else None

    def _enter(self, name: str, kind: str, day: date, amount: Decimal, pay: str) -> None:
        entries = self._paid[name, kind]
        entries.append((day, len(entries), amount, pay))

    def _left(self, name: str) -> bool:
        number, payroll = self.world.people[name].number, self.world.payroll
        return number in payroll.numbers(TULP) and all(one.end for one in payroll.employments(TULP, number))

    def _in_loket(self) -> int | None:
        numbers = sorted(self.world.payroll.numbers(TULP))
        return self.random.choice(numbers) if numbers else None


Act: TypeAlias = Callable[[], None]
