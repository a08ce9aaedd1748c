"""What is told of a person, a number and their pay is the same without what was overtaken, whatever comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from random import Random

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from msgspec import structs

from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    ChangedBy,
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
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
    ProcessedPeriodAffected,
    TerminationObserved,
    TerminationReversed,
    TerminationSuperseded,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteKind,
    WriteNotApplied,
    WriteNotSent,
    WriteOutcomeUnknown,
    WriteRefused,
)
from domain.events.personio import (
    AttributeChanged,
    AttributesObserved,
    AttributeVisibilityChanged,
    GatesObserved,
    PersonLeftEntity,
    PersonNotSeen,
    PersonSeenAgain,
)
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact, Meta, Recorded, StreamId
from domain.personal import Personal
from domain.records.overtaken import folded, still_telling, without_overtaken
from domain.values import BLANK, NOT_OBSERVED, Actor

PATHS = ("address.street", "wage.gross")
DAYS = (None, date(2026, 1, 1), date(2026, 2, 1))
ENTITIES = ("170", "171")
INTENTS = ("i1", "i2")
IDS = ("c1", "e1")
META = partial(Meta, actor=Actor("a"), correlation="c")
NINE = datetime(2026, 3, 15, 9, tzinfo=UTC)


def every(kind: type[Fact], /, **fields: Sequence[object]) -> list[Fact]:
    """One of this kind for all that its fields may be."""
    return [kind(**dict(zip(fields, values, strict=True))) for values in product(*fields.values())]


def values(*of: object) -> list[tuple[FieldValue, ...]]:
    one = [(FieldValue(path, value),) for path in PATHS for value in of]  # type: ignore[arg-type]
    return [*one, tuple(FieldValue(path, "1") for path in PATHS)]


WHO = {"subject": ("s-1",)}
CHANGE = {"field": PATHS, "before": ("1",), "after": ("1", "2", BLANK), "effective_on": DAYS, **WHO}
CHANGES = [(FieldChange(PATHS[0], "1", "2"),), (FieldChange(PATHS[0], "1", "3"), FieldChange(PATHS[1], "2", BLANK))]
OF_A_PERSON = [
    every(GatesObserved, legal_entity=ENTITIES, status=IDS, considered=IDS, employee_number=[1], income_number=[1]),
    every(AttributesObserved, values=values("1", "2", BLANK, NOT_OBSERVED), effective_on=DAYS, **WHO),
    every(AttributeChanged, previously_observed_at=[NINE], **CHANGE),
    every(AttributeVisibilityChanged, field=PATHS, visible=[True, False]),
    every(PersonNotSeen, legal_entity=ENTITIES, answer=IDS),
    every(PersonSeenAgain, legal_entity=ENTITIES),
    every(PersonLeftEntity, legal_entity=ENTITIES),
]
OF_A_NUMBER = [
    every(LinkObserved, state=list(LinkState), person_id=["1", "2"], loket_id=IDS),
    every(EmployeeSeen, loket_id=IDS),
    every(EmployeeReleased, loket_id=IDS, reason=["why"], **WHO),
    every(LoketFieldsObserved, values=values("1", "2", BLANK), effective_on=DAYS, **WHO),
    every(LoketFieldChanged, changed_by=list(ChangedBy), **CHANGE),
    every(FieldOverwritten, run_id=IDS, intent=INTENTS, person_id=["1"], **CHANGE),
    every(FieldsConfirmed, fields=[PATHS[:1], PATHS[1:], PATHS]),
    every(TerminationObserved, employment_id=IDS, income_number=[1], effective_on=DAYS),
    every(TerminationReversed, employment_id=IDS, income_number=[1]),
    every(TerminationSuperseded, employment_id=IDS, income_number=[1]),
    every(ConceptEmployeeCreated, run_id=IDS, person_id=["1"], concept_id=IDS),
    every(ConceptEmployeeFinalised, concept_id=IDS, employee_id=IDS),
    every(ConceptEmployeeGone, concept_id=IDS),
    every(
        WriteIntended, intent=INTENTS, run_id=IDS, person_id=["1"], target=IDS,
        kind=[WriteKind.EMPLOYEE, WriteKind.CONCEPT_CREATED],
        subject=["s-1", "s-2"], changes=CHANGES,
    ),
    every(WriteOutcomeUnknown, intent=INTENTS, cause=[""]),
    every(WriteConfirmed, intent=INTENTS, confirmed_by=list(ConfirmedBy)),
    every(WriteNotApplied, intent=INTENTS),
    every(WriteConflicted, intent=INTENTS, found=[()], **WHO),
    every(WriteRefused, intent=INTENTS, status=[422], **WHO),
    every(WriteNotSent, intent=INTENTS, cause=[""]),
    every(ProcessedPeriodAffected, intent=INTENTS, run_id=IDS, period=IDS),
    every(ChainRebuildStarted, unit=IDS, run_id=IDS, person_id=["1"], chain=IDS, steps=[1]),
    every(ChainRebuildEnded, unit=IDS, run_id=IDS, done=[1], complete=[True, False]),
]  # fmt: skip
ALWAYS = (AttributesObserved, AttributeChanged, LoketFieldsObserved, FieldOverwritten, WriteIntended)


def history(of: Random) -> list[Fact]:
    """Of a few kinds of events, so that they meet."""
    kinds = of.choice([OF_A_PERSON, OF_A_NUMBER, OF_A_NUMBER])
    often = [each for each in kinds if isinstance(each[0], ALWAYS)]
    few = [*of.sample(kinds, of.randint(2, 5)), *often[: of.randint(0, 4)]]
    return [of.choice(of.choice(few)) for _ in range(of.randint(4, 30))]


def recorded(facts: Sequence[Fact]) -> list[Recorded]:
    return [
        Recorded(3 * at, StreamId("s"), at, "", META(recorded_at=NINE + timedelta(days=at)), fact)
        for at, fact in enumerate(facts)
    ]


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_what_was_overtaken_tells_nothing_whatever_comes_after_it(seed: int) -> None:
    of = Random(seed)
    for _ in range(25):
        events = recorded(history(of))
        looked = of.randint(0, len(events))
        before, since = events[:looked], events[looked:]

        kept = without_overtaken(before)

        assert folded([*kept, *since]) == folded(events)
        assert kept[-1:] == before[-1:]
        assert folded(without_overtaken([*kept, *since])) == folded(events), "looked at once more"
        assert still_telling(before) == tuple(one.version for one in kept), "nothing had to be taken back"


def over_and_over(facts: Sequence[Fact], times: int) -> list[Fact]:
    """The same again and again, each write with an intent of its own that comes to an end."""
    told: list[Fact] = []
    for time in range(times):
        told += [
            structs.replace(one, intent=f"{intent} {time}") if (intent := getattr(one, "intent", None)) else one
            for one in facts
        ]
        told += [WriteNotApplied(intent=f"{intent} {time}") for intent in INTENTS]
    return told


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_what_still_tells_is_no_more_after_years_of_the_same(seed: int) -> None:
    of = Random(seed)
    for _ in range(10):
        facts = [one for one in history(of) if not isinstance(one, ChainRebuildStarted)]  # every step of one is needed

        twice, often = (len(without_overtaken(recorded(over_and_over(facts, times)))) for times in (2, 5))

        assert twice == often


STREET, WAGE = PATHS
JANUARY, FEBRUARY = (day for day in DAYS if day)
HELD = LoketFieldsObserved(values=(FieldValue(STREET, "1"),), subject="s-1")
EQUAL = FieldsConfirmed(fields=(STREET,))
FINAL = LinkObserved(state=LinkState.FINAL, person_id="1", loket_id="e1")
BEGUN = ChainRebuildStarted(unit="u", run_id="r", person_id="1", chain="wages", steps=1)


def intended(intent: str) -> Fact:
    return WriteIntended(
        intent=intent, run_id="r", person_id="1", kind=WriteKind.EMPLOYEE, target="t", subject="s-1",
        changes=(FieldChange(STREET, "1", "2"),),
    )  # fmt: skip


def written(intent: str) -> list[Fact]:
    overwritten = FieldOverwritten(
        run_id="r", intent=intent, person_id="1", field=STREET, before="1", after="2", subject="s-1"
    )
    return [intended(intent), overwritten, WriteConfirmed(intent=intent, confirmed_by=ConfirmedBy.ANSWER)]


def refused(intent: str) -> list[Fact]:
    return [intended(intent), WriteRefused(intent=intent, status=422, subject="s-1")]


def changed(before: str, after: str) -> Fact:
    return AttributeChanged(field=STREET, before=before, after=after, previously_observed_at=NINE, subject="s-1")


def moved(before: str, after: str) -> Fact:
    return LoketFieldChanged(subject="s-1", field=STREET, before=before, after=after, changed_by=ChangedBy.SOMEONE_ELSE)


def gates(status: str) -> Fact:
    return GatesObserved(legal_entity="170", status=status, considered="yes", employee_number=1, income_number=1)


def wage(value: str, day: date) -> Fact:
    return LoketFieldsObserved(values=(FieldValue(WAGE, value),), subject="s-1", effective_on=day)


def paid(before: str, after: Personal) -> Fact:
    return FieldOverwritten(
        run_id="r", intent="i", person_id="1", field=WAGE, before=before, after=after, subject="s-1",
        effective_on=JANUARY,
    )  # fmt: skip


def ended(*, complete: bool) -> Fact:
    return ChainRebuildEnded(unit="u", run_id="r", done=1, complete=complete)


@pytest.mark.parametrize(
    ("facts", "telling"),
    [
        ([FINAL, HELD, *written("i1"), EQUAL, FINAL, *written("i2"), EQUAL], [1, 6, 7, 8, 9, 10]),
        ([HELD, *refused("i1"), *refused("i2"), FINAL], [0, 3, 4, 5]),
        ([HELD, *refused("i1"), *refused("i2"), EQUAL, FINAL], [0, 5, 6]),
        ([HELD, intended("i1"), WriteOutcomeUnknown(intent="i1", cause=""), FINAL, FINAL], [0, 1, 2, 4]),
        ([HELD, intended("i1"), WriteConflicted(intent="i1", found=(), subject="s-1"), FINAL], [0, 1, 2, 3]),
        ([wage("1", FEBRUARY), wage("1", JANUARY), paid("1", "2"), paid("2", "3"), FINAL], [0, 1, 3, 4]),
        ([wage("1", JANUARY), FieldsConfirmed(fields=(WAGE,)), wage("2", JANUARY), FINAL], [0, 1, 2, 3]),
        ([EQUAL, *refused("i1"), *refused("i2"), WriteRefused(intent="i9", status=422, subject="s-1"), FINAL],
         [1, 2, 3, 4, 6]),
        ([HELD, moved("1", "2"), moved("2", "3"), EQUAL, moved("3", "4"), FINAL], [0, 2, 3, 4, 5]),
        ([BEGUN, paid("1", BLANK), ended(complete=False), BEGUN, paid("1", "2"), FINAL], [0, 1, 2, 3, 4, 5]),
        ([BEGUN, paid("1", BLANK), ended(complete=True), paid("1", "2"), FINAL], [2, 3, 4]),
    ],
    ids=["written twice", "refused twice", "refused and equal", "outcome unknown", "a third value",
         "pay by day", "pay seen as equal", "nothing held",
         "seen as equal, and moved since",         "a rebuild that goes on", "a rebuild that is over"],
)  # fmt: skip
def test_of_a_number_the_last_of_each_thing_tells_and_what_it_rests_on(facts: list[Fact], telling: list[int]) -> None:
    assert list(still_telling(recorded(facts))) == telling


def test_of_a_person_the_first_sight_and_the_last_change_tell_and_the_last_look_of_each_legal_entity() -> None:
    shown = AttributesObserved(values=(FieldValue(STREET, "1"),), subject="s-1")
    looks = [PersonNotSeen(legal_entity=one, answer="gone") for one in ("170", "171", "170")]

    facts = [gates("a"), shown, changed("1", "2"), changed("2", "3"), gates("b"), *looks, changed("3", "4")]

    assert list(still_telling(recorded(facts))) == [1, 4, 6, 7, 8]
