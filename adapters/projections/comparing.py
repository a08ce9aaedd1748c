"""Holds every view against what the events make of it: folded anew elsewhere, and compared row by row (LOG-4).

The scratch database is a temporary file of SQLite's own, whatever the log is on: it needs no right, nobody else reaches
it, and no more of it is in memory than its cache. Rows are the same on both databases.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

from adapters.log.mapper import recorded
from adapters.log.proof.rows import LogUnreadable, StoredEvent
from adapters.log.proof.verdicts import Verdict, Verification, ViewDifference
from adapters.projections.projection import Key, Projection, Table, fold
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import Step
from adapters.sqlite.files import private_file, why
from adapters.sqlite.view_store import SCRATCH, SqliteViewStore
from domain.errors import LogDamaged, LogUnavailable
from domain.log import Recorded

_PAGE: Final = 5_000
_PLACES: Final = ("position", "last")  # columns that name an event


class StoredViews(Protocol):
    """The log and its views as they lie in the database, all seen at one instant. Raises LogUnreadable."""

    def events(self, start: int, limit: int) -> Iterable[StoredEvent]:
        """Rows with this rowid (position + 1) and above, in order."""
        ...

    def view(self, name: str) -> tuple[int, int] | None:
        """Version of a view and the last position it has seen; None where it was never made."""
        ...

    def columns(self, table: str) -> Set[str]:
        """Of a plain table of that name; empty where there is none."""
        ...

    def view_rows(self, table: Table) -> Iterator[Key]:
        """Key and columns of every row, in the order of the key."""
        ...


def with_views(
    result: Verification,
    stored: StoredViews,
    projections: Sequence[Projection] = PROJECTIONS,
    *,
    kept: Path | None = None,
    beside: Callable[[], Mapping[str, int]] = dict,
) -> Verification:
    """The verification of a log that was found sound, with its views; any other verdict stays as it is.

    `beside`: the views that others found to be what the events make, and the last event that each had seen then: where
    it is one that was verified, the view is not compared again. `kept`: a file in which they are as an earlier
    comparison folded them, to go on from, and are kept as this one does.
    Raises LogUnavailable where that could not be finished.
    """
    if not result.ok:
        return result
    places = beside()
    projections = [each for each in projections if not places.get(each.name, result.size) < result.size]
    try:
        found = tuple(differences(stored, result.size, projections, kept=kept))
    except LogUnreadable as error:
        return replace(result, verdict=Verdict.UNVERIFIABLE, reason=f"the views cannot be read: {error}")
    except sqlite3.Error as error:
        if kept is not None and kept.exists():
            kept.unlink()  # it may be that which cannot be used
            return with_views(result, stored, projections)
        raise LogUnavailable(
            f"the views could not be folded anew to compare them: {why(error)}; TMPDIR names a folder for it"
        ) from error
    if not found:
        return replace(result, reason=f"{result.reason}; every view is what they make", views=())
    reason = f"the log is sound, but not every view is what it makes: {found[0]}; mend it with: tweeluik rebuild"
    place = found[0].position
    return replace(result, verdict=Verdict.VIEWS_DIFFER, reason=reason, first=place, last=place, views=found)


def differences(
    stored: StoredViews, size: int, projections: Sequence[Projection] = PROJECTIONS, *, kept: Path | None = None
) -> Iterator[ViewDifference]:
    """Of each view that is not what the first `size` events make, the first place.

    A view is held to the position it has itself reached. One of an older version is made anew when it is next opened.
    """
    places: dict[Projection, int] = {}
    for projection in projections:
        version, place = stored.view(projection.name) or (0, -1)
        if version == projection.version and -1 <= place < size:
            places[projection] = place
        elif version >= projection.version:
            what = f"it stands at event {place} in version {version}, where there is none"
            yield ViewDifference(projection.name, place, what)
    with _scratch(kept) as (path, keep):
        with closing(SqliteViewStore(path)) as scratch:
            _fold(stored, places, scratch)
            found = list(_differing(stored, places, scratch))
        if not found:
            keep()
    yield from found


def sound_views(stored: StoredViews, size: int, projections: Sequence[Projection]) -> dict[str, int]:
    """Of these views those that are what the events make, and the last event that each has seen.

    One that cannot be told is left out, whatever the reason: it is for whoever judges to find.
    """
    try:
        others = {each.view for each in differences(stored, size, projections)}
        stands = {each: stored.view(each.name) for each in projections if each.name not in others}
    except (LogUnreadable, LogDamaged, sqlite3.Error):
        return {}
    return {each.name: at[1] for each, at in stands.items() if at is not None and at[0] == each.version}


def shares(projections: Sequence[Projection], count: int) -> list[list[Projection]]:
    """The views dealt to two processes or more. One with a row for every event takes as long as all others together."""
    large = [each for each in projections if any(table.grows for table in each.tables)]
    small = [each for each in projections if each not in large]
    return [large, *(small[at :: count - 1] for at in range(count - 1))]


def _differing(
    stored: StoredViews, places: Mapping[Projection, int], scratch: SqliteViewStore
) -> Iterator[ViewDifference]:
    for projection, place in places.items():
        for table in projection.tables:
            found = _first(stored, scratch, table)
            if found is not None:
                yield replace(found, view=projection.name, folded_to=place)
                break


@contextmanager
def _scratch(kept: Path | None) -> Iterator[tuple[str, Callable[[], object]]]:
    """A path to fold in, and what puts it in the place of the file that is kept. Nobody sees it half done."""
    if kept is None:
        yield SCRATCH, lambda: None
        return
    with TemporaryDirectory(dir=kept.parent, prefix=f".{kept.name}.") as name:
        draft = private_file(Path(name) / kept.name)
        if kept.exists():
            shutil.copyfile(kept, draft)
        yield str(draft), lambda: draft.replace(kept)


def _fold(stored: StoredViews, places: Mapping[Projection, int], scratch: SqliteViewStore) -> None:
    """Every view to its place, in one pass over the events that it has not seen."""
    begins: dict[Projection, int] = {}
    for projection, place in places.items():
        scratch.prepare(projection)
        (begins[projection],) = scratch.positions([projection])
        if not -1 <= begins[projection] <= place:
            begins[projection] = -1
        if begins[projection] == -1:
            scratch.clear(projection)  # without its indexes, which nobody will ask
    for page in _pages(stored, 1 + min(begins.values(), default=-1), 1 + max(places.values(), default=-1)):
        for projection, place in places.items():
            seen = [event for event in page if begins[projection] < event.position <= place]
            if seen:
                read, reached = seen[0].position - 1, seen[-1].position
                scratch.advance([Step(projection, read, reached, fold(projection, seen, scratch.looked_up))])


def _pages(stored: StoredViews, first: int, size: int) -> Iterator[list[Recorded]]:
    for start in range(first, size, _PAGE):
        rows = stored.events(start + 1, min(_PAGE, size - start))
        yield [recorded((rowid - 1, stream, version, name, state)) for rowid, stream, version, name, state, _ in rows]


def _first(stored: StoredViews, scratch: SqliteViewStore, table: Table) -> ViewDifference | None:
    """The first row that differs, is missing or was made by no event, in the order of the key."""
    names, width = (*table.key, *table.columns), len(table.key)

    def differs(what: str, row: Key = ()) -> ViewDifference:
        place = next((row[names.index(name)] for name in _PLACES if row and name in names), None)
        key = tuple(zip(table.key, row, strict=False))
        return ViewDifference("", -1, what, table.name, key, place if isinstance(place, int) else None)

    if not stored.columns(table.name) >= set(names):
        return differs("the table is gone, or another one")
    try:
        for was, right in zip_longest(stored.view_rows(table), scratch.each(table)):
            if was == right:
                continue
            if right is None or (was is not None and _before(was[:width], right[:width])):
                return replace(differs("a row was made by no event", was), key=())
            if was is None or was[:width] != right[:width]:
                return differs("the row is missing", right)
            wrong = (name for name, one, other in zip(names, was, right, strict=True) if one != other)
            return differs(f"the row differs in {', '.join(wrong)}", right)
    except LogUnreadable as error:
        if not error.damaged:
            raise
        return differs("a row cannot be read")
    return None


def _before(one: Any, other: Any) -> bool:
    """In the order of bytes, which is Python's of text. What can be no key of ours comes first."""
    try:
        return bool(one < other)
    except TypeError:
        return True
