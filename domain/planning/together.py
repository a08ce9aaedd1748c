"""What belongs together travels together: a field filled for another value never stays beside the new one (EDIT-3).

Each pair is a row here; plan, run, validation and the adapter that reads take what follows from it from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.attributes import PAYMENT_BIC, PAYMENT_IBAN
from domain.planning.comparison import Difference, tidy
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed

IDENTITY_DOCUMENT: Final = FieldPath("identityDocument")
_TYPE, _NUMBER = (FieldPath(f"{IDENTITY_DOCUMENT}.{part}") for part in ("typeOfDocument", "documentIdentification"))


@dataclass(frozen=True, slots=True)
class Pair:
    """When `leads` changes, what Loket holds in `follows` was for the old value."""

    leads: FieldPath
    follows: FieldPath
    nullable: bool = True  # whether Loket takes null there beside a filled lead, in a final employee


TOGETHER: Final = (
    Pair(PAYMENT_IBAN, PAYMENT_BIC),  # only a foreign IBAN has one, and Loket takes none beside it (Loket API 8)
    Pair(FieldPath("address.houseNumber"), FieldPath("address.houseNumberAddition")),
    Pair(_NUMBER, _TYPE, nullable=False),
    Pair(_TYPE, _NUMBER, nullable=False),
)


def beside(fields: Iterable[FieldPath]) -> tuple[FieldPath, ...]:
    """What must be read beside these fields, to be on record when it goes with them."""
    known = set(fields)
    return tuple(pair.follows for pair in TOGETHER if pair.leads in known and pair.follows not in known)


def left_behind(
    changes: Iterable[Difference],
    want: Mapping[FieldPath, Observed],
    held: Mapping[FieldPath, Observed],
    *,
    concept: bool = False,
) -> tuple[Difference, ...]:
    """What goes with these changes because Personio says nothing of it, and Loket holds it for the old value.

    A concept employee may have either half of a pair alone. A lead that was blank had nothing beside it of its own.
    """
    changed = {change.field: change for change in changes}
    return tuple(
        Difference(pair.follows, held[pair.follows], BLANK)
        for pair in TOGETHER
        if pair.leads in changed
        and changed[pair.leads].before is not BLANK
        and pair.follows not in changed
        and want.get(pair.follows, NOT_OBSERVED) is NOT_OBSERVED
        and isinstance(tidy(held.get(pair.follows, NOT_OBSERVED)), str)
        and (pair.nullable or concept)
    )


def halves_missing(want: Mapping[FieldPath, Observed], held: Mapping[FieldPath, Observed]) -> tuple[FieldPath, ...]:
    """Halves that a final employee may not be without beside a filled or changed other one, and Personio has not."""
    return tuple(
        pair.follows
        for pair in TOGETHER
        if not pair.nullable
        and isinstance(lead := want.get(pair.leads, NOT_OBSERVED), str)
        and not isinstance(half := want.get(pair.follows, NOT_OBSERVED), str)
        and (half is BLANK or held.get(pair.leads) != lead)
    )


def document_gone(want: Mapping[FieldPath, Observed]) -> bool:
    """Both halves of the identity document are blank: it goes whole, since Loket refuses one without its parts."""
    return want.get(_TYPE) is BLANK and want.get(_NUMBER) is BLANK


def of_document(change: Difference) -> bool:
    return change.field in (_TYPE, _NUMBER)
