"""One complete read of an employer: employees with their employments, concepts, BSNs and bank accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from adapters import bounded
from adapters.loket import citizen_service_numbers, people
from adapters.loket.api import CONCEPT, EMPLOYEE, EMPLOYEES, EMPLOYERS, EMPLOYMENT, LoketApi, Notes
from adapters.loket.checks import payroll_administration
from adapters.loket.payments import payment_records
from adapters.transport import fan_out
from domain.attributes import Attribute, Resource
from domain.ports import Spared, never
from domain.settings import LegalEntity
from domain.snapshots import LoketConcept, LoketEmployee, LoketEmployment, LoketSnapshot, PaymentRecord
from domain.values import EmployeeNumber

Employees = dict[EmployeeNumber, LoketEmployee]


class EmployerRead:
    """Reads one employer once; the notes gather on the way."""

    def __init__(
        self,
        api: LoketApi,
        entity: LegalEntity,
        catalogue: tuple[Attribute, ...],
        numbers: frozenset[EmployeeNumber],
        spared: Spared = never,
    ) -> None:
        self._api = api
        self._entity = entity
        self._employer = f"{EMPLOYERS}/{entity.loket_employer_id}"
        self._fields = people.fields_of(catalogue)
        self._resources = {row.resource for row in catalogue}
        self._numbers = numbers
        self._spared = spared
        self.notes: Notes = {}

    def employees(self) -> list[dict[str, Any]]:
        return self._api.every(f"{self._employer}/employees", EMPLOYEE, self.notes)

    def snapshot(
        self, listed: list[dict[str, Any]], countries: Mapping[str, int], *, read_at: datetime, today: date
    ) -> LoketSnapshot:
        """Everything else, beside the employees already listed."""
        numbered = people.by_number(people.employee(item, self._fields, countries) for item in listed)
        employees, unlisted = self._with_employments(numbered)
        drafts = self._api.every(f"{self._employer}/conceptemployees", CONCEPT, self.notes)
        concepts = people.concepts(drafts, self._fields, countries)
        bsns = self._bsns(employees, concepts, today)
        return LoketSnapshot(
            read_at=read_at,
            employees={one.number: replace(one, fields=bsns.beside(one.id, one.fields)) for one in employees.values()},
            concepts=tuple(replace(one, fields=bsns.beside(one.id, one.fields)) for one in concepts),
            payments=self._payments(employees),
            countries=frozenset(countries),
            payroll_period=_payroll_period(payroll_administration(self._api, self._entity, self.notes) or {}),
            notes=tuple(self.notes),
            bsn_readable=bsns.readable,
            unlisted=unlisted,
        )

    def _wanted(self, employees: Employees) -> list[LoketEmployee]:
        return [employees[number] for number in sorted(self._numbers & employees.keys())]

    def _with_employments(self, employees: Employees) -> tuple[Employees, dict[EmployeeNumber, str]]:
        """And by number who is employed, though no list of employees shows them."""
        found: dict[str, list[LoketEmployment]] = {}
        numbers: dict[EmployeeNumber, str] = {}
        for item in self._api.every(f"{self._employer}/employees/employments/minimized", EMPLOYMENT, self.notes):
            owner, number = people.employee_id(item), people.number_of(item)
            found.setdefault(owner, []).append(self._employment(item))
            if number is not None:
                numbers[number] = owner
        bare = [one for one in self._wanted(employees) if one.id not in found]
        for one, own in zip(bare, fan_out(self._own_employments, bare), strict=True):
            found[one.id] = own
            if not own:  # a role of the Loket user may hide them (Loket API 3.3)
                self.notes[f"employee {one.number} has no employment that the Loket user can see"] = None
        held = {number: replace(one, employments=tuple(found.get(one.id, ()))) for number, one in employees.items()}
        return held, {number: one for number, one in numbers.items() if number not in employees}

    def _own_employments(self, employee: LoketEmployee) -> list[LoketEmployment]:
        listed = self._api.every(f"{EMPLOYEES}/{employee.id}/employments", EMPLOYMENT, self.notes)
        return [self._employment(item) for item in listed]

    def _employment(self, item: dict[str, Any]) -> LoketEmployment:
        return people.employment(item, self._entity.loket_payroll_administration_id)

    def _bsns(self, employees: Employees, concepts: list[LoketConcept], today: date) -> citizen_service_numbers.Numbers:
        """Of the people asked for; a concept that is an employee by now is not looked at."""
        if Resource.BSN not in self._resources:
            return citizen_service_numbers.Numbers({})
        final = [one.id for one in self._wanted(employees) if not self._spared(one)]
        drafts = [one.id for one in concepts if one.number in self._numbers and one.number not in employees]
        employer = self._entity.loket_employer_id
        return citizen_service_numbers.of_employees(self._api, employer, final, today, self.notes).joined(
            citizen_service_numbers.of_concepts(self._api, drafts, self.notes)
        )

    def _payments(self, employees: Employees) -> dict[str, PaymentRecord]:
        if Resource.PAYMENT not in self._resources:
            return {}
        employments = [
            each.id
            for one in self._wanted(employees)
            if not self._spared(one)
            for each in one.employments
            if each.payroll_administration == self._entity.loket_payroll_administration_id
        ]
        return payment_records(self._api, self._entity.loket_employer_id, employments, self.notes)


def _payroll_period(administration: Mapping[str, Any]) -> int | None:
    period = administration.get("payrollPeriodType")
    return bounded.integral(period.get("key")) if isinstance(period, dict) else None
