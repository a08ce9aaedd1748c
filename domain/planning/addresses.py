"""An address in Loket is one thing: every required part is filled, or there is none at all (EDIT-2).

Validation, the plan, the write and an accepted difference take what follows from that from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from domain.planning.comparison import Difference, tidy
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed

ADDRESS: Final = FieldPath("address")
ADDRESS_PARTS: Final = tuple(
    FieldPath(f"{ADDRESS}.{part}")
    for part in ("street", "houseNumber", "houseNumberAddition", "postalCode", "city", "country")
)
ADDRESS_EXTRAS: Final = (FieldPath(f"{ADDRESS}.location"), FieldPath(f"{ADDRESS}.furtherIndication"))
"""Parts outside the supported set: kept, and lost only when the whole address goes."""

_STREET, _HOUSE_NUMBER, _ADDITION, _POSTAL_CODE, _CITY, _COUNTRY = ADDRESS_PARTS
_CORE: Final = (_STREET, _HOUSE_NUMBER, _POSTAL_CODE, _CITY)


def gone(want: Mapping[FieldPath, Observed]) -> bool:
    """Every mapped part is blank, and enough is mapped to know that there is no address: unmapped is not blank."""
    return all(part in want for part in _CORE) and all(want[part] is BLANK for part in ADDRESS_PARTS if part in want)


def missing(
    want: Mapping[FieldPath, Observed], held: Mapping[FieldPath, Observed], *, dutch: bool
) -> tuple[FieldPath, ...]:
    """Required parts that are blank beside filled ones, or beside parts nobody mapped: not a whole address."""
    if gone(want):
        return ()
    filled = any(isinstance(want.get(part), str) for part in ADDRESS_PARTS)
    required = (*_CORE, _COUNTRY) if dutch else (_STREET, _HOUSE_NUMBER, _CITY, _COUNTRY)
    return tuple(part for part in required if want.get(part) is BLANK and (filled or _text(part, held)))


def lost_beside(changes: Iterable[Difference], held: Mapping[FieldPath, Observed]) -> tuple[Difference, ...]:
    """The parts that go with a whole address beside the changes that are known: each must be on record (AUD-2)."""
    named = {change.field for change in changes}
    return tuple(Difference(part, text, BLANK) for part in _ALL if part not in named and (text := _text(part, held)))


def touched(changes: Iterable[Difference]) -> bool:
    """Whether any of the changes is to a part of the address."""
    return any(change.field in _ALL for change in changes)


def on_one_side_only(want: Mapping[FieldPath, Observed], held: Mapping[FieldPath, Observed]) -> bool:
    """Whether one system has an address and the other none: then its parts come, stay and go together."""
    return gone(want) is not all(held.get(part, NOT_OBSERVED) is BLANK for part in ADDRESS_PARTS)


_ALL: Final = (*ADDRESS_PARTS, *ADDRESS_EXTRAS)


def _text(part: FieldPath, held: Mapping[FieldPath, Observed]) -> str | None:
    value = tidy(held.get(part, NOT_OBSERVED))
    return value if isinstance(value, str) else None
