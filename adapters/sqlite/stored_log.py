"""The log and its views as they lie in an SQLite file, for those who trust nothing: verification and proofs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from adapters.log.proof.rows import LogUnreadable, StoredEvent
from adapters.projections.projection import Key, Table
from adapters.sqlite.files import why
from domain.errors import LogUnavailable

_EVENTS: Final = """SELECT rowid, originator_id, originator_version, topic, state, leaf FROM stored_events
                   WHERE rowid >= ? ORDER BY rowid LIMIT ?"""

_OUT_OF_TURN: Final = """SELECT rowid, originator_version, before FROM (
                           SELECT rowid, originator_version, lag(originator_version, 1, -1) OVER (
                               PARTITION BY originator_id ORDER BY originator_version, rowid) AS before
                           FROM stored_events WHERE originator_id IN (
                               SELECT originator_id FROM stored_events WHERE rowid > ?)) AS one
                         WHERE originator_version <> before + 1 ORDER BY rowid LIMIT 1"""
_PASSING: Final = (
    "SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_NOMEM", "SQLITE_INTERRUPT",
    "SQLITE_READONLY", "SQLITE_PERM",
)  # fmt: skip

_COLUMNS: Final = """SELECT name FROM pragma_table_info(?1)
                    WHERE EXISTS (SELECT 1 FROM sqlite_master WHERE name = ?1 AND type = 'table')"""


class SqliteStoredLog:
    """`adapters.log.stored.Stored` in one read transaction, on a connection that cannot write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._uri = f"{path.absolute().as_uri()}?mode=ro"
        self._opened: sqlite3.Connection | None = None

    def __enter__(self) -> SqliteStoredLog:
        return self

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.close()

    def checkpoints(self) -> Iterator[tuple[object, object]]:
        return self._rows("SELECT machine, note FROM log_checkpoints")

    def events(self, start: int, limit: int) -> Iterator[StoredEvent]:
        return self._rows(_EVENTS, start, limit)

    def stored_tile(self, level: int, index: int) -> tuple[object, object] | None:
        found = self._rows("SELECT hashes, root FROM log_tiles WHERE level = ? AND tile_index = ?", level, index)
        return next(found, None)

    def tile_count(self) -> int:
        return int(self._single("SELECT count(*) FROM log_tiles"))

    def count(self) -> int:
        return int(self._single("SELECT count(*) FROM stored_events"))

    def ever(self) -> int:
        return int(self._single("SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'stored_events'"))

    def out_of_turn(self, since: int) -> tuple[int, int, int] | None:
        return next(self._rows(_OUT_OF_TURN, since), None)

    def faults(self) -> str | None:
        found = self._single("PRAGMA integrity_check(1)")
        return None if found == "ok" else "SQLite finds its file damaged: PRAGMA integrity_check tells where"

    def snapshot(self) -> str:
        return ""  # another process sees what was committed when it first read

    def view(self, name: str) -> tuple[int, int] | None:
        if not self.columns("view_positions"):
            return None
        return next(self._rows("SELECT version, position FROM view_positions WHERE view = ?", name), None)

    def columns(self, table: str) -> frozenset[str]:
        return frozenset(name for (name,) in self._rows(_COLUMNS, table))

    def view_rows(self, table: Table) -> Iterator[Key]:
        return self._rows(table.select(text_order="BINARY"))

    def _single(self, query: str) -> Any:
        return next(self._rows(query))[0]

    def _rows(self, query: str, *arguments: object) -> Iterator[Any]:
        with _reading(self._path):
            for row in self._connection().execute(query, arguments):  # noqa: UP028  which would close a cursor that is gone
                yield row

    def _connection(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = sqlite3.connect(self._uri, uri=True, isolation_level=None)
            self._opened.execute("BEGIN")
        return self._opened


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What another attempt may find otherwise says nothing of the log: LogUnavailable. Anything else is a finding."""
    try:
        yield
    except sqlite3.OperationalError as error:  # gone, no such table; or invalid text
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(_PASSING) or (name.startswith("SQLITE_CANTOPEN") and path.exists()):
            raise LogUnavailable(f"the log's database could not be read to the end: {why(error)}") from error
        raise LogUnreadable(why(error), damaged="Could not decode" in str(error)) from error
    except sqlite3.DatabaseError as error:
        raise LogUnreadable(why(error), damaged=True) from error
