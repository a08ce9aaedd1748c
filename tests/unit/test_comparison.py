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
from domain.events.loket import (
    ChangedBy,
    ConfirmedBy,
    FieldOverwritten,
    FieldsConfirmed,
    LoketFieldChanged,
    LoketFieldsObserved,
    WriteConfirmed,
    WriteIntended,
    WriteKind,
)
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.events.runs import OutcomeRecorded
from domain.events.values import FieldValue
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Personal, Sealed
from domain.values import BLANK, NOT_OBSERVED, Actor
from domain.views.comparison import Compared, Standing, compare

STREET = "address.street"
SEALED = Sealed("key", "box")
MARCH_31 = date(2026, 3, 31)


def compared(*facts: Fact, day: int = 31) -> dict[str, Compared]:
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
    found = compare(events, as_at=datetime(2026, 3, day, 12, tzinfo=UTC), on=MARCH_31)
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


def outcome(kind: str) -> Fact:
    return OutcomeRecorded(person_id="7", employee_number=4711, outcome=kind, reason="EDIT-1")


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
        ((*SAME, typed(ChangedBy.OURS)), Standing.EQUAL, 2),
        ((*SAME, moved(), overwritten()), Standing.EQUAL, 4),
        ((*SAME, moved(), outcome("blocked")), Standing.DIFFERS, 3),
        ((*SAME, typed(), typed(), outcome("unchanged")), Standing.EQUAL, 5),
        ((*SAME, outcome("unchanged")), Standing.EQUAL, 2),
        ((*SEEN, moved()), Standing.NOT_COMPARED, None),
        ((*SEEN, drifted()), Standing.DIFFERS, 2),
        ((*SEEN, drifted(), DriftResolved(how=Resolved.PUT_BACK)), Standing.EQUAL, 3),
        ((*SEEN, drifted(), DriftResolved(how=Resolved.LEFT_OUT)), Standing.DIFFERS, 2),
        ((*SEEN, accepted(), outcome("unchanged")), Standing.DIFFERS, 2),
        (
            (*SEEN, accepted(), AcceptanceEnded(why=AcceptanceEnd.EXPIRED), outcome("unchanged")),
            Standing.EQUAL,
            4,
        ),
        ((personio(),), Standing.ONLY_PERSONIO, 0),
        ((loket(),), Standing.ONLY_LOKET, 0),
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
    intended = WriteIntended(
        intent="i", run_id="r", person_id="7", kind=WriteKind.EMPLOYEE, target=None, subject="s", changes=()
    )
    confirmed = WriteConfirmed(intent="i", confirmed_by=ConfirmedBy.ANSWER)

    found = compared(*SAME, moved(), intended, confirmed, overwritten())[STREET]

    told = [(one.step.value, one.position) for one in found.causes]
    assert told == [("shown", 3), ("intended", 4), ("confirmed", 5), ("overwritten", 6)]
