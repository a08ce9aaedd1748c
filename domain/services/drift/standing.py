"""Where the two systems differ, as the log has it: what is open, what waits, what was decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.alerts import AlertRecord
from domain.drift.case import DriftCase
from domain.events.alert import AlertKind
from domain.events.drift import DriftChecked, WaitingSeen
from domain.log import Log, StreamId, Vault
from domain.ports import Views
from domain.schedule import Job
from domain.streams import alert_stream, check_stream, drift_case_of, hold_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, RunId
from domain.views.drift import CaseRow, CheckRow, ToEnter
from domain.views.runs import RunStatus

_A_PAGE: Final = 20
_COMPLETED: Final = (RunStatus.COMPLETED, RunStatus.COMPLETED_WITH_ERRORS)

Place = tuple[EmployeeNumber, FieldPath]


@dataclass(frozen=True, slots=True)
class Stands:
    """An open difference, and what the log tells of its life; the values in `case` are not opened."""

    row: CaseRow
    case: DriftCase

    @property
    def place(self) -> Place:
        return self.row.employee_number, self.row.field


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


def where_they_differ(entity: LegalEntityId, *, log: Log, vault: Vault, views: Views) -> Differences:
    """As the views stand now: whoever asks has brought them up to date."""
    check, rows = views.drift.last_check(entity), views.drift.cases(entity)
    histories = log.streams([one.stream for one in rows])
    cases = tuple(Stands(one, DriftCase.of(vault.marked(histories[one.stream]))) for one in rows)
    checked, waiting = _concluded(log, check)
    ahead = views.schedule.job((entity, Job.LOOK_AHEAD))
    looked = ahead.done_at if ahead else None
    foreseen = tuple(_foreseen(entity, log, {one.place for one in cases})) if looked else None
    return Differences(
        check=check,
        checked=checked,
        cases=cases,
        to_enter=still_to_enter(entity, log=log, views=views),
        held_out=tuple(_held_out(entity, log, views)),
        waiting=None if _run_since(views, entity, check.concluded_at if check else None) else waiting,
        foreseen=None if _run_since(views, entity, looked) else foreseen,
        looked_ahead_at=looked,
    )


def _concluded(log: Log, check: CheckRow | None) -> tuple[DriftChecked | None, tuple[Place, ...]]:
    concluded = check.concluded_id if check else None
    facts = [one.fact for one in log.stream(check_stream(RunId(concluded)))] if concluded else []
    waiting = (each for one in facts if isinstance(one, WaitingSeen) for each in one.fields)
    checked = next((one for one in facts if isinstance(one, DriftChecked)), None)
    return checked, tuple((EmployeeNumber(one.employee_number), FieldPath(one.field)) for one in waiting)


def still_to_enter(entity: LegalEntityId, *, log: Log, views: Views) -> tuple[ToBeEntered, ...]:
    """What somebody kept of Loket's values and Personio does not show yet, oldest first; without the values."""
    rows = views.drift.to_enter(entity)
    by = {one.position: one.meta.actor for one in log.at([row.position for row in rows])}
    return tuple(ToBeEntered(row, by[row.position]) for row in rows)


def _held_out(entity: LegalEntityId, log: Log, views: Views) -> Iterator[HeldOut]:
    streams = {hold_stream(entity, number): number for number in views.drift.held_out(entity)}
    for stream, events in log.streams(list(streams)).items():
        yield HeldOut(streams[stream], events[-1].meta.actor, events[-1].meta.recorded_at)


def _foreseen(entity: LegalEntityId, log: Log, known: set[Place]) -> Iterator[Place]:
    """What stands as an alert since a look ahead, and is not among the differences that a check has seen."""
    record = AlertRecord.of(log.stream(alert_stream(entity, Job.LOOK_AHEAD.value)))
    for one in sorted(record.open | record.held, key=lambda one: one.key):
        if one.kind is AlertKind.ABOUT_TO_BE_OVERWRITTEN:
            _, number, field = drift_case_of(StreamId(one.key))
            if (number, field) not in known:
                yield number, field


def _run_since(views: Views, entity: LegalEntityId, when: datetime | None) -> bool:
    """Whether a run that began after this moment has completed."""
    if when is None:
        return False
    before = None
    while page := views.runs.runs(entity, before=before, limit=_A_PAGE):
        for run in page:
            if run.started_at < when:
                return False
            if run.status in _COMPLETED:
                return True
        before = page[-1].position
    return False
