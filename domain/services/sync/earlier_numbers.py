"""Numbers that people had before and nobody has now, under which Loket still holds somebody (MATCH-3, MATCH-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from domain.planning.decide import EarlierNumbers
from domain.planning.identity import is_somebody_else
from domain.records.loket_record import LoketRecord
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketEmployee, LoketSnapshot, PersonioSnapshot
from domain.values import EmployeeNumber, PersonId


@dataclass(frozen=True, slots=True)
class Left:
    """What Loket holds under a number that nobody in Personio has."""

    concepts: tuple[LoketConcept, ...]
    running: LoketEmployee | None  # of whom an employment runs here

    def concept(self, record: LoketRecord) -> LoketConcept | None:
        """The concept employee that the record knows."""
        return next((one for one in self.concepts if one.id == record.concept_id), None)

    def employee(self, record: LoketRecord) -> LoketEmployee | None:
        """The employee that the record knows, also as the concept employee who was completed since (JOIN-3)."""
        known = self.running is not None and record.employee_id == self.running.id
        completed = record.concept_id is not None and self.concept(record) is None
        return self.running if known or completed else None


def left_under(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy) -> dict[EmployeeNumber, Left]:
    here = policy.entity.loket_payroll_administration_id
    running = {number: one for number, one in loket.employees.items() if one.runs_in(here)}
    waiting: dict[EmployeeNumber, list[LoketConcept]] = {}
    for one in loket.concepts:
        if one.number is not None:
            waiting.setdefault(one.number, []).append(one)
    return {
        number: Left(tuple(waiting.get(number, ())), running.get(number))
        for number in sorted({*waiting, *running} - {*personio.numbers})
    }


def earlier_numbers(
    left: Mapping[EmployeeNumber, Left],
    known: Mapping[EmployeeNumber, Sequence[LoketRecord]],
    personio: PersonioSnapshot,
    policy: Policy,
) -> dict[PersonId, EarlierNumbers]:
    """By the person who had them: these numbers, where what Loket holds under each may be that person (MATCH-1)."""
    people = {one.id: one for one in personio.people}
    found: dict[PersonId, EarlierNumbers] = {}
    for number, here in left.items():
        for record in known.get(number, ()):
            person = people.get(record.holder) if record.holder is not None else None
            if person is None:
                continue
            before = found.get(person.id, EarlierNumbers())
            concept, employee = here.concept(record), here.employee(record)
            if concept is not None and not is_somebody_else(person, concept, policy):
                before = replace(before, concepts=_with(before.concepts, number))
            if employee is not None and not is_somebody_else(person, employee, policy):
                before = replace(before, employments=_with(before.employments, number))
            if before != EarlierNumbers():
                found[person.id] = before
    return found


def _with(numbers: tuple[EmployeeNumber, ...], number: EmployeeNumber) -> tuple[EmployeeNumber, ...]:
    return numbers if number in numbers else (*numbers, number)
