"""How each field stands between the two systems, told from what was recorded of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.events.drift import (
    AcceptanceEnd,
    AcceptanceEnded,
    Cause,
    DriftAccepted,
    DriftOpened,
    DriftResolved,
    Resolved,
)
from domain.events.erasure import DestroyedKey, ErasureCompleted
from domain.events.findings import FindingEnd, FindingResolved, LookedBy
from domain.events.loket import (
    ChangedBy,
    ConceptEmployeeCreated,
    ConceptEmployeeGone,
    ConfirmedBy,
    EmployeeReleased,
    EmployeeSeen,
    FieldOverwritten,
    FieldsConfirmed,
    LinkObserved,
    LinkState,
    LoketFieldChanged,
    LoketFieldsObserved,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteOutcomeUnknown,
    WriteRefused,
)
from domain.events.personio import (
    AttributeChanged,
    AttributesObserved,
    AttributeVisibilityChanged,
    GatesObserved,
    PersonLeftEntity,
)
from domain.events.runs import FindingRaised, OutcomeRecorded
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Personal, Retention, Sealed
from domain.values import BLANK, NOT_OBSERVED, Actor, LegalEntityId
from domain.views.comparison import Compared, Standing, compare
from domain.views.evidence import Look

STREET = "address.street"
SEALED = Sealed("key", "box")
MARCH_31 = date(2026, 3, 31)


def compared(*facts: Fact, day: int = 31, look: Look | None = None, away: int | None = None) -> dict[str, Compared]:
    """By field; each fact is recorded a day after the one before, from 1 March on."""
    events = [
        Recorded(
            place,
            StreamId(f"drift:170:4711:{STREET}"),
            place,
            "fact",
            Meta(recorded_at=datetime(2026, 3, place + 1, tzinfo=UTC), actor=Actor("Anna"), correlation="run-1"),
            fact,
        )
        for place, fact in enumerate(facts)
    ]
    by = datetime(2026, 3, day, 12, tzinfo=UTC)
    found = compare(events, as_at=by, on=MARCH_31, entity=LegalEntityId("170"), look=look, away=away)
    return {one.field: one for one in found}


def personio(value: Personal = SEALED, name: str = STREET) -> Fact:
    return AttributesObserved(subject="s", values=(FieldValue(name, value),))


def loket(value: Personal = SEALED, name: str = STREET) -> Fact:
    return LoketFieldsObserved(subject="s", values=(FieldValue(name, value),))


def moved() -> Fact:
    return AttributeChanged(
        subject="s", field=STREET, before=SEALED, after=SEALED, previously_observed_at=datetime(2026, 3, 1, tzinfo=UTC)
    )


def typed(by: ChangedBy = ChangedBy.SOMEONE_ELSE) -> Fact:
    return LoketFieldChanged(subject="s", field=STREET, before=SEALED, after=SEALED, changed_by=by)


def overwritten() -> Fact:
    return FieldOverwritten(
        run_id="r", intent="i", person_id="7", subject="s", field=STREET, before=SEALED, after=SEALED
    )


def outcome(kind: str, reason: str = "EDIT-1", **told: tuple[str, ...]) -> Fact:
    return OutcomeRecorded(person_id="7", employee_number=4711, outcome=kind, reason=reason, **told)  # type: ignore[arg-type]


def linked(state: LinkState) -> Fact:
    return LinkObserved(state=state, person_id="7", loket_id="e")


def finding(code: str = "EMPLOYMENT_NOT_FOUND_IN_LOKET", name: str = "incomeRelationshipNumber") -> Fact:
    return FindingRaised(person_id="7", employee_number=4711, code=code, field=name)


def resolved(how: FindingEnd = FindingEnd.NOT_FOUND, rule: str | None = None) -> Fact:
    found = finding()
    return FindingResolved(
        legal_entity="170", person_id="7", employee_number=4711, code=found.code, field=found.field,  # type: ignore[attr-defined]
        seen_by=LookedBy.DRIFT_CHECK, how=how, rule=rule,
    )  # fmt: skip


def intended(kind: WriteKind = WriteKind.EMPLOYEE, *names: str) -> Fact:
    changes = tuple(FieldChange(one, SEALED, SEALED) for one in names or (STREET,))
    return WriteIntended(intent="i", run_id="r", person_id="7", kind=kind, target=None, subject="s", changes=changes)


def confirmed(by: ConfirmedBy = ConfirmedBy.ANSWER) -> Fact:
    return WriteConfirmed(intent="i", confirmed_by=by)


def conflicted(*names: str) -> Fact:
    return WriteConflicted(intent="i", subject="s", found=tuple(FieldValue(one, SEALED) for one in names))


def gates(*, considered: str = "yes", entity: str = "170") -> Fact:
    return GatesObserved(
        legal_entity=entity, status="ACTIVE", considered=considered, employee_number=4711, income_number=1
    )


def erased(retention: Retention) -> Fact:
    return ErasureCompleted(erasure="e", person_id="7", keys=(DestroyedKey("s", retention, "key"),))


def drifted() -> Fact:
    return DriftOpened(
        person_id="7", subject="s", field=STREET, cause=Cause.CHANGED_IN_LOKET, personio=SEALED, loket=SEALED
    )


def accepted() -> Fact:
    return DriftAccepted(subject="s", field=STREET, personio=SEALED, until=MARCH_31, reason=SEALED)


SEEN = (personio(), loket())
SAME = (*SEEN, FieldsConfirmed(fields=(STREET,)))


@pytest.mark.parametrize(
    ("facts", "standing", "since"),
    [
        (SEEN, Standing.NOT_COMPARED, None),
        (SAME, Standing.EQUAL, 2),
        ((*SAME, moved()), Standing.DIFFERS, 3),
        ((*SAME, typed()), Standing.DIFFERS, 3),
        ((*SAME, typed(ChangedBy.OURS)), Standing.DIFFERS, 3),  # a write that landed late
        ((*SAME, moved(), overwritten()), Standing.EQUAL, 4),
        ((*SAME, moved(), outcome("blocked")), Standing.DIFFERS, 3),
        ((*SAME, typed(), typed(), outcome("unchanged")), Standing.EQUAL, 5),
        ((*SAME, outcome("unchanged")), Standing.EQUAL, 2),
        ((*SEEN, moved()), Standing.NOT_COMPARED, None),
        ((*SEEN, drifted()), Standing.DIFFERS, 2),
        ((*SEEN, drifted(), DriftResolved(how=Resolved.PUT_BACK)), Standing.EQUAL, 3),
        ((*SEEN, drifted(), DriftResolved(how=Resolved.LEFT_OUT)), Standing.NOT_COMPARED, 3),
        ((*SEEN, accepted(), outcome("unchanged")), Standing.DIFFERS, 2),
        (
            (*SEEN, accepted(), AcceptanceEnded(why=AcceptanceEnd.EXPIRED), outcome("unchanged")),
            Standing.EQUAL,
            4,
        ),
        ((personio(),), Standing.ONLY_PERSONIO, 0),
        ((loket(),), Standing.NOT_COMPARED, None),
        ((personio(BLANK), loket(BLANK)), Standing.EQUAL, 1),
        ((personio(BLANK), loket()), Standing.DIFFERS, 1),
        ((*SAME, personio(NOT_OBSERVED)), Standing.NOT_COMPARED, 3),
    ],
)
def test_a_field_stands_as_the_newest_evidence_says(
    facts: tuple[Fact, ...], standing: Standing, since: int | None
) -> None:
    found = compared(*facts)[STREET]

    assert (found.standing, found.since) == (standing, since)


def test_what_names_the_employment_is_a_link_and_no_difference() -> None:
    assert compared(personio(name="startDate"))["startDate"].standing is Standing.LINK


def test_what_was_recorded_later_is_not_known_yet() -> None:
    assert compared(*SAME, moved(), day=3)[STREET].standing is Standing.EQUAL


def test_a_value_that_we_wrote_is_led_back_to_what_personio_showed() -> None:
    found = compared(*SAME, moved(), intended(), confirmed(), overwritten())[STREET]

    told = [(one.step.value, one.position) for one in found.causes]
    assert told == [("shown", 3), ("intended", 4), ("confirmed", 5), ("overwritten", 6)]


def test_what_another_legal_entity_recorded_of_the_person_meanwhile_leaves_it_unknown() -> None:
    shown = [(0, personio()), (1, loket()), (2, FieldsConfirmed(fields=(STREET,))), (7, gates()), (8, gates())]
    events = [
        Recorded(
            place,
            StreamId("person:7"),
            version,
            "fact",
            Meta(recorded_at=datetime(2026, 3, place + 1, tzinfo=UTC), actor=Actor("Anna"), correlation="run-1"),
            fact,
        )
        for place, (version, fact) in enumerate(shown)
    ]

    found = compare(events, as_at=datetime(2026, 3, 31, tzinfo=UTC), on=MARCH_31)

    assert [(one.standing, one.since) for one in found] == [(Standing.NOT_COMPARED, 3)]


def test_of_whoever_went_to_another_legal_entity_nothing_is_known_here() -> None:
    found = compared(*SAME, away=3)[STREET]

    assert (found.standing, found.since) == (Standing.NOT_COMPARED, 3)


UNKNOWN, DIFFERS, EQUAL = Standing.NOT_COMPARED, Standing.DIFFERS, Standing.EQUAL
CREATING = (personio(), intended(WriteKind.CONCEPT_CREATED))
CREATED = (*CREATING, confirmed(), ConceptEmployeeCreated(run_id="r", person_id="7", concept_id="c"))
BY_HAND = outcome("left_out", "END-2", notices=("MANUAL_FOLLOW_UP",), details=(f"address.city, {STREET}",))
PUT_BACK, IN_PERSONIO = (DriftResolved(how=one) for one in (Resolved.PUT_BACK, Resolved.PERSONIO_MOVED))
OTHER_WRITE, NOT_APPLIED = intended(WriteKind.PAYMENT, "paymentInformationSepa.iban"), WriteNotApplied(intent="i")


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ((*SAME, outcome("left_out", "WHO-3")), UNKNOWN),
        ((*SAME, outcome("left_out", "WHO-3"), outcome("unchanged")), EQUAL),
        ((*SAME, outcome("left_out", "RUN-10")), EQUAL),  # a pilot of others
        ((*SAME, outcome("left_out", "END-2")), UNKNOWN),
        ((*SAME, BY_HAND), DIFFERS),
        ((*SAME, BY_HAND, outcome("left_out", "END-2")), UNKNOWN),
        ((*SAME, gates(considered="no")), UNKNOWN),
        ((*SAME, gates(considered="no", entity="171")), EQUAL),
        ((*SAME, PersonLeftEntity(legal_entity="170")), UNKNOWN),
        ((*SAME, BY_HAND, PersonLeftEntity(legal_entity="170")), UNKNOWN),
        ((*SAME, linked(LinkState.TERMINATED)), UNKNOWN),
        ((*SAME, linked(LinkState.NOT_VISIBLE), outcome("blocked", "X")), UNKNOWN),
    ],
)
def test_of_whoever_takes_no_part_only_what_is_left_to_be_done_by_hand_is_known(
    facts: tuple[Fact, ...], standing: Standing
) -> None:
    assert compared(*facts)[STREET].standing is standing


def test_of_what_differs_by_hand_no_value_is_shown_for_none_was_recorded() -> None:
    found = compared(*SAME, BY_HAND)

    assert (found[STREET].since, found[STREET].personio, found[STREET].loket) == (3, None, None)
    assert found["address.city"].standing is DIFFERS  # never seen before


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        (CREATING, UNKNOWN),  # it may be there
        ((*CREATING, WriteOutcomeUnknown(intent="i", cause="no answer")), UNKNOWN),
        ((*CREATING, WriteRefused(intent="i", status=400, subject="s")), Standing.ONLY_PERSONIO),
        (CREATED, EQUAL),
        ((*CREATED, typed()), DIFFERS),
        ((*CREATED, ConceptEmployeeGone(concept_id="c")), Standing.ONLY_PERSONIO),
        ((*SAME, EmployeeReleased(subject="s", loket_id="e", reason="gone")), UNKNOWN),
        ((*CREATING, confirmed(ConfirmedBy.READ_BACK)), UNKNOWN),  # somebody has the number; holding what?
        ((*CREATING, confirmed(ConfirmedBy.READ_BACK), loket(), outcome("unchanged")), EQUAL),
        ((*SAME, intended()), UNKNOWN),
        ((*SAME, AttributesObserved(subject="s", values=(FieldValue(STREET, BLANK),)), intended()), UNKNOWN),
        ((*SAME, intended(WriteKind.EMPLOYEE, "address.city"), typed()), UNKNOWN),  # nobody looks meanwhile
        ((*SAME, moved(), intended(), moved(), WriteNotApplied(intent="i")), UNKNOWN),  # back to what Loket holds?
        ((*SAME, intended(), WriteRefused(intent="i", status=400, subject="s")), DIFFERS),
        ((*SAME, intended(), WriteOutcomeUnknown(intent="i", cause="?"), WriteNotApplied(intent="i")), DIFFERS),
        ((*SAME, intended(), conflicted(STREET)), DIFFERS),
        ((*SAME, intended(WriteKind.EMPLOYEE, STREET, "address.city"), conflicted(STREET, "address.city")), UNKNOWN),
    ],
)
def test_a_write_says_how_a_field_stands_once_it_is_known_what_came_of_it(
    facts: tuple[Fact, ...], standing: Standing
) -> None:
    assert compared(*facts)[STREET].standing is standing


def test_what_was_created_has_the_value_that_was_written_and_what_led_to_it() -> None:
    found = compared(*CREATED)[STREET]

    assert found.loket is not None
    assert found.loket.position == 2
    assert [one.step.value for one in found.causes] == ["shown", "intended", "confirmed"]


def test_a_field_that_a_concept_employee_calls_otherwise_is_one_field() -> None:
    found = compared(
        personio(name="paymentInformationSepa.iban"), loket(name="iban"), FieldsConfirmed(fields=("iban",))
    )

    assert {name: one.standing for name, one in found.items()} == {"paymentInformationSepa.iban": EQUAL}


NOT_READ = {"notices": ("NOT_READ_IN_LOKET",), "details": (f"address.city, {STREET}",)}


@pytest.mark.parametrize(
    ("facts", "standing"),
    [
        ((*SAME, moved(), moved()), UNKNOWN),  # there and back?
        ((*SAME, moved(), typed()), UNKNOWN),  # to the same?
        ((*SAME, AttributeVisibilityChanged(field=STREET, visible=False)), UNKNOWN),
        (
            (*SAME, *(AttributeVisibilityChanged(field=STREET, visible=one) for one in (False, True))),
            EQUAL,
        ),
        ((*SAME, erased(Retention.FISCAL_7Y)), UNKNOWN),
        ((*SAME, erased(Retention.HR_2Y)), EQUAL),  # of other fields
        ((*SAME, erased(Retention.FISCAL_7Y), *SAME), EQUAL),
        ((*SAME, typed(), drifted(), typed(), PUT_BACK), EQUAL),
        ((*SAME, typed(), drifted(), moved(), PUT_BACK), UNKNOWN),  # only waiting, perhaps
        ((*SAME, typed(), drifted(), moved(), IN_PERSONIO), UNKNOWN),
        ((*SAME, typed(), drifted(), OTHER_WRITE, PUT_BACK, NOT_APPLIED, typed()), UNKNOWN),  # what ended it, told late
        ((*SAME, typed(), drifted(), OTHER_WRITE, NOT_APPLIED, typed(), PUT_BACK, typed()), DIFFERS),
        ((*SAME, finding()), UNKNOWN),  # nobody was looked at
        ((*SAME, finding("REQUIRED_FIELD_BLANK", "address.city")), EQUAL),
        ((*SAME, finding(), outcome("unchanged")), EQUAL),
        ((*SAME, outcome("unchanged", **NOT_READ)), UNKNOWN),
        ((*SAME, outcome("unchanged", **NOT_READ), outcome("unchanged")), EQUAL),
        ((*SAME, outcome("unchanged", notices=("NOT_READ_IN_LOKET",), details=("address.city",))), EQUAL),
        ((personio(), finding()), UNKNOWN),  # the number may be somebody in Loket
        ((personio(), finding(), outcome("blocked", "CHECK-2")), Standing.ONLY_PERSONIO),
        ((personio(), EmployeeSeen(loket_id="e")), UNKNOWN),
    ],
)
def test_what_the_log_does_not_know_is_not_known(facts: tuple[Fact, ...], standing: Standing) -> None:
    assert compared(*facts)[STREET].standing is standing


@pytest.mark.parametrize(
    ("facts", "waiting", "standing"),
    [
        (SEEN, False, EQUAL),
        (SAME, True, DIFFERS),  # what a word of Personio's means may have changed, and no value
        ((*SAME, moved()), True, DIFFERS),
        ((*SAME, moved()), False, EQUAL),  # in its spelling only
        ((*SAME, moved(), typed()), False, EQUAL),
        ((*SAME, typed(), drifted()), False, DIFFERS),
        ((*SAME, typed(), drifted(), moved(), IN_PERSONIO), False, EQUAL),
        ((*SEEN, accepted()), False, DIFFERS),
        ((*SAME, moved(), moved(), finding()), False, UNKNOWN),  # of whom a finding is open not all is compared
        ((*SAME, moved(), intended()), False, UNKNOWN),
        ((*SAME, outcome("left_out", "WHO-3")), False, UNKNOWN),
        ((*SAME, moved(), finding(), outcome("blocked"), resolved()), False, EQUAL),
        ((*SAME, moved(), finding(), outcome("blocked"), resolved(FindingEnd.LEFT_OUT, "END-2")), False, UNKNOWN),
        ((*SAME, moved(), finding(), outcome("blocked"), resolved(FindingEnd.LEFT_OUT, "RUN-10")), False, EQUAL),
        ((*SAME, moved(), finding(), outcome("blocked"), resolved(FindingEnd.GONE, "WHO-1")), False, UNKNOWN),
        ((personio(BLANK), loket()), False, DIFFERS),  # left as payroll filled it in
    ],
)
def test_a_check_says_of_whomever_it_compared_what_waits_and_that_all_else_is_the_same(
    facts: tuple[Fact, ...], waiting: bool, standing: Standing
) -> None:
    look = Look(len(facts), frozenset({STREET} if waiting else ()))

    assert compared(*facts, look=look)[STREET].standing is standing


def test_what_came_after_the_check_is_told_over_it() -> None:
    assert compared(*SAME, moved(), look=Look(2))[STREET].standing is DIFFERS


def test_pay_on_one_day_is_the_same_once_a_run_has_written_every_day() -> None:
    wage = "wage.grossWage"
    day = MARCH_31
    begun = (
        AttributesObserved(subject="s", values=(FieldValue(wage, SEALED),), effective_on=day),
        WriteIntended(
            intent="i", run_id="r", person_id="7", kind=WriteKind.WAGE_CREATED, target=None, subject="s",
            changes=(FieldChange(wage, BLANK, SEALED),), effective_on=day,
        ),
        confirmed(),
    )  # fmt: skip

    assert compared(*begun)[wage].standing is UNKNOWN
    assert compared(*begun, outcome("failed", "RUN-5"))[wage].standing is UNKNOWN
    assert compared(*begun, outcome("updated"))[wage].standing is EQUAL
    lonely = {"notices": ("PAY_ONLY_IN_LOKET",), "details": ("wage from 2026-05-01",)}
    assert compared(*begun, outcome("updated", **lonely))[wage].standing is UNKNOWN
    other = {"notices": ("NOT_READ_IN_LOKET",), "details": ("benefitsanddeductions.284",)}
    assert compared(*begun, outcome("unchanged", **other))[wage].standing is UNKNOWN


def test_pay_that_a_run_found_in_loket_only_is_in_loket_only() -> None:
    held = loket(name="benefitsanddeductions.284")
    lonely = {"notices": ("PAY_ONLY_IN_LOKET",), "details": ("component 284, from 2026-05-01",)}

    assert compared(held, outcome("unchanged", **lonely))["benefitsanddeductions.284"].standing is Standing.ONLY_LOKET
