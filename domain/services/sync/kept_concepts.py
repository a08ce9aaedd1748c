"""Which concept employee each number leads to: none that went with its person to another one (JOIN-3, MATCH-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.planning.identity import is_somebody_else
from domain.records.loket_record import LoketRecord
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketEmployee, LoketSnapshot, PersonioPerson, PersonioSnapshot
from domain.values import EmployeeNumber, PersonId

Known = Mapping[EmployeeNumber, Sequence[LoketRecord]]
"""What each legal entity of the employer knows of a number."""
InLoket = Mapping[str, LoketConcept | LoketEmployee]
"""Who has a number there, by id; a concept employee that is completed keeps its id (JOIN-3)."""


def everybody(loket: LoketSnapshot) -> dict[str, LoketConcept | LoketEmployee]:
    return {**{one.id: one for one in loket.concepts}, **{one.id: one for one in loket.employees.values()}}


def moved(known: Known, there: InLoket) -> frozenset[EmployeeNumber]:
    """The numbers under which remembered concept employees are in Loket now, and of which nothing is known yet."""
    ids = {record.concept_id for records in known.values() for record in records}
    return frozenset(one.number for one in there.values() if one.id in ids and one.number is not None) - known.keys()


def kept_concepts(
    known: Known, personio: PersonioSnapshot, there: InLoket, policy: Policy
) -> dict[EmployeeNumber, str]:
    """By number the id of the concept employee that whoever has the number is, as far as the log can tell.

    The one it was made for may have another number by now, in Personio and in Loket: whoever has the earlier one is
    somebody else then. A new number in Loket alone says nothing; payroll may have typed a wrong one. Where nothing
    else tells whose it is, name and birth do (MATCH-1).
    """
    has = {one.id: one.employee_number for one in personio.people}
    whose: dict[EmployeeNumber | None, list[PersonioPerson]] = {}
    for one in personio.people:
        whose.setdefault(one.employee_number, []).append(one)

    def is_anothers(number: EmployeeNumber, holder: PersonId | None, to: LoketConcept | LoketEmployee) -> bool:
        theirs = has.get(holder) if holder is not None else None
        if theirs is not None and theirs in (number, to.number):
            return theirs == to.number
        elsewhere = known.get(to.number, ()) if to.number is not None and holder is not None else ()
        if holder not in has and any(each.holder == holder for each in elsewhere):
            return True
        now = whose.get(number, ())
        return bool(now) and all(is_somebody_else(one, to, policy) for one in now)

    found: dict[EmployeeNumber, str] = {}
    for number, records in known.items():
        for record in records:
            to = there.get(record.concept_id or "")
            if record.concept_id and (to is None or to.number == number or not is_anothers(number, record.holder, to)):
                found[number] = record.concept_id
    return found
