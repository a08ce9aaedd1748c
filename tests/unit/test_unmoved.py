"""Of whom nothing moved since a read, what it held of them, and what another read says otherwise (RUN-15)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import CITIZEN_SERVICE_NUMBER, GROSS_WAGE, PAYMENT_IBAN, WEEKLY_HOURS
from domain.grounds.case import Case, Held, Known
from domain.grounds.unmoved import (
    beside,
    changed,
    employment_apart,
    is_the_same,
    is_unmoved,
    is_whole,
    unmoved,
    without_number,
)
from domain.planning.pay.targets import benefit_field
from domain.snapshots import HeldHours, HeldPay, HeldValue, LoketEmployee, LoketEmployment, PaymentRecord
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath
from tests.support.people import ADMINISTRATION, POLICY, employee, loket, mapping_only, person

NUMBER, DAY = EmployeeNumber(4711), date(2026, 3, 15)
CITY, COUNTRY = FieldPath("address.city"), next(row.field for row in POLICY.catalogue if row.role == "country")
PAID = Held(PaymentRecord("pay-1", "NL91ABNA0417164300"))
FIRST, SECOND = (LoketEmployment(f"m{n}", ADMINISTRATION, n, date(2024, 2, 1), None) for n in (1, 2))


def case(one: LoketEmployee | None = None, **held: Held) -> Case:
    one = one or employee(employments=(FIRST, SECOND))
    another = employee(4712, employments=())  # who is told apart by their number
    return Case(person(), Known(), employees=(another, one), held=held or {"m1": PAID, "m2": PAID})


@pytest.mark.parametrize(
    ("versions", "still"),
    [
        ({"m1": 7, "m2": 6}, True),
        ({"m1": 7, "m2": 8}, False),
        ({"m1": 7}, False),  # of one no number is told
        ({}, False),
    ],
)
def test_somebody_moved_when_an_employment_of_theirs_has_a_higher_number_or_none(
    versions: dict[str, int], still: bool
) -> None:
    found = unmoved({NUMBER: case()}, versions, 7)

    assert (set(found) == {NUMBER}) is is_unmoved(employee(employments=(FIRST, SECOND)), versions, 7) is still
    assert without_number([case()], versions) == (len(versions) < 2)


def test_of_whom_no_employment_is_known_nothing_can_be_said() -> None:
    assert unmoved({NUMBER: case(employee(employments=()))}, {}, 7) == {}
    assert unmoved({NUMBER: replace(case(), employees=())}, {}, 7) == {}


def test_the_same_employee_has_the_same_id_and_the_same_employments() -> None:
    now = employee(employments=(SECOND, FIRST))

    assert is_the_same(case(), now)
    assert not is_the_same(case(), replace(now, id="another"))
    assert not is_the_same(case(), replace(now, employments=(FIRST,)))
    assert not is_the_same(replace(case(), employees=()), now)


def test_a_read_was_whole_that_held_the_bsn_and_a_payment_record_of_each_employment_here() -> None:
    elsewhere = replace(SECOND, payroll_administration="another")
    fields = employee().fields
    without_bsn = replace(
        employee(), fields={name: one for name, one in fields.items() if name != CITIZEN_SERVICE_NUMBER}
    )

    assert is_whole(case(), POLICY)
    assert is_whole(case(employee(employments=(FIRST, elsewhere)), m1=PAID), POLICY)
    assert not is_whole(case(m1=PAID), POLICY)
    assert not is_whole(case(m1=PAID, m2=Held()), POLICY)
    assert not is_whole(case(m1=PAID, m2=Held(PaymentRecord(None, BLANK))), POLICY)
    assert is_whole(case(m1=Held()), mapping_only("city", "bsn"))  # this customer sends no bank account
    assert not is_whole(case(without_bsn, m1=PAID), POLICY)
    assert is_whole(case(without_bsn, m1=PAID), mapping_only("city", "iban"))
    assert not is_whole(replace(case(), employees=()), POLICY)


def test_what_was_not_asked_for_is_as_it_was_known() -> None:
    listed = replace(loket(replace(employee(employments=(FIRST,)), fields={CITY: "Delft"})), payments={})
    unread = beside(listed, {NUMBER: case(employee(employments=(FIRST,), bsn="111222333"), m1=PAID, m2=Held())})

    assert unread.employees[NUMBER].fields == {CITY: "Delft", CITIZEN_SERVICE_NUMBER: "111222333"}
    assert unread.payments == {"m1": PAID.payment}
    hidden = replace(employee(), fields={})
    for nothing_known in (case(hidden, m1=Held()), Case(person(), Known())):
        assert beside(listed, {NUMBER: nothing_known}) == listed


def test_a_difference_is_what_both_reads_showed_of_the_same_employee_and_spelled_alike() -> None:
    now = loket(replace(employee(city="Delft", country="BE", bsn="111222333"), employments=(FIRST,)), iban="NL00")
    then = case(employee(employments=(FIRST,)), m1=PAID)

    def apart(one: Case, *, same_settings: bool = True) -> list[FieldPath]:
        return [path for _, path in changed({NUMBER: one}, now, POLICY, same_settings=same_settings)]

    assert apart(then) == [*sorted([CITY, CITIZEN_SERVICE_NUMBER]), PAYMENT_IBAN]
    assert apart(then, same_settings=False) == [CITIZEN_SERVICE_NUMBER, PAYMENT_IBAN]
    assert COUNTRY not in apart(then)
    assert apart(case(replace(then.employees[1], id="another"), m1=PAID)) == []
    assert apart(case(replace(then.employees[1], fields={}), m1=PAID)) == [PAYMENT_IBAN]
    assert apart(replace(then, employees=())) == []
    assert list(changed({EmployeeNumber(4712): then}, now, POLICY, same_settings=True)) == []


def test_everything_of_an_employment_that_loket_counts_is_compared() -> None:
    wage = HeldPay("w-1", DAY, {GROSS_WAGE: "3000.00"})
    benefit = HeldPay("b-1", DAY, {benefit_field(284): "25.00"}, component=284)
    hours = HeldHours("h-1", DAY, "32", Decimal(40))
    then = Held(PAID.payment, (wage,), wage, (benefit,), (HeldValue((2026, 3), 372, "100.00"),), (hours,))
    raised = replace(wage, fields={GROSS_WAGE: "3100.00"})

    def apart(now: Held, *, same_settings: bool = True) -> list[FieldPath]:
        return list(employment_apart(then, now, same_settings=same_settings))

    assert apart(then) == []
    assert apart(Held()) == list(employment_apart(Held(), then, same_settings=True)) == []
    assert apart(replace(then, values=())) == []
    assert apart(replace(then, payment=PaymentRecord("pay-1", "NL00"))) == [PAYMENT_IBAN]
    unpaid = replace(then, payment=PaymentRecord(None, BLANK))  # where a first account is none that was changed
    assert list(employment_apart(unpaid, then, same_settings=True)) == []
    assert apart(replace(then, wages=(raised,))) == [GROSS_WAGE]
    assert apart(replace(then, wages=(replace(wage, end=DAY),))) == [GROSS_WAGE]
    assert apart(replace(then, wages=(raised,)), same_settings=False) == [GROSS_WAGE]
    assert apart(replace(then, wage_at_start=raised)) == [GROSS_WAGE]
    assert apart(replace(then, wage_at_start=raised), same_settings=False) == []
    assert apart(replace(then, benefits=())) == [benefit_field(284)]
    assert apart(replace(then, benefits=(replace(benefit, end=DAY),))) == [benefit_field(284)]
    assert apart(replace(then, hours=(replace(hours, id="h-2", weekly="24"),))) == []
    assert apart(replace(then, hours=(replace(hours, weekly="24"),))) == [WEEKLY_HOURS]


def test_what_one_of_the_reads_did_not_show_is_no_difference() -> None:
    """Else a right that Loket took from us would look as if its version numbers were wrong."""
    wage = HeldPay("w-1", DAY, {GROSS_WAGE: "3000.00"})
    benefit = HeldPay("b-1", DAY, {benefit_field(284): "25.00"}, component=284)
    then = Held(PaymentRecord("pay-1", "NL91", 1), (wage,), wage, (benefit,))
    bare, nothing = replace(wage, fields={}), replace(benefit, fields={benefit_field(284): NOT_OBSERVED})
    hiding = Held(PaymentRecord("pay-1", NOT_OBSERVED, 1), (bare,), bare, (nothing,))

    for one, other in ((then, hiding), (hiding, then)):
        assert list(employment_apart(one, other, same_settings=True)) == []
    fewer = replace(hiding, wages=(), benefits=(nothing, replace(benefit, id="b-2", component=285)))
    more = replace(fewer, wages=(bare, replace(wage, id="w-0", start=date(2024, 1, 1))))
    assert list(employment_apart(then, more, same_settings=True)) == []
    another = replace(hiding, wages=(replace(bare, end=DAY),))
    assert list(employment_apart(then, another, same_settings=True)) == [GROSS_WAGE]
