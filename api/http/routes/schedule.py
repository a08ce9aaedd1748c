"""The schedule: what is planned, when it comes next, what was last done, and what should have been done by now."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api.http.dependencies import Asking, Requires
from api.http.schemas.answers import Answer
from api.presenters import schedule as present
from domain.access import Permission
from domain.services.keep_schedule import standing_jobs

router = APIRouter(tags=["schedule"])
Reader = Annotated[Asking, Depends(Requires(Permission.READ_RUNS))]


class PlannedJob(Answer):
    legal_entity: str | None = Field(description="null for a job of the installation")
    job: str = Field(description="sync, drift_check, look_ahead (the day before a sync), verify or retention")
    timetable: str = Field(description="minute hour day month weekday, in Amsterdam")
    days_before: int
    since: datetime | None
    next: datetime | None
    last_done: date | None = Field(description="The last business date that was done")
    done_at: datetime | None
    outcome: str | None
    reference: str | None = Field(description="The run or check")
    late: bool
    waiting_since: datetime | None


class Schedule(Answer):
    jobs: list[PlannedJob]


@router.get("/schedule")
def schedule(
    asking: Reader,
    legal_entity: Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
) -> Schedule:
    """What is planned for the legal entities that you see; the installation's own jobs for whoever sees them all."""
    mine = asking.entities(legal_entity)
    asking.reads("schedule", entity=legal_entity or "")
    settings = asking.web.settings
    planned = [one for one in settings.planned() if one.entity in mine]
    rows = standing_jobs(asking.web.store.log, asking.web.store.views, asking.now)
    return Schedule.model_validate(present.schedule(planned, rows, settings.schedule.grace, asking.now))
