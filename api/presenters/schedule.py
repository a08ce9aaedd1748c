"""The schedule as JSON: what is planned, how it stands, and what should have been done by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from api.presenters.values import Json
from domain.schedule import Key, Planned, following, late, outstanding
from domain.views.schedule import ScheduleRow


def schedule(planned: Iterable[Planned], rows: Mapping[Key, ScheduleRow], grace: timedelta, now: datetime) -> Json:
    """Every planned job."""
    return {"jobs": [_job(one, rows.get(one.key), grace, now) for one in planned]}


def _job(planned: Planned, row: ScheduleRow | None, grace: timedelta, now: datetime) -> Json:
    standing = row.standing if row else None
    coming = following(planned.timetable, now)
    waiting = outstanding(planned.timetable, standing, now) if standing else ()
    return {
        "legal_entity": planned.entity or None,
        "job": planned.job.value,
        "timetable": planned.timetable.text,
        "days_before": planned.timetable.days_before,
        "since": standing.since.isoformat() if standing and standing.since else None,
        "next": coming.isoformat() if coming else None,
        "last_done": standing.done.isoformat() if standing and standing.done else None,
        "done_at": row.done_at.isoformat() if row and row.done_at else None,
        "outcome": row.outcome or None if row else None,
        "reference": row.reference or None if row else None,
        "late": bool(standing and late(planned, standing, now, grace)),
        "waiting_since": waiting[0].due_at.isoformat() if waiting else None,
    }
