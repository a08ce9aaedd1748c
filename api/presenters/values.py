"""What every presenter uses: personal values and Loket's own words masked unless they were asked for (AUD-8)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from domain.personal import MASK, Lost, Personal, Sealed
from domain.planning.business_date import time_told
from domain.values import BLANK, Absence

Json: TypeAlias = dict[str, Any]
_NOT_OBSERVED: Final = "not observed"
NO_TEXT: Final = frozenset({*map(str, Lost), _NOT_OBSERVED})
"""What stands where a value would, and is none."""
_LOKET_SAID: Final = re.compile(r"RUN-6 .*?( \(Loket message -?\d+\))?", re.DOTALL)


def value(personal: Personal, *, unmask: bool) -> str | None:
    """A personal value as JSON: null when blank, its text when it may be shown, the mask otherwise."""
    if isinstance(personal, Absence):
        return None if personal is BLANK else _NOT_OBSERVED
    if isinstance(personal, Lost):
        return str(personal)
    return personal if unmask and not isinstance(personal, Sealed) else MASK


def message(text: Personal, *, unmask: bool) -> str | None:
    """A message; what Loket itself said may quote a value, so that only its code is shown unless asked for."""
    if not isinstance(text, str):
        return value(text, unmask=unmask)
    quoted = None if unmask else _LOKET_SAID.fullmatch(text)
    return f"RUN-6 {MASK}{quoted[1] or ''}" if quoted else text


def change(field: str, before: Personal, after: Personal, *, unmask: bool) -> Json:
    """One field that was, or would be, overwritten."""
    return {"field": field, "before": value(before, unmask=unmask), "after": value(after, unmask=unmask)}


def local_time(utc: str) -> str:
    """An instant as JSON has it, for people: 2026-11-28 14:36, in Amsterdam."""
    return time_told(datetime.fromisoformat(utc), "%Y-%m-%d %H:%M")


def local_day(utc: str) -> str:
    """The day it was in Amsterdam; a day without a time stays what it is."""
    return utc if len(utc) == len("2026-11-28") else local_time(utc)[:10]


def instant(when: datetime) -> str:
    """In UTC."""
    return when.astimezone(UTC).isoformat()
