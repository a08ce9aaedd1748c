"""Somebody held out of one run (DRIFT-8): nothing is written, and nothing is said to be; findings hold everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.planning.decide import Memory, Plan, decide
from domain.planning.eligibility import HELD_OUT
from domain.planning.findings import OF_WRITES, FindingCode, NoticeCode
from domain.planning.pay.case import PayMemory
from domain.snapshots import Compensation, CompensationCategory, HeldPay, LoketPay, Paid, PeriodSpan, PersonioPerson
from domain.values import EmployeeNumber, PersonId
from tests.support.people import POLICY, TODAY, employee, loket, person, personio

FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
ALLOWED = replace(
    POLICY, entity=replace(POLICY.entity, allow_accepted_drift=True, compensation_start_date=date(2026, 1, 1))
)
SALARY = Compensation(
    "c1",
    PersonId("3007"),
    "t1",
    CompensationCategory.FIXED_SALARY,
    Decimal(3000),
    "EUR",
    "MONTHLY",
    FEBRUARY,
    Decimal(40),
    Decimal(40),
)


def wage(day: date, amount: str) -> HeldPay:
    return HeldPay(f"w-{day}", day, {GROSS_WAGE: amount, GROSS_WAGE_TYPE: "MonthlySalary"})


def planned(one: PersonioPerson, memory: Memory) -> Plan:
    """A raise of March that we sent, that Loket holds, and that Personio no longer has; its month was processed."""
    span = PeriodSpan(2026, 3, MARCH, date(2026, 3, 31), processed=True)
    held = LoketPay(wages={"m1": (wage(FEBRUARY, "3000.00"), wage(MARCH, "3500.00"))}, periods=(span,))
    people = replace(personio(one), paid={one.id: (Paid(SALARY, None),)})
    return decide(people, replace(loket(employee()), pay=held), (), memory, ALLOWED, today=TODAY)


def remembered(*held_out: int, unknown: bool = False) -> Memory:
    ours = frozenset({(GROSS_WAGE, FEBRUARY), (GROSS_WAGE, MARCH)})
    pay = {EmployeeNumber(4711): PayMemory(ours, unknown=unknown)}
    return Memory(pay=pay, held_out=frozenset(map(EmployeeNumber, held_out)))


def test_pay_that_personio_no_longer_has_is_withdrawn_and_said_to_be() -> None:
    (decision,) = planned(person(), remembered()).decisions

    assert decision.withdraws_pay
    assert {one.code for one in decision.notices} >= {NoticeCode.PAY_WITHDRAWN, NoticeCode.PROCESSED_PERIOD_AFFECTED}


@pytest.mark.parametrize("memory", [remembered(4711), remembered(unknown=True)], ids=["held out", "outcome unknown"])
def test_where_nothing_of_pay_is_written_none_is_said_to_be_removed(memory: Memory) -> None:
    street = person(street="Harbour Rd")  # another field differs, so that a write of data is left beside the pay

    (decision,) = planned(street, memory).decisions

    assert not decision.withdraws_pay
    assert not OF_WRITES.intersection(one.code for one in decision.notices)


def test_whoever_a_rule_leaves_out_is_told_by_that_rule_though_held_out_too() -> None:
    (decision,) = planned(person("INACTIVE"), remembered(4711)).decisions

    assert decision.left_out not in (None, HELD_OUT)


def test_the_findings_of_somebody_held_out_block_and_they_are_left_out_all_the_same() -> None:
    plan = planned(person(bsn="123456789"), remembered(4711))

    (decision,) = plan.decisions
    assert plan.blocked
    assert decision.left_out is HELD_OUT
    assert [one.code for one in decision.findings] == [FindingCode.BSN_ELFPROEF]
