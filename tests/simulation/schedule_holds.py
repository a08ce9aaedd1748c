"""What must hold of the schedule: each job once for its local time, told when missed, never forgotten."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from domain.events.schedule import JobPlanned, OccurrenceDone, OccurrenceMissed, OccurrencePutOff, OccurrenceStarted
from domain.log import Recorded
from domain.schedule import Planned
from tests.support.world import AMSTERDAM

_ON_ITS_DAY: Final = ("sync", "look_ahead")
_OFFSETS: Final = (timedelta(hours=1), timedelta(hours=2))  # of the Netherlands, in winter and in summer


def instant(day: date, at: time) -> datetime:
    """When a wall clock in Amsterdam shows this; found by trying, and it must show it exactly once."""
    shown = datetime.combine(day, at)
    tried = ((shown - offset).replace(tzinfo=UTC) for offset in _OFFSETS)
    (found,) = [one for one in tried if one.astimezone(AMSTERDAM).replace(tzinfo=None) == shown]
    return found


@dataclass
class _Job:
    since: datetime | None = None
    done: set[date] = field(default_factory=set)
    told: set[date] = field(default_factory=set)
    starts: Counter[date] = field(default_factory=Counter)
    put_offs: Counter[date] = field(default_factory=Counter)
    put_off_until: datetime | None = None


class ScheduleHolds:
    def __init__(self) -> None:
        self._jobs: defaultdict[tuple[str, str], _Job] = defaultdict(_Job)
        self._plans: dict[tuple[str, str], Planned] = {}

    def plans(self, planned: Sequence[Planned]) -> None:
        """What the configuration says from now on."""
        self._plans = {(one.entity, one.job.value): one for one in planned}

    def see(self, event: Recorded, deaths: int) -> Iterator[str]:
        fact = event.fact
        if not isinstance(fact, JobPlanned | OccurrenceStarted | OccurrenceDone | OccurrenceMissed | OccurrencePutOff):
            return
        job, name = self._jobs[fact.legal_entity, fact.job], f"{fact.job} of {getattr(fact, 'business_date', '')}"
        match fact:
            case JobPlanned():
                job.since = event.meta.recorded_at if fact.timetable else None
            case OccurrenceStarted(business_date=day):
                job.starts[day] += 1
                plan = self._plans.get((fact.legal_entity, fact.job))
                if plan is None or not plan.timetable.on(day):
                    yield f"{name} was begun, which is not planned"
                elif event.meta.recorded_at < instant(day, plan.timetable.at):
                    yield f"{name} was begun before its time"
                if fact.job in _ON_ITS_DAY and event.meta.recorded_at.astimezone(AMSTERDAM).date() != day:
                    yield f"{name} was begun on another day"
                if day in job.done:
                    yield f"{name} was begun again when it was done"
                if job.starts[day] > job.put_offs[day] + deaths + 1:
                    yield f"{name} was begun {job.starts[day]} times"
            case OccurrenceDone(business_date=day):
                if day in job.done:
                    yield f"{name} was done twice"
                job.done.add(day)
                job.put_off_until = None
            case OccurrenceMissed(business_date=day):
                if day in job.told:
                    yield f"{name} was told as missed twice"
                job.told.add(day)
            case OccurrencePutOff(business_date=day, until=until):
                job.put_offs[day] += 1
                job.put_off_until = until

    def after_all_looked(self, now: datetime, grace: timedelta) -> Iterator[str]:
        """Everything that was due then was done or put off, and what will never be done was told."""
        for key, plan in self._plans.items():
            job = self._jobs[key]
            due = list(self._due(job, plan, now))
            for day in due[:-1]:
                if day not in job.done | job.told:
                    yield f"{plan.job} of {day} was neither done nor told as missed"
            for day in due[-1:]:
                late = now > instant(day, plan.timetable.at) + grace
                elsewhen = plan.job.value in _ON_ITS_DAY and now.astimezone(AMSTERDAM).date() != day
                waits = elsewhen or (job.put_off_until is not None and now < job.put_off_until)
                if day not in job.done and not waits:
                    yield f"{plan.job} of {day} is due and was not done"
                if late and day not in job.done | job.told:
                    yield f"{plan.job} of {day} is late and nobody was told"

    def _due(self, job: _Job, plan: Planned, now: datetime) -> Iterator[date]:
        if job.since is None:
            return
        day, last = job.since.astimezone(AMSTERDAM).date(), now.astimezone(AMSTERDAM).date()
        while day <= last:
            if plan.timetable.on(day) and job.since < instant(day, plan.timetable.at) <= now:
                yield day
            day += timedelta(days=1)
