"""Which day counts (WHAT-1, WHAT-2, RETRO-1).

Personio's API shows the value in force today and nothing of the future, so the effective value of an attribute is the
one observed on the business date: a future change waits by itself, a retroactive one has already taken its place.
Pay is different: its effective date is told, and a salary has its own day (JOIN-4, PAY-3).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from domain.attributes import ENTRY_DATE
from domain.planning.formats import parse_date
from domain.values import Absence

if TYPE_CHECKING:
    from domain.snapshots import PersonioPerson

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
LONG_EMPLOYED: Final = timedelta(days=60)


def business_date(now: datetime) -> date:
    """The local date in the Netherlands at an aware instant; a run keeps the one of its start (WHAT-1)."""
    if now.tzinfo is None:
        raise ValueError("an instant must be aware")
    return now.astimezone(AMSTERDAM).date()


def local(instant: datetime) -> datetime:
    """The same instant as clocks in the Netherlands show it: how every time is told to people.

    The ends of time stay what they are.
    """
    try:
        return instant.astimezone(AMSTERDAM)
    except OverflowError:
        return instant


def time_told(instant: datetime, to: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A time as people read it."""
    return f"{local(instant):{to}}{which(instant)}"


def which(instant: datetime) -> str:
    """The offset behind a time, in the hour of an autumn night that clocks go through twice; nothing otherwise."""
    at = local(instant)
    return "" if at.utcoffset() == at.replace(fold=1 - at.fold).utcoffset() else at.isoformat()[-6:]


def entry_date(person: PersonioPerson) -> date | None:
    value = person.value(ENTRY_DATE)
    return None if isinstance(value, Absence) else parse_date(value)


def salary_date(person: PersonioPerson, today: date) -> date:
    """The day whose salary a concept employee receives: the later of business date and entry date (JOIN-4)."""
    entry = entry_date(person)
    return today if entry is None else max(today, entry)


def in_service_for_long(person: PersonioPerson, today: date) -> bool:
    """Whether the entry date lies so far back that Loket is expected to know the person already (RUN-13)."""
    entry = entry_date(person)
    return entry is not None and entry < today - LONG_EMPLOYED


def day_begins(day: date, *, days: int = 0) -> datetime:
    """When a day, or one so many days later, begins in the Netherlands; in UTC. The ends of time for the years there.

    What somebody types as "for ever", such as 9999-12-31, has no day after it.
    """
    try:
        return datetime.combine(day + timedelta(days=days), time(), AMSTERDAM).astimezone(UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if days else datetime.min.replace(tzinfo=UTC)
