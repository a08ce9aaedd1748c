"""What a run recorded about one person beside what is derived again: whatever does not follow is named, no value is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.attributes import GROSS_WAGE
from domain.events.loket import ChangedBy, LoketFieldChanged, WriteIntended, WriteKind
from domain.events.runs import FindingRaised, OutcomeRecorded, OutcomesRecorded, Unmoved
from domain.events.values import FieldChange
from domain.log import Fact, Meta, Recorded, StreamId
from domain.planning.comparison import Difference
from domain.planning.decide import Decision
from domain.planning.eligibility import TERMINATED
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.planned import DataWrite, DatedWrite
from domain.services.replay.compared import Done, differing, done_by
from domain.values import BLANK, Actor, EmployeeNumber, FieldPath, PersonId

SANNE, DAAN = PersonId("11"), PersonId("12")
STREET, CITY, BSN = FieldPath("address.street"), FieldPath("address.city"), FieldPath("citizenServiceNumber")
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)

ADDRESS = DataWrite(
    WriteKind.EMPLOYEE, "guid-1", (Difference(STREET, "Dam 1", "Kade 2"), Difference(CITY, "Delft", "Breda"))
)
WAGE = DatedWrite(
    kind=WriteKind.WAGE,
    target="w-1",
    changes=(Difference(GROSS_WAGE, "3000.00", "3100.00", MARCH),),
    effective_on=MARCH,
    reaches=(MARCH, date.max),
)
NEW_BSN = DataWrite(WriteKind.CONCEPT_BSN, None, (Difference(BSN, BLANK, "123456782"),))
CALM = Decision(SANNE, EmployeeNumber(4711), None)
WRITES = replace(CALM, writes=(ADDRESS, WAGE))
WRONG = Finding(FindingCode.POSTCODE_FORMAT, FieldPath("address.postalCode"))
HELD = replace(CALM, findings=(WRONG,))
LEAVE = Notice(NoticeCode.PAY_ONLY_IN_LOKET, "wage from 2026-03-01")


def outcome(
    kind: str = "unchanged", reason: str = "EDIT-1", person: PersonId = SANNE, **told: object
) -> OutcomeRecorded:
    number = 4711 if person == SANNE else 4712
    return OutcomeRecorded(person_id=person, employee_number=number, outcome=kind, reason=reason, **told)  # type: ignore[arg-type]


def intent(number: object, planned: DataWrite | DatedWrite, **but: object) -> WriteIntended:
    told = {
        "intent": f"run-1-11-{number}",
        "kind": planned.kind,
        "target": planned.target,
        "changes": tuple(FieldChange(one.field, one.before, one.after) for one in planned.changes),
        "effective_on": planned.effective_on if isinstance(planned, DatedWrite) else None,
    }
    return WriteIntended(run_id="run-1", person_id=SANNE, subject="s", **told | but)  # type: ignore[arg-type]


def raised(code: str = "POSTCODE_FORMAT", field: str | None = "address.postalCode") -> FindingRaised:
    return FindingRaised(person_id=SANNE, employee_number=4711, code=code, field=field)


def told(decision: Decision, *facts: Fact, held: bool = False, moved: tuple[str, ...] = ()) -> list[str]:
    done = Done(moved=set(moved))
    for one in facts:
        match one:
            case OutcomeRecorded():
                done.outcome = one
            case FindingRaised():
                done.findings.append(one)
            case WriteIntended():
                done.writes.append(one)
    return list(differing(done, decision, held=held))


SENT = (intent(0, ADDRESS), intent(1, WAGE))


def test_what_follows_from_the_decision_differs_in_nothing() -> None:
    assert told(CALM, outcome()) == []
    assert told(WRITES, outcome("updated"), *SENT) == []
    assert told(WRITES, outcome("failed", "RUN-5"), SENT[0]) == []  # the rest was not tried
    assert told(WRITES, outcome("blocked", "CHECK-2"), held=True) == []  # by somebody else's finding
    assert told(HELD, outcome("blocked", "POSTCODE_FORMAT"), raised(), held=True) == []
    assert told(replace(CALM, left_out=TERMINATED), outcome("left_out", TERMINATED.rule)) == []


@pytest.mark.parametrize(
    ("decision", "recorded", "held", "said"),
    [
        (CALM, outcome("updated"), False, "recorded updated EDIT-1, derived unchanged EDIT-1"),
        (CALM, outcome(reason="RUN-8"), False, "recorded unchanged RUN-8, derived unchanged EDIT-1"),
        (WRITES, outcome("blocked", "CHECK-2"), False, "recorded blocked CHECK-2, derived 2 writes"),
        (WRITES, outcome("left_out", "WHO-3"), False, "recorded left_out WHO-3, derived 2 writes"),
        (WRITES, outcome("updated"), True, "recorded updated EDIT-1, derived blocked CHECK-2"),
        (
            replace(WRITES, left_out=TERMINATED),
            outcome("failed", "RUN-5"),
            False,
            f"recorded failed RUN-5, derived left_out {TERMINATED.rule}",
        ),
    ],
)
def test_another_outcome_is_named_beside_the_one_that_follows(
    decision: Decision, recorded: OutcomeRecorded, held: bool, said: str
) -> None:
    assert told(decision, recorded, held=held) == [f"outcome: {said}"]


def test_notices_are_the_same_with_what_they_name() -> None:
    noticed = replace(CALM, notices=(LEAVE,))
    as_told = outcome(notices=(LEAVE.code.value,), details=(LEAVE.detail,))

    assert told(noticed, as_told) == []
    assert told(noticed, outcome()) == ["notices: recorded none, derived PAY_ONLY_IN_LOKET wage from 2026-03-01"]
    assert told(CALM, as_told) == ["notices: recorded PAY_ONLY_IN_LOKET wage from 2026-03-01, derived none"]


def test_what_is_left_to_do_by_hand_is_kept_of_nobody_who_is_left_out() -> None:
    gone = replace(CALM, left_out=TERMINATED, notices=(Notice(NoticeCode.MANUAL_FOLLOW_UP, STREET),))
    by_hand = {"notices": ("MANUAL_FOLLOW_UP",), "details": (CITY,)}

    assert told(gone, outcome("left_out", TERMINATED.rule, **by_hand)) == []
    assert told(gone, outcome("left_out", TERMINATED.rule)) == []
    assert told(replace(gone, left_out=None), outcome(**by_hand)) == [
        "notices: recorded MANUAL_FOLLOW_UP address.city, derived MANUAL_FOLLOW_UP address.street"
    ]


def test_findings_are_compared_where_they_held_the_run_whatever_their_order() -> None:
    two = replace(HELD, findings=(WRONG, Finding(FindingCode.BSN_FORMAT)))
    blocked = outcome("blocked", "POSTCODE_FORMAT")

    assert told(two, blocked, raised(), raised("BSN_FORMAT", None), held=True) == []
    assert told(two, blocked, raised("BSN_FORMAT", None), raised(), held=True) == []
    assert told(two, blocked, raised(), held=True) == [
        "findings: recorded POSTCODE_FORMAT address.postalCode, derived BSN_FORMAT, POSTCODE_FORMAT address.postalCode"
    ]
    assert told(two, raised(), held=True) == []  # cut off before it said all
    assert told(CALM, blocked, raised()) == ["outcome: recorded blocked POSTCODE_FORMAT, derived unchanged EDIT-1"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (intent(2, WAGE), "write 2 (wages): recorded, and not derived"),
        (intent("x", WAGE), "write -1 (wages): recorded, and not derived"),
        (intent(1, ADDRESS), "write 1 (employee): recorded from None, derived wages from 2026-03-01"),
        (
            intent(1, WAGE, effective_on=APRIL),
            "write 1 (wages): recorded from 2026-04-01, derived wages from 2026-03-01",
        ),
        (intent(0, ADDRESS, target="guid-2"), "write 0 (employee): another record in Loket"),
        (
            intent(1, replace(WAGE, changes=(*WAGE.changes, Difference(STREET, "Dam 1", BLANK, MARCH)))),
            "write 1 (wages): address.street is recorded, and not derived",
        ),
        (
            intent(0, replace(ADDRESS, changes=(*ADDRESS.changes, Difference(BSN, BLANK, "1")))),
            "write 0 (employee): citizenServiceNumber is recorded, and not derived",
        ),
        (
            intent(0, replace(ADDRESS, changes=(Difference(STREET, "Dam 1", "Dam 3"),))),
            "write 0 (employee): address.street has another value",
        ),
    ],
)
def test_a_write_that_does_not_follow_is_named(sent: WriteIntended, said: str) -> None:
    assert told(WRITES, sent) == [said]


def test_a_new_concept_employee_has_its_id_late() -> None:
    assert told(replace(CALM, writes=(NEW_BSN,)), intent(0, NEW_BSN, target="guid-9")) == []


def test_parts_of_an_address_that_were_filled_in_meanwhile_go_with_the_rest_of_it() -> None:
    removal = replace(ADDRESS, changes=(Difference(STREET, "Dam 1", BLANK),), removes=FieldPath("address"))
    with_city = intent(0, replace(removal, changes=(*removal.changes, Difference(CITY, "Delft", BLANK))))
    other_city = intent(0, replace(removal, changes=(*removal.changes, Difference(CITY, "Delft", "Breda"))))

    assert told(replace(CALM, writes=(removal,)), with_city) == []
    not_derived = "write 0 (employee): address.city is recorded, and not derived"
    assert told(replace(CALM, writes=(removal,)), other_city) == [not_derived]
    assert told(replace(CALM, writes=(replace(removal, removes=None),)), with_city) == [not_derived]


@pytest.mark.parametrize("kind", ["updated", "concept_created", "concept_updated", "unchanged"])
def test_what_was_decided_and_not_sent_is_named_where_all_is_said_to_have_gone_well(kind: str) -> None:
    only_street = intent(0, replace(ADDRESS, changes=ADDRESS.changes[:1]))

    assert told(WRITES, outcome(kind), SENT[0]) == ["write 1 (wages): derived, and not sent: wage.grossWage"]
    assert told(WRITES, outcome(kind), only_street, SENT[1]) == [
        "write 0 (employee): derived, and not sent: address.city"
    ]
    assert told(WRITES, outcome(kind), SENT[1]) == [
        "write 0 (employee): derived, and not sent: address.city, address.street"
    ]
    assert told(WRITES, outcome(kind), only_street, SENT[1], moved=(CITY,)) == []  # somebody else had changed it
    assert told(WRITES, SENT[0]) == []  # cut off


def test_what_one_run_recorded_is_sorted_by_person() -> None:
    changed = LoketFieldChanged(
        subject="s", field=CITY, before="Delft", after="Breda", changed_by=ChangedBy.SOMEONE_ELSE
    )
    alike = OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=(Unmoved(DAAN, 4712),))
    meta = Meta(recorded_at=datetime(2026, 3, 16, tzinfo=UTC), actor=Actor("Anna"), correlation="run-1")
    cut_off = FindingRaised(person_id="13", employee_number=None, code="MISSING_EMPLOYEE_NUMBER")
    facts = (changed, raised(), SENT[0], SENT[1], outcome("updated"), alike, cut_off)

    found = done_by(
        Recorded(place, StreamId("loket:170:4711" if one is changed else "run:run-1"), place, "", meta, one)
        for place, one in enumerate(facts)
    )

    assert found == {
        SANNE: Done(outcome("updated"), [raised()], list(SENT), {CITY}),
        DAAN: Done(outcome(person=DAAN), [], [], set()),
        "13": Done(None, [cut_off], [], set()),
    }
