"""Facts into the rows of `domain.views.schedule`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from adapters.projections.instants import instant, written
from adapters.projections.projection import Change, Handler, Projection, Table
from adapters.projections.readable import of_view
from domain.events.schedule import (
    JobPlanned,
    LoketVersionSeen,
    OccurrenceDone,
    OccurrenceMissed,
    OccurrencePutOff,
    OccurrenceStarted,
)
from domain.log import Fact, Recorded
from domain.schedule import Job, Key, Standing
from domain.values import LegalEntityId
from domain.views.schedule import ScheduleRow, VersionRow

JOBS: Final = Table(
    "planned_jobs",
    key={"legal_entity": str, "job": str},
    columns={
        "timetable": str, "since": str, "started": str, "done": str, "done_at": str, "outcome": str,
        "reference": str, "not_before": str, "told": str, "next_version": int,
    },
)  # fmt: skip
VERSIONS: Final = Table("loket_versions_seen", key={"legal_entity": str}, columns={"version": int, "next_version": int})
COLUMNS: Final = ", ".join((*JOBS.key, *JOBS.columns))


@of_view("schedule")
def job_row(row: Sequence[Any]) -> tuple[Key, ScheduleRow]:
    """A row of COLUMNS; a job that a newer version of the product planned is passed by its caller."""
    entity, job, timetable, since, started, done, done_at, outcome, reference, not_before, told, next_version = row
    standing = Standing(
        timetable=timetable or "",
        since=instant(since) if since else None,
        done=_day(done),
        told=_day(told),
        not_before=instant(not_before) if not_before else None,
        next_version=next_version or 0,
    )
    found = ScheduleRow(standing, _day(started), instant(done_at) if done_at else None, outcome or "", reference or "")
    return (LegalEntityId(entity), Job(job)), found


@of_view("schedule")
def version_row(row: Sequence[Any]) -> VersionRow:
    version, next_version = row
    return VersionRow(version, next_version)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _planned(fact: JobPlanned, event: Recorded) -> Iterator[Change]:
    since = written(event.meta.recorded_at) if fact.timetable else None
    yield JOBS.put(fact.legal_entity, fact.job, timetable=fact.timetable, since=since, next_version=event.version + 1)


def _started(fact: OccurrenceStarted, event: Recorded) -> Iterator[Change]:
    started = fact.business_date.isoformat()
    yield JOBS.put(fact.legal_entity, fact.job, started=started, next_version=event.version + 1)


def _done(fact: OccurrenceDone, event: Recorded) -> Iterator[Change]:
    yield JOBS.put(
        fact.legal_entity,
        fact.job,
        done=fact.business_date.isoformat(),
        done_at=written(event.meta.recorded_at),
        outcome=fact.outcome,
        reference=fact.reference,
        not_before=None,
        next_version=event.version + 1,
    )


def _put_off(fact: OccurrencePutOff, event: Recorded) -> Iterator[Change]:
    yield JOBS.put(
        fact.legal_entity,
        fact.job,
        outcome=fact.reason,
        not_before=written(fact.until),
        next_version=event.version + 1,
    )


def _missed(fact: OccurrenceMissed, event: Recorded) -> Iterator[Change]:
    told = fact.business_date.isoformat()
    yield JOBS.put(fact.legal_entity, fact.job, told=told, next_version=event.version + 1)


def _seen(fact: LoketVersionSeen, event: Recorded) -> Iterator[Change]:
    yield VERSIONS.put(fact.legal_entity, version=fact.version, next_version=event.version + 1)


_HANDLERS: Final[dict[type[Fact], Handler]] = {
    JobPlanned: _planned,
    OccurrenceStarted: _started,
    OccurrenceDone: _done,
    OccurrencePutOff: _put_off,
    OccurrenceMissed: _missed,
    LoketVersionSeen: _seen,
}

SCHEDULE_PROJECTION: Final = Projection(name="schedule", version=1, tables=(JOBS, VERSIONS), handlers=_HANDLERS)
