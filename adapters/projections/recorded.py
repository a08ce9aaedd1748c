"""Facts into the rows of `domain.views.recorded`, and rows into pages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Final

from adapters.projections.instants import written
from adapters.projections.parts import filed, in_parts
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
PEOPLE: Final = in_parts("recorded_people")
NUMBERS: Final = in_parts("recorded_numbers")
"""Whom an event is about, by legal entity: one person as a rule, and many where a run has no news of them."""

IN_PARTS: Final[Mapping[str, Table]] = {"person_id": PEOPLE, "employee_number": NUMBERS}
"""By the filter that asks for them."""

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
    about: dict[str, list[tuple[str, int]]] = {name: [] for name in IN_PARTS}
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
        yield recorded_row(event, entity)
        for name, value in named(event):
            if name in IN_PARTS:
                about[name].append((f"{entity} {value}", event.position))
            else:
                yield FIELDS.put(entity, value, event.position)
    for name, table in IN_PARTS.items():
        yield from filed(table, about[name], lookup)
    for key, (first, last) in hours.items():
        yield HOURS.put(key, first=first, last=last)
    before = lookup(DECISIONS, {_decision(*each) for each in times})
    for (entity, rule), more in times.items():
        decision = _decision(entity, rule)
        _, _, sofar = before.get((decision,), (entity, rule, 0))
        yield DECISIONS.put(decision, legal_entity=entity, rule=rule, times=int(sofar or 0) + more)


def recorded_row(event: Recorded, entity: str) -> Put:
    """The row of an event of this legal entity."""
    fact, meta = event.fact, event.meta
    return ROWS.put(
        event.position,
        recorded_at=written(meta.recorded_at),
        kind=event.name,
        stream=event.stream,
        actor=meta.actor,
        run=meta.correlation,
        legal_entity=entity,
        person_id=_person(event),
        employee_number=_number(event),
        rule=_rule(fact),
        effective_on=fact.effective_on.isoformat() if fact.effective_on else None,
        fields=_listed(_fields(fact)),
    )


def named(event: Recorded) -> Set[tuple[str, str | int]]:
    """Each field, person and number that it names, once, with the filter that finds it by them."""
    fact = event.fact
    found: list[tuple[str, str | int | None]] = [("field", field) for field in _fields(fact)]
    found += (("person_id", _person(event)), ("employee_number", _number(event)))
    for one in fact.people if isinstance(fact, OutcomesRecorded) else ():
        found += (("person_id", one.person_id), ("employee_number", one.employee_number))
    return {(name, value): None for name, value in found if value is not None}.keys()


def _person(event: Recorded) -> str | None:
    stream = event.stream
    own = stream.removeprefix("person:") if stream.startswith("person:") else None
    return own or getattr(event.fact, "person_id", None) or None


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
    version=6,
    tables=(ROWS, FIELDS, PEOPLE, NUMBERS, OWNERS, HOURS, DECISIONS),
    handlers={},
    changes=_changes,
)
