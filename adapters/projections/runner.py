"""Pulls the log into the views: in order, each event exactly once, rows and position in one transaction (LOG-4).

What follows the log reads and decodes each page once for all views and writes them together. A view that somebody else
moved meanwhile, or that cannot be folded or written, holds none of the others, and nobody who asks only them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final, NamedTuple, Protocol, TypeAlias

from adapters.projections.projection import Key, Projection, Table, TableWrites, fold
from domain.errors import LogUnavailable, Misconfigured, TweeluikError, ViewBehind
from domain.log import Log, Recorded

PAGE: Final = 1_000  # events a transaction of all views; see docs/decisions for what other sizes cost
BULK: Final = 2_000  # in a rebuild, where no index is kept meanwhile

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told of a rebuild after each page, and then of each view whose indexes are made: what, how many are done, of all."""


class Step(NamedTuple):
    """What a page comes to in one view that has seen the log up to `read`."""

    projection: Projection
    read: int
    reached: int
    writes: Sequence[TableWrites]


class StatementFailed(LogUnavailable):
    """The views' database answers, but this it could not do: a table is gone, a right is missing, it took too long."""


class ViewStore(Protocol):
    """Where rows and positions live: the same database as the log.

    Raises LogUnavailable where the database does not answer or takes no write, so that no other view would come
    further; anything else, StatementFailed among it, for what it did answer.
    """

    def prepare(self, projection: Projection) -> None:
        """Make the view's tables, afresh when an older version of the view made them, and indexes that are missing."""
        ...

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        """The last position that each of these views has seen, -1 for none; one question for all."""
        ...

    def advance(self, steps: Sequence[Step]) -> Set[Projection]:
        """Write these steps with their positions in one transaction, all that still fit: the views that moved.

        A view whose position is no longer the one read is left as it is, and is not in the answer.
        """
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


class _Failure(NamedTuple):
    """What stopped a view, in a page that ends at `reached`."""

    reached: int
    reason: Exception


class Runner:
    def __init__(self, log: Log, store: ViewStore, projections: Sequence[Projection]) -> None:
        self._log = log
        self._store = store
        self._projections = projections
        self._failed: Mapping[Projection, _Failure] = {}
        self._telling = Lock()

    def catch_up(self, *needed: str) -> None:
        """Bring every view to the head of the log; where all are there, two questions tell.

        Raises ViewBehind for one that is `needed` and could not be brought there, when all others are.
        """
        newest = self._log.size() - 1
        places = self._places(self._projections)
        following = _Following(self._log, self._store, {one: at for one, at in places.items() if at < newest})
        following.follow(PAGE)
        self._note({**places, **following.places}, following.failed)
        for each in needed:
            self.hold(each)

    def _note(self, stands: Mapping[Projection, int], failed: Mapping[Projection, _Failure]) -> None:
        """One that failed is behind until it stands past that page: who saw an older head did not come to it."""
        with self._telling:
            still = {one: found for one, found in self._failed.items() if stands[one] < found.reached}
            self._failed = {**still, **failed}

    @property
    def behind(self) -> Mapping[str, Exception]:
        """The views that could not be brought to the head of the log when it was last tried, and what stopped them."""
        return {one.name: found.reason for one, found in self._failed.items()}

    def hold(self, view: str) -> None:
        """Raises ViewBehind for one that does not say what the log says."""
        if self._failed and (reason := self.behind.get(view)) is not None:
            raise ViewBehind(view, why_behind(reason)) from reason

    def rebuild(self, progress: Progress | None = None) -> None:
        """Every view from zero, in one reading of the log; other runners may go on meanwhile.

        One that cannot be folded or written holds none of the others, and is raised when they are there.
        """
        for projection in self._projections:
            self._store.clear(projection)
        following = _Following(self._log, self._store, self._places(self._projections), progress)
        following.follow(BULK)
        whole = [each for each in self._projections if each not in following.failed]
        for number, projection in enumerate(whole, start=1):
            self._store.index(projection)
            if progress is not None:
                progress("indexes", number, len(whole))
        for found in following.failed.values():
            raise found.reason

    def _places(self, projections: Sequence[Projection]) -> dict[Projection, int]:
        return dict(zip(projections, self._store.positions(projections), strict=True))


class _Following:
    """Some views on their way to the head of the log, each from where it stands."""

    def __init__(
        self, log: Log, store: ViewStore, places: dict[Projection, int], progress: Progress | None = None
    ) -> None:
        self._log, self._store, self.places, self._progress = log, store, places, progress
        self.failed: dict[Projection, _Failure] = {}

    def follow(self, size: int) -> None:
        """After a full page the next one is on its way while this one is written."""
        with ThreadPoolExecutor(1) as ahead:
            coming: tuple[int, Future[tuple[Recorded, ...]]] | None = None
            while self.places:
                start = min(self.places.values())
                page = coming[1].result() if coming and coming[0] == start else self._log.page(start, size)
                if not page:
                    break
                reached = page[-1].position
                coming = (reached, ahead.submit(self._log.page, reached, size)) if len(page) == size else None
                self._take(page, reached)
                if len(page) < size and min(self.places.values(), default=reached) >= reached:
                    break

    def _take(self, page: Sequence[Recorded], reached: int) -> None:
        steps = []
        for projection, read in list(self.places.items()):
            if read < reached:
                news = [event for event in page if event.position > read]
                try:
                    steps.append(Step(projection, read, reached, fold(projection, news, self._store.looked_up)))
                except Exception as reason:  # noqa: BLE001  whatever it is, no other view waits for it
                    self._give_up(projection, reached, reason)
        advanced = self._advance(steps) if steps else frozenset[Projection]()
        moved = [one.projection for one in steps if one.projection not in advanced and one.projection in self.places]
        if moved:  # by another runner
            self.places.update(zip(moved, self._store.positions(moved), strict=True))
        self.places.update(dict.fromkeys(advanced, reached))
        if advanced and self._progress is not None:
            self._progress("views", reached + 1, max(self._log.size(), reached + 1))

    def _advance(self, steps: Sequence[Step]) -> Set[Projection]:
        """Together; where that fails, each alone, so that only what cannot be written is not."""
        try:
            return self._store.advance(steps)
        except Exception as reason:  # noqa: BLE001  as above
            if len(steps) == 1:
                self._give_up(steps[0].projection, steps[0].reached, reason)
                return frozenset()
            _raise_where_nothing_answers(reason)
        return frozenset[Projection]().union(*(self._advance([one]) for one in steps))

    def _give_up(self, projection: Projection, reached: int, reason: Exception) -> None:
        _raise_where_nothing_answers(reason)
        del self.places[projection]
        self.failed[projection] = _Failure(reached, reason)


def why_behind(reason: Exception) -> str:
    """In few words and without a value: a library's own text may quote one."""
    return str(reason) if isinstance(reason, TweeluikError) else type(reason).__name__


def _raise_where_nothing_answers(reason: Exception) -> None:
    """No other view would come further, and each would wait as long."""
    if isinstance(reason, LogUnavailable) and not isinstance(reason, StatementFailed):
        raise reason


def newer_than_this(projection: Projection) -> Misconfigured:
    return Misconfigured(f"a newer version of Tweeluik made the view {projection.name}; use that version here too")


def positions_in(rows: Iterable[tuple[str, int, int]], projections: Sequence[Projection]) -> Sequence[int]:
    """Of these views, from (view, version, position) of all. Raises Misconfigured for one of another version."""
    known = {(view, version): position for view, version, position in rows}
    for one in projections:
        if (one.name, one.version) not in known:
            raise newer_than_this(one)
    return [known[one.name, one.version] for one in projections]
