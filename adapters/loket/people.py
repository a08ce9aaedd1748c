"""Employees, employments and concepts as Loket lists them, in the domain's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from adapters import bounded
from adapters.loket.documents import Object, in_concept, in_employee, last_day, read, same_id, told
from domain.attributes import WAGE_FIELDS, Attribute, Kind, Resource
from domain.errors import IncompleteRead, Misconfigured
from domain.planning.addresses import ADDRESS_EXTRAS, ADDRESS_PARTS
from domain.planning.together import beside
from domain.planning.writes import EMPLOYEE_NUMBER_FIELD
from domain.snapshots import LoketConcept, LoketEmployee, LoketEmployment
from domain.values import EmployeeNumber, FieldPath, Observed

_CONCEPT: Final = "Loket shows no readable {} of a concept employee"
_EMPLOYMENT: Final = "Loket shows no readable {} of an employment"


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
    number = bounded.integral(item.get("employeeNumber"))
    if number is None or number < 1:
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


def concepts(listed: Sequence[Object], fields: Fields, countries: Mapping[str, int]) -> list[LoketConcept]:
    return [_concept(item, fields, countries) for item in listed]


def _concept(item: Object, fields: Fields, countries: Mapping[str, int]) -> LoketConcept:
    """One that shows no number has none; whose id we remember gets no second one beside it all the same (MATCH-3)."""
    data = told(item, "employeeData", dict, _CONCEPT) or {}
    number = told({"employeeNumber": None} | data, "employeeNumber", int, _CONCEPT)
    shown: dict[FieldPath, Observed] = read(item, fields.concept, in_concept, countries)
    return LoketConcept(identity(item), None if number is None else EmployeeNumber(number), shown)


def employment(item: Object, here: str) -> LoketEmployment:
    """One income relation; `here` is the payroll administration as it is configured.

    One outside payroll has no number, and need not show it; 0 matches nobody (MATCH-4).
    """
    if isinstance(outside := item.get("nonPayrollAdministration"), dict) and outside:
        item = {"payrollAdministration": None, "incomeRelationshipNumber": None} | item
    administration = told(item, "payrollAdministration", dict, _EMPLOYMENT)
    place = None if administration is None else identity(administration)
    number = told(item, "incomeRelationshipNumber", int, _EMPLOYMENT)
    return LoketEmployment(
        id=identity(item),
        payroll_administration=here if same_id(place, here) else place,
        income_number=number or 0,
        start=_first_day(item),
        end=last_day(item, _EMPLOYMENT),
    )


def employee_id(item: Mapping[str, Any]) -> str:
    """Whose employment it is."""
    return identity(told(item, "employee", dict, _EMPLOYMENT) or {})


def number_of(employment: Mapping[str, Any]) -> EmployeeNumber | None:
    """The number of whose employment it is, where Loket says it there too."""
    number = bounded.integral((employment.get("employee") or {}).get("employeeNumber"))
    return EmployeeNumber(number) if number is not None and number > 0 else None


def identity(item: Mapping[str, Any]) -> str:
    if not isinstance(item.get("id"), str) or not item["id"]:
        raise IncompleteRead("Loket listed something without an id")
    return str(item["id"])


def _first_day(item: Mapping[str, Any]) -> date:
    start = told(item, "startDate", str, _EMPLOYMENT)
    if not start:
        raise IncompleteRead("Loket listed an employment without a start date")
    try:
        return bounded.day(start)
    except ValueError as problem:
        raise IncompleteRead("Loket gave an invalid date") from problem
