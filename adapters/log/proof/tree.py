"""The Merkle tree of the log (RFC 6962), kept as C2SP tiles: leaves, the growing right edge, proofs and their checks.

A tile of level 0 holds 256 leaf hashes; a tile of level n + 1 holds the roots of 256 tiles of level n. Full tiles are
stored once and never change. What is not full is served from the leaf column and the roots of the tiles below.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Final, Protocol

TILE_WIDTH: Final = 256
HASH_SIZE: Final = 32
MAX_ENTRY: Final = 65_535  # what one entry of a C2SP entry bundle can hold
EMPTY_ROOT: Final = sha256(b"").digest()

_TAG: Final = b"tweeluik1"
_HEADER: Final = struct.Struct(">9sQQHHH")  # tag, position, version, lengths of stream, name and state


class EntryTooLarge(ValueError):
    """The event does not fit one entry; larger observations are split by whoever makes them."""

    def __init__(self, size: int) -> None:
        super().__init__(f"an event of {size} bytes does not fit the {MAX_ENTRY} bytes of one log entry; split it")
        self.size = size


@dataclass(frozen=True, slots=True)
class Tile:
    """A full tile, to be inserted in the transaction of the event that filled it."""

    level: int
    index: int
    hashes: bytes  # 256 times 32 bytes
    root: bytes


class TreeReader(Protocol):
    """What proofs need of a stored tree; every range is half open."""

    def leaf_hashes(self, start: int, stop: int) -> Sequence[bytes]:
        """The leaf column of these positions, in order."""
        ...

    def tile(self, level: int, index: int) -> bytes:
        """The 256 hashes of a full tile, joined."""
        ...

    def tile_roots(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        """The roots of these full tiles, in order."""
        ...


def entry(position: int, stream: str, version: int, name: str, state: bytes) -> bytes:
    """An event as it is hashed: every field at a length that is told, so that no two events share their bytes."""
    stream_bytes, name_bytes = stream.encode(), name.encode()
    size = _HEADER.size + len(stream_bytes) + len(name_bytes) + len(state)
    if size > MAX_ENTRY:
        raise EntryTooLarge(size)
    header = _HEADER.pack(_TAG, position, version, len(stream_bytes), len(name_bytes), len(state))
    return b"".join((header, stream_bytes, name_bytes, state))


def leaf(position: int, stream: str, version: int, name: str, state: bytes) -> bytes:
    """The RFC 6962 leaf hash of an event as stored."""
    return sha256(b"\x00" + entry(position, stream, version, name, state)).digest()


class Edge:
    """The right edge of a tree: the tiles that are not full yet, lowest level first.

    A writer extends a copy inside its transaction and puts the copy in place once that has committed.
    """

    __slots__ = ("_partial", "last_leaf", "size")

    def __init__(self) -> None:
        self.size = 0
        self.last_leaf: bytes | None = None
        self._partial: list[list[bytes]] = [[]]

    @classmethod
    def load(cls, reader: TreeReader, size: int) -> Edge:
        """The edge of a stored tree of this size."""
        edge = cls()
        edge.size = size
        edge.last_leaf = reader.leaf_hashes(size - 1, size)[0] if size else None
        edge._partial = []
        count = size
        while True:
            full = count - count % TILE_WIDTH
            edge._partial.append(list(_hashes(reader, len(edge._partial), full, count)))
            count //= TILE_WIDTH
            if not count:
                return edge

    def copy(self) -> Edge:
        twin = Edge()
        twin.size = self.size
        twin.last_leaf = self.last_leaf
        twin._partial = [list(hashes) for hashes in self._partial]
        return twin

    def extend(self, leaves: Iterable[bytes]) -> list[Tile]:
        """Append leaf hashes; gives every tile that became full, at every level."""
        filled: list[Tile] = []
        lowest = self._partial[0]
        for each in leaves:
            self.size += 1
            self.last_leaf = each
            lowest.append(each)
            if len(lowest) == TILE_WIDTH:
                self._carry(filled)
        return filled

    def extend_by_tiles(self, roots: Iterable[bytes], last_leaf: bytes) -> list[Tile]:
        """Append full tiles of leaves by their roots, where a tile begins; gives every tile above that became full."""
        filled: list[Tile] = []
        if len(self._partial) == 1:
            self._partial.append([])
        for root in roots:
            self.size += TILE_WIDTH
            self._partial[1].append(root)
            if len(self._partial[1]) == TILE_WIDTH:
                self._carry(filled, 1)
        self.last_leaf = last_leaf
        return filled

    def _carry(self, filled: list[Tile], lowest: int = 0) -> None:
        for level, hashes in enumerate(self._partial[lowest:], start=lowest):
            if len(hashes) < TILE_WIDTH:
                return
            tile = Tile(level, (self.size >> 8 * (level + 1)) - 1, b"".join(hashes), perfect_root(hashes))
            filled.append(tile)
            hashes.clear()
            if level + 1 == len(self._partial):
                self._partial.append([tile.root])
                return
            self._partial[level + 1].append(tile.root)

    def hashes(self, level: int) -> Sequence[bytes]:
        """Those of the tile of this level that is not full yet."""
        return self._partial[level]

    def root(self) -> bytes:
        """The Merkle tree hash of everything so far."""
        peaks = self._all_peaks()
        return _joined(peaks) if peaks else EMPTY_ROOT

    def root_with(self, following: bytes) -> bytes:
        """The Merkle tree hash of everything so far and of leaves that follow, by the root that these have alone.

        They are no more than the largest power of two that divides the size.
        """
        return _joined([*self._all_peaks(), following])

    def _all_peaks(self) -> list[bytes]:
        return [peak for hashes in reversed(self._partial) for peak in _peaks(hashes)]


def node(left: bytes, right: bytes) -> bytes:
    """The RFC 6962 hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        pairs = iter(hashes)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return hashes[0]


def tree_root(reader: TreeReader, size: int) -> bytes:
    """The root a stored tree had at this size."""
    return _Subtrees(reader, size).root(0, size) if size else EMPTY_ROOT


def inclusion_proof(reader: TreeReader, position: int, size: int) -> list[bytes]:
    """The at most log2(size), rounded up, hashes that lead from one leaf to the root at this size."""
    if not 0 <= position < size:
        raise ValueError(f"position {position} is not in a tree of {size}")
    subtrees, path = _Subtrees(reader, size), []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if position < middle:
            path.append(subtrees.root(middle, high))
            high = middle
        else:
            path.append(subtrees.root(low, middle))
            low = middle
    return path[::-1]


def consistency_proof(reader: TreeReader, old_size: int, size: int) -> list[bytes]:
    """The hashes that show the tree of `old_size` to be the beginning of the tree of `size`."""
    if not 0 <= old_size <= size:
        raise ValueError(f"a tree of {size} does not contain one of {old_size}")
    subtrees, path = _Subtrees(reader, size), []
    low, high = 0, size
    while 0 < old_size < high:
        middle = low + _split(high - low)
        if old_size <= middle:
            path.append(subtrees.root(middle, high))
            high = middle
        else:
            path.append(subtrees.root(low, middle))
            low = middle
    if low:
        path.append(subtrees.root(low, high))
    return path[::-1]


def includes(root: bytes, size: int, position: int, leaf_hash: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof puts this leaf at this position of the tree with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size or any(len(each) != HASH_SIZE for each in proof):
        return False
    at, last, found = position, size - 1, leaf_hash
    for each in proof:
        if not last:
            return False
        if at & 1 or at == last:
            found = node(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, each)
        at, last = at >> 1, last >> 1
    return not last and found == root


def extends(old_root: bytes, old_size: int, root: bytes, size: int, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the old tree to be the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= size or any(len(each) != HASH_SIZE for each in proof):
        return False
    if old_size in (0, size):
        return not proof and old_root == (root if old_size == size else EMPTY_ROOT)
    hashes = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not hashes:
        return False
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_found = found = hashes[0]
    for each in hashes[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            old_found, found = node(each, old_found), node(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node(found, each)
        at, last = at >> 1, last >> 1
    return not last and old_found == old_root and found == root


class _Subtrees:
    """Roots of the subtrees that proofs speak of, each tile read at most once."""

    def __init__(self, reader: TreeReader, size: int) -> None:
        self._size = size
        self._tile = cache(lambda level, index: _tile(reader, size, level, index))

    def root(self, low: int, high: int) -> bytes:
        """The root over the leaves [low, high); `low` is where a subtree of that size may start."""
        peaks = []
        while low < high:
            width = 1 << ((high - low).bit_length() - 1)
            peaks.append(self._perfect(low, width))
            low += width
        return _joined(peaks)

    def _perfect(self, low: int, width: int) -> bytes:
        level, bits = divmod(width.bit_length() - 1, 8)
        index, first = divmod(low >> 8 * level, TILE_WIDTH)
        return perfect_root(self._tile(level, index)[first : first + (1 << bits)])


def _tile(reader: TreeReader, size: int, level: int, index: int) -> Sequence[bytes]:
    start, stop = index * TILE_WIDTH, min((index + 1) * TILE_WIDTH, size >> 8 * level)
    if stop - start < TILE_WIDTH:
        return _hashes(reader, level, start, stop)
    joined = reader.tile(level, index)
    return [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]


def _hashes(reader: TreeReader, level: int, start: int, stop: int) -> Sequence[bytes]:
    if start == stop:
        return ()
    return reader.tile_roots(level - 1, start, stop) if level else reader.leaf_hashes(start, stop)


def _peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """The roots of the perfect subtrees these hashes make up, largest first."""
    peaks, at = [], 0
    while at < len(hashes):
        width = 1 << ((len(hashes) - at).bit_length() - 1)
        peaks.append(perfect_root(hashes[at : at + width]))
        at += width
    return peaks


def _joined(peaks: Sequence[bytes]) -> bytes:
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = node(peak, found)
    return found


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)
