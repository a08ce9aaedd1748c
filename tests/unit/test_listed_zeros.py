"""A Personio that lists an amount of 0, as none is known to: it ends pay, and is no amount out of range (PAY-10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from domain.planning.pay.windows import closed_by_zero
from domain.settings import AmountBasis
from domain.snapshots import Compensation, CompensationCategory, Paid
from domain.values import PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.pay_world import APRIL, BEGAN, FIRST, LATER, world_with
from tests.support.world import TULP, World


class ListsZeros(FakePersonio):
    def _in_window(self, pay: Compensation, start: date, end: date) -> bool:
        if pay.amount != 0 or pay.category is CompensationCategory.ONE_TIME:
            return super()._in_window(pay, start, end)
        return (pay.effective_from or date.min) <= end


def salary(world: World, person: PersonId, amount: int, day: date) -> None:
    world.hr.add_pay(person, "Base salary", "FIXED_SALARY", Decimal(amount), day)


def phone(world: World, person: PersonId, amount: int, day: date) -> None:
    world.hr.add_pay(person, "Phone", "RECURRING", Decimal(amount), day)


Pays = Callable[[World, PersonId, int, date], None]


@pytest.mark.parametrize("pays", [salary, phone])
@pytest.mark.parametrize(
    "told",
    [
        [(3000, BEGAN), (0, FIRST)],
        [(3000, BEGAN), (0, date(2026, 3, 10))],
        [(3000, BEGAN), (3100, FIRST), (0, APRIL)],
        [(3000, BEGAN), (0, FIRST), (3200, APRIL)],
    ],
)
def test_a_zero_that_is_listed_says_what_one_that_is_not_says(pays: Pays, told: list[tuple[int, date]]) -> None:
    def made(hr: type[FakePersonio]) -> object:
        world, _ = world_with(hr)
        world.amounts_are = AmountBasis.FULL_TIME
        sanne = world.employ("Sanne").person
        assert sanne is not None
        for amount, day in told:
            pays(world, sanne, amount, day)
        report, number = world.run(LATER), world.people["Sanne"].number
        assert report is not None
        seen = world.look(date(2026, 5, 2))
        assert seen is not None
        (decision,) = seen.plan.decisions
        held = world.payroll.wages(TULP, number), world.payroll.benefits(TULP, number)
        world.close()
        return report.status, held, decision.findings, decision.notices, decision.writes

    assert made(ListsZeros) == made(FakePersonio)


def test_a_zero_ends_the_newest_of_its_type_or_id_before_it() -> None:
    def paid(id_: str, amount: int, day: date, kind: str = "base", until: date | None = None) -> Paid:
        category = CompensationCategory.FIXED_SALARY
        return Paid(
            Compensation(id_, PersonId("11"), kind, category, Decimal(amount), "EUR", "MONTHLY", day, None, None), until
        )

    first, raised, other = paid("1", 3000, BEGAN), paid("2", 3100, FIRST), paid("4", 250, BEGAN, "thirteenth")
    zero = paid("3", 0, APRIL)
    ended = paid("2", 3100, FIRST, until=date(2026, 3, 31))

    assert closed_by_zero([first, raised, zero, other]) == [first, ended, other]
    assert closed_by_zero([paid("2", 0, APRIL, "renamed"), raised]) == [ended]
    assert closed_by_zero([paid("1", 3000, APRIL), zero]) == [paid("1", 3000, APRIL)]
    assert closed_by_zero([first, zero, paid("5", 3200, date(2026, 6, 1))])[1].until is None
