"""Days and months as people in the Netherlands type them: 2026-03-15 or 15-03-2026, and never any other way."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

import typer

from api import days

_MONTH: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})")
_MONTH_FIRST: Final = re.compile(r"(?P<month>[0-9]{1,2})-(?P<year>[0-9]{4})")


def day(text: str) -> date:
    """Raises BadParameter for what is no such day, and for what may be read in two ways."""
    try:
        return days.day(text)
    except days.NoDay as reason:
        raise typer.BadParameter(str(reason)) from None


def month(text: str) -> date:
    """The first day of a month such as 2026-03 or 03-2026."""
    found = _MONTH.fullmatch(text.strip()) or _MONTH_FIRST.fullmatch(text.strip())
    if found is None or not 1 <= int(found["month"]) <= 12 or not int(found["year"]):
        raise typer.BadParameter(f"{text} is no month; write 2026-03 or 03-2026")
    return date(int(found["year"]), int(found["month"]), 1)


def last_of(first: date) -> date:
    """The last day of the month."""
    return first.replace(day=monthrange(first.year, first.month)[1])


def period(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """Both days inclusive; without them the current month. Raises BadParameter when they are the wrong way round."""
    last = until or last_of(max(today, since) if since else today)
    first = since or last.replace(day=1)
    if first > last:
        raise typer.BadParameter(f"the first day, {first}, is after the last, {last}")
    return first, last


def days_of(named: str, today: date) -> tuple[date, date]:
    """A calendar month, the current one if none is named, or any two days, both inclusive: Loket's four-weekly periods
    begin when they like.
    """
    first, apart, last = named.partition("..")
    if apart:
        return period(day(first), day(last), today)
    begin = month(named) if named else today.replace(day=1)
    return begin, last_of(begin)
