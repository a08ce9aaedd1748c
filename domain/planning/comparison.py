"""When two values are the same, and how a value is written to Loket (DRIFT-2).

The plan, the run and the drift check all compare with `same` and `differences`, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from domain.attributes import Kind, Role
from domain.personal import Lost, Opened
from domain.planning.kinds import TREATMENTS
from domain.values import BLANK, NOT_OBSERVED, Absence, FieldPath, Observed, trimmed

Row = TypeVar("Row")


def tidy(value: Observed) -> Observed:
    """Text in which nothing can be seen is blank; everything else stays as it is (EDIT-2)."""
    return BLANK if isinstance(value, str) and not trimmed(value) else value


def written(kind: Kind, value: str) -> str:
    """The form in which a value is sent to Loket."""
    return TREATMENTS[kind].written(value)


def comparable(kind: Kind, value: str) -> str:
    """The form in which values are compared; equal forms mean the same value in another spelling."""
    return TREATMENTS[kind].compared(value)


def same(kind: Kind, one: Observed, other: Observed) -> bool:
    """Whether two values are the same once both are in one form. Blank is the same as blank alone.

    What was not observed is the same as what was not: whether that may count is for the caller to say.
    """
    if isinstance(one, Absence) or isinstance(other, Absence):
        return one is other
    return one == other or comparable(kind, one) == comparable(kind, other)


def alike(kind: Kind, known: Opened | None, value: Observed) -> bool:
    """Whether the log knows this very value. What it never knew, or can open no more, is like nothing."""
    return known is not None and not isinstance(known, Lost) and same(kind, known, value)


@dataclass(frozen=True, slots=True)
class Difference:
    """A supported field in which Loket holds something else than it should."""

    field: FieldPath
    before: Observed  # in Loket
    after: Observed  # from Personio, in written form
    effective_on: date | None = None  # told for pay only: the day its record or period starts

    @property
    def clears(self) -> bool:
        return self.after is BLANK


def replaced(changes: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those in whose place something else stands then: a new record takes some values over as they are."""
    return tuple(one for one in changes if one.before != one.after)


def suspects(
    rows: Iterable[tuple[FieldPath, Role, Row]], said: Mapping[Role, Observed], held: Mapping[FieldPath, Observed]
) -> list[tuple[FieldPath, Role, Row]]:
    """The rows whose two values are not spelled alike, or were not both observed: only these need a closer look.

    Values spelled alike are the same, whatever their kind; they are nearly all there are.
    """
    hidden = NOT_OBSERVED
    return [row for row in rows if (value := said.get(row[1], hidden)) is hidden or value != held.get(row[0], hidden)]


def differences(
    fields: Iterable[tuple[FieldPath, Kind]],
    wanted: Mapping[FieldPath, Observed],
    held: Mapping[FieldPath, Observed],
) -> tuple[Difference, ...]:
    """Every field whose wanted value Loket does not hold. A side that was not observed makes no difference (EDIT-2)."""
    found = []
    for field, kind in fields:
        after, before = wanted.get(field, NOT_OBSERVED), held.get(field, NOT_OBSERVED)
        if after is before or after == before or after is NOT_OBSERVED or before is NOT_OBSERVED:
            continue
        if not same(kind, tidy(before), after):
            found.append(Difference(field, tidy(before), after))
    return tuple(found)
