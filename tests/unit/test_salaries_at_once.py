"""Salaries of two types that are paid at once: none is chosen; one that takes another's place follows it (PAY-3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.planning.findings import FindingCode
from domain.services.sync.report import RunStatus
from domain.settings import AmountBasis
from domain.values import PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.world import TULP, World
from tests.unit.test_unclear_pay import APRIL, BEGAN, FIRST, LATER, found, of

BASE, THIRTEENTH = "Base salary", "Thirteenth month"


@pytest.fixture
def world() -> Any:
    made, _ = of(FakePersonio)
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

    assert found(world) == [(FindingCode.PAY_AMBIGUOUS, f"from {begins}")]
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

    assert found(world) == [(FindingCode.PAY_AMBIGUOUS, "")]
    world.compensation_types = frozenset({BASE})
    assert found(world) == []


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

    assert found(world) == []
    world.run(LATER)
    assert wages(world, "Sanne")[BEGAN] == Decimal(3000)
