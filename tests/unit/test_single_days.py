"""Pay that months cannot show, where Personio lists the newest amount of an id, or of a type, alone (PAY-10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.attributes import CONSIDER
from domain.planning.pay.windows import months
from domain.services.reading import single_days
from domain.services.reading.single_days import read_days
from domain.services.sync.report import RunStatus
from domain.settings import LegalEntity
from domain.snapshots import Compensation, PayWindow
from tests.support.fake_personio import FakePersonio
from tests.support.pay_world import APRIL, BEGAN, FIRST, FULL_TIME, LATER, OneOfAnId, employ_paid, world_with
from tests.support.world import TULP, World


class Counted(FakePersonio):
    """Lists every amount, and counts how often a single day is asked for."""

    asked = 0

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        self.asked += 1
        return super().compensations(entity, on=on)


class OneOfAType(Counted):
    """A list shows the newest of a type alone that has begun by its end; each has an id of its own."""

    def _in_window(self, pay: Compensation, start: date, end: date) -> bool:
        types = (one for one in self._pay if (one.person, one.type_id) == (pay.person, pay.type_id))
        newer = any(pay.takes_effect < one.takes_effect <= end for one in types)
        return super()._in_window(pay, start, end) and not newer


def completed(world: World, day: date = LATER) -> bool:
    report = world.run(day)
    assert report is not None
    return report.status is RunStatus.COMPLETED


def allowances(world: World) -> list[tuple[date, str, date | None]]:
    held = world.payroll.benefits(TULP, world.people["Sanne"].number)
    return [(day, str(one.amount), one.end) for (_, day), one in held.items()]


def wages(world: World) -> list[tuple[date, str]]:
    held = world.payroll.wages(TULP, world.people["Sanne"].number)
    return [(day, str(one.amount)) for day, one in held.items()]


def april(day: int) -> date:
    return date(2026, 4, day)


def raised_and_ended(world: World, hr: OneOfAnId) -> None:
    """An allowance, twice in one month under its id."""
    sanne, _ = employ_paid(world, "Sanne")
    phone = hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    hr.raise_under_its_id(phone, Decimal(60), april(10))
    hr.raise_under_its_id(phone, Decimal(0), april(20))


RAISED_AND_ENDED = [(BEGAN, "45.00", april(9)), (april(10), "60.00", april(19))]


@pytest.mark.parametrize("days", [(10, 20), (1, 16), (9, 10), (2, 11, 29)])
def test_of_several_raises_in_one_month_each_is_paid_from_its_day(days: tuple[int, ...]) -> None:
    world, hr = world_with(OneOfAnId)
    sanne, salary = employ_paid(world, "Sanne")
    phone = hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    for place, day in enumerate(days):
        hr.raise_under_its_id(salary, Decimal(3100 + place), april(day))
        hr.raise_under_its_id(phone, Decimal(60 + place), april(day))

    assert completed(world)

    begun = [BEGAN, *(april(day) for day in days)]
    assert [day for day, _ in wages(world)] == begun
    assert [(day, end) for day, _, end in allowances(world)] == list(
        zip(begun, [*(april(day) - timedelta(days=1) for day in days), None], strict=True)
    )
    assert completed(world, april(25))
    assert list(world.writes()) == []
    world.close()


def test_a_raise_that_is_followed_by_none_in_its_month_is_paid_until_then() -> None:
    world, hr = world_with(OneOfAnId)
    raised_and_ended(world, hr)

    assert completed(world)

    assert allowances(world) == RAISED_AND_ENDED
    world.close()


def test_of_pay_that_goes_nowhere_no_single_day_is_asked_for() -> None:
    world, hr = world_with(OneOfAnId)
    sanne, _ = employ_paid(world, "Sanne")
    piet, _ = employ_paid(world, "Piet")
    world.edit("Piet", CONSIDER, "No")
    for car in (
        hr.add_pay(one, kind, "RECURRING", Decimal(45), BEGAN) for one, kind in ((sanne, "Car"), (piet, "Phone"))
    ):
        hr.raise_under_its_id(car, Decimal(60), april(10))
        hr.raise_under_its_id(car, Decimal(70), april(20))

    assert completed(world)

    assert hr.asked == 0
    world.close()


class Moving(OneOfAnId):
    """HR puts the first amount off to a day between the two, after the months were read."""

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        if not self.asked:
            self._pay = [replace(one, effective_from=april(10)) if one.amount == 45 else one for one in self._pay]
        return super().compensations(entity, on=on)


def test_what_is_moved_between_the_two_is_no_amount_that_the_months_could_not_show() -> None:
    world, hr = world_with(Moving)
    sanne, _ = employ_paid(world, "Sanne")
    phone = hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    hr.raise_under_its_id(phone, Decimal(60), april(20))

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason, list(world.writes())) == (RunStatus.REFUSED, "RUN-7", [])
    world.close()


@pytest.mark.parametrize("many", [1, 2])
def test_the_newest_of_a_type_alone_is_no_end_of_the_one_before_it(many: int) -> None:
    world, hr = world_with(OneOfAType)
    sanne, _ = employ_paid(world, "Sanne")
    hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    if many == 2:
        hr.add_pay(sanne, "Phone", "RECURRING", Decimal(50), april(10))
    hr.add_pay(sanne, "Phone", "RECURRING", Decimal(60), april(15))

    assert completed(world)

    between = [(april(10), "50.00", april(14))] if many == 2 else []
    first = (BEGAN, "45.00", april(9) if many == 2 else april(14))
    assert allowances(world) == [first, *between, (april(15), "60.00", None)]
    world.close()


def test_a_salary_that_begins_and_is_raised_in_one_month_is_paid_from_its_first_day() -> None:
    world, hr = world_with(OneOfAnId)
    sanne = world.employ("Sanne").person
    assert sanne is not None
    salary = hr.set_salary(sanne, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=april(6))
    hr.raise_under_its_id(salary, Decimal(3200), april(13))
    hr.raise_under_its_id(salary, Decimal(3300), april(20))

    assert completed(world)

    assert wages(world) == [(april(6), "3000.00"), (april(13), "3200.00"), (april(20), "3300.00")]
    assert hr.asked == 3
    world.close()


class Short(OneOfAnId):
    """The next single day is answered with nobody's pay."""

    short = False

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        listed, short, self.short = super().compensations(entity, on=on), self.short, False
        return replace(listed, compensations=()) if short else listed


def test_what_single_days_alone_tell_is_removed_only_when_a_second_reading_of_them_agrees() -> None:
    world, hr = world_with(Short)
    sanne = world.employ("Sanne").person
    assert sanne is not None
    salary = hr.set_salary(sanne, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=april(6))
    hr.raise_under_its_id(salary, Decimal(3300), april(20))
    assert completed(world)
    hr.short = True

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason, list(world.writes())) == (RunStatus.REFUSED, "RUN-7", [])
    hr.remove_pay(salary)
    hr.set_salary(sanne, Decimal(3300), "MONTHLY", hours=FULL_TIME, effective_from=april(20))
    assert completed(world)
    assert wages(world) == [(april(20), "3300.00")]
    world.close()


def test_so_it_is_where_nothing_follows() -> None:
    """A month lists no zero, so only days tell the amount before it."""
    world, hr = world_with(Short)
    raised_and_ended(world, hr)
    assert completed(world)
    hr.short = True

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason) == (RunStatus.REFUSED, "RUN-7")
    assert allowances(world) == RAISED_AND_ENDED
    world.close()


def test_a_salary_that_shows_no_day_and_was_raised_in_the_first_month_asks_for_no_day_before_all_time() -> None:
    world, hr = world_with(OneOfAnId)
    sanne = world.employ("Sanne").person
    assert sanne is not None
    salary = hr.set_salary(sanne, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=BEGAN)
    hr._pay[-1] = replace(hr._pay[-1], effective_from=None)
    hr.raise_under_its_id(salary, Decimal(3300), date(2026, 1, 15))

    assert completed(world, FIRST)
    world.close()


def test_of_a_day_only_the_persons_own_pay_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """An allowance that ends for everybody would be looked up among everybody's, for each of them."""
    seen: list[int] = []
    newest = single_days._newest

    def counting(listed: PayWindow, *more: Any) -> Compensation | None:
        seen.append(len(listed.compensations))
        return newest(listed, *more)

    monkeypatch.setattr(single_days, "_newest", counting)
    world, hr = world_with(FakePersonio)
    for name in ("Sanne", "Lotte", "Mo"):
        person, _ = employ_paid(world, name)
        hr.add_pay(person, "Phone", "RECURRING", Decimal(45), BEGAN)
        hr.add_pay(person, "Phone", "RECURRING", Decimal(0), april(20))

    assert completed(world)

    assert max(seen) == 2
    world.close()


@pytest.mark.parametrize(("begins", "asked"), [(april(20), 0), (april(19), 1)])
def test_what_a_salary_was_before_the_employment_is_not_asked_for(begins: date, asked: int) -> None:
    """It is paid from the first day of the employment on."""
    world, hr = world_with(OneOfAnId)
    sanne = world.employ("Sanne").person
    assert sanne is not None
    salary = hr.set_salary(sanne, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=april(6))
    hr.raise_under_its_id(salary, Decimal(3300), april(20))
    windows = hr.pay(TULP, list(months(APRIL, 0, april(30))))

    found = read_days(hr, world.policy(), windows, {sanne: begins})

    assert (len(found.hidden), hr.asked) == (asked, asked)
    world.close()


@pytest.mark.parametrize(
    ("hr", "kept", "asked", "first"),
    [(OneOfAnId, True, 2, april(6)), (OneOfAnId, False, 0, april(20)), (Counted, True, 0, april(6))],
    ids=["where an id is kept", "where none is known to be", "where each is listed"],
)
def test_an_allowance_that_begins_and_is_raised_in_one_month_is_looked_for_where_an_id_is_kept(
    hr: type[OneOfAnId | Counted], kept: bool, asked: int, first: date
) -> None:
    world, personio = world_with(hr)
    sanne, salary = employ_paid(world, "Sanne")
    if kept:
        personio.raise_under_its_id(salary, Decimal(3100), APRIL)
    phone = personio.add_pay(sanne, "Phone", "RECURRING", Decimal(45), april(6))
    personio.raise_under_its_id(phone, Decimal(60), april(20))

    assert completed(world)

    assert next(day for day, _, _ in allowances(world)) == first
    assert personio.asked == asked
    world.close()


def test_one_read_of_the_eve_serves_everybody_who_is_raised_on_a_day() -> None:
    """Twelve people on six days, in each run; searched by halves they were 27 reads."""
    world, hr = world_with(OneOfAnId)
    for place in range(12):
        one, _ = employ_paid(world, f"N{place}")
        phone = hr.add_pay(one, "Phone", "RECURRING", Decimal(45), BEGAN)
        hr.raise_under_its_id(phone, Decimal(60), date(2026, 3 + place // 4, 4 + place // 2))

    asked = []
    for day in (LATER, date(2026, 3, 16)):
        hr.asked = 0
        assert completed(world, day)
        asked.append(hr.asked)

    assert asked == [6, 6]
    world.close()


@pytest.mark.parametrize(("ends", "asked"), [(APRIL, 5), (date(2026, 3, 20), 5), (None, 0)])
def test_a_personio_that_lists_every_amount_is_asked_for_as_many_days_as_an_end_needs(
    ends: date | None, asked: int
) -> None:
    world, hr = world_with(Counted)
    sanne, _ = employ_paid(world, "Sanne")
    hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    hr.add_pay(sanne, "Phone", "RECURRING", Decimal(50), date(2026, 2, 12))
    hr.set_salary(sanne, Decimal(3100), "MONTHLY", hours=FULL_TIME, effective_from=LATER)
    if ends:
        hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), ends)

    assert completed(world, FIRST)

    assert hr.asked == asked
    world.close()
