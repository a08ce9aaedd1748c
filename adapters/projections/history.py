"""Facts into the rows of `domain.views.history`: which positions are about whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, TypeAlias

from adapters.projections.projection import Change, Projection, Table, Value
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
from domain.log import Recorded
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId
from domain.views.history import Link, Span, carried_by, number_in_run, of_number

ENTRIES: Final = Table("history", key={"about": str, "position": int}, columns={"run_id": str})
"""`about` is a person's stream, a Loket number's stream, or a bare number named in a run (then with the run id)."""

LINKS: Final = Table(
    "person_links",
    key={"person_id": str, "position": int},
    columns={"legal_entity": str, "employee_number": int, "left_entity": bool},
)
LAST: Final = 2**63 - 1
"""Past every position there will ever be."""

ENTITIES: Final = Table("history_runs", key={"run_id": str}, columns={"legal_entity": str})


Rows: TypeAlias = Callable[[str, tuple[Value, ...]], Sequence[Sequence[Any]]]
"""Asks SQL with a question mark for each value."""

_LINKS: Final = """
SELECT person_id, position, legal_entity, employee_number, left_entity FROM person_links
WHERE person_id IN (SELECT person_id FROM person_links WHERE legal_entity = ? AND employee_number = ?)
ORDER BY person_id, position
"""
_SPAN: Final = """
SELECT position FROM (
    SELECT h.position FROM history AS h LEFT JOIN history_runs AS r ON r.run_id = h.run_id
    WHERE h.about = ? AND h.position BETWEEN ? AND ? AND (h.run_id IS NULL OR r.legal_entity = ?)
    ORDER BY h.position LIMIT ?
) AS one
"""
_AT_ONCE: Final = 100  # spans; SQLite puts no more than 500 together


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
    most = LAST if limit is None else limit
    everywhere = [*of_number(entity, number), *carried]
    found: set[int] = set()
    for first in range(0, len(everywhere), _AT_ONCE):
        some = everywhere[first : first + _AT_ONCE]
        values: list[Value] = []
        for about, since, until in some:
            values += (about, max(since, after + 1), LAST if until is None else until, entity, most)
        found.update(row[0] for row in rows(" UNION ALL ".join([_SPAN] * len(some)), tuple(values)))
    return tuple(sorted(found)[:limit])


def carried(rows: Rows, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
    """The spans of everyone who carried the number."""
    return tuple(carried_by(entity, number, _of_each(rows(_LINKS, (entity, number)))))


def _of_each(links: Iterable[Sequence[Any]]) -> list[tuple[PersonId, list[Link]]]:
    return [(person, [Link(*row[1:]) for row in rows]) for person, rows in groupby(links, lambda row: PersonId(row[0]))]


def _own_stream(_: object, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(event.stream, event.position, run_id=None)


def _about_number(_: object, event: Recorded) -> Iterator[Change]:
    """Facts of a stream of its own that names entity and number: drift cases, and people held out."""
    _, entity, number, *_ = event.stream.split(":")
    yield ENTRIES.put(loket_stream(LegalEntityId(entity), EmployeeNumber(int(number))), event.position, run_id=None)


def _gates(fact: GatesObserved, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(event.stream, event.position, run_id=None)
    yield LINKS.put(
        event.stream.removeprefix("person:"),
        event.position,
        legal_entity=fact.legal_entity,
        employee_number=fact.employee_number,
        left_entity=False,
    )


def _left(fact: PersonLeftEntity, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(event.stream, event.position, run_id=None)
    yield LINKS.put(
        event.stream.removeprefix("person:"),
        event.position,
        legal_entity=fact.legal_entity,
        employee_number=None,
        left_entity=True,
    )


def _run_started(fact: RunStarted, event: Recorded) -> Iterator[Change]:
    yield ENTITIES.put(run_of(event), legal_entity=fact.legal_entity)


def _in_run(fact: OutcomeRecorded | OutcomesRecorded | FindingRaised, event: Recorded) -> Iterator[Change]:
    run = run_of(event)
    for one in fact.people if isinstance(fact, OutcomesRecorded) else (fact,):
        number = one.employee_number
        about = person_stream(PersonId(one.person_id)) if number is None else number_in_run(EmployeeNumber(number))
        yield ENTRIES.put(about, event.position, run_id=run)


def _of_case(
    fact: FindingOpened | FindingChanged | FindingResolved | TaskTaken | TaskGivenBack, event: Recorded
) -> Iterator[Change]:
    """What a run finds for the first time is told by its own finding."""
    if isinstance(fact, FindingOpened) and fact.seen_by is LookedBy.RUN:
        return
    number, entity = fact.employee_number, LegalEntityId(fact.legal_entity)
    person = person_stream(PersonId(fact.person_id))
    about = person if number is None else loket_stream(entity, EmployeeNumber(number))
    yield ENTRIES.put(about, event.position, run_id=None)


def _unmasked(fact: ValuesUnmasked, event: Recorded) -> Iterator[Change]:
    if fact.employee_number is not None:
        stream = loket_stream(LegalEntityId(fact.legal_entity), EmployeeNumber(fact.employee_number))
        yield ENTRIES.put(stream, event.position, run_id=None)


def _erasure(fact: ErasureRequested, event: Recorded) -> Iterator[Change]:
    yield ENTRIES.put(person_stream(PersonId(fact.person_id)), event.position, run_id=None)


HISTORY_PROJECTION: Final = Projection(
    name="history",
    version=5,
    tables=(ENTRIES, LINKS, ENTITIES),
    handlers={
        **{
            fact: _own_stream
            for name, fact in STORED_NAMES.items()
            if name.startswith(("personio_record.", "loket_record."))
        },
        **{fact: _about_number for name, fact in STORED_NAMES.items() if name.startswith(("drift_case.", "hold_out."))},
        GatesObserved: _gates,
        PersonLeftEntity: _left,
        RunStarted: _run_started,
        OutcomeRecorded: _in_run,
        OutcomesRecorded: _in_run,
        FindingRaised: _in_run,
        **dict.fromkeys((FindingOpened, FindingChanged, FindingResolved, TaskTaken, TaskGivenBack), _of_case),
        ValuesUnmasked: _unmasked,
        **dict.fromkeys(
            (ErasureRequested, ErasureRefused, ErasureConfirmed, ErasureCompleted, HoldPlaced, HoldReleased), _erasure
        ),
    },
)
