"""A number that may be somebody else's lends nobody its key: erasing one person must never erase another (AUD-9)."""

from __future__ import annotations

from domain.planning.decide import Memory, decide
from domain.planning.findings import FindingCode
from domain.records.loket_record import LoketRecord
from domain.services.sync.remember import Remembered
from domain.values import EmployeeNumber, PersonId, SubjectRef
from tests.support.people import POLICY, TODAY, employee, loket, person, personio

KNOWN = LoketRecord(subject=SubjectRef("sanne"))


def test_two_people_with_one_number_do_not_share_its_subject() -> None:
    people = personio(person(), person(person_id="3008", last_name="Bakker"))
    plan = decide(people, loket(employee()), (), Memory(), POLICY, today=TODAY)
    remembered = Remembered({}, {EmployeeNumber(4711): KNOWN}, {}, {}, {})

    assert {one.code for one in plan.decisions[1].findings} >= {FindingCode.DUPLICATE_EMPLOYEE_NUMBER}
    assert [remembered.subject(one) for one in plan.decisions] == [None, None]


def test_a_certain_number_keeps_its_subject_for_a_person_who_was_rehired() -> None:
    plan = decide(personio(person(person_id="4000")), loket(employee()), (), Memory(), POLICY, today=TODAY)
    remembered = Remembered({}, {EmployeeNumber(4711): KNOWN}, {PersonId("3007"): EmployeeNumber(4711)}, {}, {})

    assert remembered.subject(plan.decisions[0]) == "sanne"
