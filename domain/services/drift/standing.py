"""Where the two systems differ, as the log has it: what is open, what waits, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from domain.alerts import AlertRecord
from domain.drift.case import DriftCase
from domain.drift.state import CaseState
from domain.events.alert import AlertKind
from domain.events.drift import (
    DriftChecked,
    DriftMoved,
    DriftOpened,
    DriftReopened,
    KeptValueEntered,
    KeptValueWithdrawn,
    LoketValueKept,
    PersonHeldOut,
    WaitingSeen,
)
from domain.events.schedule import OccurrenceDone
from domain.log import Fact, Log, Recorded, StreamId, Vault, recorded_by
from domain.ports import Views
from domain.schedule import Job, schedule_stream
from domain.streams import alert_stream, check_stream, drift_case_of, hold_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.drift import CaseRow, CheckRow, Kept, ToEnter, to_enter
from domain.views.runs import RunRow

_SEEN: Final = (DriftOpened, DriftReopened, DriftMoved)

Place = tuple[EmployeeNumber, FieldPath]


@dataclass(frozen=True, slots=True)
class Stands:
    """An open difference, and what the log tells of its life; the values in `case` are not opened."""

    row: CaseRow
    case: DriftCase

    @property
    def place(self) -> Place:
        return self.row.place


@dataclass(frozen=True, slots=True)
class ToBeEntered:
    """A value of Loket that somebody kept, and that Personio does not show yet."""

    row: ToEnter
    kept_by: Actor


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Whom the next run that writes leaves out."""

    number: EmployeeNumber
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Differences:
    """Of one legal entity. `checked` is what the latest completed check counted, `check` the latest of all.

    `waiting` is what only Personio changed, as that check saw it; None once a run has sent it.
    `foreseen` is what the look ahead of the next planned run saw erased and no check knows of; None once a run was.
    """

    check: CheckRow | None
    checked: DriftChecked | None
    cases: tuple[Stands, ...]
    to_enter: tuple[ToBeEntered, ...]
    held_out: tuple[HeldOut, ...]
    waiting: tuple[Place, ...] | None
    foreseen: tuple[Place, ...] | None
    looked_ahead_at: datetime | None


def where_they_differ(
    entity: LegalEntityId, *, log: Log, vault: Vault, views: Views, by: datetime | None = None
) -> Differences:
    """As the views stand now: whoever asks has brought them up to date. With `by` as it was recorded by then."""
    unsettled = _unsettled(entity, by, log, vault, views)
    cases = tuple(one for one in unsettled if one.row.open)
    check, run = views.drift.last_check(entity, by=by), views.runs.completed(entity, by=by)
    checked, waiting = _concluded(log, check)
    looked, foreseen = _looked_ahead(entity, by, log), None
    if looked is not None and not _sent(looked, run):
        foreseen = tuple(_foreseen(entity, by, log, {one.place for one in cases}))
    return Differences(
        check=check,
        checked=checked,
        cases=cases,
        to_enter=_to_enter([one.row for one in unsettled], log),
        held_out=tuple(_held_out(entity, by, log, views)),
        waiting=None if _sent(check.concluded_at if check else None, run) else waiting,
        foreseen=foreseen,
        looked_ahead_at=looked,
    )


@dataclass(frozen=True, slots=True)
class ToSeeTo:
    """What of `Differences` somebody has to see to; with a case stands who let it go."""

    cases: tuple[tuple[CaseRow, Actor | None], ...]
    to_enter: tuple[ToBeEntered, ...]
    foreseen: tuple[Place, ...]
    check: CheckRow | None


def to_see_to(
    completed: Mapping[LegalEntityId, RunRow | None], *, log: Log, vault: Vault, views: Views
) -> Mapping[LegalEntityId, ToSeeTo]:
    """Of each legal entity; `completed` is the newest run of it that was."""
    standing = views.drift.standing(list(completed))
    rows = [row for each, _ in standing.values() for row in each]
    let_go = [row for row in rows if row.state is CaseState.ACKNOWLEDGED]
    by = {one.row.position: one.case.decided for one in _with_their_lives(let_go, None, log, vault)}
    entered = _to_enter(rows, log)
    newest = log.newest([schedule_stream(one, Job.LOOK_AHEAD) for one in completed])

    def of(entity: LegalEntityId) -> ToSeeTo:
        open_ = [one for one in standing[entity][0] if one.open]
        cases = tuple((one, said.by if (said := by.get(one.position)) else None) for one in open_)
        looked = _ended(newest.get(schedule_stream(entity, Job.LOOK_AHEAD)), entity, log)
        foreseen = looked is not None and not _sent(looked, completed[entity])
        erased = tuple(_foreseen(entity, None, log, {one.place for one, _ in cases})) if foreseen else ()
        mine = tuple(one for one in entered if one.row.legal_entity == entity)
        return ToSeeTo(cases, mine, erased, standing[entity][1])

    return {entity: of(entity) for entity in completed}


def _sent(seen: datetime | None, completed: RunRow | None) -> bool:
    """Whether a run that began after this look has completed."""
    return seen is not None and completed is not None and completed.started_at >= seen


def still_to_enter(
    entity: LegalEntityId, *, log: Log, vault: Vault, views: Views, by: datetime | None = None
) -> tuple[ToBeEntered, ...]:
    """What somebody kept of Loket's values and Personio does not show yet, oldest first; without the values."""
    return _to_enter([one.row for one in _unsettled(entity, by, log, vault, views)], log)


def _unsettled(entity: LegalEntityId, by: datetime | None, log: Log, vault: Vault, views: Views) -> Sequence[Stands]:
    return _with_their_lives(views.drift.unsettled(entity, since=by), by, log, vault)


def _with_their_lives(rows: Sequence[CaseRow], by: datetime | None, log: Log, vault: Vault) -> Sequence[Stands]:
    histories = log.streams([one.stream for one in rows])
    then = (_then(one, vault.marked(recorded_by(histories[one.stream], by))) for one in rows)
    return [one for one in then if one is not None]


def _then(row: CaseRow, history: Sequence[Recorded]) -> Stands | None:
    """The case as its history tells; None for one that was not there yet."""
    case, seen, kept = DriftCase.of(history), _last(history, _SEEN), _last(history, (LoketValueKept,))
    if seen is None or case.state is None or case.cause is None or case.opened_at is None:
        return None
    told = replace(
        row,
        person_id=PersonId(getattr(seen.fact, "person_id", "")),
        state=case.state,
        cause=case.cause,
        opened_at=case.opened_at,
        position=seen.position,
        until=case.acceptance.until if case.acceptance else None,
        how=None,
        resolved_at=None,
        kept=None if kept is None else Kept(kept.meta.recorded_at, kept.position, _no_more(case, history)),
    )
    return Stands(told, case)


def _no_more(case: DriftCase, history: Sequence[Recorded]) -> datetime | None:
    """Since when what was kept need not be entered any more."""
    ended = _last(history, (KeptValueEntered, KeptValueWithdrawn))
    return ended.meta.recorded_at if case.kept is None and ended is not None else None


def _last(history: Sequence[Recorded], kinds: tuple[type[Fact], ...]) -> Recorded | None:
    return next((one for one in reversed(history) if isinstance(one.fact, kinds)), None)


def _to_enter(unsettled: Iterable[CaseRow], log: Log) -> tuple[ToBeEntered, ...]:
    rows = to_enter(unsettled)
    by = {one.position: one.meta.actor for one in log.at([row.position for row in rows])}
    return tuple(ToBeEntered(row, by[row.position]) for row in rows)


def _concluded(log: Log, check: CheckRow | None) -> tuple[DriftChecked | None, tuple[Place, ...]]:
    concluded = check.concluded_id if check else None
    facts = [one.fact for one in log.stream(check_stream(RunId(concluded)))] if concluded else []
    waiting = (each for one in facts if isinstance(one, WaitingSeen) for each in one.fields)
    checked = next((one for one in facts if isinstance(one, DriftChecked)), None)
    return checked, tuple((EmployeeNumber(one.employee_number), FieldPath(one.field)) for one in waiting)


def _held_out(entity: LegalEntityId, by: datetime | None, log: Log, views: Views) -> Iterator[HeldOut]:
    streams = {hold_stream(entity, number): number for number in views.drift.held_out(entity, since=by)}
    for stream, events in log.streams(list(streams)).items():
        last = next(reversed(recorded_by(events, by)), None)
        if last is not None and isinstance(last.fact, PersonHeldOut):
            yield HeldOut(streams[stream], last.meta.actor, last.meta.recorded_at)


def _looked_ahead(entity: LegalEntityId, by: datetime | None, log: Log) -> datetime | None:
    """When a look ahead last came to its end."""
    stream = schedule_stream(entity, Job.LOOK_AHEAD)
    if by is None:
        return _ended(log.newest([stream]).get(stream), entity, log)
    return _last_ended(recorded_by(log.stream(stream), by))


def _ended(newest: Recorded | None, entity: LegalEntityId, log: Log) -> datetime | None:
    """The same, where the newest event of looking ahead is known; one that has begun has not come to its end."""
    if newest is None:
        return None
    return _last_ended((newest,) if _done(newest) else log.stream(schedule_stream(entity, Job.LOOK_AHEAD)))


def _last_ended(events: Sequence[Recorded]) -> datetime | None:
    return next((one.meta.recorded_at for one in reversed(events) if _done(one)), None)


def _done(event: Recorded) -> bool:
    return isinstance(event.fact, OccurrenceDone)


def _foreseen(entity: LegalEntityId, by: datetime | None, log: Log, known: set[Place]) -> Iterator[Place]:
    """What stands as an alert since a look ahead, and is not among the differences that a check has seen."""
    record = AlertRecord.of(recorded_by(log.stream(alert_stream(entity, Job.LOOK_AHEAD.value)), by))
    for one in sorted(record.open | record.held, key=lambda one: one.key):
        if one.kind is AlertKind.ABOUT_TO_BE_OVERWRITTEN:
            _, number, field = drift_case_of(StreamId(one.key))
            if (number, field) not in known:
                yield number, field
