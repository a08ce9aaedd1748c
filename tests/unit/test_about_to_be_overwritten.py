"""Which edits made by hand in Loket the next run would erase (DRIFT-4, JOIN-7)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from domain.drift.differences import Differing, Verdict
from domain.drift.state import CaseState
from domain.events.drift import Cause
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference
from domain.planning.decide import Decision, Plan
from domain.planning.findings import Finding, FindingCode
from domain.planning.planned import DataWrite
from domain.values import BLANK, EmployeeNumber, FieldPath, LegalEntityId, Observed, PersonId
from domain.views.drift import CaseRow
from domain.views.overwriting import AboutToBeOverwritten, about_to_be_overwritten

SANNE, LOTTE = PersonId("11"), PersonId("12")
NUMBERS = {SANNE: EmployeeNumber(4711), LOTTE: EmployeeNumber(4712)}
STREET, CITY, PHONE, EMAIL = (FieldPath(one) for one in ("street", "city", "phone", "email"))
MONDAY = datetime(2026, 3, 16, tzinfo=UTC)


def edit(name: FieldPath, cause: Cause, of: PersonId = SANNE, personio: Observed = "Dam 1") -> Differing:
    return Differing(of, NUMBERS[of], name, cause, personio, "Kade 2")


def writes(*names: FieldPath, of: PersonId = SANNE) -> Decision:
    changes = tuple(Difference(one, "Kade 2", "Dam 1") for one in names)
    return Decision(of, NUMBERS[of], None, writes=(DataWrite(WriteKind.EMPLOYEE, "guid", changes),))


HERS, BOTH = edit(STREET, Cause.CHANGED_IN_LOKET), edit(CITY, Cause.BOTH_CHANGED)
LOST, WAITING = edit(PHONE, Cause.WRITE_NOT_LANDED), edit(EMAIL, Cause.PENDING)
VERDICT = Verdict(1, (HERS, BOTH, LOST), (WAITING,), (), (), ())
EVERYTHING = writes(STREET, CITY, PHONE, EMAIL)
ROW = CaseRow(
    LegalEntityId("170"), NUMBERS[SANNE], CITY, SANNE, CaseState.OPEN, Cause.BOTH_CHANGED, MONDAY, 1, None, None, None
)


def test_what_somebody_changed_in_loket_and_the_plan_writes_is_shown_with_its_case() -> None:
    assert about_to_be_overwritten(Plan((EVERYTHING,)), VERDICT, [ROW]) == (
        AboutToBeOverwritten(HERS, None, None),
        AboutToBeOverwritten(BOTH, MONDAY, CaseState.OPEN),
    )
    assert [one.edit for one in about_to_be_overwritten(Plan((writes(CITY),)), VERDICT, ())] == [BOTH]
    assert about_to_be_overwritten(Plan((writes(STREET, of=LOTTE),)), VERDICT, ()) == ()


def test_nothing_is_erased_while_findings_hold_the_plan() -> None:
    held = replace(EVERYTHING, findings=(Finding(FindingCode.BSN_FORMAT),))

    assert about_to_be_overwritten(Plan((held,)), VERDICT, [ROW]) == ()


def test_what_a_concept_employee_was_given_comes_first_where_the_first_run_after_completion_clears_it() -> None:
    cleared = edit(PHONE, Cause.PENDING, LOTTE, BLANK)
    by_hand = edit(EMAIL, Cause.CHANGED_IN_LOKET, LOTTE, BLANK)
    other = edit(CITY, Cause.PENDING, LOTTE)
    verdict = replace(VERDICT, drift=(HERS, by_hand), pending=(cleared, other))
    plain = writes(PHONE, EMAIL, CITY, of=LOTTE)
    completed = replace(plain, just_completed=True)

    def shown(of_lotte: Decision) -> list[Differing]:
        return [one.edit for one in about_to_be_overwritten(Plan((EVERYTHING, of_lotte)), verdict, ())]

    assert shown(completed) == [by_hand, cleared, HERS]
    assert shown(plain) == [HERS, by_hand]
