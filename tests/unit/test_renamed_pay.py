"""A type of pay that HR gives another name: nobody is paid under the old one, and what it paid is not gone (PAY-10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.events.loket import WriteKind
from domain.planning.findings import FindingCode
from domain.services.replay.known_earlier import PAY, known_earlier
from domain.services.replay.looks import Looks
from domain.services.replay.replay import replay
from domain.services.sync.report import RunReport, RunStatus
from domain.settings import AmountBasis, ComponentKind, PayComponent
from domain.values import EmployeeNumber, PersonId, RunId
from tests.support.fake_personio import FakePersonio
from tests.support.offices import PayHeld
from tests.support.pay_world import APRIL, BEGAN, FIRST, LATER, employ_paid, findings_of, world_with
from tests.support.world import TULP, World

BEFORE, SOON = date(2025, 12, 1), date(2026, 3, 10)
RENAMED = [
    (FindingCode.PAY_TYPE_RENAMED, "Phone and internet: may be what is missed of component 284 from 2026-02-01"),
]
HELD = {(284, BEGAN): PayHeld(Decimal(45), None)}


@pytest.fixture
def world() -> Any:
    made, _ = world_with(FakePersonio)
    yield made
    made.close()


def allowed(world: World, name: str = "Sanne") -> tuple[PersonId, str]:
    """Somebody with a salary and an allowance; and the id of that."""
    person, _ = employ_paid(world, name)
    return person, world.hr.add_pay(person, "Phone", "RECURRING", Decimal(45), BEGAN)


def renamed(world: World) -> None:
    world.hr.rename_type("Phone", "Phone and internet")


def run(world: World, **how: Any) -> RunReport:
    report = world.run(LATER, **how)
    assert report is not None
    return report


def benefits(world: World, name: str = "Sanne") -> dict[tuple[int, date], PayHeld]:
    return dict(world.payroll.benefits(TULP, world.people[name].number))


def test_pay_whose_type_has_another_name_is_held(world: World) -> None:
    allowed(world)
    allowed(world, "Lotte")
    world.run(FIRST)
    renamed(world)

    assert findings_of(world) == RENAMED * 2
    report = run(world)
    assert (report.status, report.reason, list(world.writes())) == (RunStatus.BLOCKED, "CHECK-2", [])
    assert benefits(world) == HELD


def test_the_new_name_in_the_mapping_ends_it_and_nothing_is_written(world: World) -> None:
    allowed(world)
    world.run(FIRST)
    renamed(world)

    world.components["Phone and internet"] = world.components.pop("Phone")

    report = run(world)
    assert (report.status, list(world.writes()), benefits(world)) == (RunStatus.COMPLETED, [], HELD)


def test_without_the_old_name_in_the_mapping_what_was_sent_is_left_alone(world: World) -> None:
    """Where it was other pay, payroll ends what is in Loket."""
    allowed(world)
    world.run(FIRST)
    renamed(world)

    component = world.components.pop("Phone")

    report = run(world)
    assert (report.status, list(world.writes()), benefits(world)) == (RunStatus.COMPLETED, [], HELD)
    world.components["Phone"] = component  # before the record is gone from Loket
    assert findings_of(world) == RENAMED


def test_a_component_that_another_type_is_mapped_to_as_well_stays_held(world: World) -> None:
    """All the names of a component that nobody is paid under have to go."""
    world.components["Mobile"] = world.components["Phone"]
    allowed(world)
    world.run(FIRST)
    renamed(world)

    del world.components["Phone"]
    assert findings_of(world) == RENAMED
    del world.components["Mobile"]
    assert findings_of(world) == []


def _allowance_moved(world: World, sanne: PersonId) -> None:
    """Our record keeps its day (PAY-4)."""
    assert isinstance(world.hr, FakePersonio)
    phone = world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    world.hr.move_pay(phone, BEFORE)
    world.run(SOON)


def _raised(world: World, sanne: PersonId) -> None:
    """The record from before the start date was given a last day; without the raise nothing would be paid."""
    world.payroll.add_benefit(TULP, world.people["Sanne"].number, 284, BEFORE, Decimal(40))
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(40), BEFORE)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(60), BEGAN)
    world.run(FIRST)


def _deduction(world: World, sanne: PersonId) -> None:
    world.components["Phone"] = PayComponent(284, ComponentKind.DEDUCTION)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(-45), BEGAN)
    world.run(FIRST)


def _bonuses(world: World, sanne: PersonId) -> None:
    world.components["Phone"] = PayComponent(284, ComponentKind.ONE_TIME)
    world.hr.add_pay(sanne, "Phone", "ONE_TIME", Decimal(500), date(2026, 2, 9))
    world.hr.add_pay(sanne, "Phone", "ONE_TIME", Decimal(300), date(2026, 2, 20))
    world.hr.add_pay(sanne, "Expenses", "ONE_TIME", Decimal("21.30"), date(2026, 2, 20))
    world.run(FIRST)


def _deducted_once(world: World, sanne: PersonId) -> None:
    world.components["Phone"] = PayComponent(284, ComponentKind.DEDUCTION)
    world.hr.add_pay(sanne, "Phone", "ONE_TIME", Decimal(-45), date(2026, 2, 9))
    world.run(FIRST)


@pytest.mark.parametrize(
    "day",
    [_allowance_moved, _raised, _deduction, _bonuses, _deducted_once],
    ids=lambda one: one.__name__,
)
def test_pay_of_every_kind_is_held(world: World, day: Callable[[World, PersonId], None]) -> None:
    sanne, _ = employ_paid(world, "Sanne")
    day(world, sanne)
    renamed(world)

    assert findings_of(world) == RENAMED
    report = run(world)
    assert (report.status, list(world.writes())) == (RunStatus.BLOCKED, [])


def test_two_types_of_one_component_may_both_have_another_name(world: World) -> None:
    """Loket holds what they come to; a run says of how many people, not of how many types."""
    sanne, _ = employ_paid(world, "Sanne")
    world.components |= dict.fromkeys(("Bonus", "Commission"), PayComponent(380, ComponentKind.ONE_TIME))
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), BEGAN)
    world.hr.add_pay(sanne, "Commission", "ONE_TIME", Decimal(300), date(2026, 2, 20))
    world.run(FIRST)
    world.hr.rename_type("Bonus", "Bonus 2026")
    world.hr.rename_type("Commission", "Commission 2026")

    report = run(world)

    assert (report.status, list(world.writes())) == (RunStatus.BLOCKED, [])
    assert "PAY_TYPE_RENAMED: 1 person" in (report.message or "")


def test_while_somebody_is_paid_under_the_old_name_one_persons_pay_was_corrected(world: World) -> None:
    sanne, phone = allowed(world)
    allowed(world, "Lotte")
    world.run(FIRST)
    world.hr.remove_pay(phone)
    world.hr.add_pay(sanne, "Phone and internet", "RECURRING", Decimal(45), BEGAN)

    report = run(world)

    assert report.status is RunStatus.COMPLETED
    assert (benefits(world), benefits(world, "Lotte")) == ({}, HELD)


def test_an_old_type_that_hr_ended_is_listed_still(world: World) -> None:
    sanne, _ = allowed(world)
    world.run(FIRST)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), APRIL)
    world.hr.add_pay(sanne, "Phone and internet", "RECURRING", Decimal(45), APRIL)

    report = run(world)

    assert report.status is RunStatus.COMPLETED
    assert [one.end for one in benefits(world).values()] == [date(2026, 3, 31)]


def test_a_type_that_is_mapped_by_its_id_keeps_it(world: World) -> None:
    allowed(world)
    world.components[world.hr.type_id("Phone")] = world.components.pop("Phone")
    world.run(FIRST)
    renamed(world)

    report = run(world)

    assert (report.status, list(world.writes()), benefits(world)) == (RunStatus.COMPLETED, [], HELD)


def test_a_name_in_the_list_of_types_is_overtaken_too(world: World) -> None:
    world.compensation_types = frozenset({"FIXED_SALARY", "Phone"})
    allowed(world)
    world.run(FIRST)
    renamed(world)

    assert findings_of(world) == RENAMED
    world.compensation_types = frozenset(
        {"FIXED_SALARY", "RECURRING"}
    )  # the category is enabled, and the type not mapped
    assert findings_of(world) == [(FindingCode.COMPENSATION_NOT_MAPPED, "Phone and internet")]


def _gets(world: World, name: str, type_name: str, category: str, amount: int, day: date) -> str:
    one = world.people[name].person
    assert one is not None
    return world.hr.add_pay(one, type_name, category, Decimal(amount), day)


def test_the_wage_stands_where_nobodys_salary_has_the_name_that_is_listed(world: World) -> None:
    """No salary at all proves nothing, so nothing of it is taken away."""
    world.compensation_types, world.amounts_are = frozenset({"Base salary"}), AmountBasis.FULL_TIME
    world.employ("Sanne")
    _gets(world, "Sanne", "Base salary", "FIXED_SALARY", 3000, BEGAN)
    _gets(world, "Sanne", "Base salary", "FIXED_SALARY", 3300, APRIL)
    world.run(FIRST)
    world.hr.rename_type("Base salary", "Gross salary")

    report = run(world)

    assert (report.status, list(world.writes())) == (RunStatus.COMPLETED, [])
    assert list(world.payroll.wages(TULP, world.people["Sanne"].number)) == [BEGAN, APRIL]
    assert "Gross salary (1)" in (report.message or "")


def test_a_wage_is_held_where_only_a_salary_of_the_other_category_is_left(world: World) -> None:
    """Whoever was paid by the hour first."""
    world.compensation_types, world.amounts_are = frozenset({"Base salary", "Hours"}), AmountBasis.FULL_TIME
    world.employ("Sanne")
    _gets(world, "Sanne", "Hours", "HOURLY_SALARY", 20, BEGAN)
    _gets(world, "Sanne", "Base salary", "FIXED_SALARY", 3300, APRIL)
    world.run(FIRST)
    world.hr.rename_type("Base salary", "Gross salary")
    told = "Gross salary: may be the wage that is missed from 2026-04-01"

    assert findings_of(world) == [(FindingCode.PAY_TYPE_RENAMED, told)]
    world.compensation_types = frozenset({"Hours"})  # no way out of it, for a wage is mapped by nothing
    assert findings_of(world) == [(FindingCode.PAY_TYPE_RENAMED, told)]
    world.compensation_types = frozenset({"Base salary", "Hours"})
    world.employ("Lotte")
    _gets(world, "Lotte", "Base salary", "FIXED_SALARY", 2800, BEGAN)
    assert findings_of(world) == []


def _allowance(world: World, sanne: PersonId) -> str:
    return world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)


def _bonus(world: World, sanne: PersonId) -> str:
    return world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(45), BEGAN)


@pytest.mark.parametrize(
    ("gives", "type_name", "category", "amount", "day"),
    [
        pytest.param(_allowance, "Bicycle plan", "RECURRING", 60, BEGAN, id="another amount from its day"),
        pytest.param(_allowance, "Expenses", "ONE_TIME", 45, BEGAN, id="paid once"),
        pytest.param(_bonus, "Bicycle plan", "RECURRING", 45, BEGAN, id="paid each month"),
        pytest.param(_bonus, "Expenses", "ONE_TIME", 21, BEGAN, id="another amount in its month"),
        pytest.param(_bonus, "Expenses", "ONE_TIME", 45, FIRST, id="its amount in another month"),
    ],
)
def test_what_cannot_be_that_type_holds_nobody(
    world: World, gives: Callable[[World, PersonId], str], type_name: str, category: str, amount: int, day: date
) -> None:
    sanne, _ = employ_paid(world, "Sanne")
    given = gives(world, sanne)
    world.hr.add_pay(sanne, type_name, category, Decimal(amount), day)
    world.run(FIRST)
    world.hr.remove_pay(given)

    report = run(world)

    assert report.status is RunStatus.COMPLETED
    assert len(list(world.writes())) == 1


def test_somebody_on_leave_is_paid_under_the_old_name_too(world: World) -> None:
    """They take no part for now, and their pay says what the type is called."""
    _, phone = allowed(world)
    lotte, _ = allowed(world, "Lotte")
    world.run(FIRST)
    world.hr.set_status(lotte, "LEAVE")
    world.hr.remove_pay(phone)
    sanne = world.people["Sanne"].person
    assert sanne is not None
    world.hr.add_pay(sanne, "Phone and internet", "RECURRING", Decimal(45), BEGAN)

    assert (run(world).status, benefits(world)) == (RunStatus.COMPLETED, {})


def test_what_is_known_now_of_renamed_pay_was_not_known_too_late(world: World) -> None:
    """Nobody else has the old name: that this person had it then says nothing, had it been the new one."""
    sanne, _ = allowed(world)
    world.run(FIRST)
    world.run(date(2026, 3, 8))
    renamed(world)
    world.components["Phone and internet"] = world.components.pop("Phone")
    assert run(world).status is RunStatus.COMPLETED

    looks = Looks(world.tools().log, world.tools().vault)
    seen = [looks.look(RunId(f"run-{each}")) for each in (1, 2, 3)]

    assert known_earlier(seen, seen[-1], sanne, since=FIRST, fields=[PAY]).missed == ()


@pytest.mark.parametrize("only", [None, "Sanne"])
def test_whoever_is_paid_under_the_old_name_counts_also_outside_a_pilot_and_when_derived_again(
    world: World, only: str | None
) -> None:
    """The types that anybody is paid are on record, for whoever else's pay is kept and whoever is erased."""
    sanne, phone = allowed(world)
    allowed(world, "Lotte")
    world.run(FIRST)
    world.hr.remove_pay(phone)
    world.hr.add_pay(sanne, "Phone and internet", "RECURRING", Decimal(45), BEGAN)

    pilot = frozenset({EmployeeNumber(world.people["Sanne"].number)}) if only else None
    report = run(world, only=pilot)

    assert (report.status, benefits(world)) == (RunStatus.COMPLETED, {})
    looks = Looks(world.tools().log, world.tools().vault)
    assert replay(looks, RunId("run-2")).follows
    look = looks.look(RunId("run-2"))
    alone = replace(look, grounds={sanne: look.grounds[sanne]})
    assert [[write.kind for write in one.writes] for one in alone.decide().decisions] == [[WriteKind.BENEFIT_DELETED]]
    before = replace(look, shared=replace(look.shared, pay_types=frozenset()))  # as versions before recorded it
    held = [finding.code for one in before.decide().decisions for finding in one.findings]
    assert held == ([FindingCode.PAY_TYPE_RENAMED] if only else [])
