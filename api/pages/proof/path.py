"""The path from an event to a signed head, as numbers for a drawing: the event lowest, the head on top."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.log.proof.tree import node

WIDE: Final = 480
_STEP: Final = 56
_MIDDLE: Final = WIDE // 2
_LEFT, _RIGHT = 52, WIDE - 52


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: the neighbour it is hashed with, at `x`, and what both make, above them at `above`."""

    neighbour: str
    hash: str
    x: int
    y: int
    above: int


@dataclass(frozen=True, slots=True)
class Path:
    """`leaf` is the event's own hash, at `y`; `reaches` says whether the last step is the root that was signed."""

    leaf: str
    y: int
    height: int
    rungs: tuple[Rung, ...]
    reaches: bool


def path(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> Path:
    """Worked out anew from the hashes of the proof (RFC 9162, section 2.1.3.2)."""
    steps = list(_steps(leaf, position, size, proof))
    height = len(proof) * _STEP + 40
    lowest = height - 18
    rungs = tuple(
        Rung(neighbour.hex(), made.hex(), _LEFT if left else _RIGHT, lowest - at * _STEP, lowest - (at + 1) * _STEP)
        for at, (neighbour, left, made) in enumerate(steps)
    )
    return Path(leaf.hex(), lowest, height, rungs, (steps[-1][2] if steps else leaf) == root)


def _steps(found: bytes, position: int, size: int, proof: Sequence[bytes]) -> Iterator[tuple[bytes, bool, bytes]]:
    last = size - 1
    for neighbour in proof:
        left = bool(position % 2) or position == last
        found = node(neighbour, found) if left else node(found, neighbour)
        while left and position and position % 2 == 0:
            position, last = position // 2, last // 2
        position, last = position // 2, last // 2
        yield neighbour, left, found
