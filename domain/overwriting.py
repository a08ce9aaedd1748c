"""What a write did to one Loket value, told by one function everywhere: reports, results of runs, alerts, evidence."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from domain.personal import Personal
from domain.values import BLANK, so_many


class Did(StrEnum):
    """Every field of a confirmed write is one of these, and only one."""

    OVERWRITTEN = "overwritten"  # another value took the place of a value
    FILLED = "filled"  # there was none
    CLEARED = "cleared"  # there is none any more


class Counts(NamedTuple):
    """How many fields, each counted once by what was done to it: the same three counts wherever fields are counted."""

    overwritten: int = 0
    filled: int = 0
    cleared: int = 0

    @property
    def fields(self) -> int:
        return sum(self)

    def __str__(self) -> str:
        """8 fields: 5 overwritten, 2 filled, 1 cleared."""
        fields = so_many(self.fields, "field", "fields")
        return f"{fields}: {', '.join(f'{count} {kind}' for kind, count in self._asdict().items())}"

    def as_json(self) -> dict[str, int]:
        return {"fields": self.fields, **self._asdict()}


def added(several: Iterable[Counts]) -> Counts:
    return Counts(*(sum(each) for each in zip(*several, strict=True)))


def did(before: Personal, after: Personal) -> Did:
    """Sealed values will do. What was not observed before may have been a value, so it counts as overwritten."""
    if after is BLANK:
        return Did.CLEARED
    return Did.FILLED if before is BLANK else Did.OVERWRITTEN
