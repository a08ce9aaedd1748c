"""The tree's right edge as this process last saw it committed, and what an append adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from adapters.log.mapper import Row
from adapters.log.proof.tree import Edge, Tile, TreeReader, leaf
from domain.errors import LogDamaged, StreamMoved

_RELOAD_BEYOND: Final = 1024  # leaves another process wrote: from here on reading the tiles is cheaper


class Growth:
    """Caches the edge between appends; it is used only while it still fits what is stored."""

    def __init__(self) -> None:
        self.seen: Edge | None = None

    def edge(self, reader: TreeReader, size: int, last_leaf: bytes | None, cached: Edge | None) -> Edge:
        """A copy of the edge at this size, to be extended. Raises LogDamaged when the stored leaves are others.

        `cached` is what `seen` was before the size was read: another thread may have committed more in between.
        """
        if cached is None:
            return Edge.load(reader, size)
        if cached.size > size:
            raise LogDamaged(f"the log held {cached.size} events and now ends after {size}: its tail was cut")
        if cached.size == size:
            found = last_leaf
        else:
            found = reader.leaf_hashes(cached.size - 1, cached.size)[0] if cached.size else None
        if found != cached.last_leaf:
            raise LogDamaged(f"the event at position {cached.size - 1} is not the one that was stored there")
        if size - cached.size > _RELOAD_BEYOND:
            return Edge.load(reader, size)
        edge = cached.copy()
        if size > cached.size:
            edge.extend(reader.leaf_hashes(cached.size, size))
        return edge

    def committed(self, edge: Edge) -> None:
        """The edge is now what is stored; it must not be extended any more."""
        self.seen = edge


def grown(edge: Edge, rows: Sequence[Row]) -> tuple[list[bytes], list[Tile]]:
    """Extend the edge by these rows: their leaves, and the tiles they fill."""
    leaves = [leaf(position, *row) for position, row in enumerate(rows, start=edge.size)]
    return leaves, edge.extend(leaves)


def check_versions(rows: Iterable[Row], heads: Mapping[str, int]) -> None:
    """Raises StreamMoved unless the rows continue their streams; `heads` has the last version of each that exists."""
    last = dict(heads)
    for stream, version, _, _ in rows:
        if version != last.get(stream, -1) + 1:
            raise StreamMoved(stream, version)
        last[stream] = version
