"""Pay of a category that nobody documents: it may be pay that Personio lacks, by its day or its amount (PAY-10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from domain.events.loket import WriteKind
from domain.planning.findings import FindingCode
from domain.planning.pay.conversion import PayrollPeriod
from domain.planning.pay.missed import Missed, Payee
from domain.services.sync.report import RunStatus
from domain.settings import AmountBasis, ComponentKind, PayComponent, WeeklyHours
from domain.snapshots import Compensation, CompensationCategory, LoketEmployment
from domain.values import PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.pay_world import APRIL, BEGAN, FIRST, FULL_TIME, LATER, employ_paid, findings_of, world_with
from tests.support.people import person
from tests.support.world import TULP, World

LAST_YEAR, SOON = date(2025, 12, 1), date(2026, 3, 10)


@pytest.fixture
def world() -> Any:
    made, _ = world_with(FakePersonio)
    yield made
    made.close()


def unknown(*told: str) -> list[tuple[FindingCode, str]]:
    return [(FindingCode.PAY_CATEGORY_UNKNOWN, one) for one in told]


def test_pay_of_an_unknown_category_is_told_and_holds_nobody(world: World) -> None:
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), BEGAN)

    report = world.run(LATER)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    assert "PAY_TYPE_NOT_SENT" in str(report)


@pytest.mark.parametrize("raised", [None, LATER])
def test_what_hr_ends_is_ended_beside_pay_of_an_unknown_category(world: World, raised: date | None) -> None:
    """What was paid beside an allowance is another pay than that, and stays so with a newer amount."""
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), BEGAN)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), FIRST)
    world.run(FIRST)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), LATER)
    if raised:
        world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(50), raised)

    report = world.run(LATER)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    assert [one.end for one in world.payroll.benefits(TULP, world.people["Sanne"].number).values()] == [
        LATER - timedelta(days=1)
    ]


@pytest.mark.parametrize("began", [date(2025, 2, 1), BEGAN])
@pytest.mark.parametrize("again", [None, date(2026, 6, 1)])
def test_an_allowance_is_not_ended_where_pay_of_an_unknown_category_begins(
    world: World, began: date, again: date | None
) -> None:
    """It may be the allowance that goes on, written in a new way; whether Personio lists that again later or not."""
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), began)
    if began < BEGAN:
        world.payroll.add_benefit(TULP, world.people["Sanne"].number, 284, began, Decimal(45))
    world.run(FIRST)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), APRIL)
    if again:
        world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(60), again)
    world.hr.add_pay(sanne, "Phone 2.0", "OTHER", Decimal(60), APRIL)

    assert findings_of(world) == unknown("Phone 2.0: may be what is missed of component 284 from 2026-04-01")


def test_a_wage_that_payroll_entered_is_not_deleted_beside_pay_of_an_unknown_category(world: World) -> None:
    """Personio may list it as that pay."""
    sanne, _ = employ_paid(world, "Sanne")
    world.run(FIRST)
    world.payroll.add_wage(TULP, world.people["Sanne"].number, APRIL, Decimal(3300))
    world.hr.add_pay(sanne, "Salary 2.0", "OTHER", Decimal(3300), APRIL)

    assert findings_of(world) == unknown("Salary 2.0: may be the wage that is missed from 2026-04-01")


@pytest.mark.parametrize(
    ("what", "begins", "told"),
    [
        ("raise", LATER, "the wage that is missed from 2026-03-15"),
        ("allowance", BEGAN, "what is missed of component 284 from 2026-02-01"),
        ("from before", date(2023, 12, 1), "what is missed of component 284 from 2024-01-01"),
        ("bonus", date(2026, 3, 9), "what is missed of component 380 from 2026-03-01"),
    ],
)
def test_nothing_is_taken_away_on_the_day_from_which_pay_of_an_unknown_category_is_listed(
    world: World, what: str, begins: date, told: str
) -> None:
    """It may be the very pay that is missed: a raise of which the category is written in a new way."""
    world.pay_from = min(begins, date(2026, 1, 1))  # whoever is paid from before the employment is paid from its start
    sanne, _ = employ_paid(world, "Sanne")
    pay = {
        "raise": lambda: world.hr.set_salary(sanne, Decimal(3300), "MONTHLY", hours=FULL_TIME, effective_from=LATER),
        "allowance": lambda: world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN),
        "from before": lambda: world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), begins),
        "bonus": lambda: world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), FIRST),
    }[what]()
    world.run(FIRST)
    world.hr.remove_pay(pay)
    world.hr.add_pay(sanne, "Pay 2.0", "OTHER", Decimal(44), begins)

    assert findings_of(world) == unknown(f"Pay 2.0: may be {told}")
    report = world.run(LATER)
    assert report is not None
    assert (report.status, list(world.writes())) == (RunStatus.BLOCKED, [])
    world.compensation_types = frozenset({"FIXED_SALARY", "Phone", "Bonus"})
    assert findings_of(world) == unknown(f"Pay 2.0: may be {told}")
    world.compensation_types = frozenset({"Phone", "Bonus"})  # every type that is sent is named
    assert findings_of(world) == []


def _moved_allowance(world: World, sanne: PersonId, _: str) -> None:
    phone = world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    world.hr.remove_pay(phone)
    phone = world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), LAST_YEAR)
    world.run(SOON)
    world.hr.remove_pay(phone)
    world.hr.add_pay(sanne, "Phone 2.0", "OTHER", Decimal(45), LAST_YEAR)


def _moved_wage(world: World, sanne: PersonId, salary: str) -> None:
    world.payroll.add_wage(TULP, world.people["Sanne"].number, date(2024, 2, 1), Decimal(2500))
    world.run(FIRST)
    world.hr.remove_pay(salary)
    salary = _earns(world, sanne, 3000, LAST_YEAR)
    _earns(world, sanne, 3300, APRIL)
    world.run(SOON)
    world.hr.remove_pay(salary)
    world.hr.add_pay(sanne, "Salary 2.0", "OTHER", Decimal(3000), LAST_YEAR)


def _written_anew(world: World, sanne: PersonId, amount: int, interval: str) -> None:
    phone = world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    world.hr.remove_pay(phone)
    world.hr.add_pay(sanne, "Phone 2.0", "OTHER", Decimal(amount), SOON, interval=interval)


def _raise_written_anew(world: World, sanne: PersonId, salary: str) -> None:
    raised = _earns(world, sanne, 3300, LATER)
    world.run(FIRST)
    world.hr.remove_pay(raised)
    world.hr.add_pay(sanne, "Salary 2.0", "OTHER", Decimal(39_600), SOON, interval="YEARLY")


def _raise_over_an_older_salary(world: World, sanne: PersonId, salary: str) -> None:
    """Without the raise Loket would pay another salary than Personio shows: its record stays, and is lowered."""
    world.payroll.add_wage(TULP, world.people["Sanne"].number, date(2024, 2, 1), Decimal(2500))
    world.hr.remove_pay(salary)
    _earns(world, sanne, 3000, LAST_YEAR)
    raised = _earns(world, sanne, 3300, LATER)
    world.run(FIRST)
    world.hr.remove_pay(raised)
    world.hr.add_pay(sanne, "Salary 2.0", "OTHER", Decimal(3300), LATER)


def _earns(world: World, sanne: PersonId, amount: int, day: date) -> str:
    return world.hr.set_salary(sanne, Decimal(amount), "MONTHLY", hours=FULL_TIME, effective_from=day)


def _allowance_in_part(world: World, sanne: PersonId, _: str) -> None:
    phone = world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    world.hr.remove_pay(phone)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(25), BEGAN)
    world.hr.add_pay(sanne, "Phone 2.0", "OTHER", Decimal(240), BEGAN, interval="YEARLY")


def _allowance_before_a_later_raise(world: World, sanne: PersonId, _: str) -> None:
    """What is raised to as much from a later day is another record of the chain."""
    phones = [world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)]
    phones.append(world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(40), date(2026, 6, 1)))
    world.run(FIRST)
    for phone in phones:
        world.hr.remove_pay(phone)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), date(2026, 6, 1))
    world.hr.add_pay(sanne, "Phone 2.0", "OTHER", Decimal(50), BEGAN)


def _bonus_in_part(world: World, sanne: PersonId, *parts: int) -> None:
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(300), FIRST)
    missed = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(200), FIRST)
    world.run(FIRST)
    world.hr.remove_pay(missed)
    for place, part in enumerate(parts, 2):
        world.hr.add_pay(sanne, f"Bonus {place}.0", "OTHER", Decimal(part), SOON)


def _bonus_before_another(world: World, sanne: PersonId, _: str) -> None:
    bonus = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), SOON)
    world.run(FIRST)
    world.hr.remove_pay(bonus)
    world.hr.add_pay(sanne, "Bonus 2.0", "OTHER", Decimal(500), SOON)
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), APRIL)


_PHONE, _BONUS = (
    "may be what is missed of component 284 from 2026-02-01",
    "may be what is missed of component 380 from 2026-03-01",
)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        pytest.param(_moved_allowance, [f"Phone 2.0: {_PHONE}"], id="an allowance that HR moved to last year"),
        pytest.param(
            _moved_wage, ["Salary 2.0: may be the wage that is missed from 2026-02-01"], id="a salary that HR moved"
        ),
        pytest.param(
            lambda world, sanne, _: _written_anew(world, sanne, 45, "MONTHLY"),
            [f"Phone 2.0: {_PHONE}"],
            id="an allowance that HR wrote anew from the day it did so",
        ),
        pytest.param(
            lambda world, sanne, _: _written_anew(world, sanne, 540, "YEARLY"),
            [f"Phone 2.0: {_PHONE}"],
            id="an allowance that HR wrote anew as an amount of a year",
        ),
        pytest.param(_allowance_in_part, [f"Phone 2.0: {_PHONE}"], id="a part of an allowance, as an amount of a year"),
        pytest.param(
            _allowance_before_a_later_raise, [f"Phone 2.0: {_PHONE}"], id="an allowance before a raise to as much"
        ),
        pytest.param(
            _raise_written_anew,
            ["Salary 2.0: may be the wage that is missed from 2026-03-15"],
            id="a raise that HR wrote anew as an amount of a year",
        ),
        pytest.param(
            _raise_over_an_older_salary,
            ["Salary 2.0: may be the wage that is missed from 2026-03-15"],
            id="a raise without which the wage would become less",
        ),
        pytest.param(
            lambda world, sanne, _: _bonus_in_part(world, sanne, 200), [f"Bonus 2.0: {_BONUS}"], id="one of two bonuses"
        ),
        pytest.param(
            lambda world, sanne, _: _bonus_in_part(world, sanne, 45, 150, 50),
            [f"Bonus 3.0: {_BONUS}", f"Bonus 4.0: {_BONUS}"],
            id="one of two bonuses, in two parts beside a share plan",
        ),
        pytest.param(_bonus_before_another, [f"Bonus 2.0: {_BONUS}"], id="a bonus before another that is as much"),
    ],
)
def test_nothing_is_taken_away_of_which_pay_of_an_unknown_category_has_the_amount(
    world: World, day: Callable[[World, PersonId, str], None], told: list[str]
) -> None:
    """From whenever: of pay that HR moved to before the compensation start date the record in Loket keeps its day."""
    sanne, salary = employ_paid(world, "Sanne")
    day(world, sanne, salary)

    assert findings_of(world) == unknown(*told)
    report = world.run(LATER)
    assert report is not None
    assert (report.status, list(world.writes())) == (RunStatus.BLOCKED, [])


def _wage_of_payroll(world: World, sanne: PersonId, other: date, wage: date) -> None:
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), other)
    world.run(FIRST)
    world.payroll.add_wage(TULP, world.people["Sanne"].number, wage, Decimal(3333))


def _bonus_corrected(world: World, sanne: PersonId) -> None:
    bonus = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), FIRST)
    world.run(FIRST)
    world.hr.remove_pay(bonus)
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(450), FIRST)
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), FIRST)


def _bonus_lowered_by_the_plan(world: World, sanne: PersonId) -> None:
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(200), LAST_YEAR)
    _bonus_in_part(world, sanne)


def _allowance_lowered(world: World, sanne: PersonId) -> None:
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(60), LAST_YEAR)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(60), BEGAN)
    world.run(FIRST)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), APRIL)


def _raise_before_another(world: World, sanne: PersonId) -> None:
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(3300), APRIL)
    _earns(world, sanne, 3300, APRIL)
    world.run(FIRST)
    _earns(world, sanne, 3100, SOON)


def _moved(what: str, world: World, sanne: PersonId) -> None:
    """What is paid from another day is still listed; a 13th month is as large as a month."""
    begins, to = {"Phone": (BEGAN, APRIL), "Bonus": (date(2026, 3, 25), date(2026, 4, 2)), "": (APRIL, LATER)}[what]
    kind = "ONE_TIME" if what == "Bonus" else "RECURRING"
    assert isinstance(world.hr, FakePersonio)
    world.hr.add_pay(sanne, "13th month", "OTHER", Decimal(3300), LAST_YEAR)
    pay = world.hr.add_pay(sanne, what, kind, Decimal(3300), begins) if what else _earns(world, sanne, 3300, begins)
    world.run(FIRST)
    world.hr.move_pay(pay, to)


def _raise_brought_forward(world: World, sanne: PersonId, salary: str) -> None:
    world.hr.add_pay(sanne, "13th month", "OTHER", Decimal(3300), LAST_YEAR)
    raised = _earns(world, sanne, 3300, APRIL)
    world.run(FIRST)
    world.hr.remove_pay(salary)
    world.hr.remove_pay(raised)
    _earns(world, sanne, 3300, BEGAN)


def _raise_corrected_with_the_hours(world: World, sanne: PersonId) -> None:
    world.weekly_hours, world.amounts_are = WeeklyHours.SEND, AmountBasis.FULL_TIME
    world.payroll.set_hours(TULP, world.people["Sanne"].number, date(2024, 2, 1), Decimal(40), Decimal(40))
    raised = _earns(world, sanne, 3300, LATER)
    world.run(FIRST)
    world.hr.remove_pay(raised)
    world.hr.set_salary(sanne, Decimal(2720), "MONTHLY", hours=(Decimal(32), Decimal(40)), effective_from=LATER)
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), LATER)


def _once_and_monthly(world: World) -> None:
    world.components |= {
        "Phone": PayComponent(284, ComponentKind.RECURRING),
        "Phone once": PayComponent(284, ComponentKind.ONE_TIME),
    }


def _raised_once_beside_what_begins(world: World, sanne: PersonId) -> None:
    _once_and_monthly(world)
    once = world.hr.add_pay(sanne, "Phone once", "ONE_TIME", Decimal(100), APRIL)
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(50), date(2026, 4, 5))
    world.run(FIRST)
    world.hr.remove_pay(once)
    world.hr.add_pay(sanne, "Phone once", "ONE_TIME", Decimal(150), APRIL)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(50), APRIL)


def _raise_corrected(world: World, sanne: PersonId) -> None:
    world.hr.add_pay(sanne, "13th month", "OTHER", Decimal(3300), LAST_YEAR)
    typing_error = _earns(world, sanne, 3300, APRIL)
    world.run(FIRST)
    world.hr.remove_pay(typing_error)
    _earns(world, sanne, 3250, APRIL)


def _bonus_lowered_beside_many(world: World, sanne: PersonId) -> None:
    bonus = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(1000), FIRST)
    for euros in range(21, 41):
        world.hr.add_pay(sanne, "Expenses" if euros % 2 else "Lunches", "OTHER", Decimal(euros), SOON)
    world.run(FIRST)
    world.hr.remove_pay(bonus)
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(600), FIRST)


def _bonus_of_payroll(world: World, sanne: PersonId) -> None:
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(450), FIRST)
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), FIRST)
    world.payroll.set_value(TULP, world.people["Sanne"].number, 380, (2026, 3), Decimal(500))


def _phone_ended(world: World, sanne: PersonId) -> None:
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), APRIL)
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), date(2026, 5, 1))


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(
            lambda world, sanne: _wage_of_payroll(world, sanne, date(2025, 2, 1), date(2026, 3, 10)),
            id="a wage that payroll entered beside a share plan of last year",
        ),
        pytest.param(
            lambda world, sanne: _wage_of_payroll(world, sanne, BEGAN, date(2026, 5, 1)),
            id="a wage that payroll entered for May beside a plan of February",
        ),
        pytest.param(_bonus_corrected, id="a bonus that HR lowers in the month in which a share plan begins"),
        pytest.param(
            lambda world, sanne: _bonus_in_part(world, sanne, 45, 100),
            id="a bonus that HR removed beside pay that is less together",
        ),
        pytest.param(_bonus_lowered_by_the_plan, id="a bonus that HR lowers by what a share plan of last year pays"),
        pytest.param(_allowance_lowered, id="an allowance that HR lowers from a later day to less than a share plan"),
        pytest.param(_raise_before_another, id="a raise that is deleted to be added again behind another"),
        *(
            pytest.param(partial(_moved, what), id=f"{what or 'a raise'} that HR moves")
            for what in ("Phone", "Bonus", "")
        ),
        pytest.param(_raise_corrected, id="a raise of which HR corrects the amount"),
        pytest.param(_raise_corrected_with_the_hours, id="a raise that HR corrects, from the day of other hours"),
        pytest.param(_raised_once_beside_what_begins, id="pay of one time beside what begins on its component"),
        pytest.param(
            _bonus_lowered_beside_many,
            id="a bonus that HR lowers beside twenty small amounts, of which some come to that",
        ),
        pytest.param(_bonus_of_payroll, id="a bonus that payroll entered too high in that month"),
        pytest.param(_phone_ended, id="an allowance that ends a month before a share plan begins"),
    ],
)
def test_what_has_neither_the_day_nor_the_amount_of_what_is_missed_holds_nobody(
    world: World, day: Callable[[World, PersonId], None]
) -> None:
    sanne, _ = employ_paid(world, "Sanne")
    day(world, sanne)

    report = world.run(LATER)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    assert list(world.writes())


def test_a_raise_that_hr_brings_forward_to_the_day_of_the_salary_before_holds_nobody(world: World) -> None:
    """The wage never becomes less, and a 13th month is as large as a month."""
    sanne, salary = employ_paid(world, "Sanne")
    _raise_brought_forward(world, sanne, salary)

    report = world.run(LATER)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    assert {day: one.amount for day, one in world.payroll.wages(TULP, world.people["Sanne"].number).items()} == {
        BEGAN: Decimal(3300)
    }


def _bonus_again(world: World, sanne: PersonId) -> Callable[[], object]:
    bonus = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), FIRST)
    world.run(FIRST)
    world.hr.remove_pay(bonus)
    world.hr.add_pay(sanne, "Bonus 2.0", "OTHER", Decimal(500), date(2026, 4, 2))
    return lambda: world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), date(2026, 6, 1))


def _allowance_again(world: World, sanne: PersonId) -> Callable[[], object]:
    _written_anew(world, sanne, 45, "MONTHLY")
    return lambda: world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), APRIL)


def _raise_again(world: World, sanne: PersonId) -> Callable[[], object]:
    _raise_written_anew(world, sanne, "")
    return lambda: _earns(world, sanne, 3300, date(2026, 6, 1))


def _another_bonus_moved(world: World, sanne: PersonId) -> Callable[[], object]:
    """The bonus of March was written anew, that of May is the one that moved."""
    assert isinstance(world.hr, FakePersonio)
    bonus = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), FIRST)
    another = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), date(2026, 5, 1))
    world.run(FIRST)
    world.hr.remove_pay(bonus)
    world.hr.add_pay(sanne, "Bonus 2.0", "OTHER", Decimal(450), SOON)
    return partial(world.hr.move_pay, another, date(2026, 6, 1))


def _once_goes_on_monthly(world: World, sanne: PersonId) -> Callable[[], object]:
    _once_and_monthly(world)
    once = world.hr.add_pay(sanne, "Phone once", "ONE_TIME", Decimal(100), APRIL)
    world.run(FIRST)
    world.hr.remove_pay(once)
    world.hr.add_pay(sanne, "Phone once 2.0", "OTHER", Decimal(100), date(2026, 4, 3))
    return lambda: world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(100), APRIL)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(_bonus_again, id="the bonus of another quarter"),
        pytest.param(_allowance_again, id="the allowance, listed again from next month"),
        pytest.param(_raise_again, id="the raise, listed again from a later day"),
        pytest.param(_another_bonus_moved, id="another bonus that HR moves"),
        pytest.param(_once_goes_on_monthly, id="as much every month, on the component of pay of one time"),
    ],
)
def test_what_is_held_stays_so_when_as_much_is_listed_from_a_later_day(
    world: World, day: Callable[[World, PersonId], Callable[[], object]]
) -> None:
    """What relabelled pay was paid until then would be taken back."""
    sanne, _ = employ_paid(world, "Sanne")
    listed_later = day(world, sanne)
    held = findings_of(world)
    listed_later()

    assert held
    assert findings_of(world) == held


@pytest.mark.parametrize(
    ("kind", "component", "missed", "period"),
    [
        (WriteKind.WAGE_DELETED, None, "3000", PayrollPeriod.MONTH),  # what Personio shows is the full-time amount
        (WriteKind.WAGE_DELETED, None, "1500", PayrollPeriod.MONTH),  # of which Loket is told the person's own
        (WriteKind.WAGE_DELETED, None, "6000", PayrollPeriod.MONTH),  # what Personio shows is the person's own amount
        (WriteKind.WAGE_DELETED, None, "2769.23", PayrollPeriod.FOUR_WEEKS),
        (WriteKind.WAGE_DELETED, None, "3000", PayrollPeriod.WEEK),  # as Personio writes it: it may be of an hour
        (WriteKind.BENEFIT_DELETED, 284, "2769.23", PayrollPeriod.FOUR_WEEKS),
        (WriteKind.PERIOD_DATA, 380, "3000", PayrollPeriod.FOUR_WEEKS),
    ],
)
def test_amounts_are_compared_as_pay_of_that_kind_would_be_sent(
    kind: WriteKind, component: int | None, missed: str, period: PayrollPeriod
) -> None:
    half = Compensation(
        "c1", PersonId("3007"), "t1", CompensationCategory.OTHER, Decimal(3000), "EUR", "MONTHLY", LAST_YEAR,
        Decimal(20), Decimal(40),
    )  # fmt: skip
    payee = Payee(person(), LoketEmployment("m", None, 1, date(2024, 2, 1), None), period)

    equal, other = (Missed(kind, component, (APRIL, APRIL), Decimal(missed) + more) for more in (0, 1))

    assert (equal.may_be([half], payee), other.may_be([half], payee)) == ([half], [])
    if kind is WriteKind.PERIOD_DATA:  # paid once, it is divided among no periods
        assert Missed(kind, component, (APRIL, APRIL), Decimal("2769.23")).may_be([half], payee) == []
