"""Of whom Loket's version numbers say that nothing moved since a read, and what that read held of them (RUN-15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from domain.attributes import CITIZEN_SERVICE_NUMBER, GROSS_WAGE, PAYMENT_IBAN, Kind, Resource
from domain.grounds.case import Case
from domain.settings import Policy
from domain.snapshots import HeldPay, LoketEmployee, LoketSnapshot, PaymentRecord
from domain.values import EmployeeNumber, FieldPath, Observed

Versions = Mapping[str, int]
"""Loket's version number of each employment, by its id."""


def own(case: Case) -> LoketEmployee | None:
    """The employee whose number the person has."""
    return next((one for one in case.employees if one.number == case.person.employee_number), None)


def unmoved(cases: Mapping[EmployeeNumber, Case], versions: Versions, until: int) -> dict[EmployeeNumber, Case]:
    """Those none of whose employments has a higher version number than `until`, or no number at all."""
    return {
        number: case
        for number, case in cases.items()
        if (ids := _employments(case)) and all(versions.get(one, until + 1) <= until for one in ids)
    }


def without_number(cases: Iterable[Case], versions: Versions) -> int:
    """How many of them have an employment of which no version number is told."""
    return sum(not _employments(case) <= versions.keys() for case in cases)


def is_whole(case: Case, policy: Policy) -> bool:
    """Whether the read held everything that would have to be read again.

    Where an employment has no payment record yet, what is proposed for one hangs on more than the employment.
    """
    employee, wanted = own(case), {row.resource for row in policy.catalogue}
    if employee is None or (Resource.BSN in wanted and CITIZEN_SERVICE_NUMBER not in employee.fields):
        return False
    here = [one.id for one in employee.employments if _is_here(one.payroll_administration, policy)]
    return Resource.PAYMENT not in wanted or all(_has_payment(case, one) for one in here)


def is_unmoved(employee: LoketEmployee, versions: Versions, until: int) -> bool:
    """Of whom nothing but their employments is known."""
    ids = [one.id for one in employee.employments]
    return bool(ids) and all(versions.get(one, until + 1) <= until for one in ids)


def is_the_same(case: Case, now: LoketEmployee) -> bool:
    """The same employee still, with the same employments."""
    then = own(case)
    return then is not None and then.id == now.id and {one.id for one in now.employments} == _employments(case)


def beside(loket: LoketSnapshot, cases: Mapping[EmployeeNumber, Case]) -> LoketSnapshot:
    """What was read, with the BSN and payment records that were known of these and not asked for."""
    employees = dict(loket.employees)
    payments = dict(loket.payments)
    for number, case in cases.items():
        then = own(case)
        if then is not None and CITIZEN_SERVICE_NUMBER in then.fields:
            bsn = {CITIZEN_SERVICE_NUMBER: then.fields[CITIZEN_SERVICE_NUMBER]}
            employees[number] = replace(employees[number], fields={**employees[number].fields, **bsn})
        payments |= {name: held.payment for name, held in case.held.items() if held.payment is not None}
    return replace(loket, employees=employees, payments=payments)


def changed(
    cases: Mapping[EmployeeNumber, Case], loket: LoketSnapshot, policy: Policy, *, same_settings: bool
) -> Iterator[tuple[EmployeeNumber, FieldPath]]:
    """What was read now and is other than then. What either did not show is no difference.

    Under other settings an employee's fields may be spelled otherwise; countries are spelled as Loket's list has them.
    """
    plain = {
        row.field for row in policy.catalogue if row.resource is Resource.EMPLOYEE and row.kind is not Kind.COUNTRY
    }
    compared = {CITIZEN_SERVICE_NUMBER, *(plain if same_settings else ())}
    for number, case in cases.items():
        then, now = own(case), loket.employees.get(number)
        if then is None or now is None or then.id != now.id:
            continue
        for path in sorted(compared & then.fields.keys() & now.fields.keys()):
            if then.fields[path] != now.fields[path]:
                yield number, path
        for employment, held in case.held.items():
            known, paid = held.payment, loket.payments.get(employment)
            had_account = known is not None and known.id is not None
            if had_account and paid is not None and _account(known) != _account(paid):
                yield number, PAYMENT_IBAN
            wages = loket.pay.wages.get(employment)
            if held.wages is not None and wages is not None and _chain(held.wages) != _chain(wages):
                yield number, GROSS_WAGE


def _employments(case: Case) -> frozenset[str]:
    employee = own(case)
    return frozenset(one.id for one in employee.employments) if employee else frozenset()


def _is_here(administration: str | None, policy: Policy) -> bool:
    return administration == policy.entity.loket_payroll_administration_id


def _has_payment(case: Case, employment: str) -> bool:
    held = case.held.get(employment)
    return held is not None and held.payment is not None and held.payment.id is not None


def _account(record: PaymentRecord | None) -> tuple[str | None, Observed, Observed] | None:
    return None if record is None else (record.id, record.iban, record.bic)


def _chain(wages: Iterable[HeldPay]) -> list[tuple[str, object, object, Observed | None]]:
    return [(one.id, one.start, one.end, one.fields.get(GROSS_WAGE)) for one in wages]
