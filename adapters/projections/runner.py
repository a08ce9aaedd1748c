"""Pulls the log into the views: in order, each event exactly once, rows and position in one transaction (LOG-4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeAlias

from adapters.projections.projection import Key, Projection, Table, TableWrites, fold
from domain.errors import Misconfigured
from domain.log import Log

PAGE: Final = 2_000  # events a transaction; see docs/decisions for what other sizes cost
BULK: Final = 5_000  # in a rebuild, where no index is kept meanwhile

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told after each page, and when the view is whole: the view, how many events it has seen, how many there are."""


class ViewStore(Protocol):
    """Where rows and positions live: the same database as the log."""

    def prepare(self, projection: Projection) -> None:
        """Make the view's tables, afresh when an older version of the view made them, and indexes that are missing."""
        ...

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        """The last position that each of these views has seen, -1 for none; one question for all."""
        ...

    def advance(self, projection: Projection, *, read: int, reached: int, writes: Sequence[TableWrites]) -> bool:
        """Write a page and its position, or nothing and False when the position is no longer the one read."""
        ...

    def looked_up(self, table: Table, keys: Set[str]) -> Mapping[Key, Key]:
        """The rows of a table with one text key: key -> columns, in the table's order."""
        ...

    def clear(self, projection: Projection) -> None:
        """Drop the view's rows, and its indexes where we may, and put it back to the start."""
        ...

    def index(self, projection: Projection) -> None:
        """Make the indexes that are missing: over rows that are there, a fraction of the work of keeping them."""
        ...


class Runner:
    def __init__(self, log: Log, store: ViewStore, projections: Sequence[Projection]) -> None:
        self._log = log
        self._store = store
        self._projections = projections

    def catch_up(self) -> None:
        """Bring every view to the head of the log; where all are there, two questions tell."""
        newest = self._log.size() - 1
        for projection, reached in zip(self._projections, self._store.positions(self._projections), strict=True):
            if reached < newest:
                self._follow(projection, PAGE)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Every view from zero; other runners may go on meanwhile."""
        for projection in self._projections:
            self._store.clear(projection)
            self._follow(projection, BULK, progress)
            self._store.index(projection)
            if progress is not None:
                progress(projection.name, (size := self._log.size()), size)

    def _follow(self, projection: Projection, size: int, progress: Progress | None = None) -> None:
        """After a full page the next one is on its way while this one is written."""
        position = self._position(projection)
        with ThreadPoolExecutor(1) as ahead:
            page = self._log.page(position, size)
            while page:
                reached = page[-1].position
                coming = ahead.submit(self._log.page, reached, size) if len(page) == size else None
                writes = fold(projection, page, self._store.looked_up)
                if self._store.advance(projection, read=position, reached=reached, writes=writes):
                    position = reached
                    page = self._log.page(position, size) if coming is None else coming.result()
                else:  # another runner moved it
                    position = self._position(projection)
                    page = self._log.page(position, size)
                if progress is not None:
                    progress(projection.name, position + 1, max(self._log.size(), position + 1))

    def _position(self, projection: Projection) -> int:
        (position,) = self._store.positions([projection])
        return position


def newer_than_this(projection: Projection) -> Misconfigured:
    return Misconfigured(f"a newer version of Tweeluik made the view {projection.name}; use that version here too")


def positions_in(rows: Iterable[tuple[str, int, int]], projections: Sequence[Projection]) -> Sequence[int]:
    """Of these views, from (view, version, position) of all. Raises Misconfigured for one of another version."""
    known = {(view, version): position for view, version, position in rows}
    for one in projections:
        if (one.name, one.version) not in known:
            raise newer_than_this(one)
    return [known[one.name, one.version] for one in projections]
