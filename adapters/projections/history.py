"""Facts into the rows of `domain.views.history`: which positions are about whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, TypeAlias

from adapters.projections import parts
from adapters.projections.parts import Rows, filed, in_parts, parts_of
from adapters.projections.projection import Change, Handler, Lookup, Projection, Table, Value
from adapters.projections.readable import of_view
from adapters.projections.runs import run_of
from domain.events.catalogue import STORED_NAMES
from domain.events.custody import ValuesUnmasked
from domain.events.erasure import (
    ErasureCompleted,
    ErasureConfirmed,
    ErasureRefused,
    ErasureRequested,
    HoldPlaced,
    HoldReleased,
)
from domain.events.findings import (
    FindingChanged,
    FindingOpened,
    FindingResolved,
    LookedBy,
    TaskGivenBack,
    TaskTaken,
)
from domain.events.personio import GatesObserved, PersonLeftEntity
from domain.events.runs import FindingRaised, OutcomeRecorded, OutcomesRecorded, RunStarted
from domain.log import Fact, Recorded, StreamId
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId
from domain.views.history import Link, Span, carried_by, of_number

ENTRIES: Final = Table("history", key={"about": str, "position": int})
"""`about` is a person's stream or a Loket number's stream."""

IN_RUNS: Final = in_parts("history_in_runs")
"""What runs told of somebody, of each by legal entity: of everybody in every run, which is by far the most."""

LINKS: Final = Table(
    "person_links",
    key={"person_id": str, "position": int},
    columns={"legal_entity": str, "employee_number": int, "left_entity": bool},
)
LAST: Final = 2**63 - 1
"""Past every position there will ever be."""

ENTITIES: Final = Table("history_runs", key={"run_id": str}, columns={"legal_entity": str})

_LINKS: Final = """
SELECT person_id, position, legal_entity, employee_number, left_entity FROM person_links
WHERE person_id IN (SELECT person_id FROM person_links WHERE legal_entity = ? AND employee_number = ?)
ORDER BY person_id, position
"""
_SPAN: Final = """
SELECT {0}, position, '' FROM (
    SELECT position FROM history WHERE about = ? AND position BETWEEN ? AND ? ORDER BY position LIMIT ?
) AS own
UNION ALL SELECT {0}, first, places FROM (
    SELECT first, places FROM history_in_runs
    WHERE part BETWEEN ? AND ? AND length(part) = ? ORDER BY part LIMIT ?
) AS in_runs
"""
_places = of_view("history")(parts.positions)
_AT_ONCE: Final = 100  # spans; SQLite puts no more than 500 questions together


def positions(
    rows: Rows,
    entity: LegalEntityId,
    number: EmployeeNumber,
    carried: Sequence[Span],
    *,
    after: int,
    limit: int | None,
) -> tuple[int, ...]:
    """The number's positions, in one question however many carried it."""
    most = LAST - 1 if limit is None else limit
    everywhere = [
        (about, max(since, after + 1), LAST if until is None else until)
        for about, since, until in (*of_number(entity, number), *carried)
    ]
    found: set[int] = set()
    for start in range(0, len(everywhere), _AT_ONCE):
        some = everywhere[start : start + _AT_ONCE]
        values: list[Value] = []
        for about, since, until in some:
            values += (about, since, until, most, *parts_of(f"{entity} {about}", since, until), most + 1)
        sql = " UNION ALL ".join(_SPAN.format(nth) for nth in range(len(some)))
        for nth, first, places in rows(sql, tuple(values)):
            _, since, until = some[nth]
            there = _places(first, places) if places else (first,)
            found.update(one for one in there if since <= one <= until)
    return tuple(sorted(found)[:limit])


def carried(rows: Rows, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
    """The spans of everyone who carried the number."""
    return tuple(carried_by(entity, number, _of_each(rows(_LINKS, (entity, number)))))


def _of_each(links: Iterable[Sequence[Any]]) -> list[tuple[PersonId, list[Link]]]:
    return [(person, [Link(*row[1:]) for row in rows]) for person, rows in groupby(links, lambda row: PersonId(row[0]))]


def _own_stream(_: object, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(event.stream, event.position)


def _about_number(_: object, event: Recorded) -> Iterator[Change]:
    """Facts of a stream of its own that names entity and number: drift cases, and people held out."""
    _, entity, number, *_ = event.stream.split(":")
    yield ENTRIES.put(loket_stream(LegalEntityId(entity), EmployeeNumber(int(number))), event.position)


def _gates(fact: GatesObserved, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(event.stream, event.position)
    yield LINKS.put(
        event.stream.removeprefix("person:"),
        event.position,
        legal_entity=fact.legal_entity,
        employee_number=fact.employee_number,
        left_entity=False,
    )


def _left(fact: PersonLeftEntity, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(event.stream, event.position)
    yield LINKS.put(
        event.stream.removeprefix("person:"),
        event.position,
        legal_entity=fact.legal_entity,
        employee_number=None,
        left_entity=True,
    )


def _run_started(fact: RunStarted, event: Recorded) -> Iterator[Change]:
    yield ENTITIES.put(run_of(event), legal_entity=fact.legal_entity)


InRun: TypeAlias = OutcomeRecorded | OutcomesRecorded | FindingRaised


def told_in_run(fact: InRun, entity: LegalEntityId) -> Iterable[StreamId]:
    """Whom a fact of a run of this legal entity is about: the number, or the person who has none."""
    return dict.fromkeys(
        person_stream(PersonId(one.person_id))
        if one.employee_number is None
        else loket_stream(entity, EmployeeNumber(one.employee_number))
        for one in (fact.people if isinstance(fact, OutcomesRecorded) else (fact,))
    )


def _of_case(
    fact: FindingOpened | FindingChanged | FindingResolved | TaskTaken | TaskGivenBack, event: Recorded
) -> Iterator[Change]:
    """What a run finds for the first time is told by its own finding."""
    if isinstance(fact, FindingOpened) and fact.seen_by is LookedBy.RUN:
        return
    number, entity = fact.employee_number, LegalEntityId(fact.legal_entity)
    person = person_stream(PersonId(fact.person_id))
    about = person if number is None else loket_stream(entity, EmployeeNumber(number))
    yield ENTRIES.put(about, event.position)


def _unmasked(fact: ValuesUnmasked, event: Recorded) -> Iterator[Change]:
    if fact.employee_number is not None:
        stream = loket_stream(LegalEntityId(fact.legal_entity), EmployeeNumber(fact.employee_number))
        yield ENTRIES.put(stream, event.position)


def _erasure(fact: ErasureRequested, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(person_stream(PersonId(fact.person_id)), event.position)


_HANDLERS: Final[Mapping[type[Fact], Handler]] = {
    **{
        fact: _own_stream
        for name, fact in STORED_NAMES.items()
        if name.startswith(("personio_record.", "loket_record."))
    },
    **{fact: _about_number for name, fact in STORED_NAMES.items() if name.startswith(("drift_case.", "hold_out."))},
    GatesObserved: _gates,
    PersonLeftEntity: _left,
    RunStarted: _run_started,
    **dict.fromkeys((FindingOpened, FindingChanged, FindingResolved, TaskTaken, TaskGivenBack), _of_case),
    ValuesUnmasked: _unmasked,
    **dict.fromkeys(
        (ErasureRequested, ErasureRefused, ErasureConfirmed, ErasureCompleted, HoldPlaced, HoldReleased), _erasure
    ),
}


def _changes(page: Sequence[Recorded], lookup: Lookup) -> Iterator[Change]:
    told: list[tuple[Recorded, InRun]] = []
    began: dict[str, str] = {}
    for event in page:
        fact = event.fact
        if isinstance(fact, InRun):
            told.append((event, fact))
        elif (handler := _HANDLERS.get(type(fact))) is not None:
            yield from handler(fact, event)
            if isinstance(fact, RunStarted):
                began[run_of(event)] = fact.legal_entity
    earlier = lookup(ENTITIES, {run_of(event) for event, _ in told} - began.keys())
    entities = {**{str(run): str(entity) for (run,), (entity,) in earlier.items()}, **began}
    about = (
        (f"{entity} {one}", event.position)
        for event, fact in told
        if (entity := entities.get(run_of(event))) is not None
        for one in told_in_run(fact, LegalEntityId(entity))
    )
    yield from filed(IN_RUNS, about, lookup)


HISTORY_PROJECTION: Final = Projection(
    name="history", version=6, tables=(ENTRIES, IN_RUNS, LINKS, ENTITIES), handlers={}, changes=_changes
)
