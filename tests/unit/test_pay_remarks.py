"""What a run says about the pay of a legal entity as a whole: counts of people, never a value (PAY-9, PAY-15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE
from domain.planning.details import BASIS_UNDECIDED, TYPES_NOT_SENT
from domain.planning.pay.remarks import pay_remarks
from domain.settings import AmountBasis
from domain.snapshots import Compensation, CompensationCategory, HeldPay, LoketPay, Paid, PersonioPerson
from domain.values import PersonId
from tests.support.people import POLICY, TODAY, employee, loket, person, personio

FIXED, RECURRING = CompensationCategory.FIXED_SALARY, CompensationCategory.RECURRING
LINE, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


def paid(name: str, category: CompensationCategory = RECURRING, amount: str = "50") -> Paid:
    hours = (Decimal(20), Decimal(40))
    pay = Compensation(
        f"c-{name}",
        PersonId("3007"),
        name,
        category,
        Decimal(amount),
        "EUR",
        "MONTHLY",
        FEBRUARY,
        *hours,
        type_name=name,
    )
    return Paid(pay, None)


def said(
    *each: tuple[PersonioPerson, tuple[Paid, ...]],
    wage: str = "",
    basis: AmountBasis = AmountBasis.UNDECIDED,
    listed: frozenset[str] | None = None,
) -> tuple[str, ...]:
    shown = replace(personio(*(one for one, _ in each)), paid={one.id: pay for one, pay in each if pay})
    held = HeldPay("w", FEBRUARY, {GROSS_WAGE: wage, GROSS_WAGE_TYPE: "1"})
    snapshot = replace(loket(employee()), pay=LoketPay(wages={"m1": (held,)} if wage else {}))
    entity = replace(POLICY.entity, compensation_start_date=LINE, compensation_types=listed)
    policy = replace(POLICY, entity=entity, pay=replace(POLICY.pay, amounts_are=basis))
    return pay_remarks(shown, snapshot, policy, TODAY)


def test_types_of_pay_that_go_nowhere_are_named_with_how_many_people_have_them() -> None:
    two = (person(), (paid("Lease"), paid("Phone"))), (person(person_id="3008"), (paid("Phone"),))

    assert said(*two) == (TYPES_NOT_SENT[0].format(said="Lease (1), Phone (2)"),)
    assert said(*two, listed=frozenset({"Lease"})) == (TYPES_NOT_SENT[1].format(said="Phone (2)"),)
    assert said((person(), ())) == ()


@pytest.mark.parametrize(
    ("wage", "full_time", "effective", "neither"),
    [("1500.00", 1, 0, 0), ("3000.00", 0, 1, 0), ("2000.00", 0, 0, 1)],
)
def test_while_nobody_said_which_amount_is_shown_it_is_told_how_the_wages_vote(
    wage: str, full_time: int, effective: int, neither: int
) -> None:
    half = (person(), (paid("Salary", FIXED, "1500"),))
    told = BASIS_UNDECIDED[full_time != 1].format(full_time=full_time, effective=effective, neither=neither)

    assert said(half, wage=wage) == (told,)
    assert said(half, wage=wage, basis=AmountBasis.EFFECTIVE) == ()
    assert said(half) == said((person(), ()), wage=wage) == ()  # nothing to hold it against
