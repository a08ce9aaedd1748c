"""Pay in Personio about which nothing can be said: what is still decided, and what no longer is (RUN-7, WHO-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.errors import RightMissing
from domain.planning.findings import FindingCode
from domain.planning.pay.unclear import pay_not_read, unclear
from domain.services.sync.report import RunStatus
from domain.settings import LegalEntity
from domain.snapshots import SALARY, CompensationCategory, HeldPay, HeldValue, LoketPay, PayWindow, UnreadablePay
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed, PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.faults import LoketFault
from tests.support.pay_world import (
    APRIL,
    BEGAN,
    FIRST,
    FULL_TIME,
    LATER,
    earns,
    employ_paid,
    findings_of,
    world_with,
)
from tests.support.people import person
from tests.support.world import ROOS, TULP, World

STREET = FieldPath("address.street")
PHONE, BONUS = FieldPath("benefitsanddeductions.284"), FieldPath("payrollperioddata.380")


@pytest.fixture
def world() -> Any:
    made, _ = world_with(FakePersonio)
    yield made
    made.close()


def test_while_a_salary_makes_no_sense_a_case_of_other_pay_stays_and_one_of_an_address_ends(
    world: World,
) -> None:
    sanne, salary = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), BEGAN)
    world.run(FIRST)
    number = world.people["Sanne"].number
    world.payroll.set_value(TULP, number, 380, (2026, 2), Decimal(700))
    world.payroll.set_field(TULP, number, STREET, "Harbour Rd")
    world.check(date(2026, 3, 8))
    before = {one.field for one in world.tools().views.drift.cases(TULP.personio_id)}
    world.hr.garble_pay(salary)
    world.payroll.set_field(TULP, number, STREET, "Main St")

    world.check(LATER)

    world.tools().views.catch_up()
    left = {one.field for one in world.tools().views.drift.cases(TULP.personio_id)}
    assert (len(before), before - left) == (2, {STREET})


def test_pay_of_a_type_that_is_not_sent_may_make_no_sense(world: World) -> None:
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.garble_pay(world.hr.add_pay(sanne, "Bicycle plan", "RECURRING", Decimal(45), BEGAN))

    report = world.run(LATER)

    assert report is not None
    assert report.status is RunStatus.COMPLETED


def test_an_allowance_that_ended_stays_ended_beside_pay_that_is_not_sent_and_makes_no_sense(world: World) -> None:
    """Only pay of its own type could be what follows it."""
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), APRIL)
    world.run(FIRST)
    world.hr.garble_pay(world.hr.add_pay(sanne, "Bicycle plan", "RECURRING", Decimal(45), BEGAN))

    report = world.run(LATER)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    held = world.payroll.benefits(TULP, world.people["Sanne"].number).values()
    assert [one.end for one in held] == [APRIL - timedelta(days=1)]


def test_of_pay_that_may_be_of_either_entity_only_what_is_sent_counts(world: World) -> None:
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.hr.add_pay(sanne, "Bicycle plan", "RECURRING", Decimal(45), BEGAN)
    world.hr.add_employment(sanne, ROOS.personio_id, FIRST, None)
    world.hr.hide_pay_entities()

    seen = world.look(LATER)

    assert seen is not None
    (decision,) = seen.plan.decisions
    found = [(one.code, one.field, one.detail) for one in decision.findings]
    assert found == [
        (FindingCode.PAY_ENTITY_NOT_SHOWN, GROSS_WAGE, "FIXED_SALARY"),
        (FindingCode.PAY_ENTITY_NOT_SHOWN, None, "Phone"),
    ]
    assert decision.writes == ()


def test_of_a_new_hire_only_the_salary_must_be_clear(world: World) -> None:
    world.hire("Daan")
    daan = world.people["Daan"].person
    assert daan is not None
    salary, phone = earns(world, daan), world.hr.add_pay(daan, "Phone", "RECURRING", Decimal(45), BEGAN)

    world.hr.garble_pay(phone)
    assert findings_of(world) == []
    world.hr.add_pay(daan, "Phone", "RECURRING", Decimal(60), FIRST)
    world.hr.add_employment(daan, ROOS.personio_id, FIRST, None)
    world.hr.hide_pay_entities()
    assert findings_of(world) == [(FindingCode.PAY_ENTITY_NOT_SHOWN, "FIXED_SALARY")]
    world.hr.garble_pay(salary)
    assert [code for code, _ in findings_of(world)] == [FindingCode.PAY_NOT_READABLE]


@pytest.mark.parametrize(
    ("wage", "benefit", "value", "told"),
    [
        ("3000.00", "45.00", "500.00", ()),
        (NOT_OBSERVED, "45.00", "500.00", (GROSS_WAGE,)),
        ("3000.00", NOT_OBSERVED, "500.00", (PHONE,)),
        ("3000.00", "45.00", NOT_OBSERVED, (BONUS,)),
        ("3000.00", BLANK, BLANK, ()),
    ],
)
def test_pay_in_loket_that_cannot_be_read_is_found_where_it_would_be_looked_at(
    world: World, wage: Observed, benefit: Observed, value: Observed, told: tuple[FieldPath, ...]
) -> None:
    shown = HeldPay("w", FIRST, {GROSS_WAGE: wage, GROSS_WAGE_TYPE: "1"})
    earlier = HeldPay("v", date(2025, 2, 1), {}, date(2025, 3, 1))
    other = HeldPay("o", FIRST, {}, component=999)
    pay = LoketPay(
        wages={"m": (earlier, shown)},
        benefits={"m": (HeldPay("b", FIRST, {PHONE: benefit}, component=284), other)},
        values={"m": (HeldValue((2026, 3), 380, value), HeldValue((2026, 3), 999, NOT_OBSERVED))},
    )

    assert pay_not_read(pay, "m", world.policy()) == told
    assert pay_not_read(LoketPay(wage_at_start={"m": earlier}), "m", world.policy()) == (GROSS_WAGE, GROSS_WAGE_TYPE)
    unpaid = replace(world.policy().entity, compensation_start_date=None)
    assert pay_not_read(pay, "m", replace(world.policy(), entity=unpaid)) == ()


def test_of_whose_pay_loket_does_not_show_a_part_nothing_is_concluded(world: World) -> None:
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    number = world.people["Sanne"].number
    world.payroll.set_wage(TULP, number, BEGAN, Decimal(2500))
    world.check(date(2026, 3, 8))
    world.payroll.set_wage(TULP, number, BEGAN, Decimal(3000))
    world.payroll.withhold(PHONE)

    checked, run = world.check(LATER), world.run(LATER)

    assert checked is not None
    assert run is not None
    world.tools().views.catch_up()
    assert [(one.field, one.why) for one in checked.verdict.not_compared] == [(PHONE, "NOT_READ_IN_LOKET")]
    assert [one.field for one in world.tools().views.drift.cases(TULP.personio_id)] == [GROSS_WAGE]
    assert (run.status, run.outcomes[0].overwritten) == (RunStatus.COMPLETED_WITH_ERRORS, ())


def test_whose_salary_makes_no_sense_counts_as_paid_and_had_a_salary(world: World) -> None:
    """Otherwise one unreadable record of the only person would make the whole read doubtful (RUN-12)."""
    _, salary = employ_paid(world, "Sanne")
    world.run(FIRST)
    world.hr.garble_pay(salary)

    blocked = world.run(LATER)

    assert blocked is not None
    assert (blocked.status, blocked.reason) == (RunStatus.BLOCKED, "CHECK-2")


@pytest.mark.parametrize(
    ("name", "of_type", "said"), [("Phone", "t-1", "Phone"), ("", "t-1", "t-1"), ("", "", "without a type")]
)
def test_pay_that_makes_no_sense_is_named_by_its_type_as_far_as_that_is_told(
    name: str, of_type: str, said: str
) -> None:
    garbled = UnreadablePay(PersonId("3007"), of_type, CompensationCategory.RECURRING, name, ("amount", "currency"))

    (found,) = unclear(person(), (), [garbled])

    assert (found.field, found.detail) == (None, f"{said}: amount, currency")


class Garbling(FakePersonio):
    """Leaves an allowance out of the later windows; from the second reading on, it is there and makes no sense."""

    readings = 0

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        self.readings += 1
        windows = super().pay(entity, spans)
        allowance = next(one.id for one in self._pay if one.category not in SALARY)
        if self.readings > 1:
            self.garble_pay(allowance)
            return super().pay(entity, spans)
        kept = [tuple(each for each in one.compensations if each.id != allowance) for one in windows]
        return tuple(
            one if one.start < date(2026, 5, 1) else replace(one, compensations=left)
            for one, left in zip(windows, kept, strict=True)
        )


def test_what_makes_no_sense_at_a_second_reading_is_no_proof_that_pay_ended() -> None:
    world, _ = world_with(Garbling)
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason) == (RunStatus.REFUSED, "RUN-7")
    assert list(world.writes()) == []
    world.close()


def test_whoever_only_the_second_read_shows_to_be_no_employee_becomes_a_concept_with_a_salary(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    loket: Any = world.payroll
    world.hire("Daan")
    loket.add_fault(LoketFault.LOST)  # so that the next run reads Loket again
    world.run(FIRST)
    employ_paid(world, "Lotte")
    read, reads = loket.read, []

    def read_less(*entity: Any, **numbers: Any) -> Any:
        reads.append(entity)
        if len(reads) == 2:
            loket.hide_employee(TULP, world.people["Lotte"].number)
        return read(*entity, **numbers)

    monkeypatch.setattr(loket, "read", read_less)

    world.run(LATER)

    number = world.people["Lotte"].number
    (concept,) = [one for one in read(TULP, numbers=frozenset()).concepts if one.number == number]
    assert concept.value(GROSS_WAGE) == "3000.00"


def test_pay_that_is_raised_under_its_id_is_two_amounts_that_follow_each_other() -> None:
    world, hr = world_with(FakePersonio)
    sanne, salary = employ_paid(world, "Sanne")
    allowance = hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    hr.raise_under_its_id(salary, Decimal(3300), APRIL)
    hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), APRIL)
    hr.raise_under_its_id(allowance, Decimal(60), date(2026, 4, 15))
    hr.add_pay(sanne, "Phone", "RECURRING", Decimal(0), date(2026, 5, 1))

    report = world.run(FIRST)

    assert report is not None
    assert report.status is RunStatus.COMPLETED
    number = world.people["Sanne"].number
    assert list(world.payroll.wages(TULP, number)) == [BEGAN, APRIL]
    ends = [one.end for one in world.payroll.benefits(TULP, number).values()]
    assert ends == [date(2026, 3, 31), date(2026, 4, 30)]
    world.close()


@pytest.mark.parametrize("what", ["garbled", "moved"])
def test_what_a_second_reading_tells_otherwise_is_no_proof_that_pay_was_withdrawn(what: str) -> None:
    world, hr = world_with(FakePersonio)
    sanne, salary = employ_paid(world, "Sanne")
    allowance = hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    hr.hide_pay(allowance)

    def otherwise() -> None:
        if what == "moved":
            hr.move_pay(salary, FIRST)
        else:
            hr.hide_pay(None)
            hr.garble_pay(allowance)

    world.hooks().on_pay = otherwise

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason, list(world.writes())) == (RunStatus.REFUSED, "RUN-7", [])
    world.close()


def test_a_wage_that_payroll_entered_is_deleted_only_when_a_second_reading_lists_none_for_it(world: World) -> None:
    """A raise that the first one misses is no end of what payroll did about it."""
    sanne, _ = employ_paid(world, "Sanne")
    world.run(FIRST)
    raised = world.hr.set_salary(sanne, Decimal(3300), "MONTHLY", hours=FULL_TIME, effective_from=APRIL)
    world.payroll.add_wage(TULP, world.people["Sanne"].number, APRIL, Decimal(3300))
    world.hr.hide_pay(raised)
    world.hooks().on_pay = lambda: world.hr.hide_pay(None)

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason, list(world.writes())) == (RunStatus.REFUSED, "RUN-7", [])


def test_a_value_falls_to_what_is_still_listed_only_when_a_second_reading_agrees(world: World) -> None:
    """It was added up of two payments, of which the first reading misses one."""
    sanne, _ = employ_paid(world, "Sanne")
    world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(500), FIRST)
    missed = world.hr.add_pay(sanne, "Bonus", "ONE_TIME", Decimal(300), FIRST)
    world.run(FIRST)
    world.hr.hide_pay(missed)
    world.hooks().on_pay = lambda: world.hr.hide_pay(None)

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason, list(world.writes())) == (RunStatus.REFUSED, "RUN-7", [])
    world.hooks().on_pay = lambda: None
    world.hr.remove_pay(missed)
    world.hr.add_pay(sanne, "Share plan", "OTHER", Decimal(45), BEGAN)
    assert findings_of(world) == []
    report = world.run(LATER)
    assert report is not None
    assert (report.status, len(list(world.writes()))) == (RunStatus.COMPLETED, 1)


class Narrowed(FakePersonio):
    """Its credential loses the right to pay after a number of readings."""

    left = 100

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        if self.left == 0:
            raise RightMissing("the Personio credential may not read /v2/compensations (HTTP 403)")
        self.left -= 1
        return super().pay(entity, spans)


def test_a_right_that_lapses_before_the_second_reading_of_pay_refuses_the_run_and_ends_it() -> None:
    world, hr = world_with(Narrowed)
    sanne, _ = employ_paid(world, "Sanne")
    allowance = world.hr.add_pay(sanne, "Phone", "RECURRING", Decimal(45), BEGAN)
    world.run(FIRST)
    world.hr.remove_pay(allowance)
    hr.left = 1

    report = world.run(LATER)

    assert report is not None
    assert (report.status, report.reason) == (RunStatus.REFUSED, "RUN-9")
    assert list(world.writes()) == []
    assert world.tools().views.sync_state.open_runs(TULP.personio_id) == []
    world.close()
