"""When something is planned, and what of it is due: local time in the Netherlands, at most once per business date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from domain.log import StreamId
from domain.planning.business_date import AMSTERDAM, business_date
from domain.values import Actor, LegalEntityId

INSTALLATION: Final = LegalEntityId("")  # jobs of no legal entity

_DAYS: Final = range(1, 32)  # of a month
_WEEKDAYS: Final = {name: number for number, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_LONGEST: Final = {month: 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31 for month in range(1, 13)}
_CLOCK_CHANGES: Final = 2  # the hour that does not exist in March, and exists twice in October


FIRST_WORKDAY: Final = "first-workday"
"""Stands for the day of the month in a timetable."""


class Job(StrEnum):
    """What can be planned; verifying, erasing and deriving for the installation, the others for one legal entity."""

    DRIFT_CHECK = "drift_check"
    LOOK_AHEAD = "look_ahead"  # the day before a planned run
    SYNC = "sync"
    VERIFY = "verify"
    RETENTION = "retention"
    REPORTS = "reports"  # of the calendar month before
    DERIVE = "derive"  # what was decided since the last time, once more (AUD-11)

    @property
    def actor(self) -> Actor:
        return Actor(f"schedule:{self.value}")

    @property
    def only_on_its_day(self) -> bool:
        """A run writes what holds on its business date: on a later day people decide, not a schedule (WHAT-1)."""
        return self in (Job.SYNC, Job.LOOK_AHEAD)


@dataclass(frozen=True, slots=True)
class Timetable:
    """One time of day on chosen days. `text` is what the configuration says: minute hour day month weekday."""

    text: str
    at: time
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    days_before: int = 0
    first_workday: bool = False  # only on the first day of the month that is no Saturday or Sunday; holidays are days

    def on(self, day: date) -> bool:
        """Whether something is planned on this day."""
        meant = day + timedelta(days=self.days_before)
        planned = meant.day in self.days and meant.month in self.months and meant.weekday() in self.weekdays
        return planned and (not self.first_workday or meant.day == 1 or meant.weekday() == 0)

    def instant(self, day: date) -> datetime:
        """When on this day; every local time that can be planned exists once on each day."""
        return datetime.combine(day, self.at, AMSTERDAM).astimezone(UTC)

    def between(self, first: date, last: date) -> Iterator[date]:
        """The planned days, both ends included."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if self.on(day):
                yield day


def timetable(text: str, *, days_before: int = 0) -> Timetable:
    """Read five cron fields. Raises ValueError with one line that says what to write instead."""
    fields = text.lower().split()
    if len(fields) != 5:
        raise ValueError(f'"{text}" needs five fields: minute hour day month weekday, such as "30 6 * * mon-fri"')
    minute, hour = _single(fields[0], 59, "minute"), _single(fields[1], 23, "hour")
    if hour == _CLOCK_CHANGES:
        raise ValueError(f'"{text}": nothing can be planned between 02:00 and 03:00, when clocks are changed')
    if fields[2] != "*" and fields[4] != "*":
        raise ValueError(f'"{text}": name days of the month or weekdays, not both')
    first_workday = fields[2] == FIRST_WORKDAY
    days = frozenset({1, 2, 3}) if first_workday else _days(fields[2])
    months = _named(fields[3], _MONTHS, "month") if fields[3] != "*" else frozenset(_MONTHS.values())
    weekdays = _named(fields[4], _WEEKDAYS, "weekday") if fields[4] != "*" else frozenset(_WEEKDAYS.values())
    if first_workday:
        weekdays = frozenset(range(5))
    if not any(day <= _LONGEST[month] for day in days for month in months):
        raise ValueError(f'"{text}" never occurs: no such month has that day')
    return Timetable(text, time(hour, minute), days, months, weekdays, days_before, first_workday)


@dataclass(frozen=True, slots=True)
class Planned:
    """A job with its timetable."""

    entity: LegalEntityId
    job: Job
    timetable: Timetable

    @property
    def key(self) -> Key:
        return self.entity, self.job


@dataclass(frozen=True, slots=True)
class Plans:
    """What the configuration plans, and how long after its time something is late."""

    planned: tuple[Planned, ...] = ()
    grace: timedelta = timedelta(0)


Key = tuple[LegalEntityId, Job]


def schedule_stream(entity: LegalEntityId, job: Job) -> StreamId:
    return StreamId(f"schedule:{entity}:{job}")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the log says of one planned job."""

    timetable: str = ""  # as last put on record; empty: not planned
    since: datetime | None = None  # from when it holds
    done: date | None = None  # the last business date that was done
    told: date | None = None  # the last business date that was told as missed
    not_before: datetime | None = None  # put off until then
    next_version: int = 0  # of its stream


@dataclass(frozen=True, slots=True)
class Occurrence:
    business_date: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What wants attention now: business dates to tell as missed, oldest first, and the one to run."""

    missed: tuple[Occurrence, ...]
    run: Occurrence | None

    def __bool__(self) -> bool:
        return bool(self.missed) or self.run is not None


_STEP: Final = timedelta(days=1)
"""By which a clock may be set back: what has not come yet is waited for so long, and no longer."""


def is_ahead(standing: Standing, now: datetime) -> bool:
    """Whether it was put on record while the clock was far ahead: nothing would be due until that day comes."""
    times, days = (standing.since, standing.not_before), (standing.done, standing.told)
    return any(at is not None and at > now + _STEP for at in times) or any(
        day is not None and day > business_date(now) + _STEP for day in days
    )


def as_it_came(standing: Standing, done: Iterable[date], told: Iterable[date], now: datetime) -> Standing:
    """The standing without what has not come by now; `done` and `told` are all days that ever were."""
    soon = business_date(now) + _STEP
    newest_done, newest_told = (max((day for day in days if day <= soon), default=None) for days in (done, told))
    return replace(
        standing,
        since=now - _STEP if standing.since and standing.since > now + _STEP else standing.since,
        done=newest_done,
        told=newest_told,
        not_before=None if standing.not_before and standing.not_before > now + _STEP else standing.not_before,
    )


def outstanding(timetable: Timetable, standing: Standing, now: datetime) -> tuple[Occurrence, ...]:
    """Every occurrence since the timetable holds that should have begun and is not done, oldest first."""
    if standing.since is None:
        return ()
    first = business_date(standing.since)
    if standing.done is not None:
        first = max(first, standing.done + timedelta(days=1))
    found = (Occurrence(day, timetable.instant(day)) for day in timetable.between(first, business_date(now)))
    return tuple(one for one in found if standing.since < one.due_at <= now)


def due(planned: Planned, standing: Standing, now: datetime, grace: timedelta) -> Due:
    """Downtime comes to one run, of the newest business date; the older ones, and one that is late, are missed."""
    waiting = outstanding(planned.timetable, standing, now)
    missed = tuple(
        one
        for one in waiting
        if (one != waiting[-1] or now > one.due_at + grace)
        and (standing.told is None or one.business_date > standing.told)
    )
    run = waiting[-1] if waiting else None
    if run is not None and (
        (standing.not_before is not None and now < standing.not_before)
        or (planned.job.only_on_its_day and run.business_date != business_date(now))
    ):
        run = None
    return Due(missed, run)


def late(planned: Planned, standing: Standing, now: datetime, grace: timedelta) -> bool:
    """Whether its newest occurrence should have been done by now, and is not."""
    waiting = outstanding(planned.timetable, standing, now)
    return bool(waiting) and now > waiting[-1].due_at + grace


def following(timetable: Timetable, now: datetime) -> datetime | None:
    """The next time something is planned, within two years."""
    today = business_date(now)
    days = timetable.between(today, today + timedelta(days=731))
    return next((at for at in map(timetable.instant, days) if at > now), None)


def nothing_more_before(plan: Iterable[tuple[Planned, Standing]], now: datetime) -> datetime | None:
    """The next instant at which more can be due than is now, whatever is done meanwhile; None: nothing is planned.

    Something may be told as missed before it: lateness is no reason to hurry.
    """
    plan = tuple(plan)
    comes = (following(one.timetable, now) for one, _ in plan)
    put_off = (standing.not_before for _, standing in plan)
    return min((at for at in (*comes, *put_off) if at is not None and at > now), default=None)


def planned_days(plan: Iterable[Planned], key: Key, now: datetime, days: int) -> tuple[date, ...]:
    """The business dates on which this job comes next, in so many days."""
    today = business_date(now)
    last = today + timedelta(days=days)
    table = next((one.timetable for one in plan if one.key == key), None)
    return () if table is None else tuple(day for day in table.between(today, last) if table.instant(day) > now)


def _single(text: str, highest: int, what: str) -> int:
    if not text.isdecimal() or int(text) > highest:
        raise ValueError(f'"{text}" must be a single {what}: a planned job runs at most once a day')
    return int(text)


def _days(text: str) -> frozenset[int]:
    """Days of the month: 18, 1-5, 1,15; * is every day."""
    if text == "*":
        return frozenset(_DAYS)
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if not all(each.isdecimal() and int(each) in _DAYS for each in (first, last or first)):
            raise ValueError(f'"{part}" is not a day of the month')
        found.update(range(int(first), int(last or first) + 1))
    if not found:
        raise ValueError(f'"{text}" names no day')
    return frozenset(found)


def _named(text: str, names: dict[str, int], what: str) -> frozenset[int]:
    """Names only: 1-5 would be Tuesday to Saturday for one program and Monday to Friday for another."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first not in names or (last or first) not in names:
            raise ValueError(f'"{part}" is not a {what} by name, such as {next(iter(names))}')
        number, end = names[first], names[last or first]
        while number != end:
            found.add(number)
            number = _next(number, names)
        found.add(end)
    return frozenset(found)


def _next(number: int, names: dict[str, int]) -> int:
    """fri-mon goes over the weekend."""
    return number + 1 if number + 1 in names.values() else min(names.values())


def whole_again(last: datetime | None, now: datetime, *, days: int) -> bool:
    """Whether the whole log is to be verified, and not only what is new: so many business days after the last time.

    A last time that has not come yet, by a clock that was ahead or by whoever edited the verdict, is none.
    """
    return last is None or not 0 <= (business_date(now) - business_date(last)).days < days
