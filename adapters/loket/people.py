"""Employees, employments and concepts as Loket lists them, in the domain's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters import bounded
from adapters.loket.documents import Object, in_concept, in_employee, read
from domain.attributes import WAGE_FIELDS, Attribute, Kind, Resource
from domain.errors import IncompleteRead, Misconfigured
from domain.planning.addresses import ADDRESS_EXTRAS, ADDRESS_PARTS
from domain.planning.together import beside
from domain.planning.writes import EMPLOYEE_NUMBER_FIELD
from domain.snapshots import LoketConcept, LoketEmployee, LoketEmployment
from domain.values import EmployeeNumber, FieldPath, Observed


@dataclass(frozen=True, slots=True)
class Fields:
    """The paths we read from an employee and from a concept.

    The address is read whole even where only some of it is mapped: clearing it loses the rest, which must be on record.
    """

    employee: tuple[tuple[FieldPath, Kind], ...]
    concept: tuple[tuple[FieldPath, Kind], ...]

    @property
    def kinds(self) -> dict[FieldPath, Kind]:
        """Of everything that is written; a field has one kind wherever it stands."""
        return {**dict(self.concept), **dict(self.employee), EMPLOYEE_NUMBER_FIELD: Kind.INTEGER}


def fields_of(catalogue: Iterable[Attribute]) -> Fields:
    rows = tuple(catalogue)
    address = dict.fromkeys((*ADDRESS_PARTS, *ADDRESS_EXTRAS), Kind.TEXT) if any(r.in_address for r in rows) else {}
    address |= {path: Kind.COUNTRY for path in address if path.endswith(".country")}
    in_final = {row.field: row.kind for row in rows if row.resource is Resource.EMPLOYEE}
    as_concept = {row.concept: row.kind for row in rows if row.concept and row.resource is not Resource.BSN}
    as_concept |= WAGE_FIELDS
    halves = dict.fromkeys(beside((*address, *in_final)), Kind.TEXT)  # of what belongs together (EDIT-3)
    return Fields(tuple((halves | address | in_final).items()), tuple((halves | address | as_concept).items()))


def employee(item: Object, fields: Fields, countries: Mapping[str, int]) -> LoketEmployee:
    number = item.get("employeeNumber")
    if not isinstance(number, int):
        raise IncompleteRead("Loket listed an employee without a number")
    shown = read(item, fields.employee, in_employee, countries)
    return LoketEmployee(identity(item), EmployeeNumber(number), shown)


def by_number(employees: Iterable[LoketEmployee]) -> dict[EmployeeNumber, LoketEmployee]:
    """Raises Misconfigured when a number names two employees of the employer: nobody could be matched safely."""
    found: dict[EmployeeNumber, LoketEmployee] = {}
    for one in employees:
        if one.number in found:
            raise Misconfigured(f"Loket has two employees with number {one.number}: have payroll correct one of them")
        found[one.number] = one
    return found


def concept(item: Object, fields: Fields, countries: Mapping[str, int]) -> LoketConcept:
    data = item.get("employeeData")
    number = data.get("employeeNumber") if isinstance(data, dict) else None
    shown: dict[FieldPath, Observed] = read(item, fields.concept, in_concept, countries)
    return LoketConcept(identity(item), EmployeeNumber(number) if isinstance(number, int) else None, shown)


def employment(item: Mapping[str, Any]) -> LoketEmployment:
    """One income relation. One outside payroll has no number; 0 matches nobody (MATCH-4)."""
    administration, number = item.get("payrollAdministration"), item.get("incomeRelationshipNumber")
    start = _date(item.get("startDate"))
    if start is None:
        raise IncompleteRead("Loket listed an employment without a start date")
    return LoketEmployment(
        id=identity(item),
        payroll_administration=administration.get("id") if isinstance(administration, dict) else None,
        income_number=number if isinstance(number, int) else 0,
        start=start,
        end=_date(item.get("endDate")),
    )


def employee_id(item: Mapping[str, Any]) -> str:
    """Whose employment it is."""
    return identity(item.get("employee") or {})


def identity(item: Mapping[str, Any]) -> str:
    if not isinstance(item.get("id"), str) or not item["id"]:
        raise IncompleteRead("Loket listed something without an id")
    return str(item["id"])


def _date(value: Any) -> date | None:
    if value is None or value == "":
        return None
    try:
        return bounded.day(value)
    except ValueError as problem:
        raise IncompleteRead("Loket gave an invalid date") from problem
