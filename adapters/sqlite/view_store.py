"""Rows and positions of the views in an SQLite file, the one the log is in."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any, Final

from adapters.projections.projection import Key, Projection, Table, TableWrites, Value
from adapters.projections.runner import Step, newer_than_this, positions_in
from adapters.projections.view_sql import view_sql
from adapters.sqlite.files import why
from domain.errors import LogUnavailable

SCRATCH: Final = ""
"""A path for a temporary file of SQLite's own: nobody else can open it, and it is gone when it is closed."""

_VIEWS: Final = "adapters.sqlite.views"
_POSITIONS: Final = """
CREATE TABLE IF NOT EXISTS view_positions (
    view     TEXT PRIMARY KEY,
    version  INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT
"""
_MOVED: Final = """
WITH step (view, version, read, reached) AS (VALUES {})
UPDATE view_positions SET position = step.reached FROM step
WHERE view_positions.view = step.view AND view_positions.version = step.version AND view_positions.position = step.read
RETURNING view
"""


class SqliteViewStore:
    """`adapters.projections.runner.ViewStore`; one connection, used by one thread at a time.

    Commits are not waited for on disk: after a power failure rows and position go back together, and are caught up.
    """

    def __init__(self, path: str) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA cache_size = -32768")  # KiB
        self._db.execute("PRAGMA wal_autocheckpoint = 8000")

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def rows(self, sql: str, *values: Value) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def each(self, table: Table) -> Iterator[Key]:
        """Every row, in the order of its key, one after the other."""
        return self._db.execute(table.select(text_order="BINARY"))

    def prepare(self, projection: Projection) -> None:
        with self._transaction():
            self._db.execute(_POSITIONS)
            made = self.rows("SELECT version FROM view_positions WHERE view = ?", projection.name)
            if made and made[0][0] > projection.version:
                raise newer_than_this(projection)
            if not made or made[0][0] < projection.version:
                self._make(projection)
        self.index(projection)

    def positions(self, projections: Sequence[Projection]) -> Sequence[int]:
        rows = self.rows("SELECT view, version, position FROM view_positions")
        return positions_in(rows, projections)

    def advance(self, steps: Sequence[Step]) -> Set[Projection]:
        values = [
            each for one in steps for each in (one.projection.name, one.projection.version, one.read, one.reached)
        ]
        with self._transaction():
            sql = _MOVED.format(", ".join(["(?, ?, ?, ?)"] * len(steps)))
            moved = {view for (view,) in self._db.execute(sql, values).fetchall()}
            for one in steps:
                for write in one.writes if one.projection.name in moved else ():
                    self._write(write)
        return {one.projection for one in steps if one.projection.name in moved}

    def looked_up(self, table: Table, keys: Set[str]) -> Mapping[Key, Key]:
        if not keys:
            return {}
        (key,) = table.key
        columns = ", ".join((key, *table.columns))
        sql = f"SELECT {columns} FROM {table.name} WHERE {key} IN (SELECT value FROM json_each(?))"  # noqa: S608 (our own names)
        return {row[:1]: row[1:] for row in self.rows(sql, json.dumps(sorted(keys)))}

    def clear(self, projection: Projection) -> None:
        with self._transaction():
            self._make(projection)

    def index(self, projection: Projection) -> None:
        """Each in a transaction of its own, so that no writer of the log waits for all of them."""
        there = {name for (name,) in self.rows("SELECT name FROM sqlite_master")}
        for index in view_sql(_VIEWS, projection.name).indexes:
            if index.name not in there and index.table in there:
                with self._transaction():
                    self._db.execute(index.statement.replace("CREATE INDEX", "CREATE INDEX IF NOT EXISTS"))

    def _make(self, projection: Projection) -> None:
        """Without indexes."""
        self._db.execute(
            "INSERT OR REPLACE INTO view_positions (view, version, position) VALUES (?, ?, -1)",
            (projection.name, projection.version),
        )
        for table in projection.tables:
            self._db.execute(f"DROP TABLE IF EXISTS {table.name}")
        for statement in view_sql(_VIEWS, projection.name).tables:
            self._db.execute(statement)

    def _write(self, write: TableWrites) -> None:
        table = write.table
        if write.drops:
            where = " AND ".join(f"{name} = ?" for name in table.key)
            self._db.executemany(f"DELETE FROM {table.name} WHERE {where}", write.drops)  # noqa: S608 (our own names)
        for columns, rows in write.batches():
            changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in table.key)
            meeting = f"UPDATE SET {changed}" if changed else "NOTHING"
            self._db.executemany(
                f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "  # noqa: S608
                f"ON CONFLICT ({', '.join(table.key)}) DO {meeting}",
                rows,
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as cause:
                raise LogUnavailable(f"the views' database does not answer: {why(cause)}") from cause
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
