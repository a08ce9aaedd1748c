"""Looking back: what was recorded by the end of a day. What held on a day is another clock, and stays one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from api.pages.asking import PageAsking
from domain.events.catalogue import NAME_OF
from domain.events.runs import RunStarted
from domain.log import Fact
from domain.planning.business_date import business_date, day_begins
from domain.values import LegalEntityId

_STOPS: Final = 100  # days to choose from


@dataclass(frozen=True, slots=True)
class Asked:
    """Which day is looked at. `as_at` is None for now; `days` are those on which something was recorded.

    While the day is unfinished its address does not answer the same yet.
    """

    as_at: date | None
    on: date | None
    days: tuple[date, ...]
    unfinished: bool

    @property
    def then(self) -> bool:
        return self.as_at is not None or self.on is not None


def by(asking: PageAsking, as_at: date | None) -> datetime | None:
    """The last instant of that day in the Netherlands, or now where that is earlier; None for now."""
    return None if as_at is None else min(asking.now, end_of(as_at))


def end_of(day: date) -> datetime:
    return day_begins(day, days=1) - timedelta(microseconds=1)


def days_of(instants: Iterable[datetime]) -> tuple[date, ...]:
    """The newest first."""
    return tuple(sorted({business_date(one) for one in instants}, reverse=True)[:_STOPS])


def asked(asking: PageAsking, as_at: date | None, on: date | None, recorded: Iterable[datetime]) -> Asked:
    """`recorded`: when something was."""
    unfinished = as_at is not None and as_at >= business_date(asking.now)
    return Asked(as_at, on, days_of(recorded), unfinished)


def of_runs(asking: PageAsking, entity: str, as_at: date | None, *kinds: type[Fact]) -> Asked:
    """The days of a whole legal entity: those on which a run began, or facts of these kinds were recorded."""
    named = [NAME_OF[RunStarted], *(NAME_OF[one] for one in kinds)]
    recorded = asking.web.store.views.recorded
    instants = recorded.instants(LegalEntityId(entity), named, before=asking.seen + 1, limit=_STOPS)
    return asked(asking, as_at, None, instants)


def kept(as_at: date | None, **more: object) -> Mapping[str, str]:
    """What an address keeps, so that the next page is of the same day."""
    given = {"as_at": as_at, **more}
    return {name: str(value) for name, value in given.items() if value not in (None, "")}
