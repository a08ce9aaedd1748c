"""Which concept employee each number leads to: none that went with its person to another one (JOIN-3, MATCH-3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.records.loket_record import LoketRecord
from domain.snapshots import LoketSnapshot, PersonioSnapshot
from domain.values import EmployeeNumber

Known = Mapping[EmployeeNumber, Sequence[LoketRecord]]
"""What each legal entity of the employer knows of a number."""


def numbers_now(loket: LoketSnapshot) -> dict[str, EmployeeNumber]:
    """By id of whoever waits or was completed, the number that Loket shows."""
    waiting = {one.id: one.number for one in loket.concepts if one.number is not None}
    return {**waiting, **{one.id: number for number, one in loket.employees.items()}}


def moved(known: Known, now: Mapping[str, EmployeeNumber]) -> frozenset[EmployeeNumber]:
    """The numbers under which Loket has remembered concept employees now, and of which nothing is known yet."""
    ids = {record.concept_id for records in known.values() for record in records}
    return frozenset(number for one, number in now.items() if one in ids) - known.keys()


def kept_concepts(
    known: Known, personio: PersonioSnapshot, now: Mapping[str, EmployeeNumber]
) -> dict[EmployeeNumber, str]:
    """By number the id of the concept employee that whoever has the number is, as far as the log can tell.

    The one it was made for may have another number by now, in Personio and in Loket: whoever has the earlier one is
    somebody else then. A new number in Loket alone says nothing; payroll may have typed a wrong one.
    """
    has = {one.id: one.employee_number for one in personio.people}

    def went_along(record: LoketRecord, to: EmployeeNumber) -> bool:
        if record.holder is None:
            return False
        if record.holder in has:
            return has[record.holder] == to
        return any(each.holder == record.holder for each in known.get(to, ()))

    return {
        number: record.concept_id
        for number, records in known.items()
        for record in records
        if record.concept_id is not None
        and ((to := now.get(record.concept_id, number)) == number or not went_along(record, to))
    }
