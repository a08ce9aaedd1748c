"""Facts into the rows of `domain.views.sync_state`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from adapters.projections.projection import Change, Projection, Table
from adapters.projections.readable import of_view
from domain.events.loket import (
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
    ConceptEmployeeGone,
    EmployeeReleased,
    FieldOverwritten,
    LinkObserved,
    LinkState,
    LoketFieldChanged,
    LoketFieldsObserved,
    TerminationObserved,
    TerminationReversed,
    TerminationSuperseded,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteNotApplied,
    WriteNotSent,
    WriteRefused,
)
from domain.events.personio import (
    AttributeChanged,
    AttributesObserved,
    AttributeVisibilityChanged,
    GatesObserved,
    PersonLeftEntity,
)
from domain.log import Recorded, StreamId
from domain.streams import loket_record_of
from domain.values import FieldPath, LegalEntityId
from domain.views.sync_state import (
    NO_NUMBER,
    FieldState,
    LastOutcome,
    Linked,
    PeopleFilters,
    PersonState,
    Place,
)

PEOPLE: Final = Table("entity_people", key={"legal_entity": str, "person_id": str}, columns={"employee_number": int})
INTENTS: Final = Table(
    "open_intents", key={"intent": str}, columns={"legal_entity": str, "stream": str, "position": int}
)
MEMBERSHIP: Final = (GatesObserved, PersonLeftEntity)
"""The kinds of events that say who belongs to a legal entity, by what number."""

LINKS: Final = Table(
    "link_states",
    key={"legal_entity": str, "employee_number": int},
    columns={"state": str, "loket_id": str, "position": int},
)
_STATES: Final = """
SELECT p.person_id, p.employee_number, l.state, l.loket_id, l.position,
    o.run_id, o.outcome, o.reason, o.position, o.since
FROM entity_people AS p
LEFT JOIN link_states AS l ON l.legal_entity = p.legal_entity AND l.employee_number = p.employee_number
LEFT JOIN member_outcomes AS o ON o.legal_entity = p.legal_entity AND o.person_id = p.person_id
"""
_IN_ORDER: Final = "ORDER BY COALESCE(p.employee_number, -1), p.person_id"
FIELDS: Final = Table("field_states", key={"stream": str, "field": str}, columns={"position": int, "visible": bool})


@of_view("sync_state")
def person_state(row: Sequence[Any]) -> PersonState:
    """A row of (person, number, link state, Loket id, where it is told, run, outcome, reason, position, since)."""
    person, number, link, loket_id, linked_at, *last = row
    return PersonState(
        person_id=person,
        employee_number=number,
        link=LinkState(link) if link else None,
        loket_id=loket_id,
        last=LastOutcome(*last) if last[0] else None,
        linked_at=linked_at,
    )


def states_question(
    entity: LegalEntityId, filters: PeopleFilters, after: Place | None, limit: int
) -> tuple[str, tuple[str | int, ...]]:
    """The question of `SyncStateView.states`, a `?` for each value; what is not asked for is not in it."""
    asked: list[tuple[str, Sequence[str | int]]] = [
        ("p.legal_entity = ?", (entity,)),
        ("(COALESCE(p.employee_number, -1), p.person_id) > (?, ?)", after or (NO_NUMBER, "")),
    ]
    if filters.outcome is not None or filters.reason is not None:
        asked.append(("o.legal_entity = ?", (entity,)))
    asked += [(f"o.{name} = ?", (value,)) for name, value in _told(filters)]
    if filters.link is Linked.NONE:
        asked.append(("(l.state IS NULL OR l.state = 'unlinked')", ()))
    elif filters.link is not None:
        asked.append((f"l.legal_entity = ? AND l.state = '{filters.link.value}'", (entity,)))
    if filters.new_since is not None:
        asked.append(("(o.since IS NULL OR o.since > ?)", (filters.new_since,)))
    where = " AND ".join(condition for condition, _ in asked)
    values = [value for _, given in asked for value in given]
    return f"{_STATES} WHERE {where} {_IN_ORDER} LIMIT ?", (*values, limit)


def _told(filters: PeopleFilters) -> Iterator[tuple[str, str]]:
    if filters.outcome is not None:
        yield "outcome", filters.outcome
    if filters.reason is not None:
        yield "reason", filters.reason


def fields_by_stream(rows: Iterable[tuple[Any, ...]]) -> Mapping[StreamId, Mapping[FieldPath, FieldState]]:
    """From rows of (stream, field, position, whether it is shown)."""
    found: dict[StreamId, dict[FieldPath, FieldState]] = {}
    for stream, field, position, visible in rows:
        found.setdefault(StreamId(stream), {})[FieldPath(field)] = FieldState(position, bool(visible))
    return found


def _gates(fact: GatesObserved, event: Recorded) -> Iterator[Change]:
    yield PEOPLE.put(fact.legal_entity, event.stream.removeprefix("person:"), employee_number=fact.employee_number)


def _left(fact: PersonLeftEntity, event: Recorded) -> Iterator[Change]:
    yield PEOPLE.drop(fact.legal_entity, event.stream.removeprefix("person:"))


def _intended(fact: WriteIntended, event: Recorded) -> Iterator[Change]:
    entity, _ = loket_record_of(event.stream)
    yield INTENTS.put(fact.intent, legal_entity=entity, stream=event.stream, position=event.position)


_Ending = WriteConfirmed | WriteRefused | WriteNotSent | WriteNotApplied


def _ended(fact: _Ending, _: Recorded) -> Iterator[Change]:
    yield INTENTS.drop(fact.intent)


def _conflicted(fact: WriteConflicted, event: Recorded) -> Iterator[Change]:
    yield INTENTS.drop(fact.intent)
    for found in fact.found:
        yield _seen(found.field, event)


def _link(state: LinkState, loket_id: str | None, event: Recorded) -> Change:
    entity, number = loket_record_of(event.stream)
    return LINKS.put(entity, number, state=state.value, loket_id=loket_id, position=event.position)


def _link_observed(fact: LinkObserved, event: Recorded) -> Iterator[Change]:
    yield _link(fact.state, fact.loket_id, event)


def _concept_created(fact: ConceptEmployeeCreated, event: Recorded) -> Iterator[Change]:
    yield _link(LinkState.CONCEPT, fact.concept_id, event)


def _concept_finalised(fact: ConceptEmployeeFinalised, event: Recorded) -> Iterator[Change]:
    yield _link(LinkState.FINAL, fact.employee_id, event)


def _unlinked(_: ConceptEmployeeGone | EmployeeReleased, event: Recorded) -> Iterator[Change]:
    yield _link(LinkState.UNLINKED, None, event)


def _terminated(_: TerminationObserved, event: Recorded) -> Iterator[Change]:
    entity, number = loket_record_of(event.stream)
    yield LINKS.put(entity, number, state=LinkState.TERMINATED.value, position=event.position)


def _reinstated(_: TerminationReversed | TerminationSuperseded, event: Recorded) -> Iterator[Change]:
    entity, number = loket_record_of(event.stream)
    yield LINKS.put(entity, number, state=LinkState.FINAL.value, position=event.position)


def _seen(field: str, event: Recorded) -> Change:
    return FIELDS.put(event.stream, field, position=event.position, visible=True)


def _values(fact: AttributesObserved | LoketFieldsObserved, event: Recorded) -> Iterator[Change]:
    for value in fact.values:
        yield _seen(value.field, event)


def _value(fact: AttributeChanged | LoketFieldChanged | FieldOverwritten, event: Recorded) -> Iterator[Change]:
    yield _seen(fact.field, event)


def _visibility(fact: AttributeVisibilityChanged, event: Recorded) -> Iterator[Change]:
    yield FIELDS.put(event.stream, fact.field, visible=fact.visible)


SYNC_STATE_PROJECTION: Final = Projection(
    name="sync_state",
    version=2,
    tables=(PEOPLE, INTENTS, LINKS, FIELDS),
    handlers={
        GatesObserved: _gates,
        PersonLeftEntity: _left,
        WriteIntended: _intended,
        WriteConfirmed: _ended,
        WriteRefused: _ended,
        WriteNotSent: _ended,
        WriteNotApplied: _ended,
        WriteConflicted: _conflicted,
        LinkObserved: _link_observed,
        ConceptEmployeeCreated: _concept_created,
        ConceptEmployeeFinalised: _concept_finalised,
        ConceptEmployeeGone: _unlinked,
        EmployeeReleased: _unlinked,
        TerminationObserved: _terminated,
        TerminationReversed: _reinstated,
        TerminationSuperseded: _reinstated,
        AttributesObserved: _values,
        LoketFieldsObserved: _values,
        AttributeChanged: _value,
        LoketFieldChanged: _value,
        FieldOverwritten: _value,
        AttributeVisibilityChanged: _visibility,
    },
)
