"""The configuration of the schedule: timetables for all legal entities, and what one entity has of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, Field, field_validator

from api.config.section import Section
from domain.events.report import ReportKind
from domain.schedule import INSTALLATION, Job, Planned, timetable
from domain.services.reports.order import FORMATS
from domain.values import LegalEntityId


def _readable(text: str) -> str:
    """Empty, or five cron fields; raises ValueError with one line."""
    if text:
        timetable(text)
    return text


Language: TypeAlias = Literal["nl", "en"]
Cron: TypeAlias = Annotated[str, AfterValidator(_readable)]


class ScheduleSection(Section):
    drift_check: Cron = ""
    verify: Cron = ""
    retention: Cron = ""
    derive: Cron = ""
    verify_whole_days: int = Field(default=1, ge=1, le=31)
    verify_processes: int = Field(default=1, ge=1, le=16)
    missed_after_minutes: int = Field(default=120, ge=1, le=1_380)
    loket_poll_minutes: int = Field(default=0, ge=0, le=1_440)

    @property
    def grace(self) -> timedelta:
        return timedelta(minutes=self.missed_after_minutes)


class EntitySchedule(Section):
    drift_check: Cron | None = None  # None: as [schedule] says
    sync: Cron = ""
    reports: Cron = ""
    report_kinds: list[str] = ["pay_mutations.pdf"]
    report_language: Language = "nl"
    report_in_clear_because: str = ""  # empty: values are masked

    @field_validator("report_kinds")
    @classmethod
    def _known(cls, given: list[str]) -> list[str]:
        for one in given:
            kind, _, format = one.partition(".")
            if kind not in FORMATS or format not in FORMATS[ReportKind(kind)]:
                known = ", ".join(f"{each}.{all[0]}" for each, all in FORMATS.items())
                raise ValueError(f'"{one}" is no report; such as {known}')
        return list(dict.fromkeys(given))

    def planned(self, entity: LegalEntityId, common: ScheduleSection) -> tuple[Planned, ...]:
        """What this entity has planned. A planned run is looked at the day before."""
        check = common.drift_check if self.drift_check is None else self.drift_check
        found = [Planned(entity, Job.DRIFT_CHECK, timetable(check))] if check else []
        if self.sync:
            found.append(Planned(entity, Job.LOOK_AHEAD, timetable(self.sync, days_before=1)))
            found.append(Planned(entity, Job.SYNC, timetable(self.sync)))
        if self.reports:
            found.append(Planned(entity, Job.REPORTS, timetable(self.reports)))
        return tuple(found)


def planned_for_all(common: ScheduleSection) -> tuple[Planned, ...]:
    """The installation's own jobs."""
    texts = {Job.VERIFY: common.verify, Job.RETENTION: common.retention, Job.DERIVE: common.derive}
    return tuple(Planned(INSTALLATION, job, timetable(text)) for job, text in texts.items() if text)
