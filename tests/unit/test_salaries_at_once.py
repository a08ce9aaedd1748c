"""Salaries of two types that are paid at once: none is chosen; one that takes another's place follows it (PAY-3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.planning.findings import FindingCode, NoticeCode
from domain.services.sync.report import RunStatus
from domain.settings import AmountBasis
from domain.values import PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.pay_world import APRIL, BEGAN, FIRST, LATER, findings_of, world_with
from tests.support.world import TULP, World

BASE, THIRTEENTH = "Base salary", "Thirteenth month"


@pytest.fixture
def world() -> Any:
    made, _ = world_with(FakePersonio)
    made.amounts_are = AmountBasis.FULL_TIME
    yield made
    made.close()


def gets(world: World, person: PersonId | None, type_name: str, amount: int, day: date) -> str:
    assert person is not None
    return world.hr.add_pay(person, type_name, "FIXED_SALARY", Decimal(amount), day)


def wages(world: World, name: str) -> dict[date, Decimal]:
    return {day: one.amount for day, one in world.payroll.wages(TULP, world.people[name].number).items()}


@pytest.mark.parametrize("begins", [BEGAN, date(2026, 2, 20), FIRST])
def test_of_two_fixed_salaries_at_once_none_is_chosen_until_somebody_says_which_is_sent(
    world: World, begins: date
) -> None:
    sanne = world.employ("Sanne").person
    gets(world, sanne, BASE, 3000, BEGAN)
    gets(world, sanne, THIRTEENTH, 250, begins)

    assert findings_of(world) == [(FindingCode.PAY_AMBIGUOUS, f"from {begins}")]
    report = world.run(LATER)
    assert report is not None
    assert (report.status, wages(world, "Sanne")) == (RunStatus.BLOCKED, {})
    world.compensation_types = frozenset({BASE})
    world.run(LATER)

    assert wages(world, "Sanne") == {BEGAN: Decimal(3000)}


def test_so_it_is_for_a_new_hire(world: World) -> None:
    daan = world.hire("Daan").person
    gets(world, daan, BASE, 3000, BEGAN)
    gets(world, daan, THIRTEENTH, 250, FIRST)

    assert findings_of(world) == [(FindingCode.PAY_AMBIGUOUS, "")]
    world.compensation_types = frozenset({BASE})
    assert findings_of(world) == []


def _under_its_id(world: Any, sanne: PersonId, first: str) -> None:
    world.hr.raise_under_its_id(first, Decimal(3300), APRIL, type_name="Salary in 14 parts")


def _by_a_zero(world: World, sanne: PersonId, first: str) -> None:
    world.hr.add_pay(sanne, BASE, "FIXED_SALARY", Decimal(0), APRIL)
    gets(world, sanne, "Salary in 14 parts", 3300, APRIL)


def _with_the_same_amount(world: World, sanne: PersonId, first: str) -> None:
    gets(world, sanne, "Salary in 14 parts", 3000, APRIL)
    world.hr.add_pay(sanne, BASE, "FIXED_SALARY", Decimal(0), date(2026, 4, 20))


@pytest.mark.parametrize("replaced", [_under_its_id, _by_a_zero, _with_the_same_amount])
def test_a_salary_whose_place_another_takes_is_followed_by_it(
    world: World, replaced: Callable[[Any, PersonId, str], None]
) -> None:
    sanne = world.employ("Sanne").person
    assert sanne is not None
    replaced(world, sanne, gets(world, sanne, BASE, 3000, BEGAN))

    assert findings_of(world) == []
    world.run(LATER)
    assert wages(world, "Sanne")[BEGAN] == Decimal(3000)


def seen(world: World, day: date) -> tuple[list[FindingCode], list[str]]:
    """What holds it up, and from which days a salary is left out."""
    looked = world.look(day)
    assert looked is not None
    (one,) = looked.plan.decisions
    told = [each.detail for each in one.notices if each.code is NoticeCode.SALARY_BESIDE_ANOTHER]
    return [each.code for each in one.findings], told


def test_once_the_one_that_began_first_has_ended_the_other_has_taken_its_place(world: World) -> None:
    sanne = world.employ("Sanne").person
    assert sanne is not None
    gets(world, sanne, BASE, 3000, BEGAN)
    world.hr.add_pay(sanne, BASE, "FIXED_SALARY", Decimal(0), date(2026, 5, 1))
    gets(world, sanne, "Salary in 14 parts", 3300, FIRST)

    assert seen(world, LATER) == ([FindingCode.PAY_AMBIGUOUS], [])
    assert seen(world, date(2026, 5, 2)) == ([], [])
    world.run(date(2026, 5, 2))

    assert wages(world, "Sanne") == {BEGAN: Decimal(3000), FIRST: Decimal(3300)}


def test_one_that_ends_while_the_first_goes_on_is_left_out_and_told(world: World) -> None:
    """Were it sent, Loket would pay it for ever: a wage has no last day."""
    sanne = world.employ("Sanne").person
    assert sanne is not None
    gets(world, sanne, BASE, 3000, BEGAN)
    gets(world, sanne, THIRTEENTH, 250, FIRST)
    world.hr.add_pay(sanne, THIRTEENTH, "FIXED_SALARY", Decimal(0), date(2026, 5, 1))
    gets(world, sanne, BASE, 3100, date(2026, 6, 1))

    assert seen(world, LATER) == ([FindingCode.PAY_AMBIGUOUS], [])
    assert seen(world, date(2026, 5, 2)) == ([], [f"from {FIRST}"])
    world.run(date(2026, 5, 2))

    assert wages(world, "Sanne") == {BEGAN: Decimal(3000), date(2026, 6, 1): Decimal(3100)}


def test_one_that_is_still_to_begin_holds_up_nothing(world: World) -> None:
    sanne = world.employ("Sanne").person
    gets(world, sanne, BASE, 3000, BEGAN)
    gets(world, sanne, BASE, 3100, date(2026, 6, 1))
    world.run(FIRST)
    gets(world, sanne, THIRTEENTH, 250, APRIL)

    assert seen(world, LATER) == ([], [f"from {APRIL}", "from 2026-06-01"])
    world.run(LATER)
    assert wages(world, "Sanne") == {BEGAN: Decimal(3000), date(2026, 6, 1): Decimal(3100)}  # what stands there stays
    assert seen(world, APRIL)[0] == [FindingCode.PAY_AMBIGUOUS]


def test_what_stands_from_an_unclear_day_on_stays_when_the_chain_before_it_is_made_anew(world: World) -> None:
    sanne = world.employ("Sanne").person
    gets(world, sanne, BASE, 3000, BEGAN)
    gets(world, sanne, BASE, 3100, date(2026, 6, 1))
    world.run(FIRST)
    gets(world, sanne, THIRTEENTH, 250, APRIL)
    gets(world, sanne, BASE, 3050, FIRST)

    world.run(LATER)

    assert wages(world, "Sanne") == {
        BEGAN: Decimal(3000),
        FIRST: Decimal(3050),
        date(2026, 6, 1): Decimal(3100),
    }


def test_where_no_later_month_is_read_one_that_may_take_anothers_place_waits_until_one_is(world: World) -> None:
    world.months_ahead = 0
    sanne = world.employ("Sanne").person
    assert sanne is not None
    gets(world, sanne, BASE, 3000, BEGAN)
    gets(world, sanne, "Salary in 14 parts", 3300, date(2026, 3, 10))
    world.hr.add_pay(sanne, BASE, "FIXED_SALARY", Decimal(0), date(2026, 3, 10))

    assert seen(world, LATER) == ([], ["from 2026-03-10"])
    world.run(LATER)
    assert wages(world, "Sanne") == {BEGAN: Decimal(3000)}
    assert seen(world, APRIL) == ([], [])
    world.run(APRIL)
    assert wages(world, "Sanne")[date(2026, 3, 10)] == Decimal(3300)


def test_where_no_later_month_is_read_two_that_are_listed_in_a_later_one_are_paid_at_once(world: World) -> None:
    world.months_ahead = 0
    sanne = world.employ("Sanne").person
    gets(world, sanne, BASE, 3000, BEGAN)
    gets(world, sanne, THIRTEENTH, 250, FIRST)

    assert seen(world, APRIL) == ([FindingCode.PAY_AMBIGUOUS], [])
