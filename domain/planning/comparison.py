"""When two values are the same, and how a value is written to Loket (DRIFT-2).

The plan, the run and the drift check all compare with `same` and `differences`, so they cannot disagree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from domain.attributes import Kind, Role
from domain.values import BLANK, NOT_OBSERVED, Absence, FieldPath, Observed, whole_number

Row = TypeVar("Row")


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value).strip()


def _squeezed(value: str) -> str:
    return "".join(_text(value).upper().split())


def _postcode(value: str) -> str:
    code = _squeezed(value)
    dutch = len(code) == 6 and code[:4].isdigit() and code[4:].isalpha()
    return f"{code[:4]} {code[4:]}" if dutch else _text(value)


def _integer(value: str) -> str:
    number = whole_number(value)
    return _text(value) if number is None else str(number)


def _bsn(value: str) -> str:
    digits = value.strip()
    return digits.zfill(9) if digits.isdigit() else digits


def _money(value: str) -> str:
    try:
        return f"{Decimal(value.strip()):.2f}"
    except InvalidOperation:
        return value.strip()


_WRITTEN: Final[dict[Kind, Callable[[str], str]]] = {
    Kind.TEXT: _text,
    Kind.EMAIL: _text,
    Kind.POSTCODE: _postcode,
    Kind.IBAN: _squeezed,
    Kind.BSN: _bsn,
    Kind.DATE: lambda value: value.strip()[:10],
    Kind.INTEGER: _integer,
    Kind.CODE: str.strip,
    Kind.COUNTRY: _squeezed,
    Kind.MONEY: _money,
}

_COMPARED: Final[dict[Kind, Callable[[str], str]]] = {
    **_WRITTEN,
    Kind.EMAIL: lambda value: _text(value).casefold(),
    Kind.POSTCODE: _squeezed,
}


def tidy(value: Observed) -> Observed:
    """Text that is only white space is blank; everything else stays as it is (EDIT-2)."""
    return BLANK if isinstance(value, str) and not value.strip() else value


def written(kind: Kind, value: str) -> str:
    """The form in which a value is sent to Loket."""
    return _WRITTEN[kind](value)


def comparable(kind: Kind, value: str) -> str:
    """The form in which values are compared; equal forms mean the same value in another spelling."""
    return _COMPARED[kind](value)


def same(kind: Kind, one: Observed, other: Observed) -> bool:
    """Whether two observed values are the same. Not observed is never the same as anything, nor different from it."""
    if isinstance(one, Absence) or isinstance(other, Absence):
        return one is other
    return one == other or comparable(kind, one) == comparable(kind, other)


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
