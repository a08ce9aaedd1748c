"""Making one dated chain equal to what is wanted, in the ways Loket allows (PAY-3, PAY-8).

Same start: change in place. After the newest: append. Before a later one: delete the later ones, newest first, and add
all again in order. Records from before the compensation start date are never among those given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.planning.pay.conversion import Conversion
from domain.snapshots import HeldPay
from domain.values import FieldPath


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


def steps(held: Sequence[HeldPay], wanted: Sequence[WantedPay]) -> ChainSteps:
    """`held` and `wanted` begin at the compensation start date, oldest first, one a day."""
    same = 0
    while same < len(held) and same < len(wanted) and held[same].start == wanted[same].start:
        same += 1
    return ChainSteps(
        tuple(reversed(held[same:])), tuple(zip(held[:same], wanted[:same], strict=True)), tuple(wanted[same:])
    )
