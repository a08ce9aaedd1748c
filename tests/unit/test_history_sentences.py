"""Every fact of an employee's history reads as a sentence of its own, in the glossary's words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.events.catalogue import NAME_OF, STORED_NAMES
from domain.events.custody import LogVerified
from domain.events.loket import (
    ConfirmedBy,
    FieldOverwritten,
    LinkObserved,
    LinkState,
    LoketFieldsObserved,
    Placed,
    RecordPlaced,
    TerminationObserved,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteRefused,
)
from domain.events.personio import AttributeChanged, AttributeVisibilityChanged
from domain.events.runs import FindingRaised, OutcomeRecorded, RunCompleted, RunRefused, RunStarted
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact, Meta, Recorded, StreamId, UnknownFact
from domain.personal import Lost, Personal, Sealed
from domain.values import BLANK, NOT_OBSERVED, Actor
from domain.views.history import lines
from domain.views.sentences import has_sentence, sentence

MARCH_15 = date(2026, 3, 15)
SEALED = Sealed("key", "box")
EMAIL = "contactInformation.emailAddress"


def overwritten(before: Personal, after: Personal, *, effective_on: date | None = None) -> FieldOverwritten:
    return FieldOverwritten(
        run_id="run-1",
        intent="i-1",
        person_id="3007",
        subject="s-1",
        field=EMAIL,
        before=before,
        after=after,
        rule="EDIT-2",
        effective_on=effective_on,
    )


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (
            overwritten("sanne@example.org", BLANK),
            'Private e-mail was cleared in Loket; it was "sanne@example.org"; '
            "effective date not told by Personio, retroactive: unknown.",
        ),
        (
            overwritten(BLANK, "sanne@example.org"),
            'Private e-mail was filled in Loket with "sanne@example.org"; it was blank; '
            "effective date not told by Personio, retroactive: unknown.",
        ),
        (
            overwritten(SEALED, SEALED, effective_on=date(2026, 3, 1)),
            "Private e-mail was overwritten in Loket: ••• became •••; effective on 1 March 2026.",
        ),
        (
            overwritten(Lost.SHREDDED, Lost.UNREADABLE, effective_on=date(2026, 3, 1)),
            "Private e-mail was overwritten in Loket: (erased) became (unreadable); effective on 1 March 2026.",
        ),
        (
            AttributeVisibilityChanged(field=EMAIL, visible=False),
            "Personio no longer shows Private e-mail: its value is not observed, which is not a change of it.",
        ),
        (AttributeVisibilityChanged(field=EMAIL, visible=True), "Personio shows Private e-mail again."),
        (LinkObserved(state=LinkState.CONCEPT, person_id="1"), "The number belongs to a concept employee in Loket."),
        (
            LoketFieldsObserved(subject="s", values=(FieldValue("iban", SEALED), FieldValue(EMAIL, NOT_OBSERVED))),
            "First read from Loket on 15 March 2026: IBAN •••, Private e-mail not observed.",
        ),
        (
            TerminationObserved(employment_id="e", income_number=2, effective_on=date(2026, 12, 31)),
            "Loket ends the employment with income number 2 on 31 December 2026: left out from now on.",
        ),
        (
            WriteIntended(
                intent="i",
                run_id="r",
                person_id="1",
                kind=WriteKind.CONCEPT_CREATED,
                target=None,
                subject="s",
                changes=(FieldChange("x.y", BLANK, "z"),),
            ),
            'A run is about to write a new concept employee to Loket: x.y from blank to "z".',
        ),
        (
            RecordPlaced(intent="i", run_id="r", placed=Placed.NEW_RECORD, effective_on=date(2026, 3, 15)),
            "The value goes into a new record in Loket from 15 March 2026: that day is ours, Personio tells none.",
        ),
        (
            RecordPlaced(intent="i", run_id="r", placed=Placed.NEWEST_IN_PLACE, effective_on=date(2026, 4, 1)),
            "The value goes into Loket's newest record, which holds from 1 April 2026; Personio tells no day.",
        ),
        (
            WriteConfirmed(intent="i", confirmed_by=ConfirmedBy.READ_BACK),
            "The write was confirmed by read-back, its answer was lost.",
        ),
        (
            WriteConfirmed(intent="i", confirmed_by=ConfirmedBy.ANSWER, warnings=("street shortened", SEALED)),
            "The write was confirmed by Loket's answer and by read-back; Loket warned: street shortened; •••.",
        ),
        (
            WriteRefused(intent="i", status=400, subject="s", messages=("code 83",)),
            "Loket refused the write with status 400: code 83.",
        ),
        (
            WriteConflicted(intent="i", subject="s", found=(FieldValue("address.street", "Kerkstraat"),)),
            'A read-back found neither the old nor the wanted value: Street "Kerkstraat". '
            "The next run judges it afresh.",
        ),
        (
            FindingRaised(person_id="1", employee_number=1, code="BSN_ELFPROEF", field="citizenServiceNumber"),
            "Blocked by finding BSN_ELFPROEF on BSN.",
        ),
        (
            OutcomeRecorded(
                person_id="1", employee_number=1, outcome="left_out", reason="WHO-2", notices=("ON_LEAVE_LEFT_OUT",)
            ),
            "Result of the run: left out (WHO-2): ON_LEAVE_LEFT_OUT.",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Fact) else "",
)
def test_a_fact_reads_as_a_sentence(fact: Fact, expected: str) -> None:
    assert sentence(fact, on=MARCH_15) == expected


def test_every_fact_has_a_sentence_of_its_own() -> None:
    unsaid = [name for name, fact in STORED_NAMES.items() if not has_sentence(fact)]

    assert unsaid == []


def test_an_overwrite_says_when_personio_first_showed_its_value() -> None:
    change = AttributeChanged(
        subject="s",
        field=EMAIL,
        before="a@example.org",
        after=BLANK,
        previously_observed_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
    )
    late_evening = datetime(2026, 3, 13, 23, 30, tzinfo=UTC)  # already the 14th in Amsterdam
    first, second = lines(
        [
            recorded(0, change, late_evening),
            recorded(1, overwritten("a@example.org", BLANK), datetime(2026, 3, 15, 8, tzinfo=UTC)),
        ]
    )
    assert "first seen on 14 March 2026, effective date not told by Personio" in first.sentence
    assert "first seen on 14 March 2026, effective date not told by Personio" in second.sentence
    assert (second.position, second.rule, second.run, second.actor) == (1, "EDIT-2", "run-1", "Fatima")
    of_somebody_else = lines(
        [
            recorded(0, change, late_evening, of="person:4000"),
            recorded(1, overwritten("a@example.org", BLANK), datetime(2026, 3, 15, 8, tzinfo=UTC)),
        ]
    )
    assert "first seen" not in of_somebody_else[1].sentence


def recorded(position: int, fact: Fact, at: datetime, of: str = "person:3007") -> Recorded:
    meta = Meta(recorded_at=at, actor=Actor("Fatima"), correlation="run-1")
    stream = of if isinstance(fact, AttributeChanged) else "loket:170:4711"
    return Recorded(position, StreamId(stream), position, NAME_OF[type(fact)], meta, fact)


@pytest.mark.parametrize(("fact", "expected"), [
    (RunStarted(legal_entity="170", business_date=date(2026, 3, 15)),
     "A run of legal entity 170 began, for business date 15 March 2026."),
    (RunCompleted(with_errors=True, counts={"updated": 2, "left_out": 1}),
     "The run completed with errors: 2 updated, 1 left out."),
    (RunCompleted(with_errors=False, counts={}), "The run completed: nobody."),
    (RunRefused(legal_entity="170", reason="RUN-7", message="Loket does not answer"),
     "The run was refused under RUN-7, and wrote nothing: Loket does not answer."),
    (LogVerified(size=12, verdict="OK"), "The log of 12 events was verified: OK."),
    (LogVerified(size=12, verdict="OK", since=9), "The log of 12 events was verified from event 9 on: OK."),
    (UnknownFact(stored=b"{}"), "Something was recorded that only a later version can tell."),
])  # fmt: skip
def test_what_a_run_came_to_is_told_in_a_sentence(fact: Fact, expected: str) -> None:
    assert sentence(fact, on=MARCH_15) == expected
