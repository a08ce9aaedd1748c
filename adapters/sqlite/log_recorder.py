"""The log on SQLite: one writer at a time, durable at COMMIT, the tree in the same transaction as the events."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from itertools import chain
from typing import Any, Final

from eventsourcing.persistence import ConnectionUnavailableError, InterfaceError, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteDatastore,
)

from adapters.log.mapper import Placed, Row
from adapters.log.proof.growth import Growth, check_versions, grown
from adapters.log.proof.tree import HASH_SIZE, Edge, TreeReader
from adapters.sqlite.files import why
from domain.errors import ClaimLost, LogDamaged, LogUnavailable
from domain.log import Fence

_SCHEMA: Final = files("adapters.sqlite").joinpath("log_schema.sql").read_text(encoding="utf-8")
_WAIT: Final = 30  # seconds for the one writer to finish
_FULL: Final = 2  # PRAGMA synchronous

_COLUMNS = "rowid, originator_id, originator_version, topic, state, leaf"
_AT_ONCE: Final = 50  # rows a statement: one by one costs half as much again, AUTOINCREMENT's counter at each row most
_INSERT = f"INSERT INTO stored_events ({_COLUMNS}) VALUES (?,?,?,?,?,?)"  # noqa: S608 - constants only
_INSERT_MANY = _INSERT + ",(?,?,?,?,?,?)" * (_AT_ONCE - 1)
_SELECT = "SELECT rowid - 1, originator_id, originator_version, topic, state FROM stored_events"
_PAGE = f"{_SELECT} WHERE rowid > ? ORDER BY rowid LIMIT ?"
_AT = f"{_SELECT} WHERE rowid IN (SELECT value FROM json_each(?)) ORDER BY rowid"  # noqa: S608 - constants only
_STREAMS = f"""{_SELECT} WHERE originator_id IN (SELECT value FROM json_each(?))
               ORDER BY originator_id, originator_version"""  # noqa: S608 - constants only
_OF_KINDS = f"""{_SELECT} WHERE originator_id IN (SELECT value FROM json_each(?))
                AND topic IN (SELECT value FROM json_each(?)) AND {{also}}
                ORDER BY originator_id, originator_version"""  # noqa: S608 - constants only
INDEXED: Final = frozenset(
    {
        "loket_record.concept_employee_created.v1", "loket_record.concept_employee_finalised.v1",
        "loket_record.concept_employee_gone.v1", "loket_record.link_observed.v1",
        "loket_record.termination_observed.v1", "loket_record.termination_reversed.v1",
        "loket_record.termination_superseded.v1", "personio_record.gates_observed.v1",
        "personio_record.person_left_entity.v1",
    }
)  # fmt: skip
"""The few kinds of a long stream that pages are held against: whose a number is, how it is linked, when it ends."""
_INDEXED: Final = f"topic IN ({', '.join(repr(one) for one in sorted(INDEXED))})"
_INDEX: Final = f"""CREATE INDEX IF NOT EXISTS stored_events_of_kinds
                    ON stored_events (originator_id, originator_version) WHERE {_INDEXED}"""
_PARTS = f"""SELECT e.* FROM json_each(?) CROSS JOIN ({_SELECT}) e
                 ON originator_id = value ->> 0 AND originator_version = value ->> 1
             UNION ALL SELECT e.* FROM json_each(?) CROSS JOIN ({_SELECT}) e
                 ON originator_id = value ->> 0 AND originator_version > value ->> 1
             ORDER BY originator_id, originator_version"""  # noqa: S608 - constants only
_NEWEST = f"""{_SELECT} WHERE rowid IN (
                   SELECT (SELECT rowid FROM stored_events WHERE originator_id = value AND rowid <= ?
                           ORDER BY originator_version DESC LIMIT 1)
                   FROM json_each(?))
               ORDER BY rowid"""  # noqa: S608 - constants only
_TAIL = """SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'stored_events'), e.rowid, e.leaf
           FROM (SELECT 1) LEFT JOIN (SELECT rowid, leaf FROM stored_events ORDER BY rowid DESC LIMIT 1) e"""
_VERSION = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"


class SqliteLogRecorder(SQLiteApplicationRecorder):
    """`adapters.log.recorder.LogRecorder`, and the library's recorder for its own readers."""

    def __init__(self, datastore: SQLiteDatastore) -> None:
        super().__init__(datastore, events_table_name="stored_events")
        self._growth = Growth()

    def create_table(self) -> None:
        with self._cursor(writer=True) as cursor:
            cursor.executescript(_SCHEMA)
            cursor.execute(_INDEX)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        rows = [Row(str(each.originator_id), each.originator_version, each.topic, each.state) for each in stored_events]
        end = self.append(rows).size
        return range(end - len(rows) + 1, end + 1)

    def append(self, rows: Sequence[Row], fence: Fence | None = None) -> Edge:
        with self._cursor(writer=True) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                edge = self._insert(cursor, rows, fence)
                cursor.execute("COMMIT")
            except BaseException:
                cursor.connection.rollback()
                raise
        self._growth.committed(edge)
        return edge

    def page(self, after: int, limit: int) -> list[Placed]:
        return self._rows(_PAGE, (after + 1, limit))

    def at(self, positions: Sequence[int]) -> list[Placed]:
        ids = json.dumps([position + 1 for position in positions])
        return self._rows(_AT, (ids,))

    def streams(self, streams: Sequence[str]) -> list[Placed]:
        return self._rows(_STREAMS, (json.dumps(streams),))

    def of_kinds(self, streams: Sequence[str], names: Sequence[str]) -> list[Placed]:
        also = _INDEXED if INDEXED.issuperset(names) else "TRUE"  # in these words only is the index used
        return self._rows(_OF_KINDS.format(also=also), (json.dumps(streams), json.dumps(names)))

    def parts(self, kept: Sequence[tuple[str, int]], after: Sequence[tuple[str, int]]) -> list[Placed]:
        return self._rows(_PARTS, (json.dumps(kept), json.dumps(after)))

    def newest(self, streams: Sequence[str], before: int) -> list[Placed]:
        return self._rows(_NEWEST, (before, json.dumps(streams)))

    def size(self) -> int:
        with self._cursor() as cursor:
            size: int = cursor.execute("SELECT ifnull(max(rowid), 0) FROM stored_events").fetchone()[0]
            return size

    def room(self) -> None:
        """There is always some, as long as the disk has."""

    def head(self) -> Edge:
        with self._cursor() as cursor:
            return self._edge(cursor)

    @contextmanager
    def tree(self) -> Iterator[TreeReader]:
        with self._cursor() as cursor:
            yield _Tree(cursor)

    def newest_notes(self, limit: int) -> list[str]:
        with self._cursor() as cursor:
            found = cursor.execute("SELECT note FROM log_checkpoints ORDER BY size DESC LIMIT ?", (limit,)).fetchall()
            return [str(note) for (note,) in found]

    def signers(self) -> frozenset[str]:
        with self._cursor() as cursor:
            found = cursor.execute("SELECT DISTINCT machine FROM log_checkpoints").fetchall()
            return frozenset(str(machine) for (machine,) in found)

    def insert_checkpoint(self, size: int, machine: str, note: str) -> None:
        """Without waiting for the disk: the copy outside is durable, and a lost row is inserted again from it."""
        with self._cursor(writer=True) as cursor:
            cursor.execute("PRAGMA synchronous = NORMAL")
            try:
                cursor.execute("INSERT OR IGNORE INTO log_checkpoints VALUES (?,?,?)", (size, machine, note))
            finally:
                cursor.execute("PRAGMA synchronous = FULL")

    def _rows(self, query: str, arguments: tuple[Any, ...]) -> list[Placed]:
        with self._cursor() as cursor:
            return cursor.execute(query, arguments).fetchall()

    def _insert(self, cursor: sqlite3.Cursor, rows: Sequence[Row], fence: Fence | None) -> Edge:
        if cursor.execute("PRAGMA synchronous").fetchone()[0] != _FULL:
            raise LogUnavailable("SQLite is set not to wait for the disk (PRAGMA synchronous); the log needs FULL")
        _check_fence(cursor, fence)
        edge = self._edge(cursor)
        check_versions(rows, _heads(cursor, {row.originator_id for row in rows}))
        first = edge.size + 1
        leaves, tiles = grown(edge, rows)
        _insert_rows(
            cursor, [(at, *row, leaf) for at, row, leaf in zip(range(first, edge.size + 1), rows, leaves, strict=True)]
        )
        for tile in tiles:
            cursor.execute(
                "INSERT INTO log_tiles (level, tile_index, hashes, root) VALUES (?,?,?,?)",
                (tile.level, tile.index, tile.hashes, tile.root),
            )
        return edge

    def _edge(self, cursor: sqlite3.Cursor) -> Edge:
        seen = self._growth.seen
        ever, last, leaf = cursor.execute(_TAIL).fetchone()
        if ever != last:
            raise LogDamaged(f"the log held {ever} events and now ends after {last or 0}: its tail was cut")
        return self._growth.edge(_Tree(cursor), last or 0, leaf, seen)

    @contextmanager
    def _cursor(self, *, writer: bool = False) -> Iterator[sqlite3.Cursor]:
        """A cursor giving plain tuples; a writer waits for the other writers of this process."""
        try:
            with self.datastore.get_connection(commit=writer) as connection, connection.cursor() as cursor:
                cursor.row_factory = None
                yield cursor
        except (sqlite3.OperationalError, ConnectionUnavailableError, InterfaceError) as cause:
            raise LogUnavailable(f"the log's database did not answer: {why(cause)}") from cause
        except sqlite3.DatabaseError as cause:
            raise LogDamaged(f"the log's database is damaged: {why(cause)}") from cause


class _Tree:
    """`adapters.log.proof.tree.TreeReader` over one cursor: what an append reads inside its transaction."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    def leaf_hashes(self, start: int, stop: int) -> Sequence[bytes]:
        return self._column("SELECT leaf FROM stored_events WHERE rowid > ? AND rowid <= ? ORDER BY rowid", start, stop)

    def tile(self, level: int, index: int) -> bytes:
        found = self._cursor.execute("SELECT hashes FROM log_tiles WHERE level = ? AND tile_index = ?", (level, index))
        return self._tile_of(found.fetchall(), 256 * HASH_SIZE)

    def tile_roots(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        query = "SELECT root FROM log_tiles WHERE level = ? AND tile_index >= ? AND tile_index < ? ORDER BY tile_index"
        found = [root for (root,) in self._cursor.execute(query, (level, start, stop))]
        if len(found) != stop - start:
            raise LogDamaged(f"tiles of level {level} between {start} and {stop} are missing")
        return found

    def _column(self, query: str, start: int, stop: int) -> Sequence[bytes]:
        found = [leaf for (leaf,) in self._cursor.execute(query, (start, stop))]
        if len(found) != stop - start:
            raise LogDamaged(f"events between positions {start} and {stop} are missing")
        return found

    def _tile_of(self, rows: list[Any], size: int) -> bytes:
        if len(rows) != 1 or len(rows[0][0]) != size:
            raise LogDamaged("a tile of the tree is missing")
        hashes: bytes = rows[0][0]
        return hashes


def sqlite_datastore(path: str) -> SQLiteDatastore:
    """The library's datastore with our waits, and FULL on every connection."""
    datastore = SQLiteDatastore(path, originator_id_type="text")
    datastore.pool = _FullPool(db_name=path, lock_timeout=_WAIT, pool_timeout=_WAIT)
    return datastore


class _FullPool(SQLiteConnectionPool):
    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        connection.cursor().execute("PRAGMA synchronous = FULL")
        return connection


def _insert_rows(cursor: sqlite3.Cursor, rows: Sequence[tuple[Any, ...]]) -> None:
    whole = len(rows) - len(rows) % _AT_ONCE
    for start in range(0, whole, _AT_ONCE):
        cursor.execute(_INSERT_MANY, tuple(chain.from_iterable(rows[start : start + _AT_ONCE])))
    cursor.executemany(_INSERT, rows[whole:])


def _check_fence(cursor: sqlite3.Cursor, fence: Fence | None) -> None:
    if fence is None:
        return
    held = cursor.execute("SELECT token FROM claims WHERE legal_entity = ?", (fence.legal_entity,)).fetchone()
    if held is None or held[0] != fence.token:
        raise ClaimLost(f"this run no longer holds legal entity {fence.legal_entity}")


def _heads(cursor: sqlite3.Cursor, streams: set[str]) -> dict[str, int]:
    found = ((stream, cursor.execute(_VERSION, (stream,)).fetchone()[0]) for stream in streams)
    return {stream: version for stream, version in found if version is not None}
