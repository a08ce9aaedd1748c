"""What is told of a person, a number and their pay is the same without what was overtaken, whatever comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from random import Random

import hypothesis.strategies as st
from hypothesis import given, settings

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
    every(LinkObserved, state=list(LinkState), person_id=["1"], loket_id=IDS),
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
