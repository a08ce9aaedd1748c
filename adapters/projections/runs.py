"""Facts into the rows of `domain.views.runs`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from adapters.projections.instants import EVER, instant, written
from adapters.projections.projection import Change, Handler, Lookup, Projection, Put, Table
from adapters.projections.readable import of_view
from domain.events.loket import FieldOverwritten
from domain.events.runs import (
    BrakeReleased,
    OutcomeRecorded,
    OutcomesRecorded,
    ReadAccepted,
    RunBlocked,
    RunCompleted,
    RunCutOff,
    RunRefused,
    RunStarted,
    SystemsRead,
)
from domain.grounds.readers import read_json
from domain.log import Fact, Recorded
from domain.outcomes import outcomes_in
from domain.values import LegalEntityId, RunId
from domain.views.handover import is_noted
from domain.views.runs import (
    NOT_READ,
    REFUSED_AT_THE_DOOR,
    LastRuns,
    OutcomeRow,
    OverwrittenAt,
    Read,
    RunRow,
    RunStatus,
    Tally,
)

RUNS: Final = Table(
    "runs",
    key={"run_id": str},
    columns={
        "legal_entity": str,
        "business_date": str,
        "actor": str,
        "started_at": str,
        "position": int,
        "status": str,
        "ended_at": str,
        "reason": str,
        "message": str,
        "fingerprint": str,
        "counts": str,
        "released": str,
        "accepted_read": str,
        "sizes": str,
        "tallies": str,
        "read": str,
        "plan": str,
        "plan_now": str,
        "only_numbers": str,
    },
)
OUTCOMES: Final = Table(
    "run_outcomes",
    key={"run_id": str, "position": int},
    columns={"outcome": str, "reason": str, "people": str, "noted": bool},
)
"""An event, with everyone whom it tells of: `people` are person, number, and 1 where a handover sheet tells of it, and
`noted` says whether it does of any of them."""

MEMBERS: Final = Table(
    "member_outcomes",
    key={"member": str},
    columns={
        "legal_entity": str,
        "person_id": str,
        "run_id": str,
        "outcome": str,
        "reason": str,
        "position": int,
        "since": int,
    },
)
"""What the latest run of a legal entity made of each person, and `since` where runs have told the same."""

_PLACES: Final = 1_000  # more than one event tells of
OVERWRITES: Final = Table(
    "run_overwrites", key={"run_id": str, "position": int}, columns={"person_id": str, "field": str}
)


_RECENT: Final = 5
LAST_RUNS: Final = f"""
SELECT runs.*, wanted.braked FROM (
    SELECT position, 0 AS braked FROM (
        SELECT position FROM runs WHERE legal_entity = ? ORDER BY position DESC LIMIT {_RECENT}
    ) AS recent
    UNION ALL SELECT position, 0 FROM (
        SELECT position FROM runs WHERE legal_entity = ? AND ended_at IS NOT NULL AND COALESCE(reason, '') <> 'RUN-3'
        ORDER BY position DESC LIMIT 1
    ) AS ended
    UNION ALL SELECT position, 0 FROM (
        SELECT position FROM runs WHERE legal_entity = ? AND counts <> '{{}}' ORDER BY position DESC LIMIT 1
    ) AS counted
    UNION ALL SELECT position, 0 FROM (
        SELECT position FROM runs WHERE legal_entity = ? AND read IS NOT NULL ORDER BY position DESC LIMIT 1
    ) AS whole
    UNION ALL SELECT position, 0 FROM (
        SELECT position FROM runs WHERE legal_entity = ? AND reason = 'RUN-7' ORDER BY position DESC LIMIT 1
    ) AS unread
    UNION ALL SELECT position, 0 FROM (
        SELECT position FROM runs WHERE legal_entity = ? AND status IN ('completed', 'completed_with_errors')
        ORDER BY position DESC LIMIT 1
    ) AS completed
    UNION ALL SELECT position, 1 FROM runs AS stopped
    WHERE legal_entity = ? AND reason = 'BRAKE' AND ended_at >= ? AND fingerprint IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM runs AS used WHERE used.legal_entity = stopped.legal_entity
        AND used.released = stopped.fingerprint AND used.position > stopped.position
    )
) AS wanted JOIN runs ON runs.position = wanted.position
"""  # noqa: S608  (our own words)
"""Those that `last_runs` tells apart, some of them twice."""


def asked_of_last(entity: LegalEntityId, good_since: datetime | None) -> tuple[str, ...]:
    """What LAST_RUNS is asked with."""
    return (*[entity] * 7, written(good_since) if good_since else EVER)


def last_runs(rows: Iterable[Sequence[Any]]) -> LastRuns:
    """From rows of `runs`, each with whether its plan may be confirmed still."""
    found = [(run_row(row), bool(braked)) for *row, braked in rows]
    runs = tuple(sorted({run.position: run for run, _ in found}.values(), key=lambda one: one.position, reverse=True))
    return LastRuns(
        ended=next((one for one in runs if one.ended_at and one.reason != REFUSED_AT_THE_DOOR), None),
        counted=next((one for one in runs if one.counts), None),
        read=next((one for one in runs if one.read), None),
        unread=next((one for one in runs if one.reason == NOT_READ), None),
        completed=next((one for one in runs if one.completed), None),
        recent=runs[:_RECENT],
        braked=tuple(sorted((run for run, braked in found if braked), key=lambda one: one.position)),
    )


@of_view("runs")
def run_row(row: Sequence[Any]) -> RunRow:
    """A row of `runs`, its columns in the order of the table."""
    run_id, entity, day, actor, started, position, status, ended, reason, message, fingerprint, counts, *more = row
    _, _, sizes, tallies, read, plan, plan_now, only = more
    return RunRow(
        run_id=run_id,
        legal_entity=entity,
        business_date=date.fromisoformat(day) if day else None,
        actor=actor,
        started_at=instant(started),
        position=position,
        status=RunStatus(status),
        ended_at=instant(ended) if ended else None,
        reason=reason,
        message=message,
        fingerprint=fingerprint,
        counts=read_json(counts) if counts else {},
        sizes={what: (before, now) for what, before, now in read_json(sizes)} if sizes else {},
        tallies=tuple(Tally(*one) for one in sorted(read_json(tallies), key=_most_first)) if tallies else (),
        read=_read(*read_json(read)) if read else None,
        plan=plan,
        plan_now=plan_now,
        only=tuple(read_json(only)) if only else (),
    )


def _most_first(tally: Sequence[Any]) -> tuple[Any, ...]:
    outcome, reason, people = tally
    return (-people, outcome, reason)


def _read(personio_at: str, loket_at: str, people: int, employees: int, concepts: int, *spared: Any) -> Read:
    known = (spared[0], instant(spared[1])) if spared else ()
    return Read(instant(personio_at), instant(loket_at), people, employees, concepts, *known)


def counted_so(tallies: Iterable[Tally]) -> list[str]:
    """How a question names the outcomes that these count."""
    return [f"{one.outcome} {one.reason}" for one in tallies]


def told_of(
    events: Iterable[Sequence[Any]], *, after: int = -1, limit: int | None = None, noted: bool = False
) -> list[Sequence[Any]]:
    """Rows of (position, outcome, reason, people) as one for each person: (person, number, outcome, reason, position,
    place), where `place` is in the order of the log."""
    everyone = (row for event in events for row in _people(event, noted))
    return list(islice((row for row in everyone if row[-1] > after), limit))


@of_view("runs")
def _people(event: Sequence[Any], noted: bool) -> list[Sequence[Any]]:
    position, outcome, reason, people = event
    return [
        (str(person), None if number is None else int(number), outcome, reason, position, position * _PLACES + nth)
        for nth, (person, number, is_so) in enumerate(read_json(people))
        if is_so or not noted
    ]


def first_event(after: int) -> int:
    """Where the outcomes begin that come after this place."""
    return (after + 1) // _PLACES


def noted_rows(run_ids: Iterable[RunId], rows: Iterable[Sequence[Any]]) -> Mapping[RunId, tuple[OutcomeRow, ...]]:
    """Of each run its rows, which begin with the run, in the order of the log."""
    found: dict[RunId, list[Sequence[Any]]] = {one: [] for one in run_ids}
    for run_id, *row in sorted(rows, key=lambda row: int(row[1])):
        found[run_id].append(row)
    return {run_id: outcome_rows(told_of(each, noted=True), ()) for run_id, each in found.items()}


def outcome_rows(outcomes: Iterable[Sequence[Any]], overwrites: Iterable[Sequence[Any]]) -> tuple[OutcomeRow, ...]:
    """Rows that `told_of` made, each with its rows of (person, field, position)."""
    places: dict[str, list[OverwrittenAt]] = {}
    for person, field, position in overwrites:
        places.setdefault(person, []).append(OverwrittenAt(field, position))
    return tuple(
        OutcomeRow(person, number, outcome, reason, position, tuple(places.get(person, ())), place)
        for person, number, outcome, reason, position, place in outcomes
    )


def run_of(event: Recorded) -> str:
    """The run id that a `run:` stream is about."""
    return event.stream.removeprefix("run:")


def _started(fact: RunStarted, event: Recorded) -> Iterator[Change]:
    yield RUNS.put(
        run_of(event),
        legal_entity=fact.legal_entity,
        business_date=fact.business_date.isoformat(),
        actor=event.meta.actor,
        started_at=written(event.meta.recorded_at),
        position=event.position,
        status=RunStatus.IN_PROGRESS.value,
        plan=fact.plan,
        only_numbers=json.dumps(fact.only) if fact.only else None,
    )


def _systems_read(fact: SystemsRead, event: Recorded) -> Iterator[Change]:
    spared = fact.not_read_again
    read = (
        written(fact.personio_read_at), written(fact.loket_read_at), fact.personio_people, fact.loket_employees,
        fact.loket_concepts, *((spared.people, written(spared.since)) if spared else ()),
    )  # fmt: skip
    yield RUNS.put(run_of(event), read=json.dumps(read))


def _completed(fact: RunCompleted, event: Recorded) -> Iterator[Change]:
    status = RunStatus.COMPLETED_WITH_ERRORS if fact.with_errors else RunStatus.COMPLETED
    yield _ended(event, status, message=fact.message, counts=fact.counts)


def _blocked(fact: RunBlocked, event: Recorded) -> Iterator[Change]:
    yield _ended(
        event,
        RunStatus.BLOCKED,
        reason=fact.reason,
        message=fact.message,
        fingerprint=fact.fingerprint,
        counts=fact.counts,
    )


def _refused(fact: RunRefused, event: Recorded) -> Iterator[Change]:
    if event.version == 0:  # refused before it could start
        yield RUNS.put(
            run_of(event),
            legal_entity=fact.legal_entity,
            actor=event.meta.actor,
            started_at=written(event.meta.recorded_at),
            position=event.position,
        )
    yield _ended(event, RunStatus.REFUSED, reason=fact.reason, message=fact.message, fingerprint=fact.fingerprint)
    if fact.plan_now:
        yield RUNS.put(run_of(event), plan_now=fact.plan_now)
    if fact.sizes:
        yield RUNS.put(run_of(event), sizes=json.dumps([[one.what, one.before, one.now] for one in fact.sizes]))


def _released(fact: BrakeReleased, event: Recorded) -> Iterator[Change]:
    yield RUNS.put(run_of(event), released=fact.fingerprint)


def _read_accepted(fact: ReadAccepted, event: Recorded) -> Iterator[Change]:
    yield RUNS.put(run_of(event), accepted_read=fact.fingerprint)


def _cut_off(_: RunCutOff, event: Recorded) -> Iterator[Change]:
    yield _ended(event, RunStatus.CUT_OFF)


def _ended(
    event: Recorded,
    status: RunStatus,
    *,
    reason: str | None = None,
    message: str | None = None,
    fingerprint: str | None = None,
    counts: Mapping[str, int] | None = None,
) -> Put:
    return RUNS.put(
        run_of(event),
        status=status.value,
        ended_at=written(event.meta.recorded_at),
        reason=reason,
        message=message,
        fingerprint=fingerprint,
        counts=json.dumps(counts or {}, sort_keys=True),
    )


def _outcomes(fact: OutcomeRecorded | OutcomesRecorded, event: Recorded) -> Iterator[Change]:
    told = outcomes_in(fact)
    people = [(one.person_id, one.employee_number, int(is_noted(one))) for one in told]
    yield OUTCOMES.put(
        run_of(event),
        event.position,
        outcome=fact.outcome,
        reason=fact.reason,
        people=json.dumps(people, separators=(",", ":")),
        noted=any(noted for *_, noted in people),
    )
    for one in told:
        for each in one.earlier:
            yield OVERWRITES.put(run_of(event), each.position, person_id=one.person_id, field=each.field)


def _overwritten(fact: FieldOverwritten, event: Recorded) -> Iterator[Change]:
    yield OVERWRITES.put(fact.run_id, event.position, person_id=fact.person_id, field=fact.field)


_HANDLERS: Final[Mapping[type[Fact], Handler]] = {
    RunStarted: _started,
    SystemsRead: _systems_read,
    RunCompleted: _completed,
    RunBlocked: _blocked,
    RunRefused: _refused,
    BrakeReleased: _released,
    ReadAccepted: _read_accepted,
    RunCutOff: _cut_off,
    OutcomeRecorded: _outcomes,
    OutcomesRecorded: _outcomes,
    FieldOverwritten: _overwritten,
}
_COLUMNS: Final = tuple(RUNS.columns)
_TALLIES_COLUMN, _ENTITY_COLUMN = _COLUMNS.index("tallies"), _COLUMNS.index("legal_entity")


@of_view("runs")
def _tallies(held: object) -> list[tuple[str, str, int]]:
    return [(outcome, reason, int(people)) for outcome, reason, people in read_json(str(held or "[]"))]


def _changes(page: Sequence[Recorded], lookup: Lookup) -> Iterator[Change]:
    counted: dict[str, Counter[tuple[str, str]]] = {}
    for event in page:
        handler = _HANDLERS.get(type(event.fact))
        if handler is not None:
            yield from handler(event.fact, event)
        told = Counter((one.outcome, one.reason) for one in outcomes_in(event.fact))
        if told:
            counted.setdefault(run_of(event), Counter()).update(told)
    before = lookup(RUNS, counted.keys())
    for run, more in counted.items():
        known = before.get((run,))
        for outcome, reason, people in _tallies(known[_TALLIES_COLUMN] if known else None):
            more[outcome, reason] += people
        yield RUNS.put(run, tallies=json.dumps(sorted((*kind, people) for kind, people in more.items())))
    entities = {str(run): str(row[_ENTITY_COLUMN]) for (run,), row in before.items()}
    entities |= {run_of(one): one.fact.legal_entity for one in page if isinstance(one.fact, RunStarted)}
    yield from _members([one for one in page if run_of(one) in entities], entities, lookup)


def _members(page: Sequence[Recorded], entities: Mapping[str, str], lookup: Lookup) -> Iterator[Change]:
    told = [(one, made, f"{entities[run_of(one)]} {made.person_id}") for one in page for made in outcomes_in(one.fact)]
    known = {key[0]: row[-4:] for key, row in lookup(MEMBERS, {member for *_, member in told}).items()}
    for event, made, member in told:
        outcome, reason, _, since = known.get(member, (None, None, None, None))
        same = (outcome, reason) == (made.outcome, made.reason)
        known[member] = (made.outcome, made.reason, event.position, since if same else event.position)
        yield MEMBERS.put(
            member,
            legal_entity=entities[run_of(event)],
            person_id=made.person_id,
            run_id=run_of(event),
            outcome=made.outcome,
            reason=made.reason,
            position=event.position,
            since=known[member][-1],
        )


RUNS_PROJECTION: Final = Projection(
    name="runs", version=11, tables=(RUNS, OUTCOMES, MEMBERS, OVERWRITES), handlers={}, changes=_changes
)
