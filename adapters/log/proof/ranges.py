"""A range of whole tiles, looked at by itself: what its events come to where all of it is as it should be (LOG-2)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final, Protocol

import msgspec

from adapters.log.proof.rows import LOWEST, LogUnreadable, StoredLog, fault
from adapters.log.proof.tree import HASH_SIZE, TILE_WIDTH, Edge
from adapters.log.sealing.event_macs import EventMacs

PAGE: Final = 512  # events that are read at once
RANGE: Final = 64 * TILE_WIDTH  # events: a power of two, of whole pages


class Sound(msgspec.Struct, frozen=True):
    """What a sound range comes to; hashes are joined, and every root is of the events of the range alone."""

    tiles: bytes  # the root of each of its tiles
    heads: bytes  # the root at each signed size in it, after its first event
    last: bytes  # its last leaf


class Beside(Protocol):
    """Others that look at the first ranges of a log, ahead of the one that judges it."""

    width: int  # events of a range

    def look(self, signed: Sequence[int], macs: EventMacs | None) -> Iterator[Sound | None] | None:
        """They begin at once. Range by range from the first on; None, and no more, where one is not as it should be.

        None instead of all that where nobody looks.

        `signed`: the sizes that heads were signed at, in order. Raises LogUnavailable when one of the others is gone.
        """
        ...


def looked_at(log: StoredLog, start: int, stop: int, signed: Container[int], macs: EventMacs | None) -> Sound | None:
    """The events from `start` to before `stop`; None where anything is not as it should be, whatever it is."""
    edge, tiles, heads = Edge(), list[bytes](), list[bytes]()

    def grows(leaves: Sequence[bytes]) -> bool:
        filled = edge.extend(leaves)
        tiles.extend(tile.root for tile in filled)
        first = start // TILE_WIDTH
        return all(log.stored_tile(0, first + tile.index) == (tile.hashes, tile.root) for tile in filled)

    try:
        for first in range(start, stop, PAGE):
            leaves = list[bytes]()
            rows = log.events(first + 1 if first else LOWEST, min(PAGE, stop - first))
            for position, row in enumerate(rows, start=first):
                if fault(position, row, macs) is not None:
                    return None
                leaves.append(row[-1])
                if position + 1 in signed:
                    if not grows(leaves):
                        return None
                    heads.append(edge.root())
                    leaves = []
            if not grows(leaves):
                return None
    except LogUnreadable:
        return None
    whole = edge.size == stop - start
    return Sound(b"".join(tiles), b"".join(heads), edge.last_leaf or b"") if whole else None


def hashes(joined: bytes) -> list[bytes]:
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]
