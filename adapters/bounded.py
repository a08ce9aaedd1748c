"""Numbers, days and instants as another system sends them, in headers and in JSON: within bounds, or not told."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

_LONGEST: Final = 64  # characters
_FLOAT: Final = re.compile(r"[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")  # Decimal would take 3_000 and ٣٠٠٠ as well
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")  # date would take the days of weeks as well
_YEARS: Final = range(1970, 3000)  # that an instant can be in, so that it can be reckoned with in any time zone

_LAST: Final = 32_503_680_000  # seconds; the beginning of the year 3000


def number(told: Any, least: float, most: float) -> float | None:
    """A number within these bounds, both included; None for anything else."""
    if isinstance(told, bool) or not isinstance(told, str | int | float | Decimal):
        return None
    try:
        text = str(told).strip()
        value = float(text) if len(text) <= _LONGEST and _FLOAT.fullmatch(text) else None
    except ValueError:  # of more digits than Python writes
        return None
    return value if value is not None and least <= value <= most else None


def decimal(told: Any) -> Decimal:
    """A number, or a text that is one in digits and a point. Raises ValueError."""
    if isinstance(told, str) and _NUMBER.fullmatch(told.strip()):
        return Decimal(told.strip())
    if isinstance(told, bool) or not isinstance(told, int | float | Decimal):
        raise ValueError("no number")
    value = Decimal(str(told))
    if not value.is_finite():
        raise ValueError("no number")
    return value


def whole(told: Any) -> int:
    """A whole number, or a text that is one in digits. Raises ValueError."""
    number = decimal(told)
    if number != number.to_integral_value():
        raise ValueError("no whole number")
    return int(number)


def integral(told: Any) -> int | None:
    """A number without a fraction, also where it is written as 12.0; None for anything else, and for text."""
    if type(told) is int:
        return told
    return int(told) if isinstance(told, Decimal) and told.is_finite() and told == told.to_integral_value() else None


def plain(told: Any) -> Any:
    """12 for what is written as 12.0; anything else as it is."""
    whole = integral(told)
    return told if whole is None else whole


def day(told: Any) -> date:
    """The calendar day that a text begins with; an offset behind it never moves it. Raises ValueError."""
    text = told[:10] if isinstance(told, str) else ""
    if not _DAY.fullmatch(text):
        raise ValueError("no day")
    return date.fromisoformat(text)


def instant(told: Any) -> datetime | None:
    """What ISO 8601 says, in UTC, which one without a time zone is in already; None for anything else."""
    try:
        return _in_utc(datetime.fromisoformat(told)) if isinstance(told, str) else None
    except ValueError:
        return None


def moment(told: Any) -> datetime | None:
    """So many seconds after the beginning of 1970, in UTC; None for anything else."""
    seconds = number(told, 0, _LAST)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def http_date(told: str) -> datetime | None:
    """What an HTTP header says, in UTC; None for anything else."""
    try:
        return _in_utc(parsedate_to_datetime(told)) if len(told) <= _LONGEST else None
    except (ValueError, OverflowError):  # the second for a number that no date has room for
        return None


def _in_utc(at: datetime) -> datetime | None:
    if at.year not in _YEARS:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
