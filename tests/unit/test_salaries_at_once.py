"""Salaries of two types that are paid at once: none is chosen; one that takes another's place follows it (PAY-3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.planning.findings import FindingCode, NoticeCode
from domain.planning.pay.in_line import InLine, in_line
from domain.services.sync.report import RunStatus
from domain.settings import AmountBasis, PaySettings, WeeklyHours
from domain.snapshots import Compensation, CompensationCategory, LoketEmployment, LoketPay, Paid
from domain.values import PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.pay_world import APRIL, BEGAN, FIRST, LATER, findings_of, world_with
from tests.support.people import POLICY, person
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


OTHER = "Salary in 14 parts"
JUNE, SEPTEMBER = date(2026, 6, 1), date(2026, 9, 1)
SIDE = 250
"""A month of a thirteenth month: no wage of it is ever right."""


def pays(world: World, told: list[tuple[str, int, date, date | None]]) -> None:
    """Type, amount, first and last day of each; 0 from the day after that is how HR ends one."""
    person = world.people["Sanne"].person
    for kind, amount, first, last in told:
        gets(world, person, kind, amount, first)
        if last is not None:
            gets(world, person, kind, 0, last + timedelta(days=1))


def day(month: int, day: int) -> date:
    return date(2026, month, day)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        pytest.param(
            [(BASE, 3000, BEGAN, None), (THIRTEENTH, SIDE, FIRST, day(4, 30)), (BASE, 3100, JUNE, None)],
            {BEGAN: 3000, JUNE: 3100},
            id="it ends while the first goes on",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, day(8, 31)), (THIRTEENTH, SIDE, FIRST, day(4, 30)), (OTHER, 3300, SEPTEMBER, None)],
            {BEGAN: 3000, SEPTEMBER: 3300},
            id="long after it another takes the place of the first",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, day(4, 30)), (THIRTEENTH, SIDE, FIRST, day(4, 30))],
            {BEGAN: 3000},
            id="both end on one day",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, day(4, 30)), (THIRTEENTH, SIDE, FIRST, day(4, 30)), (OTHER, 3300, day(5, 1), None)],
            {BEGAN: 3000, day(5, 1): 3300},
            id="both end on one day, and a third follows",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, None), (BASE, 3100, FIRST, None), (THIRTEENTH, SIDE, FIRST, day(4, 30))],
            {BEGAN: 3000, FIRST: 3100},
            id="a raise begins with it",
        ),
        pytest.param(
            [(THIRTEENTH, SIDE, FIRST, day(4, 30)), (BASE, 3000, BEGAN, None), (BASE, 3100, FIRST, None)],
            {BEGAN: 3000, FIRST: 3100},
            id="a raise begins with it, and is listed after it",
        ),
        pytest.param(
            [(THIRTEENTH, SIDE, BEGAN, day(4, 30)), (BASE, 3000, BEGAN, None)],
            {BEGAN: 3000},
            id="both begin on one day",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, None), (THIRTEENTH, SIDE, FIRST, day(3, 10)), (THIRTEENTH, SIDE, APRIL, day(4, 30))],
            {BEGAN: 3000},
            id="it comes twice",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, day(4, 15)), (OTHER, 3300, FIRST, day(5, 31)), (BASE, 3100, JUNE, None)],
            {BEGAN: 3000, day(4, 16): 3300, JUNE: 3100},
            id="the other goes on when the first has ended, until the first returns",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, day(3, 31)), (OTHER, 3300, day(3, 10), None)],
            {BEGAN: 3000, day(3, 10): 3300},
            id="the first ends in the month in which the other begins",
        ),
        pytest.param(
            [
                (BASE, 3000, BEGAN, day(3, 31)),
                (THIRTEENTH, SIDE, FIRST, None),
                (OTHER, 3300, APRIL, None),
                (THIRTEENTH, 0, day(3, 20), None),
            ],
            {BEGAN: 3000, APRIL: 3300},
            id="it begins in the month in which another takes the place of the first",
        ),
        pytest.param(
            [(BASE, 3000, BEGAN, day(4, 30)), (THIRTEENTH, SIDE, FIRST, day(10, 31)), (BASE, 3100, day(8, 1), None)],
            {BEGAN: 3000, day(5, 1): SIDE, day(8, 1): 3100},
            id="the first pauses: then it alone is paid, until the first returns",
        ),
    ],
)
def test_whichever_began_first_stays_until_it_ends_whenever_that_is_known(
    world: World, told: list[tuple[str, int, date, date | None]], wanted: dict[date, int]
) -> None:
    world.employ("Sanne")
    pays(world, told)
    seen = []
    for run in (date(2026, 3, 5), date(2026, 4, 2), date(2026, 5, 2), date(2026, 6, 2), date(2026, 9, 2)):
        report = world.run(run)
        assert report is not None
        seen.append((report.status, wages(world, "Sanne")))

    assert seen == [(RunStatus.COMPLETED, wanted)] * 5


FULL_TIME_POLICY = replace(
    POLICY,
    entity=replace(POLICY.entity, compensation_start_date=date(2026, 1, 1)),
    pay=PaySettings(amounts_are=AmountBasis.FULL_TIME),
)


def told(kind: str, amount: int, first: date, last: date | None) -> Paid:
    category = CompensationCategory.FIXED_SALARY
    pay = Compensation(kind, PersonId("11"), kind, category, Decimal(amount), "EUR", "MONTHLY", first, None, None)
    return Paid(pay, last)


def test_in_an_employment_that_begins_later_the_older_of_two_is_paid() -> None:
    base, side = told(BASE, 3000, date(2024, 1, 1), None), told(THIRTEENTH, SIDE, date(2025, 12, 1), day(3, 31))
    long_over = told(OTHER, 2000, date(2023, 1, 1), date(2023, 12, 31))
    job = LoketEmployment("m1", "adm", 1, BEGAN, None)

    found = in_line(person(), job, (side, base, long_over), LoketPay(), FULL_TIME_POLICY, LATER, {})

    assert found == InLine((base,), left_out=(BEGAN,))
    assert in_line(person(), job, (long_over,), LoketPay(), FULL_TIME_POLICY, LATER, {}) == InLine(())


def seen(world: World, day: date) -> tuple[list[FindingCode], list[str]]:
    """What holds it up, and from which days a salary is left out."""
    looked = world.look(day)
    assert looked is not None
    (one,) = looked.plan.decisions
    told = [each.detail for each in one.notices if each.code is NoticeCode.SALARY_BESIDE_ANOTHER]
    return [each.code for each in one.findings], told


def test_one_that_is_left_out_is_told_until_it_is_over(world: World) -> None:
    world.employ("Sanne")
    pays(world, [(BASE, 3000, BEGAN, None), (THIRTEENTH, SIDE, APRIL, day(4, 30))])

    told = [seen(world, each) for each in (LATER, APRIL, date(2026, 5, 2))]

    assert told == [([], [f"salary from {APRIL}"]), ([], [f"salary from {APRIL}"]), ([], [])]


def test_one_that_is_still_to_begin_holds_up_nothing_and_a_raise_goes_on(world: World) -> None:
    world.employ("Sanne")
    pays(world, [(BASE, 3000, BEGAN, None), (THIRTEENTH, SIDE, APRIL, None), (BASE, 3100, JUNE, None)])

    assert seen(world, LATER) == ([], [f"salary from {APRIL}"])
    world.run(LATER)
    assert wages(world, "Sanne") == {BEGAN: Decimal(3000), JUNE: Decimal(3100)}
    assert seen(world, APRIL) == ([FindingCode.PAY_AMBIGUOUS], [])


def test_once_one_of_two_has_an_end_nothing_is_held_up_any_more(world: World) -> None:
    world.employ("Sanne")
    pays(world, [(BASE, 3000, BEGAN, None), (OTHER, 3300, FIRST, None)])
    assert seen(world, LATER) == ([FindingCode.PAY_AMBIGUOUS], [])

    gets(world, world.people["Sanne"].person, BASE, 0, date(2026, 5, 1))

    assert seen(world, LATER) == ([], [f"salary from {FIRST}"])
    world.run(LATER)
    assert wages(world, "Sanne") == {BEGAN: Decimal(3000), date(2026, 5, 1): Decimal(3300)}


def test_one_whose_wage_loket_has_already_took_the_place_of_the_first_when_it_began(world: World) -> None:
    """As it was sent before salaries were told apart: nothing that was paid is written anew."""
    sanne = world.employ("Sanne")
    pays(world, [(BASE, 3000, BEGAN, day(4, 15)), (OTHER, 3300, FIRST, None)])
    world.payroll.add_wage(TULP, sanne.number, BEGAN, Decimal(3000))
    world.payroll.add_wage(TULP, sanne.number, FIRST, Decimal(3300))

    world.run(date(2026, 5, 2))

    assert wages(world, "Sanne") == {BEGAN: Decimal(3000), FIRST: Decimal(3300)}


def test_one_that_loket_pays_though_another_began_before_and_goes_on_is_a_finding(world: World) -> None:
    """HR ended the first by mistake, and put that right when the other had been sent."""
    sanne = world.employ("Sanne")
    pays(world, [(BASE, 3000, BEGAN, None), (THIRTEENTH, SIDE, FIRST, day(10, 31))])
    world.payroll.add_wage(TULP, sanne.number, FIRST, Decimal(SIDE))

    assert seen(world, LATER) == ([FindingCode.PAY_AMBIGUOUS], [])


def test_what_a_rebuild_that_was_cut_off_had_removed_counts_as_there() -> None:
    base, other = told(BASE, 3000, BEGAN, day(4, 15)), told(OTHER, 3300, FIRST, None)
    job = LoketEmployment("m1", "adm", 1, date(2024, 1, 1), None)
    removed = {FIRST: {GROSS_WAGE: "3300.00", GROSS_WAGE_TYPE: "1"}}

    anew = in_line(person(), job, (base, other), LoketPay(), FULL_TIME_POLICY, LATER, {})
    cut_off = in_line(person(), job, (base, other), LoketPay(), FULL_TIME_POLICY, LATER, removed)

    assert [one.compensation.effective_from for one in anew.salaries] == [BEGAN, day(4, 16)]
    assert [one.compensation.effective_from for one in cut_off.salaries] == [BEGAN, FIRST]


def test_two_of_which_nothing_says_which_is_meant_are_a_finding_whatever_follows() -> None:
    one, two = told(BASE, 3000, BEGAN, day(4, 30)), told(THIRTEENTH, SIDE, BEGAN, day(4, 30))
    job = LoketEmployment("m1", "adm", 1, date(2024, 1, 1), None)

    for more in ((), (told(OTHER, 3300, day(5, 1), None),)):
        for listed in ((one, two, *more), (two, one, *more)):
            assert in_line(person(), job, listed, LoketPay(), FULL_TIME_POLICY, LATER, {}).ambiguous == (BEGAN,)


def test_the_hours_are_those_of_the_one_that_is_paid(world: World) -> None:
    sanne = world.employ("Sanne").person
    assert sanne is not None
    world.weekly_hours = WeeklyHours.SEND
    world.hr.set_salary(sanne, Decimal(3000), "MONTHLY", hours=(Decimal(20), Decimal(40)), effective_from=BEGAN)
    world.run(FIRST)
    pays(world, [(THIRTEENTH, SIDE, date(2026, 3, 2), day(4, 30))])  # of a full week

    looked = world.look(date(2026, 3, 5))

    assert looked is not None
    assert [decision.writes for decision in looked.plan.decisions] == [()]


def test_where_no_later_month_is_read_one_that_may_take_anothers_place_waits_until_one_is(world: World) -> None:
    world.months_ahead = 0
    world.employ("Sanne")
    pays(world, [(BASE, 3000, BEGAN, day(3, 9)), (OTHER, 3300, day(3, 10), None)])

    assert seen(world, LATER) == ([], ["salary from 2026-03-10"])
    world.run(LATER)
    assert wages(world, "Sanne") == {BEGAN: Decimal(3000)}
    assert seen(world, APRIL) == ([], [])
    world.run(APRIL)
    assert wages(world, "Sanne")[day(3, 10)] == Decimal(3300)


def test_where_no_later_month_is_read_two_that_are_listed_in_a_later_one_are_paid_at_once(world: World) -> None:
    world.months_ahead = 0
    world.employ("Sanne")
    pays(world, [(BASE, 3000, BEGAN, None), (THIRTEENTH, SIDE, FIRST, None)])

    assert seen(world, APRIL) == ([FindingCode.PAY_AMBIGUOUS], [])
