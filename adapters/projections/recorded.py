"""Facts into the rows of `domain.views.recorded`, and rows into pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Final

from adapters.projections.instants import written
from adapters.projections.projection import Change, Lookup, Projection, Put, Table
from domain.events.runs import OutcomeRecorded, OutcomesRecorded
from domain.log import Fact, Recorded
from domain.rules import RULES
from domain.whose import NAMED, NO_ENTITY, OWNED, names_owner, told

ROWS: Final = Table(
    "recorded",
    key={"position": int},
    columns={
        "recorded_at": str, "kind": str, "stream": str, "actor": str, "run": str, "legal_entity": str,
        "person_id": str, "employee_number": int, "rule": str, "effective_on": str, "fields": str,
    },
    grows=True,
)  # fmt: skip
FIELDS: Final = Table("recorded_fields", key={"legal_entity": str, "field": str, "position": int}, grows=True)
PEOPLE: Final = Table("recorded_people", key={"legal_entity": str, "person_id": str, "position": int}, grows=True)
NUMBERS: Final = Table(
    "recorded_numbers", key={"legal_entity": str, "employee_number": int, "position": int}, grows=True
)
"""Whom an event is about: one person as a rule, and many where a run has no news of them."""

OWNERS: Final = Table("recorded_owners", key={"stream": str}, columns={"legal_entity": str})
"""Whose a run, a check or a person is: what their later events belong to."""

HOURS: Final = Table("recorded_hours", key={"hour": str}, columns={"first": int, "last": int})
"""Where to look for an hour: the clock does not order the log, but nearly does."""

DECISIONS: Final = Table(
    "recorded_decisions", key={"decision": str}, columns={"legal_entity": str, "rule": str, "times": int}
)


@lru_cache
def hour(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H")


def _changes(page: Sequence[Recorded], lookup: Lookup) -> Iterator[Change]:
    owners = lookup(OWNERS, {event.stream for event in page if event.stream.startswith(OWNED)})
    of_stream = {str(stream): str(entity) for (stream,), (entity,) in owners.items()}
    hours = {
        key: list(span) for (key,), span in lookup(HOURS, {hour(event.meta.recorded_at) for event in page}).items()
    }
    times: dict[tuple[str, str], int] = {}
    for event in page:
        said = told(event)
        entity = of_stream.get(event.stream, NO_ENTITY) if said is None else said
        if event.stream.startswith(OWNED) and of_stream.get(event.stream) != entity and names_owner(event.fact):
            of_stream[event.stream] = entity
            yield OWNERS.put(event.stream, legal_entity=entity)
        span = hours.setdefault(hour(event.meta.recorded_at), [event.position, event.position])
        span[1] = event.position
        rule = _rule(event.fact)
        if rule is not None:
            many = event.fact.people if isinstance(event.fact, OutcomesRecorded) else ()
            times[entity, rule] = times.get((entity, rule), 0) + (len(many) or 1)
        yield from recorded_rows(event, entity)
    for key, (first, last) in hours.items():
        yield HOURS.put(key, first=first, last=last)
    before = lookup(DECISIONS, {_decision(*each) for each in times})
    for (entity, rule), more in times.items():
        decision = _decision(entity, rule)
        _, _, sofar = before.get((decision,), (entity, rule, 0))
        yield DECISIONS.put(decision, legal_entity=entity, rule=rule, times=int(sofar or 0) + more)


def recorded_rows(event: Recorded, entity: str) -> Iterator[Put]:
    """The row of an event of this legal entity, and one for each field, person and number it names."""
    fact, meta, touched = event.fact, event.meta, _fields(event.fact)
    person = event.stream.removeprefix("person:") if event.stream.startswith("person:") else None
    person, number = person or getattr(fact, "person_id", None) or None, _number(event)
    yield ROWS.put(
        event.position,
        recorded_at=written(meta.recorded_at),
        kind=event.name,
        stream=event.stream,
        actor=meta.actor,
        run=meta.correlation,
        legal_entity=entity,
        person_id=person,
        employee_number=number,
        rule=_rule(fact),
        effective_on=fact.effective_on.isoformat() if fact.effective_on else None,
        fields=_listed(touched),
    )
    for field in touched:
        yield FIELDS.put(entity, field, event.position)
    if person is not None:
        yield PEOPLE.put(entity, person, event.position)
    if number is not None:
        yield NUMBERS.put(entity, number, event.position)
    for one in fact.people if isinstance(fact, OutcomesRecorded) else ():
        yield PEOPLE.put(entity, one.person_id, event.position)
        if one.employee_number is not None:
            yield NUMBERS.put(entity, one.employee_number, event.position)


def _number(event: Recorded) -> int | None:
    if event.stream.startswith(NAMED):
        return int(event.stream.split(":")[2])
    number = getattr(event.fact, "employee_number", None)
    return number if isinstance(number, int) else None


def _rule(fact: Fact) -> str | None:
    if fact.rule is None and isinstance(fact, OutcomeRecorded | OutcomesRecorded) and fact.reason in RULES:
        return fact.reason
    return fact.rule


def _fields(fact: Fact) -> tuple[str, ...]:
    """Each field once, in order: looked for only where facts of this kind can name any."""
    one, several = _naming(type(fact))
    if several:
        found = {each.field for name in several for each in getattr(fact, name)}
        return tuple(sorted(found | {fact.field} if one and fact.field else found))  # type: ignore[attr-defined]
    return (fact.field,) if one and fact.field else ()  # type: ignore[attr-defined]


@cache
def _naming(kind: type[Fact]) -> tuple[bool, tuple[str, ...]]:
    has = kind.__struct_fields__
    return "field" in has, tuple(name for name in ("values", "changes", "found") if name in has)


@lru_cache
def _listed(fields: tuple[str, ...]) -> str | None:
    return json.dumps(fields) if fields else None


def _decision(entity: str, rule: str) -> str:
    return f"{entity} {rule}"


RECORDED_PROJECTION: Final = Projection(
    name="recorded",
    version=5,
    tables=(ROWS, FIELDS, PEOPLE, NUMBERS, OWNERS, HOURS, DECISIONS),
    handlers={},
    changes=_changes,
)
