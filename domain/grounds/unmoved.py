"""Of whom Loket's version numbers say that nothing moved since a read, and what that read held of them (RUN-15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.attributes import CITIZEN_SERVICE_NUMBER, GROSS_WAGE, PAYMENT_IBAN, WEEKLY_HOURS, Kind, Resource
from domain.grounds.case import Case, Held, held_of
from domain.planning.pay.targets import benefit_field
from domain.settings import Policy
from domain.snapshots import HeldHours, HeldPay, LoketEmployee, LoketSnapshot, PaymentRecord
from domain.values import NOT_OBSERVED, EmployeeNumber, FieldPath, Observed

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
        if (employee := own(case)) and is_unmoved(employee, versions, until)
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
    return bool(ids) and all(one in versions and versions[one] <= until for one in ids)


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
            for path in employment_apart(held, held_of(loket, employment), same_settings=same_settings):
                yield number, path


def employment_apart(then: Held, now: Held, *, same_settings: bool) -> Iterator[FieldPath]:
    """The bank account and pay of one employment, all of it that Loket counts: not its values by payroll period.

    Which wage is in force at the start depends on the settings, and which working hours are read on the day as well.
    """
    if then.payment and then.payment.id and now.payment and _differ(_account(then.payment), _account(now.payment)):
        yield PAYMENT_IBAN
    chains = then.wages is not None and now.wages is not None and _chains_differ(then.wages, now.wages)
    at_start = then.wage_at_start and now.wage_at_start and _differ(_wage(then.wage_at_start), _wage(now.wage_at_start))
    if chains or (at_start and same_settings):
        yield GROSS_WAGE
    if then.benefits is not None and now.benefits is not None:
        before, after = _benefits(then.benefits), _benefits(now.benefits)
        whole = not any(NOT_OBSERVED in told for told, _ in before | after)  # beside one not read there may be more
        for one in sorted({key for _, key in before ^ after} if whole else ()):
            yield benefit_field(one)
    hours, now_hours = _hours(then.hours), _hours(now.hours)
    if any(hours[one] != now_hours[one] for one in hours.keys() & now_hours.keys()):
        yield WEEKLY_HOURS


def _employments(case: Case) -> frozenset[str]:
    employee = own(case)
    return frozenset(one.id for one in employee.employments) if employee else frozenset()


def _is_here(administration: str | None, policy: Policy) -> bool:
    return administration == policy.entity.loket_payroll_administration_id


def _has_payment(case: Case, employment: str) -> bool:
    held = case.held.get(employment)
    return held is not None and held.payment is not None and held.payment.id is not None


def _account(record: PaymentRecord) -> tuple[str | None, Observed, Observed]:
    return record.id, record.iban, record.bic


def _differ(then: Sequence[object], now: Sequence[object]) -> bool:
    return any(one != other for one, other in zip(then, now, strict=True) if NOT_OBSERVED not in (one, other))


def _chains_differ(then: Sequence[HeldPay], now: Sequence[HeldPay]) -> bool:
    if len(then) != len(now):  # beside a wage that was not read there may be more
        return not any(NOT_OBSERVED in _wage(one) for one in (*then, *now))
    return any(one.end != other.end or _differ(_wage(one), _wage(other)) for one, other in zip(then, now, strict=True))


def _wage(one: HeldPay) -> tuple[str, date, Observed]:
    return one.id, one.start, one.fields.get(GROSS_WAGE, NOT_OBSERVED)


def _benefits(records: Iterable[HeldPay]) -> set[tuple[tuple[str, date, date | None, Observed], int]]:
    """Each with its payroll component."""
    return {
        ((one.id, one.start, one.end, one.fields.get(benefit_field(one.component), NOT_OBSERVED)), one.component)
        for one in records
        if one.component is not None
    }


def _hours(records: Iterable[HeldHours] | None) -> dict[str, tuple[date, Observed]]:
    return {one.id: (one.start, one.weekly) for one in records or ()}
