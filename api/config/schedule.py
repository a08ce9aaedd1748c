"""The configuration of the schedule: timetables for all legal entities, and what one entity has of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from api.config.section import Section
from domain.schedule import INSTALLATION, Job, Planned, timetable
from domain.values import LegalEntityId


def _readable(text: str) -> str:
    """Empty, or five cron fields; raises ValueError with one line."""
    if text:
        timetable(text)
    return text


Cron: TypeAlias = Annotated[str, AfterValidator(_readable)]


class ScheduleSection(Section):
    drift_check: Cron = ""
    verify: Cron = ""
    retention: Cron = ""
    derive: Cron = ""
    verify_whole_days: int = Field(default=1, ge=1, le=31)
    missed_after_minutes: int = Field(default=120, ge=1, le=1_380)
    loket_poll_minutes: int = Field(default=0, ge=0, le=1_440)

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.missed_after_minutes)


class EntitySchedule(Section):
    drift_check: Cron | None = None  # None: as [schedule] says
    sync: Cron = ""

    def planned(self, entity: LegalEntityId, common: ScheduleSection) -> tuple[Planned, ...]:
        """What this entity has planned. A planned run is looked at the day before."""
        check = common.drift_check if self.drift_check is None else self.drift_check
        found = [Planned(entity, Job.DRIFT_CHECK, timetable(check))] if check else []
        if self.sync:
            found.append(Planned(entity, Job.LOOK_AHEAD, timetable(self.sync, days_before=1)))
            found.append(Planned(entity, Job.SYNC, timetable(self.sync)))
        return tuple(found)


def planned_for_all(common: ScheduleSection) -> tuple[Planned, ...]:
    """The installation's own jobs."""
    texts = {Job.VERIFY: common.verify, Job.RETENTION: common.retention, Job.DERIVE: common.derive}
    return tuple(Planned(INSTALLATION, job, timetable(text)) for job, text in texts.items() if text)
