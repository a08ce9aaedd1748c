"""The limits of the brake: below and from a hundred people on, clears and creates, first runs (RUN-13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.events.loket import WriteKind
from domain.events.runs import LimitPassed, StoppedPerson
from domain.planning.brake import braking, fingerprint, limits_passed
from domain.planning.business_date import in_service_for_long
from domain.planning.comparison import Difference
from domain.planning.decide import Decision, Plan
from domain.planning.findings import Notice, NoticeCode
from domain.planning.planned import DataWrite, DatedWrite
from domain.services.sync.stopped import stopped_facts
from domain.settings import Brake
from domain.values import BLANK, EmployeeNumber, FieldPath, Observed, PersonId
from tests.support.fake_vault import FakeVault
from tests.support.people import TODAY, person

PHONE = FieldPath("contactInformation.phoneNumber")
CLEARED = DataWrite(WriteKind.EMPLOYEE, "guid", (Difference(PHONE, "030", BLANK),))
WRITTEN = DataWrite(WriteKind.EMPLOYEE, "guid", (Difference(PHONE, "030", "031"),))
CREATED = DataWrite(WriteKind.CONCEPT_CREATED, None, (Difference(PHONE, BLANK, "030"),))


def plan(write: DataWrite, many: int, included: int, *, notices: tuple[Notice, ...] = ()) -> Plan:
    """`included` people, of whom `many` have this write."""
    return Plan(
        tuple(
            Decision(
                PersonId(str(index)),
                EmployeeNumber(index + 1),
                None,
                writes=(write,) if index < many else (),
                notices=notices,
            )
            for index in range(included)
        )
    )


@pytest.mark.parametrize(
    ("included", "passes"),
    [(1, 3), (9, 3), (10, 3), (14, 4), (20, 6), (33, 9), (34, 10), (99, 10), (100, 10), (250, 25)],
)
def test_so_many_people_may_be_cleared_and_not_one_more(included: int, passes: int) -> None:
    brake = Brake()

    assert not braking(plan(CLEARED, passes, included), brake, first_run=False)
    if passes < included:
        assert braking(plan(CLEARED, passes + 1, included), brake, first_run=False)


@pytest.mark.parametrize(("included", "passes"), [(4, 3), (14, 4), (17, 5), (40, 5), (99, 5), (100, 10)])
def test_so_many_concept_employees_may_be_created_and_not_one_more(included: int, passes: int) -> None:
    assert not braking(plan(CREATED, passes, included), Brake(), first_run=False)
    assert braking(plan(CREATED, passes + 1, included), Brake(), first_run=False)


def test_a_first_run_counts_only_those_long_in_service() -> None:
    long = (Notice(NoticeCode.CONCEPT_FOR_LONG_EMPLOYED),)

    assert not braking(plan(CREATED, 50, 50), Brake(), first_run=True)
    assert braking(plan(CREATED, 6, 50, notices=long), Brake(), first_run=True)


@pytest.mark.parametrize(("days", "long"), [(59, False), (60, False), (61, True), (-30, False)])
def test_long_in_service_is_more_than_sixty_days(days: int, long: bool) -> None:
    entry = (TODAY - timedelta(days=days)).isoformat()

    assert in_service_for_long(person(entry_date_current_period=entry), TODAY) is long


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [(BLANK, "2026-03-31", True), ("2026-06-30", "2026-03-31", True), ("2026-03-31", "2026-06-30", False),
     ("2026-03-31", BLANK, False)],
)  # fmt: skip
def test_pay_that_ends_counts_as_cleared_and_pay_that_goes_on_does_not(
    before: Observed, after: Observed, counts: bool
) -> None:
    end = Difference(FieldPath("benefitsAndDeductions.284.endDate"), before, after)
    write = DatedWrite(
        kind=WriteKind.BENEFIT,
        target="b1",
        changes=(end,),
        effective_on=date(2026, 1, 1),
        reaches=(date(2026, 1, 1), date.max),
    )

    assert write.clears is counts


def test_a_share_of_people_written_is_a_limit_where_it_is_set_and_never_for_a_first_run() -> None:
    brake = Brake(writes_share=Decimal("0.5"))

    assert not braking(plan(WRITTEN, 5, 10), brake, first_run=False)
    assert braking(plan(WRITTEN, 6, 10), brake, first_run=False)
    assert not braking(plan(WRITTEN, 6, 10), brake, first_run=True)
    assert not braking(plan(WRITTEN, 10, 10), Brake(), first_run=False)
    assert not braking(plan(WRITTEN, 0, 0), brake, first_run=False)


def test_a_plan_has_a_name_of_its_own_for_whom_it_writes_what_and_from_which_day() -> None:
    def pay(day: date, after: Observed = "3000.00") -> DatedWrite:
        change = Difference(GROSS_WAGE, BLANK, after, day)
        return DatedWrite(
            kind=WriteKind.WAGE_CREATED, target="m1", changes=(change,), effective_on=day, reaches=(day, date.max)
        )

    def planned(*writes: DataWrite | DatedWrite, person: str = "1", number: int = 1) -> str:
        idle = Decision(PersonId("9"), EmployeeNumber(9), None)
        one = Decision(PersonId(person), EmployeeNumber(number), None, writes=writes)
        return fingerprint(Plan((one, idle)), FakeVault())

    others = [
        planned(pay(TODAY)), planned(pay(date(2026, 4, 1))), planned(pay(TODAY, BLANK)), planned(CLEARED),
        planned(WRITTEN), planned(WRITTEN, person="2"), planned(WRITTEN, number=2), planned(WRITTEN, pay(TODAY)),
    ]  # fmt: skip

    assert len({*others, planned()}) == len(others) + 1
    assert planned(WRITTEN) == fingerprint(
        Plan((Decision(PersonId("1"), EmployeeNumber(1), None, writes=(WRITTEN,)),)), FakeVault()
    )


def test_what_passed_a_limit_is_told_with_how_many_people_that_is_too_many() -> None:
    both = plan(CLEARED, 11, 11).decisions + plan(CREATED, 4, 9).decisions

    assert limits_passed(plan(CLEARED, 8, 17), Brake(), first_run=False) == (LimitPassed("clears", 8, 5, 17),)
    assert limits_passed(plan(CLEARED, 26, 250), Brake(), first_run=False) == (LimitPassed("clears", 26, 25, 250),)
    assert limits_passed(Plan(both), Brake(writes_share=Decimal("0.5")), first_run=False) == (
        LimitPassed("clears", 11, 6, 20), LimitPassed("writes", 15, 10, 20),
    )  # fmt: skip


def test_what_the_brake_stopped_is_told_by_person_and_field() -> None:
    ended = DatedWrite(
        kind=WriteKind.WAGE_DELETED, target="w1", effective_on=TODAY, reaches=(TODAY, date.max),
        changes=(Difference(GROSS_WAGE, "3000.00", BLANK, TODAY), Difference(GROSS_WAGE_TYPE, "1", BLANK, TODAY)),
    )  # fmt: skip
    again = replace(ended, readded=True)
    people = [
        Decision(PersonId(str(at)), EmployeeNumber(at), None, writes=writes)
        for at, writes in enumerate([(), (WRITTEN, ended), (again,), (CREATED,)])
    ]

    (told,) = stopped_facts(Plan(tuple(people)))

    pay = (GROSS_WAGE, GROSS_WAGE_TYPE)
    assert told.people == (
        StoppedPerson("1", 1, (PHONE, *pay), pay),
        StoppedPerson("2", 2, pay),
        StoppedPerson("3", 3, (PHONE,), created=True),
    )
    assert sum(len(one.people) for one in stopped_facts(plan(CLEARED, 401, 401))) == 401
