"""What a run and a check add to the alerts: what began, what is over, and what happened, each told when it is so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import Role
from domain.events.alert import AlertRaised
from domain.values import BLANK, EmployeeNumber, FieldPath
from tests.support.offices import Trouble
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

STREET = FieldPath("address.street")
DAY = date(2026, 3, 15)
Told = tuple[list[str], list[str], list[str]]


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess(), pay_from=date(2026, 1, 1))
    made.employ("Sanne")
    made.run(DAY)
    yield made
    made.close()


def told(world: World) -> list[Told]:
    """Of every alert so far: what begins, what is over, what happened."""
    raised = [one.fact for one in world.tools().log.page(-1, 10_000) if isinstance(one.fact, AlertRaised)]
    return [
        (
            [f"{each.kind} {each.what}" for each in one.opened],
            [f"{each.kind} {each.what}" for each in one.recovered],
            [f"{each.kind} {each.count} {' '.join(each.what)}" for each in one.happened],
        )
        for one in raised
    ]


def test_a_value_that_is_changed_in_loket_is_told_by_the_check_and_its_end_by_the_run(world: World) -> None:
    world.payroll.set_field(TULP, world.people["Sanne"].number, STREET, "Third Rd")

    world.check(date(2026, 3, 16))
    world.check(date(2026, 3, 16))
    world.run(date(2026, 3, 17))

    assert told(world) == [
        (["drift address.street"], [], []),
        ([], ["drift address.street"], ["overwritten 1 address.street"]),
    ]


def test_a_difference_that_somebody_acknowledged_is_told_no_more(world: World) -> None:
    number = world.people["Sanne"].number
    world.payroll.set_field(TULP, number, STREET, "Third Rd")
    world.check(date(2026, 3, 16))

    world.deciding("known").acknowledge(EmployeeNumber(number), STREET)
    world.check(date(2026, 3, 17))

    assert told(world) == [(["drift address.street"], [], [])]


def test_a_concept_employee_waits_until_it_is_completed(world: World) -> None:
    daan = world.hire("Daan")
    world.run(date(2026, 3, 16))
    world.check(date(2026, 3, 17))
    world.payroll.finalise(TULP, daan.number)
    world.check(date(2026, 3, 18))

    begun, over = told(world)
    assert begun[0] == over[1]
    assert len(begun[0]) == 1
    assert begun[0][0].startswith("concept")


def test_each_reason_that_holds_a_run_is_told_and_is_over_with_the_next_run_that_is_not_held(world: World) -> None:
    world.edit("Sanne", Role("last_name"), BLANK)
    world.run(date(2026, 3, 16))
    world.check(date(2026, 3, 16))
    world.edit("Sanne", Role("last_name"), "Visser")
    world.run(date(2026, 3, 17))

    reason = ["run_blocked REQUIRED_FIELD_BLANK personalDetails.lastName"]
    assert [one[:2] for one in told(world)] == [(reason, []), ([], reason)]


def test_a_refused_run_says_why_and_ends_nothing(world: World) -> None:
    world.payroll.set_field(TULP, world.people["Sanne"].number, STREET, "Third Rd")
    world.check(date(2026, 3, 16))
    world.hr.trouble(Trouble.UNREACHABLE)
    world.run(date(2026, 3, 17))

    assert told(world) == [(["drift address.street"], [], []), (["run_blocked RUN-7"], [], [])]


def test_what_a_run_clears_is_told_apart_from_what_it_overwrites_and_what_it_fills_is_not_told(world: World) -> None:
    world.edit("Sanne", Role("phone"), BLANK)
    world.edit("Sanne", Role("street"), "Central Ave")
    world.edit("Sanne", Role("house_number_addition"), "b")

    world.run(date(2026, 3, 16))

    (one,) = told(world)
    assert one[2] == ["overwritten 1 address.street", "cleared 1 contactInformation.phoneNumber"]


def test_a_pilot_says_nothing_about_the_others(world: World) -> None:
    other = world.employ("Tim")
    world.run(date(2026, 3, 16))
    world.payroll.set_field(TULP, other.number, STREET, "Third Rd")
    world.check(date(2026, 3, 17))

    world.run(date(2026, 3, 18), only=frozenset({EmployeeNumber(world.people["Sanne"].number)}))

    assert told(world) == [(["drift address.street"], [], [])]


def test_pay_that_only_loket_has_is_told_as_a_wage_or_a_component(world: World) -> None:
    world.payroll.add_wage(TULP, world.people["Sanne"].number, date(2026, 2, 1), Decimal(3000))
    person = world.people["Sanne"].person
    assert person is not None
    world.hr.set_salary(
        person, Decimal(3000), "MONTHLY", hours=(Decimal(40), Decimal(40)), effective_from=date(2026, 3, 1)
    )

    world.check(date(2026, 3, 16))

    assert [entry for one in told(world) for entry in one[0] if entry.startswith("pay")] == ["pay_only_in_loket wage"]


def test_an_end_of_employment_on_one_side_only_is_a_disagreement(world: World) -> None:
    world.payroll.end_employment(TULP, world.people["Sanne"].number, date(2026, 3, 31))
    world.check(date(2026, 4, 2))

    assert [entry for one in told(world) for entry in one[0] if "END" in entry] == ["termination_disagreement END-2"]


def test_a_person_in_personio_who_left_while_loket_goes_on_is_one_too(world: World) -> None:
    person = world.people["Sanne"].person
    assert person is not None
    world.hr.set_status(person, "INACTIVE")
    world.check(date(2026, 4, 2))

    assert [entry for one in told(world) for entry in one[0] if "END" in entry] == ["termination_disagreement END-3"]
