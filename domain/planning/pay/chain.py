"""Making one dated chain equal to what is wanted, in the ways Loket allows (PAY-3, PAY-8).

Same start: change in place. After the newest: append. Before a later one: delete the later ones, newest first, and add
all again in order. Records from before the compensation start date are never among those given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.planning.pay.case import DAY
from domain.planning.pay.conversion import Conversion
from domain.snapshots import HeldPay
from domain.values import FieldPath, Observed


@dataclass(frozen=True, slots=True)
class WantedPay:
    """One record Loket should hold from a day on. `unscaled` replaces fields where Loket does not scale by hours."""

    start: date
    fields: Mapping[FieldPath, str]
    end: date | None = None
    conversion: Conversion | None = None
    unscaled: Mapping[FieldPath, str] | None = None


@dataclass(frozen=True, slots=True)
class ChainSteps:
    """In order: delete, then change in place, then add."""

    delete: tuple[HeldPay, ...]  # newest first
    keep: tuple[tuple[HeldPay, WantedPay], ...]  # same start; equal or to be changed
    add: tuple[WantedPay, ...]


def left_alone(
    held: Sequence[HeldPay], first: date | None, ours: Callable[[HeldPay], bool]
) -> tuple[Sequence[HeldPay], Sequence[HeldPay]]:
    """(records that stay, records that are made equal); `first` is the first day of Personio's records, if it has any.

    From that day on the chain is Personio's. Before it only what we wrote ourselves may go, and only from the end: what
    lies under somebody else's record stays with it (PAY-3).
    """
    place = next((at for at, one in enumerate(held) if first is not None and one.start >= first), len(held))
    while place and ours(held[place - 1]):
        place -= 1
    return held[:place], held[place:]


def stood_until(day: date, held: Iterable[HeldPay], wanted: Iterable[WantedPay]) -> Mapping[FieldPath, Observed]:
    """What is in force on the eve of a day once the earlier ones of `wanted` are there; empty where nothing is.

    An appended record closes the one before it: that is the value it takes the place of (AUD-3). None of `held` begins
    on the day or later.
    """
    earlier: list[HeldPay | WantedPay] = [*held, *(one for one in wanted if one.start < day)]  # of one day the wanted
    standing = max(reversed(earlier), key=lambda one: one.start, default=None)
    if standing is None or (standing.end is not None and standing.end < day - DAY):
        return {}
    return standing.fields


def steps(held: Sequence[HeldPay], wanted: Sequence[WantedPay]) -> ChainSteps:
    """`held` and `wanted` begin at the compensation start date, oldest first, one a day."""
    same = 0
    while same < len(held) and same < len(wanted) and held[same].start == wanted[same].start:
        same += 1
    return ChainSteps(
        tuple(reversed(held[same:])), tuple(zip(held[:same], wanted[:same], strict=True)), tuple(wanted[same:])
    )
