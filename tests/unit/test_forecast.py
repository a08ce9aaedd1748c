"""What the systems show ahead, against the planned runs; the future of plain attributes is nobody's to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from domain.planning.forecast import Ahead, Forecast, forecast
from domain.services.look_ahead import look_ahead
from domain.snapshots import Compensation, CompensationCategory, LoketEmployment, PersonioEmployment, PersonioPerson
from domain.values import PersonId
from tests.support.people import ADMINISTRATION, ENTITY, POLICY, TODAY, employee, loket, person, personio
from tests.support.world import World
from tests.support.world_in_process import InProcess

UNTIL = date(2026, 6, 30)


def salary(
    day: date, who: str = "3007", category: CompensationCategory = CompensationCategory.FIXED_SALARY
) -> Compensation:
    return Compensation(f"{who}-{day}", PersonId(who), "t", category, Decimal(3000), "EUR", "MONTHLY", day, None, None)


def ahead(
    *compensations: Compensation,
    runs: tuple[date, ...] = (),
    people: tuple[PersonioPerson, ...] = (person(),),
    end: date | None = None,
    sent: frozenset[str] | None = None,
) -> Forecast:
    held, policy = loket(employee(end=end)), replace(POLICY, entity=replace(POLICY.entity, compensation_types=sent))
    return forecast(personio(*people), held, compensations, runs, policy, today=TODAY, until=UNTIL)


def test_two_salaries_after_the_last_planned_run_are_a_warning() -> None:
    day = date(2026, 3, 20)
    others = (person(), person(person_id="3008", employee_number_loket="4712"))

    found = ahead(salary(day), salary(day, "3008"), runs=(date(2026, 3, 18),), people=others)

    assert found.warnings == ("2 salaries become effective on 2026-03-20: the last planned run is on 2026-03-18",)


def test_a_salary_is_carried_by_the_first_run_on_its_day_or_later() -> None:
    day = date(2026, 3, 20)

    found = ahead(salary(day), runs=(date(2026, 3, 18), day, date(2026, 3, 25)))

    assert [(one.what, one.on, one.first_run) for one in found.upcoming] == [(Ahead.SALARY, day, day)]
    assert found.warnings == ()


def test_what_has_begun_today_or_before_or_on_no_day_that_is_told_is_not_ahead() -> None:
    undated = replace(salary(TODAY), effective_from=None)

    assert ahead(salary(TODAY), salary(date(2026, 1, 1)), undated).upcoming == ()


def test_starts_last_days_and_end_dates_are_ahead_when_their_system_tells_them() -> None:
    joining = replace(
        person(person_id="3009", employee_number_loket="4719"),
        employment=PersonioEmployment("e9", "ONBOARDING", ENTITY, date(2026, 4, 1)),
    )
    leaving = replace(
        person(), employment=PersonioEmployment("e1", "ACTIVE", ENTITY, date(2024, 2, 1), end=date(2026, 5, 31))
    )

    found = ahead(people=(leaving, joining), end=date(2026, 4, 30))

    assert [(one.on, one.what) for one in found.upcoming] == [
        (date(2026, 4, 1), Ahead.START),
        (date(2026, 4, 30), Ahead.END_IN_LOKET),
        (date(2026, 5, 31), Ahead.LAST_DAY),
    ]


def test_who_is_in_loket_already_starts_there_on_a_day_to_come_and_not_where_another_entity_pays() -> None:
    begins = LoketEmployment("m2", ADMINISTRATION, 2, date(2026, 4, 1), None)
    elsewhere = replace(begins, id="m3", payroll_administration="another")
    held = loket(employee(employments=(begins, elsewhere)))

    found = forecast(personio(person()), held, (), (), POLICY, today=TODAY, until=UNTIL)

    assert [(one.on, one.what) for one in found.upcoming] == [(date(2026, 4, 1), Ahead.START_IN_LOKET)]


def test_two_raises_that_keep_the_id_of_the_salary_are_both_ahead() -> None:
    wiring = InProcess()
    world = World(wiring)
    sanne = world.employ("Sanne").person
    assert sanne is not None
    id_ = wiring.hr.set_salary(sanne, Decimal(3000), "MONTHLY", hours=None, effective_from=date(2026, 2, 1))
    raises = [date(2026, 4, 1), date(2026, 5, 1)]
    for amount, day in zip((3300, 3600), raises, strict=True):
        wiring.hr.raise_under_its_id(id_, Decimal(amount), day)

    found = look_ahead(world.policy(), world.tools(), [])

    assert [one.on for one in found.upcoming if one.what is Ahead.SALARY] == raises
    world.close()


def test_pay_beyond_the_horizon_and_of_people_elsewhere_is_left_out() -> None:
    assert ahead(salary(date(2026, 7, 1)), salary(date(2026, 4, 1), "9999")).upcoming == ()


def test_one_fact_that_no_run_carries_is_told_as_one_and_pay_by_its_kind() -> None:
    day = date(2026, 3, 20)
    once = salary(day, category=CompensationCategory.ONE_TIME)
    monthly = salary(day, category=CompensationCategory.RECURRING)

    assert ahead(salary(day), runs=(date(2026, 3, 18),)).warnings == (
        "one salary becomes effective on 2026-03-20: the last planned run is on 2026-03-18",
    )
    assert [one.what for one in ahead(once, sent=frozenset({"ONE_TIME"})).upcoming] == [Ahead.ONE_TIME]
    assert [one.what for one in ahead(monthly, sent=frozenset({"RECURRING"})).upcoming] == [Ahead.PAY]


def test_pay_that_is_not_sent_is_taken_along_by_no_run() -> None:
    monthly = salary(date(2026, 3, 20), category=CompensationCategory.RECURRING)

    assert ahead(monthly).upcoming == ahead(monthly, sent=frozenset({"FIXED_SALARY"})).upcoming == ()
