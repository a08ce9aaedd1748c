"""All pay of one final employee together: which types are sent, to which components, and what is said of it at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE
from domain.events.loket import WriteKind
from domain.planning.details import NO_PERIOD
from domain.planning.findings import Finding, FindingCode, NoticeCode
from domain.planning.pay.case import PayDecision, PayMemory
from domain.planning.pay.decide_pay import decide_pay
from domain.planning.pay.targets import benefit_field, value_field
from domain.settings import AmountBasis, ComponentKind, PayComponent, PaySettings, Policy, WeeklyHours
from domain.snapshots import (
    Compensation,
    CompensationCategory,
    HeldPay,
    HeldValue,
    LoketEmployment,
    LoketPay,
    Paid,
    PeriodSpan,
)
from domain.values import FieldPath, PersonId
from tests.support.people import POLICY, TODAY, employee, loket, person

FIXED, RECURRING, ONCE, OTHER = (
    CompensationCategory(one) for one in ("FIXED_SALARY", "RECURRING", "ONE_TIME", "OTHER")
)
JOB = LoketEmployment("m1", "adm", 1, date(2024, 1, 1), None)
EVE, LINE, MARCH = date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 1)
PHONE, BONUS = PayComponent(284, ComponentKind.RECURRING), PayComponent(301, ComponentKind.ONE_TIME)
CAR = PayComponent(290, ComponentKind.DEDUCTION)
FEBRUARY_RUN = PeriodSpan(2026, 2, date(2026, 2, 1), date(2026, 2, 28), processed=True)
MARCH_RUN = PeriodSpan(2026, 3, MARCH, date(2026, 3, 31), processed=True)
APRIL_OPEN = PeriodSpan(2026, 4, date(2026, 4, 1), date(2026, 4, 30))


def paid(name: str, category: CompensationCategory, start: date = MARCH, until: date | None = None) -> Paid:
    amount = Decimal(3000) if category is FIXED else Decimal(50)
    pay = Compensation(
        f"c-{name}", PersonId("11"), f"id-{name}", category, amount, "EUR", "MONTHLY", start, Decimal(40), Decimal(40),
        type_name=name,
    )  # fmt: skip
    return Paid(pay, until)


def policy(*listed: str, line: date | None = LINE) -> Policy:
    entity = replace(POLICY.entity, compensation_start_date=line, compensation_types=frozenset(listed) or None)
    components = {"Phone": PHONE, "Bonus": BONUS, "Car": CAR}
    pay = PaySettings(components=components, amounts_are=AmountBasis.FULL_TIME, weekly_hours=WeeklyHours.IGNORE)
    return replace(POLICY, entity=entity, pay=pay)


def decide(
    *pay: Paid,
    by: Policy | None = None,
    held: LoketPay | None = None,
    ours: tuple[tuple[FieldPath, date], ...] = (),
    unknown: bool = False,
    period: int | None = 1,
) -> PayDecision:
    snapshot = replace(loket(employee()), pay=held or LoketPay(), payroll_period=period)
    memory = PayMemory(frozenset(ours), unknown=unknown)
    return decide_pay(person(), JOB, pay, snapshot, memory, by or policy(), TODAY)


def fields(decision: PayDecision) -> set[str]:
    return {one.field for write in decision.writes for one in write.changes}


def said(decision: PayDecision) -> list[tuple[NoticeCode, str]]:
    return [(one.code, one.detail) for one in decision.notices]


def test_nothing_of_pay_is_sent_before_somebody_said_from_which_day_on() -> None:
    assert decide(paid("Salary", FIXED), paid("Lease", RECURRING), by=policy(line=None)) == PayDecision()


def test_each_kind_of_pay_goes_to_its_own_place() -> None:
    decision = decide(paid("Salary", FIXED), paid("Phone", RECURRING), paid("Bonus", ONCE), held=LoketPay(
        periods=(MARCH_RUN,)
    ))  # fmt: skip

    assert fields(decision) >= {GROSS_WAGE, benefit_field(PHONE.key), value_field(BONUS.key)}
    assert (decision.findings, len(decision.writes)) == ((), 3)


def test_amounts_need_a_payroll_period_that_is_known_unless_nobody_has_any() -> None:
    refused = PayDecision(findings=(Finding(FindingCode.AMOUNT_NOT_CONVERTIBLE, detail=NO_PERIOD),))
    ended = LoketPay(benefits={JOB.id: (HeldPay("b", MARCH, {}, None, PHONE.key),)})

    for period in (None, 99):
        assert decide(paid("Salary", FIXED), period=period) == refused
        assert decide(ours=((GROSS_WAGE, MARCH),), period=period) == refused
        assert decide(held=ended, period=period) == refused
        assert decide(period=period) == PayDecision()
        assert said(decide(paid("Lease", RECURRING), period=period)) == [(NoticeCode.PAY_TYPE_NOT_SENT, "Lease")]


@pytest.mark.parametrize(
    ("pay", "listed", "becomes"),
    [
        (paid("Phone", RECURRING), "Phone", "sent"),
        (paid("Phone", ONCE), "Phone", "unmapped"),
        (paid("Bonus", ONCE), "Bonus", "sent"),
        (paid("Bonus", RECURRING), "Bonus", "unmapped"),
        (paid("Car", RECURRING), "Car", "sent"),
        (paid("Car", ONCE), "Car", "sent"),
        (paid("Car", OTHER), "Car", "unmapped"),
        (paid("Lease", RECURRING), "Lease", "unmapped"),
        (paid("Lease", RECURRING, until=LINE), "Lease", "unmapped"),
        (paid("Lease", RECURRING, LINE, until=EVE), "Lease", "over"),  # before the line
        (paid("Lease", ONCE, EVE), "Lease", "over"),
        (paid("Lease", ONCE, LINE), "Lease", "unmapped"),
        (paid("Salary", FIXED), "FIXED_SALARY", "sent"),
    ],
)
def test_a_type_that_is_to_be_sent_needs_a_component_for_its_kind(pay: Paid, listed: str, becomes: str) -> None:
    decision = decide(pay, by=policy(listed), held=LoketPay(periods=(MARCH_RUN,)))

    name = pay.compensation.type_name
    unmapped = (Finding(FindingCode.COMPENSATION_NOT_MAPPED, detail=name),)
    assert decision.findings == (unmapped if becomes == "unmapped" else ())
    assert bool(decision.writes) == (becomes == "sent")
    others = decide(paid("Boat", RECURRING), pay, by=policy(listed), held=LoketPay(periods=(MARCH_RUN,)))
    assert not [one for one in others.notices if one.code is NoticeCode.PAY_TYPE_NOT_SENT]


@pytest.mark.parametrize(
    ("listed", "component", "goes"),
    [
        ((), PHONE, True),
        (("Phone",), PHONE, True),
        (("RECURRING",), PHONE, True),
        (("ONE_TIME",), PHONE, False),
        (("RECURRING",), CAR, True),
        (("ONE_TIME",), CAR, True),  # a deduction is of either kind
        (("FIXED_SALARY",), CAR, False),
        (("FIXED_SALARY",), PHONE, False),
    ],
)
def test_what_we_sent_goes_only_where_pay_of_its_kind_is_still_sent(
    listed: tuple[str, ...], component: PayComponent, goes: bool
) -> None:
    name = benefit_field(component.key)
    record = HeldPay("b", MARCH, {name: "50.00"}, None, component.key)

    decision = decide(by=policy(*listed), held=LoketPay(benefits={JOB.id: (record,)}), ours=((name, MARCH),))

    assert [one.kind for one in decision.writes] == [WriteKind.BENEFIT_DELETED] * goes


def test_a_type_without_a_name_is_told_by_its_id() -> None:
    nameless = paid("Lease", RECURRING)
    nameless = replace(nameless, compensation=replace(nameless.compensation, type_name=""))

    assert decide(nameless, by=policy("id-Lease")).findings == (
        Finding(FindingCode.COMPENSATION_NOT_MAPPED, detail="id-Lease"),
    )


def test_the_same_holds_of_values_of_a_period() -> None:
    held = LoketPay(values={JOB.id: (HeldValue((2026, 3), BONUS.key, "9.00"),)}, periods=(MARCH_RUN,))
    ours = ((value_field(BONUS.key), MARCH),)

    assert [one.kind for one in decide(held=held, ours=ours).writes] == [WriteKind.PERIOD_DATA]
    assert decide(by=policy("RECURRING"), held=held, ours=ours).writes == ()


def test_payroll_periods_that_were_run_and_are_reached_into_are_named_once() -> None:
    periods = (FEBRUARY_RUN, MARCH_RUN, APRIL_OPEN)
    two = decide(paid("Salary", FIXED, date(2026, 2, 28)), paid("Phone", RECURRING), held=LoketPay(periods=periods))
    once = decide(paid("Bonus", ONCE), held=LoketPay(periods=periods))

    assert said(two) == [(NoticeCode.PROCESSED_PERIOD_AFFECTED, "2026-02, 2026-03")]
    assert [one.processed for one in two.writes] == [("2026-02", "2026-03"), ("2026-03",)]
    assert [one.processed for one in once.writes] == [("2026-03",)]
    assert said(decide(paid("Salary", FIXED, date(2026, 4, 1)), held=LoketPay(periods=periods))) == []
    day = replace(FEBRUARY_RUN, first=date(2026, 2, 28))
    one_day = decide(
        paid("Phone", RECURRING, date(2026, 2, 10), date(2026, 2, 28)), held=LoketPay(periods=(day, MARCH_RUN))
    )
    assert [one.processed for one in one_day.writes] == [("2026-02",)]


def test_while_it_is_unknown_what_an_earlier_write_did_nothing_is_written_and_nothing_said_of_writes() -> None:
    held = LoketPay(periods=(MARCH_RUN,))
    pay = (paid("Salary", FIXED), paid("Lease", RECURRING))

    decision = decide(*pay, held=held, unknown=True)

    assert (decision.writes, said(decision)) == ((), [(NoticeCode.PAY_TYPE_NOT_SENT, "Lease")])
    assert [code for code, _ in said(decide(*pay, held=held))] == [
        NoticeCode.PAY_TYPE_NOT_SENT,
        NoticeCode.PROCESSED_PERIOD_AFFECTED,
    ]
