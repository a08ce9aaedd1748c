"""Days as people in the Netherlands type them: 2026-03-15 or 15-03-2026, and never any other way."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from api.languages import DUTCH

_YEAR_FIRST: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"(?P<day>[0-9]{1,2})-(?P<month>[0-9]{1,2})-(?P<year>[0-9]{4})")


class NoDay(ValueError):
    """The sentence says what to write."""


def day(text: str) -> date:
    """Raises NoDay for what is no such day, and for what may be read in two ways."""
    found = _YEAR_FIRST.fullmatch(text.strip()) or _DAY_FIRST.fullmatch(text.strip())
    if found is None:
        raise NoDay(f"{text or 'an empty text'} is ambiguous or no date; write 2026-03-15 or 15-03-2026")
    year, month, number = (int(found[part]) for part in ("year", "month", "day"))
    try:
        return date(year, month, number)
    except ValueError:
        raise NoDay(f"{text}: there is no such day (year {year}, month {month}, day {number})") from None


def iso(text: str) -> str:
    """For whoever validates it further; what is no day stays as it was typed."""
    try:
        return day(text).isoformat()
    except NoDay:
        return text


def as_typed(held: date | str | None, language: str) -> str:
    """As a field shows it and takes it back: in the reader's own order."""
    try:
        on = day(held) if isinstance(held, str) else held
    except NoDay:
        return str(held)
    if on is None:
        return ""
    return f"{on:%d-%m-}{on.year:04}" if language == DUTCH else on.isoformat()
