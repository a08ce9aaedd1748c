"""Which Loket employee and employment a person is (MATCH-1 to MATCH-5, EMPL-2, EMPL-3, END-2, JOIN-3).

Only numbers decide; a name, an e-mail or a GUID never makes a match. "No match" is a conclusion of complete reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from domain.attributes import ENTRY_DATE
from domain.planning.details import LOKET_NUMBER, NOW_UNDER, OF_CONCEPT
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.formats import parse_date
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketEmployee, LoketEmployment, LoketSnapshot, PersonioPerson
from domain.values import Absence, EmployeeNumber, FieldPath, trimmed


@dataclass(frozen=True, slots=True)
class Unlinked:
    """The number is in neither list: a concept employee is to be created (MATCH-3)."""

    number: EmployeeNumber
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Concept:
    """The number is a concept employee only: the same concept is updated (MATCH-3)."""

    number: EmployeeNumber
    concept: LoketConcept


@dataclass(frozen=True, slots=True)
class FinalLink:
    """The number is an employee, and an employment has the income number and the entry date (EMPL-3)."""

    number: EmployeeNumber
    employee: LoketEmployee
    employment: LoketEmployment
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Terminated:
    """The employment that both numbers select has an end date, past or future (END-2)."""

    number: EmployeeNumber
    employee: LoketEmployee
    employment: LoketEmployment
    newer_runs: bool = False  # another employment of this employee has no end date: EMPL-2 shows the way
    before_entry: bool = False  # it had ended before Personio's Entry date: another employment, or person, is meant


@dataclass(frozen=True, slots=True)
class UnderAnotherNumber:
    """Our concept has another number in Loket, finalised or not: nothing is created and nothing written (JOIN-3)."""

    number: EmployeeNumber
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Nobody can say whom this person is in Loket; each reason is a finding."""

    number: EmployeeNumber | None
    findings: tuple[Finding, ...]
    employee: LoketEmployee | None = None


@dataclass(frozen=True, slots=True)
class NotVisible:
    """The log knows the number as an employee, and a complete read does not show it: no new hire (MATCH-5)."""

    number: EmployeeNumber
    loket_id: str  # of the employee, as last seen
    now_under: EmployeeNumber | None = None  # the same employee's number in Loket, where it has another one
    concept: bool = False  # a concept employee, which is not gone either

    @property
    def findings(self) -> tuple[Finding, ...]:
        detail = NOW_UNDER.format(number=self.now_under) if self.now_under else OF_CONCEPT if self.concept else ""
        return (Finding(FindingCode.EMPLOYEE_NOT_VISIBLE_IN_LOKET, FieldPath("employeeNumber"), detail),)


NONE_HIDDEN: Final[Mapping[EmployeeNumber, str]] = MappingProxyType({})
Link: TypeAlias = Unlinked | Concept | FinalLink | Terminated | UnderAnotherNumber | Unresolved | NotVisible


def match(
    person: PersonioPerson,
    loket: LoketSnapshot,
    policy: Policy,
    remembered_concepts: Mapping[EmployeeNumber, str],
    known_employees: Mapping[EmployeeNumber, str],
    hidden_concepts: Mapping[EmployeeNumber, str] = NONE_HIDDEN,
) -> Link:
    """The one place of this person in Loket.

    `remembered_concepts` are ids of concepts that were once made for whoever has the number, `known_employees` ids of
    the final employees that any reading on record has shown under it, and `hidden_concepts` those that are there and
    in no list.
    """
    number = person.employee_number
    if number is None:
        return Unresolved(None, ())  # the number itself is validated as an attribute
    concepts = [one for one in loket.concepts if one.number == number]
    employee = loket.employees.get(number)
    if employee is not None:
        leftover = (Notice(NoticeCode.CONCEPT_LEFTOVER),) if concepts else ()
        return _employment(person, number, employee, policy, leftover)
    if number in known_employees:  # a leftover concept does not help: two payslips for one person would follow
        found = loket.employee_with_id(known_employees[number])
        return NotVisible(number, known_employees[number], found.number if found else None)
    if number in hidden_concepts:
        return NotVisible(number, hidden_concepts[number], concept=True)
    if len(concepts) > 1:
        return Unresolved(number, (Finding(FindingCode.CONCEPT_AMBIGUOUS, FieldPath("employeeNumber")),))
    if concepts:
        return Concept(number, concepts[0])
    return _no_match(number, loket, remembered_concepts.get(number))


def _no_match(number: EmployeeNumber, loket: LoketSnapshot, remembered: str | None) -> Link:
    if remembered is None:
        return Unlinked(number)
    finalised = loket.employee_with_id(remembered)
    if finalised is not None:
        notice = Notice(NoticeCode.CONCEPT_NUMBER_DIFFERS, LOKET_NUMBER.format(number=finalised.number))
        return UnderAnotherNumber(number, (notice,))
    renumbered = next((one for one in loket.concepts if one.id == remembered), None)
    if renumbered is not None:
        detail = LOKET_NUMBER.format(number=renumbered.number) if renumbered.number is not None else ""
        return UnderAnotherNumber(number, (Notice(NoticeCode.CONCEPT_RENUMBERED, detail),))
    return Unlinked(number, (Notice(NoticeCode.CONCEPT_GONE, f"concept {remembered}"),))


def _employment(
    person: PersonioPerson,
    number: EmployeeNumber,
    employee: LoketEmployee,
    policy: Policy,
    notices: tuple[Notice, ...],
) -> Link:
    if person.income_number is None:
        return Unresolved(number, (), employee)
    here = [
        one
        for one in employee.employments
        if one.payroll_administration == policy.entity.loket_payroll_administration_id
    ]
    candidates = [one for one in here if one.income_number == person.income_number]
    if not candidates:
        missing = Finding(FindingCode.EMPLOYMENT_NOT_FOUND_IN_LOKET, FieldPath("incomeRelationshipNumber"))
        return Unresolved(number, (missing,), employee)
    entry = person.value(ENTRY_DATE)
    entry_date = None if isinstance(entry, Absence) else trimmed(entry)[:10]
    selected = _select(candidates, entry_date)
    if selected is None:
        double = Finding(FindingCode.DUPLICATE_INCOME_RELATION, FieldPath("incomeRelationshipNumber"))
        return Unresolved(number, (double,), employee)
    if selected.end is not None:
        newer = any(one.end is None and one.start > selected.start for one in here)
        begins = None if isinstance(entry, Absence) else parse_date(entry)
        return Terminated(number, employee, selected, newer, begins is not None and begins > selected.end)
    if entry_date is not None and selected.start.isoformat() != entry_date:
        mismatch = Finding(FindingCode.ENTRY_DATE_MISMATCH, FieldPath("startDate"))
        return Unresolved(number, (mismatch,), employee)
    return FinalLink(number, employee, selected, notices)


def _select(candidates: list[LoketEmployment], entry_date: str | None) -> LoketEmployment | None:
    """The employment meant: the only one, the one that starts on the entry date, or any when all are ended."""
    if len(candidates) == 1:
        return candidates[0]
    starting = [one for one in candidates if one.start.isoformat() == entry_date]
    if len(starting) == 1:
        return starting[0]
    ended = all(one.end is not None for one in candidates)
    return max(candidates, key=lambda one: one.start) if ended else None
