"""What a write did to one Loket value, told by one function everywhere: reports, results of runs, alerts, evidence."""

from __future__ import annotations

from enum import StrEnum

from domain.personal import Personal
from domain.values import BLANK


class Did(StrEnum):
    """Every field of a confirmed write is one of these, and only one."""

    OVERWRITTEN = "overwritten"  # another value took the place of a value
    FILLED = "filled"  # there was none
    CLEARED = "cleared"  # there is none any more


def did(before: Personal, after: Personal) -> Did:
    """Sealed values will do. What was not observed before may have been a value, so it counts as overwritten."""
    if after is BLANK:
        return Did.CLEARED
    return Did.FILLED if before is BLANK else Did.OVERWRITTEN
