"""Facts into the rows of `domain.views.tasks`.

A case tells of its own life. Runs from before there were cases told of findings in their own streams alone: their
tasks begin with the finding and end with the outcome of a later run that did not find it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from adapters.projections.instants import instant, written
from adapters.projections.projection import Change, Lookup, Projection, Table, Value
from adapters.projections.readable import of_view
from domain.events.custody import MorePeopleAgreed, MorePeopleAsked
from domain.events.drift import DriftChecked
from domain.events.findings import (
    FindingChanged,
    FindingEnd,
    FindingOpened,
    FindingResolved,
    LookedBy,
    TaskGivenBack,
    TaskTaken,
    ValidationCompleted,
)
from domain.events.report import ReportOrdered, ReportReleased
from domain.events.runs import FindingRaised, OutcomeRecorded, OutcomesRecorded, RunBlocked, RunCompleted, RunStarted
from domain.grounds.readers import read_json
from domain.log import Recorded
from domain.outcomes import outcomes_in
from domain.planning.eligibility import HELD_OUT, NOT_IN_PILOT, NOT_SEEN
from domain.rules import RULES
from domain.services.reports.order import ReportOrder
from domain.showings import more_people
from domain.streams import finding_stream
from domain.values import FieldPath, LegalEntityId, PersonId
from domain.views.tasks import LookRow, Second, SecondRow, TaskCount, TaskFilters, TaskRow, Waiting

TASKS: Final = Table(
    "tasks",
    key={"position": int},
    columns={
        "legal_entity": str, "person_id": str, "employee_number": int, "code": str, "field": str, "since": str,
        "seen_by": str, "told": int, "taken_by": str, "taken_until": str, "ended_at": str, "how": str,
        "ended_rule": str, "ended_by": str,
    },
)  # fmt: skip
CASES: Final = Table("task_cases", key={"stream": str}, columns={"task": int, "open": bool, "own": bool, "seen": str})
"""The newest task of each case. `own`: its own stream tells of it; `seen`: the last run whose stream did."""

PEOPLE: Final = Table("task_people", key={"person": str}, columns={"streams": str})
"""Open cases of each person that runs alone tell of."""

RUNS: Final = Table("task_runs", key={"run": str}, columns={"legal_entity": str})
LOOKS: Final = Table(
    "task_looks", key={"legal_entity": str}, columns={"look": str, "kind": str, "at": str, "position": int}
)
SECONDS: Final = Table(
    "task_seconds",
    key={"name": str},
    columns={"legal_entity": str, "what": str, "asked_by": str, "good_until": str, "position": int},
)
"""What was asked for and nobody has agreed to; what is good no more stays."""

TASK_COLUMNS: Final = ", ".join((*TASKS.key, *TASKS.columns))
_NOT_JUDGED: Final = frozenset(one.rule for one in (HELD_OUT, NOT_IN_PILOT, NOT_SEEN))
_Case = FindingOpened | FindingChanged | FindingResolved | TaskTaken | TaskGivenBack


@of_view("tasks")
def task_row(row: Sequence[Any]) -> TaskRow:
    """A row of `tasks`, its columns in the order of the table."""
    position, entity, person, number, code, field, since, seen_by, told, by, until, ended, how, rule, ended_by = row
    return TaskRow(
        position=position,
        legal_entity=entity,
        person_id=person,
        employee_number=number,
        code=code,
        field=field,
        since=instant(since),
        seen_by=seen_by,
        told=told,
        taken_by=by,
        taken_until=date.fromisoformat(until) if until else None,
        ended_at=instant(ended) if ended else None,
        how=FindingEnd(how) if how else None,
        ended_rule=rule,
        ended_by=ended_by,
    )


def standing(filters: TaskFilters) -> tuple[str, tuple[str, ...]]:
    """Which tasks are wanted by how they stand, or stood, and the values of its question marks."""
    if filters.as_at is not None:
        at = written(filters.as_at)
        return "(since <= ? AND (ended_at IS NULL OR ended_at > ?))", (at, at)
    return f"ended_at {'IS NOT NULL' if filters.ended else 'IS NULL'}", ()


@of_view("tasks")
def count_row(row: Sequence[Any]) -> TaskCount:
    code, count, since = row
    return TaskCount(code, count, instant(since))


@of_view("tasks")
def look_row(row: Sequence[Any]) -> LookRow:
    look, kind, at, position = row
    return LookRow(look, LookedBy(kind), instant(at), position)


_TASK, _LOOK, _SECOND = "task", "look", "second"
_NO: Final = "NULL"
_STAND: Final = {
    _TASK: ("tasks", "legal_entity = ? AND ended_at IS NULL", (*TASKS.key, *tuple(TASKS.columns)[:-1])),
    _LOOK: (
        "task_looks", "legal_entity = ?",
        ("position", "legal_entity", _NO, _NO, "kind", _NO, "at", "look", *[_NO] * 6),
    ),
    _SECOND: (
        "task_seconds", "legal_entity = ? AND good_until > ?",
        ("position", "legal_entity", "name", _NO, "what", _NO, "good_until", "asked_by", *[_NO] * 6),
    ),
}  # fmt: skip
WAITING: Final = " UNION ALL ".join(
    f"SELECT {', '.join(columns)}, '{kind}' AS stands FROM {table} WHERE {where}"  # noqa: S608  our own names
    for kind, (table, where, columns) in _STAND.items()
)
"""Asked with the legal entity three times, and the instant that is now."""


def waiting_rows(rows: Sequence[Sequence[Any]]) -> Waiting:
    """Of WAITING; each in the order of positions."""
    found: dict[str, list[Sequence[Any]]] = {kind: [] for kind in _STAND}
    for *row, kind in sorted(rows, key=lambda row: int(row[0])):
        found[kind].append(row)
    looks = ((look, kind, at, position) for position, _, _, _, kind, _, at, look, *_ in found[_LOOK])
    return Waiting(
        tasks=tuple(task_row((*row, None)) for row in found[_TASK]),
        look=next(map(look_row, looks), None),
        seconds=tuple(
            SecondRow(position, entity, Second(what), name, by, instant(until))
            for position, entity, name, _, what, _, until, by, *_ in found[_SECOND]
        ),
    )


def _asked(name: str, what: Second, entity: str, until: datetime, event: Recorded) -> Change:
    return SECONDS.put(
        name, legal_entity=entity, what=what.value, asked_by=event.meta.actor, good_until=written(until),
        position=event.position,
    )  # fmt: skip


def _order(fact: ReportOrdered, event: Recorded) -> ReportOrder:
    return ReportOrder(
        id=event.stream.removeprefix("report:"), order=fact, ordered_by=event.meta.actor,
        ordered_at=event.meta.recorded_at, released_by=None,
    )  # fmt: skip


@of_view("tasks")
def _streams(held: str) -> list[Any]:
    return list(read_json(held))


def _changes(page: Sequence[Recorded], lookup: Lookup) -> Iterator[Change]:
    runs = {str(run): str(entity) for (run,), (entity,) in lookup(RUNS, _runs_of(page)).items()}
    for event in page:
        if isinstance(event.fact, RunStarted):
            runs[event.stream] = event.fact.legal_entity
            yield RUNS.put(event.stream, legal_entity=event.fact.legal_entity)
    people = {
        str(person): [str(one) for one in _streams(str(streams))]
        for (person,), (streams,) in lookup(PEOPLE, _people_of(page, runs)).items()
    }
    streams = {one for each in people.values() for one in each}
    streams |= {_case_of(event, runs) for event in page if isinstance(event.fact, FindingRaised | _Case)}
    cases = {str(stream): _Known(*row) for (stream,), row in lookup(CASES, streams).items()}
    fold = _Fold(runs, people, cases)
    for event in page:
        yield from fold.after(event)
    yield from fold.known()


def _runs_of(page: Iterable[Recorded]) -> set[str]:
    return {str(event.stream) for event in page if event.stream.startswith("run:")}


def _people_of(page: Iterable[Recorded], runs: Mapping[str, str]) -> set[str]:
    """Everyone whom a case, a finding or an outcome is about."""
    found = set()
    for event in page:
        if isinstance(event.fact, FindingRaised | _Case):
            found.add(_person(event, runs))
        found |= {_person(event, runs, one) for one in outcomes_in(event.fact)}
    return found


def _person(event: Recorded, runs: Mapping[str, str], fact: Any = None) -> str:
    fact = event.fact if fact is None else fact
    return f"{runs.get(event.stream) or getattr(fact, 'legal_entity', '')}:{fact.person_id}"


def _case_of(event: Recorded, runs: Mapping[str, str]) -> str:
    fact = event.fact
    if not isinstance(fact, FindingRaised):
        return str(event.stream)
    entity = LegalEntityId(runs.get(event.stream, ""))
    field = FieldPath(fact.field) if fact.field else None
    return str(finding_stream(entity, PersonId(fact.person_id), fact.code, field))


class _Known:
    """A row of `task_cases`, as it is while a page is folded."""

    __slots__ = ("open", "own", "seen", "task")

    def __init__(self, task: Value, open: Value, own: Value, seen: Value) -> None:
        self.task, self.open, self.own, self.seen = task, bool(open), bool(own), seen


class _Fold:
    """One page: the rows it met, and which of them moved."""

    def __init__(self, runs: Mapping[str, str], people: dict[str, list[str]], cases: dict[str, _Known]) -> None:
        self._runs, self._people, self._cases = runs, people, cases
        self._moved: dict[str, None] = {}
        self._moved_people: dict[str, None] = {}

    def known(self) -> Iterator[Change]:
        for stream in self._moved:
            one = self._cases[stream]
            yield CASES.put(stream, task=one.task, open=one.open, own=one.own, seen=one.seen)
        for person in self._moved_people:
            yield PEOPLE.put(person, streams=json.dumps(self._people[person]))

    def after(self, event: Recorded) -> Iterator[Change]:
        fact = event.fact
        match fact:
            case FindingRaised():
                yield from self._raised(fact, event)
            case OutcomeRecorded() | OutcomesRecorded():
                for one in outcomes_in(fact):
                    yield from self._outcome(one, event)
            case FindingOpened():
                yield from self._opened(fact, event, event.stream, fact.legal_entity, own=True)
                self._told_by_itself(event)
            case FindingChanged():
                yield from self._of_task(event, told=event.position)
            case FindingResolved():
                yield from self._resolved(fact, event)
            case TaskTaken():
                until = fact.until.isoformat()
                yield from self._of_task(event, taken_by=event.meta.actor, taken_until=until)
            case TaskGivenBack():
                yield from self._of_task(event, taken_by=None, taken_until=None)
            case RunCompleted() | RunBlocked() if event.stream in self._runs:
                yield _looked(self._runs[event.stream], LookedBy.RUN, event)
            case DriftChecked():
                yield _looked(fact.legal_entity, LookedBy.DRIFT_CHECK, event)
            case ValidationCompleted(settled=True):
                yield _looked(fact.legal_entity, LookedBy.VALIDATION, event)
            case ReportOrdered(unmasked=True):
                order = _order(fact, event)
                yield _asked(order.id, Second.REPORT, fact.legal_entity, order.good_until, event)
            case MorePeopleAsked():
                (more,) = more_people([event]).values()
                yield _asked(more.id, Second.MORE_PEOPLE, fact.legal_entity, more.good_until, event)
            case ReportReleased():
                yield SECONDS.drop(event.stream.removeprefix("report:"))
            case MorePeopleAgreed():
                yield SECONDS.drop(fact.asked)
            case _:
                pass

    def _of_task(self, event: Recorded, **values: Value) -> Iterator[Change]:
        known = self._cases.get(event.stream)
        if known is not None:
            yield TASKS.put(known.task, **values)

    def _raised(self, fact: FindingRaised, event: Recorded) -> Iterator[Change]:
        if event.stream not in self._runs:
            return
        stream = _case_of(event, self._runs)
        yield from self._opened(fact, event, stream, self._runs[event.stream], own=False)
        known = self._cases[stream]
        known.seen = event.stream
        if not known.own:
            listed = self._people.setdefault(_person(event, self._runs), [])
            if stream not in listed:
                listed.append(stream)
                self._moved_people[_person(event, self._runs)] = None

    def _opened(
        self, fact: FindingRaised | FindingOpened, event: Recorded, stream: str, entity: str, *, own: bool
    ) -> Iterator[Change]:
        """A new task, or the one that is open already told of by somebody else."""
        self._moved[stream] = None
        known = self._cases.get(stream)
        if known is not None and known.open:
            known.own = known.own or own
            if own:
                yield TASKS.put(known.task, told=event.position)
            return
        self._cases[stream] = _Known(event.position, True, own or (known is not None and known.own), None)
        yield TASKS.put(
            event.position,
            legal_entity=entity,
            person_id=fact.person_id,
            employee_number=fact.employee_number,
            code=fact.code,
            field=fact.field,
            since=written(event.meta.recorded_at),
            seen_by=event.meta.correlation,
            told=event.position,
            **dict.fromkeys(("taken_by", "taken_until", "ended_at", "how", "ended_rule", "ended_by")),
        )

    def _resolved(self, fact: FindingResolved, event: Recorded) -> Iterator[Change]:
        known = self._cases.get(event.stream)
        if known is not None and known.open:
            yield from self._ended(event.stream, event, fact.how, fact.rule)
            self._told_by_itself(event)

    def _told_by_itself(self, event: Recorded) -> None:
        self._cases[event.stream].own = True
        person = _person(event, self._runs)
        if event.stream in self._people.get(person, ()):
            self._people[person].remove(event.stream)
            self._moved_people[person] = None

    def _outcome(self, fact: OutcomeRecorded, event: Recorded) -> Iterator[Change]:
        person = _person(event, self._runs, fact)
        left_out = fact.outcome == "left_out"
        if left_out and fact.reason in _NOT_JUDGED:
            return
        for stream in tuple(self._people.get(person, ())):
            known = self._cases[stream]
            if known.seen == event.stream:
                continue
            rule = fact.reason if left_out and fact.reason in RULES else None
            yield from self._ended(stream, event, FindingEnd.LEFT_OUT if left_out else FindingEnd.NOT_FOUND, rule)
            self._people[person].remove(stream)
            self._moved_people[person] = None

    def _ended(self, stream: str, event: Recorded, how: FindingEnd, rule: str | None) -> Iterator[Change]:
        known = self._cases[stream]
        known.open = False
        self._moved[stream] = None
        yield TASKS.put(
            known.task,
            taken_by=None,
            taken_until=None,
            ended_at=written(event.meta.recorded_at),
            how=how.value,
            ended_rule=rule if how is FindingEnd.LEFT_OUT else None,
            ended_by=event.meta.correlation,
        )


def _looked(entity: str, kind: LookedBy, event: Recorded) -> Change:
    return LOOKS.put(
        entity,
        look=event.meta.correlation,
        kind=kind.value,
        at=written(event.meta.recorded_at),
        position=event.position,
    )


TASKS_PROJECTION: Final = Projection(
    name="tasks", version=4, tables=(TASKS, CASES, PEOPLE, RUNS, LOOKS, SECONDS), handlers={}, changes=_changes
)
