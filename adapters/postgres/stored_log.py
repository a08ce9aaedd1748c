"""The log and its views as they lie in PostgreSQL, for those who trust nothing: verification."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from adapters.log.proof.rows import LogUnreadable, StoredEvent
from adapters.postgres.pool import connect, why
from adapters.projections.projection import Key, Table
from domain.errors import LogUnavailable

_EVENTS: Final = """SELECT notification_id, originator_id, originator_version, topic, state, leaf FROM stored_events
                   WHERE notification_id >= %s ORDER BY notification_id LIMIT %s"""
_TILE: Final = "SELECT hashes, root FROM log_tiles WHERE level = %s AND tile_index = %s"

_OUT_OF_TURN: Final = """SELECT notification_id, originator_version, before FROM (
                           SELECT notification_id, originator_version, lag(originator_version, 1, -1::bigint) OVER (
                               PARTITION BY originator_id ORDER BY originator_version, notification_id) AS before
                           FROM stored_events WHERE originator_id IN (
                               SELECT originator_id FROM stored_events WHERE notification_id > %s)) AS one
                         WHERE originator_version <> before + 1 ORDER BY notification_id LIMIT 1"""

_COLUMNS: Final = """SELECT attname::text FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                    WHERE attrelid = to_regclass(%s) AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped"""
_AT_ONCE: Final = 2_000  # rows of a view


class PostgresStoredLog:
    """`adapters.log.stored.Stored` in one repeatable-read transaction that cannot write.

    `snapshot`: of a transaction that is still open, whose instant this one sees too.
    """

    def __init__(self, url: str, snapshot: str = "") -> None:
        self._url, self._snapshot = url, snapshot
        self._opened: psycopg.Connection[Any] | None = None

    def __enter__(self) -> PostgresStoredLog:
        return self

    def __exit__(self, *_: object) -> None:
        if self._opened is not None:
            self._opened.close()

    def checkpoints(self) -> list[tuple[object, object]]:
        return self._rows("SELECT machine, note FROM log_checkpoints")

    def events(self, start: int, limit: int) -> list[StoredEvent]:
        return self._rows(_EVENTS, start, limit)

    def stored_tile(self, level: int, index: int) -> tuple[object, object] | None:
        return next(iter(self._rows(_TILE, level, index)), None)

    def tile_count(self) -> int:
        return int(self._rows("SELECT count(*) FROM log_tiles")[0][0])

    def count(self) -> int:
        return int(self._rows("SELECT count(*) FROM stored_events")[0][0])

    def ever(self) -> int:
        return 0  # positions are given by us, never by a sequence that would remember

    def out_of_turn(self, since: int) -> tuple[int, int, int] | None:
        return next(iter(self._rows(_OUT_OF_TURN, since)), None)

    def faults(self) -> str | None:
        return None  # checksums are checked by the server as it reads: a broken page raises

    def snapshot(self) -> str:
        return str(self._rows("SELECT pg_export_snapshot()")[0][0])

    def view(self, name: str) -> tuple[int, int] | None:
        if not self.columns("view_positions"):
            return None
        return next(iter(self._rows("SELECT version, position FROM view_positions WHERE view = %s", name)), None)

    def columns(self, table: str) -> frozenset[str]:
        return frozenset(name for (name,) in self._rows(_COLUMNS, table))

    def view_rows(self, table: Table) -> Iterator[Key]:
        with _reading(), self._connection().cursor(name="view_rows", binary=True) as cursor:
            cursor.itersize = _AT_ONCE
            yield from cursor.execute(table.select(text_order='"C"').encode())

    def _rows(self, query: str, *arguments: object) -> list[Any]:
        with _reading():
            return self._connection().execute(query, arguments, binary=True).fetchall()

    def _connection(self) -> psycopg.Connection[Any]:
        if self._opened is None:
            self._opened = connect(self._url)
            self._opened.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self._opened.read_only = True
            if self._snapshot:
                self._opened.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(self._snapshot))
            self._opened.execute("SET idle_in_transaction_session_timeout = 0")  # what was read is worked at, for long
        return self._opened


@contextmanager
def _reading() -> Iterator[None]:
    """What another attempt may find otherwise says nothing of the log: LogUnavailable. Anything else is a finding."""
    try:
        yield
    except (psycopg.InternalError, psycopg.DataError) as error:  # a broken page or row, in PostgreSQL's own words
        raise LogUnreadable(why(error), damaged=True) from error
    except psycopg.OperationalError as error:
        raise LogUnavailable(f"the log's database could not be read to the end: {why(error)}") from error
    except psycopg.Error as error:
        raise LogUnreadable(why(error), damaged=False) from error
