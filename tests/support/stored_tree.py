"""A tree as the databases hold it, with leaves that are made up."""

from __future__ import annotations

import random
from collections.abc import Sequence
from hashlib import sha256

from adapters.log.proof.tree import (
    Edge,
    Tile,
)


class Stored:
    """A tree as the databases hold it: a leaf column and full tiles."""

    def __init__(self) -> None:
        self.leaves: list[bytes] = []
        self.tiles: dict[tuple[int, int], Tile] = {}

    def append(self, edge: Edge, leaves: Sequence[bytes]) -> None:
        self.leaves += leaves
        for tile in edge.extend(leaves):
            assert (tile.level, tile.index) not in self.tiles
            self.tiles[tile.level, tile.index] = tile

    def leaf_hashes(self, start: int, stop: int) -> Sequence[bytes]:
        return self.leaves[start:stop]

    def tile(self, level: int, index: int) -> bytes:
        return self.tiles[level, index].hashes

    def tile_roots(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        return [self.tiles[level, index].root for index in range(start, stop)]


def data(index: int) -> bytes:
    return b"event %d" % index


def leaf_hash(index: int) -> bytes:
    return sha256(b"\x00" + data(index)).digest()


def flipped(value: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(value))
    return value[:at] + bytes([value[at] ^ 1 << chance.randrange(8)]) + value[at + 1 :]
