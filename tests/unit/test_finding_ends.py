"""Whether a finding that is not found any more is over: what could not be looked at concludes nothing (CHECK-5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.events.findings import FindingEnd
from domain.planning.decide import Decision
from domain.planning.eligibility import HELD_OUT, NOT_IN_PILOT, NOT_SEEN, OUTSIDE, TERMINATED, LeftOut
from domain.planning.finding_ends import Ended, ending
from domain.planning.findings import Finding, FindingCode
from domain.planning.matching import NotVisible, UnderAnotherNumber, Unlinked, Unresolved
from domain.planning.pay.unclear import UNCLEAR
from domain.snapshots import PersonioPerson
from domain.values import EmployeeNumber, FieldPath, PersonId
from tests.support.people import POLICY, person

NUMBER, POSTCODE = EmployeeNumber(4711), FieldPath("address.postalCode")
CALM = Decision(PersonId("3007"), NUMBER, Unlinked(NUMBER))
OVER = Ended(FindingEnd.NOT_FOUND)


def end(
    decision: Decision | None = CALM,
    *,
    code: FindingCode = FindingCode.POSTCODE_FORMAT,
    field: FieldPath | None = POSTCODE,
    of: PersonioPerson | None = None,
    elsewhere: bool = False,
) -> Ended | None:
    rules = replace(POLICY.rules, mandatory=frozenset({"cost_centre"}))
    return ending(code, field, decision, of, replace(POLICY, rules=rules), elsewhere=elsewhere)


def test_of_whom_the_legal_entity_neither_has_nor_had_a_finding_ends_with_them() -> None:
    assert end(None) == Ended(FindingEnd.GONE)
    assert end(None, elsewhere=True) == Ended(FindingEnd.LEFT_OUT, OUTSIDE.rule)


@pytest.mark.parametrize(
    ("left_out", "ended"),
    [
        (None, OVER),
        (NOT_IN_PILOT, None),
        (NOT_SEEN, None),
        (HELD_OUT, OVER),  # held out of one run, and looked at all the same
        (TERMINATED, Ended(FindingEnd.LEFT_OUT, "END-2")),
    ],
)
def test_whoever_is_left_out_takes_the_finding_along_and_whoever_was_not_looked_at_keeps_it(
    left_out: LeftOut | None, ended: Ended | None
) -> None:
    assert end(replace(CALM, left_out=left_out)) == ended


@pytest.mark.parametrize(
    ("hidden", "field", "over"),
    [
        ("postal_code", POSTCODE, False),
        ("street", POSTCODE, True),
        ("postal_code", None, True),
        ("employee_number_loket", FieldPath("employeeNumber"), False),
        ("income_number", FieldPath("incomeRelationshipNumber"), False),
        ("income_number", FieldPath("employeeNumber"), True),
        ("cost_centre", FieldPath("cost_centre"), False),  # wanted by the customer, and sent nowhere
        ("cost_centre", POSTCODE, True),
    ],
)
def test_what_personio_does_not_show_leaves_its_findings_open(hidden: str, field: FieldPath | None, over: bool) -> None:
    shown, of = person(cost_centre="100"), person(cost_centre="100", without=hidden)

    assert end(field=field, of=of) == (OVER if over else None)
    assert end(field=field, of=shown) == OVER
    assert end(field=field, of=of, code=FindingCode.ATTRIBUTE_NOT_READABLE) == OVER


@pytest.mark.parametrize(
    "decision",
    [
        replace(CALM, findings=(Finding(sorted(UNCLEAR)[0]),)),
        replace(CALM, link=Unresolved(NUMBER, ())),
        replace(CALM, link=NotVisible(NUMBER, "e")),
        replace(CALM, link=UnderAnotherNumber(NUMBER, ())),
    ],
    ids=["pay unclear", "unresolved", "not visible", "elsewhere"],
)
def test_while_nothing_can_be_said_of_pay_its_findings_stay_and_others_end(decision: Decision) -> None:
    assert end(decision, code=FindingCode.AMOUNT_RANGE, field=None) is None
    assert end(decision, code=FindingCode.PAY_CATEGORY_UNKNOWN, field=None) is None
    assert end(decision, code=FindingCode.PAY_TYPE_RENAMED, field=None) is None
    assert end(decision) == OVER
    assert end(CALM, code=FindingCode.AMOUNT_RANGE, field=None) == OVER
