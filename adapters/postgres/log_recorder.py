"""The log on PostgreSQL: one writer at a time under a table lock, binary COPY, the tree in the same transaction."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, Final

import psycopg
from eventsourcing.persistence import IntegrityError, PersistenceError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg import sql
from psycopg.rows import tuple_row

from adapters.log.mapper import Placed, Row
from adapters.log.proof.growth import Growth, check_versions, grown
from adapters.log.proof.tree import HASH_SIZE, TILE_WIDTH, Edge, TreeReader
from adapters.log.recorder import Room
from adapters.postgres.pool import connected, why
from domain.errors import ClaimLost, LogDamaged, LogUnavailable
from domain.log import Fence

SCHEMA: Final = files("adapters.postgres").joinpath("log_schema.sql").read_text(encoding="utf-8")

_LOCK = """BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '30s';
           LOCK TABLE log_lock IN EXCLUSIVE MODE;"""
_SEEN = "SELECT * FROM log_seen(ARRAY[{}]::text[]);"
_TAIL = "SELECT ever, size, last_leaf FROM log_seen('{}')"
_HOLDER = "SELECT token FROM claims WHERE legal_entity = {} FOR SHARE;"  # a takeover waits for our commit, or we for it
_COLUMNS = "stored_events (notification_id, originator_id, originator_version, topic, state, leaf)"
_COPY = f"COPY {_COLUMNS} FROM STDIN (FORMAT BINARY)"
_INSERT = f"INSERT INTO {_COLUMNS} VALUES (%s, %s, %s, %s, %b, %b)"  # noqa: S608 - constants only
_SELECT = "SELECT notification_id - 1, originator_id, originator_version, topic, state FROM stored_events"
_PAGE = f"{_SELECT} WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
_AT = f"""SELECT e.* FROM unnest(%s::bigint[]) AS one (place) CROSS JOIN LATERAL (
               {_SELECT} WHERE notification_id = place OFFSET 0) e ORDER BY 1"""  # noqa: S608 - constants only
_STREAMS = f"""{_SELECT} WHERE originator_id = ANY(%s)
               ORDER BY originator_id, originator_version"""
_OF_KINDS = f"""{_SELECT} WHERE originator_id = ANY(%s) AND topic = ANY(%s)
                ORDER BY originator_id, originator_version"""
_PARTS = f"""SELECT e.* FROM unnest(%s::text[], %s::bigint[]) AS one (stream, version) CROSS JOIN LATERAL (
                 {_SELECT} WHERE originator_id = stream AND originator_version = version OFFSET 0) e
             UNION ALL SELECT e.* FROM unnest(%s::text[], %s::bigint[]) AS one (stream, version) CROSS JOIN LATERAL (
                 {_SELECT} WHERE originator_id = stream AND originator_version > version OFFSET 0) e
             ORDER BY originator_id, originator_version"""  # noqa: S608 - constants only
_NEWEST = f"""{_SELECT} WHERE notification_id IN (
                   SELECT (SELECT notification_id FROM stored_events WHERE originator_id = one AND notification_id <= %s
                           ORDER BY originator_version DESC LIMIT 1)
                   FROM unnest(%s::text[]) AS one)
               ORDER BY notification_id"""  # noqa: S608 - constants only

_ROOM = r"""
    SELECT ends[2]::bigint - 1 - (SELECT coalesce(max(notification_id), 0) FROM stored_events),
           ends[2]::bigint - ends[1]::bigint
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid,
         regexp_match(pg_get_expr(relpartbound, pg_class.oid), '(\d+)\D+(\d+)') AS ends
    WHERE inhparent = to_regclass('stored_events') ORDER BY ends[2]::bigint DESC LIMIT 1"""
_TRIES = 64  # of making the next partition, while one is filled; the half that is left has as many again


def has_events(url: str) -> bool:
    """Whether a log was begun in this database, of however many events. Raises LogUnavailable or Misconfigured."""
    with connected(url) as db:
        return db.execute("SELECT to_regclass('stored_events')").fetchone() != (None,)


class PostgresLogRecorder(PostgresApplicationRecorder):
    """`adapters.log.recorder.LogRecorder`, and the library's recorder for its own readers."""

    def __init__(self, datastore: PostgresDatastore) -> None:
        super().__init__(datastore, events_table_name="stored_events")
        self._growth = Growth()

    def create_table(self) -> None:
        """Make the tables where there are none; a role that may only append never tries."""
        with self._cursor() as cursor:
            if cursor.execute("SELECT to_regprocedure('log_seen(text[])')").fetchone() == (None,):
                cursor.execute(f"BEGIN; {SCHEMA}; COMMIT", prepare=False)

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        rows = [Row(str(each.originator_id), each.originator_version, each.topic, each.state) for each in stored_events]
        end = self.append(rows).size
        return range(end - len(rows) + 1, end + 1)

    def append(self, rows: Sequence[Row], fence: Fence | None = None) -> Edge:
        edge, acknowledged = self._append(rows, fence)
        if not acknowledged and not self._are_stored(rows, edge.size - len(rows)):
            raise LogUnavailable("the log's database went away during the commit; nothing was stored")
        self._growth.committed(edge)
        return edge

    def page(self, after: int, limit: int) -> list[Placed]:
        return self._rows(_PAGE, after + 1, limit)

    def at(self, positions: Sequence[int]) -> list[Placed]:
        return self._rows(_AT, list({position + 1 for position in positions}))

    def streams(self, streams: Sequence[str]) -> list[Placed]:
        return self._rows(_STREAMS, list(streams))

    def of_kinds(self, streams: Sequence[str], names: Sequence[str]) -> list[Placed]:
        return self._rows(_OF_KINDS, list(streams), list(names))

    def parts(self, kept: Sequence[tuple[str, int]], after: Sequence[tuple[str, int]]) -> list[Placed]:
        return self._rows(_PARTS, *_columns(kept), *_columns(after))

    def newest(self, streams: Sequence[str], before: int) -> list[Placed]:
        return self._rows(_NEWEST, before, list(streams))

    def size(self) -> int:
        with self._cursor() as cursor:
            return _size(cursor.execute(_TAIL).fetchone())

    def room(self) -> Room | None:
        """Up to the end of the last partition. It is late when several tries to make the next one have failed."""
        with self._cursor() as cursor:
            found = cursor.execute(_ROOM).fetchone()
        if found is None:  # an older log, in no partitions
            return None
        left, width = found
        return Room(left, late=left < width // 2 - 4 * width // _TRIES)

    def head(self) -> Edge:
        with self._cursor() as cursor:
            seen = self._growth.seen
            return self._edge(cursor, cursor.execute(_TAIL).fetchone(), seen)

    @contextmanager
    def tree(self) -> Iterator[TreeReader]:
        with self._cursor() as cursor:
            yield _Tree(cursor)

    def newest_notes(self, limit: int) -> list[str]:
        with self._cursor() as cursor:
            newest = "SELECT note FROM log_checkpoints ORDER BY size DESC LIMIT %s"
            return [note for (note,) in cursor.execute(newest, (limit,), prepare=True).fetchall()]

    def signers(self) -> frozenset[str]:
        with self._cursor() as cursor:
            found = cursor.execute("SELECT DISTINCT machine FROM log_checkpoints").fetchall()
            return frozenset(machine for (machine,) in found)

    def insert_checkpoint(self, size: int, machine: str, note: str) -> None:
        """Without waiting for the disk: the copy outside is durable, and a lost row is inserted again from it."""
        insert = sql.SQL(
            "SET synchronous_commit = off; INSERT INTO log_checkpoints VALUES ({}, {}, {}) ON CONFLICT DO NOTHING;"
            "RESET synchronous_commit"
        )
        with self._cursor() as cursor:
            cursor.execute(insert.format(size, machine, note), prepare=False)

    def _append(self, rows: Sequence[Row], fence: Fence | None) -> tuple[Edge, bool]:
        """The edge after the append, and whether the database acknowledged it."""
        with self._cursor() as cursor:
            try:
                edge = self._insert(cursor, rows, fence)
            except BaseException:
                if not cursor.connection.broken:
                    cursor.execute("ROLLBACK")
                raise
            try:
                cursor.execute("NOTIFY stored_events; COMMIT", prepare=False)
            except psycopg.OperationalError:
                return edge, False
            return edge, True

    def _insert(self, cursor: psycopg.Cursor[Any], rows: Sequence[Row], fence: Fence | None) -> Edge:
        """Everything up to the commit: one round trip for lock and reads, one for the rows."""
        seen = self._growth.seen
        streams = list({row.originator_id for row in rows})
        asked = [sql.SQL(_LOCK), sql.SQL(_SEEN).format(sql.SQL(",").join(map(sql.Literal, streams)))]
        if fence is not None:
            asked.append(sql.SQL(_HOLDER).format(sql.Literal(fence.legal_entity)))
        cursor.execute(sql.SQL(" ").join(asked), prepare=False)
        [(*tail, versions)], *token = _answers(cursor)
        if fence is not None and token != [[(fence.token,)]]:
            raise ClaimLost(f"this run no longer holds legal entity {fence.legal_entity}")
        edge = self._edge(cursor, tail, seen)
        heads = zip(streams, versions, strict=True)
        check_versions(rows, {stream: version for stream, version in heads if version is not None})
        first = edge.size + 1
        leaves, tiles = grown(edge, rows)
        with _in_partitions(edge.size):
            if len(rows) == 1:  # one round trip, where COPY takes two
                cursor.execute(_INSERT, (first, *rows[0], leaves[0]), prepare=True)
            else:
                with cursor.copy(_COPY) as copy:
                    copy.write(_packed(first, rows, leaves))
        for tile in tiles:
            cursor.execute(
                "INSERT INTO log_tiles VALUES (%s, %s, %s, %s)", (tile.level, tile.index, tile.hashes, tile.root)
            )
        return edge

    def _edge(self, cursor: psycopg.Cursor[Any], tail: Any, seen: Edge | None) -> Edge:
        *_, leaf = tail
        return self._growth.edge(_Tree(cursor), _size(tail), leaf, seen)

    def _are_stored(self, rows: Sequence[Row], first: int) -> bool:
        """Whether exactly these rows lie there; asked under the lock, once the lost transaction has ended."""
        with self._cursor() as cursor:
            cursor.execute(_LOCK, prepare=False)
            found = cursor.execute(_PAGE, (first, len(rows))).fetchall()
            cursor.execute("ROLLBACK")
        return found == [(position, *row) for position, row in enumerate(rows, start=first)]

    def _rows(self, query: str, *arguments: Any) -> list[Placed]:
        with self._cursor() as cursor:
            return cursor.execute(query, arguments, prepare=True, binary=True).fetchall()

    @contextmanager
    def _cursor(self) -> Iterator[psycopg.Cursor[Any]]:
        """A cursor giving plain tuples; every statement is its own transaction unless it begins one."""
        try:
            with (
                self.datastore.get_connection() as connection,
                connection.cursor(row_factory=tuple_row) as cursor,
            ):
                yield cursor
        except IntegrityError as cause:
            raise LogDamaged(f"the log's database is damaged: {why(cause.__cause__)}") from cause
        except PersistenceError as cause:
            raise LogUnavailable(f"the log's database failed: {why(cause.__cause__)}") from cause


@contextmanager
def _in_partitions(size: int) -> Iterator[None]:
    """Rows for a log that is to hold so many events; raises LogUnavailable when a partition is missing for them."""
    try:
        yield
    except psycopg.errors.CheckViolation as cause:
        raise LogUnavailable(
            f"nothing was stored: the log's database has no partition for event {size - 1}; "
            f"let the owner of its tables run SELECT log_room({size}) there"
        ) from cause


class _Tree:
    """`adapters.log.proof.tree.TreeReader` over one cursor: what an append reads inside its transaction."""

    def __init__(self, cursor: psycopg.Cursor[Any]) -> None:
        self._cursor = cursor

    def leaf_hashes(self, start: int, stop: int) -> Sequence[bytes]:
        query = """SELECT leaf FROM stored_events WHERE notification_id > %s AND notification_id <= %s
                   ORDER BY notification_id"""
        return self._column(query, (start, stop), stop - start)

    def tile(self, level: int, index: int) -> bytes:
        query = "SELECT hashes FROM log_tiles WHERE level = %s AND tile_index = %s"
        hashes: bytes = self._column(query, (level, index), 1)[0]
        if len(hashes) != TILE_WIDTH * HASH_SIZE:
            raise LogDamaged(f"tile {index} of level {level} is not whole")
        return hashes

    def tile_roots(self, level: int, start: int, stop: int) -> Sequence[bytes]:
        query = (
            "SELECT root FROM log_tiles WHERE level = %s AND tile_index >= %s AND tile_index < %s ORDER BY tile_index"
        )
        return self._column(query, (level, start, stop), stop - start)

    def _column(self, query: str, arguments: tuple[int, ...], count: int) -> list[Any]:
        found = [value for (value,) in self._cursor.execute(query, arguments, binary=True)]
        if len(found) != count:
            raise LogDamaged(f"a part of the tree is missing: {count - len(found)} of {count} hashes")
        return found


_COPY_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END: Final = b"\xff\xff"
_START: Final = struct.Struct(">hiqi")  # six fields, the id in eight bytes, the length of the stream id
_VERSION: Final = struct.Struct(">iqi")  # the version in eight bytes, the length of the name
_LENGTH: Final = struct.Struct(">i")


def _packed(first: int, rows: Sequence[Row], leaves: Sequence[bytes]) -> bytes:
    """The rows as PostgreSQL's binary COPY wants them."""
    parts = [_COPY_HEADER]
    for at, ((stream, version, name, state), leaf) in enumerate(zip(rows, leaves, strict=True), start=first):
        stream_bytes, name_bytes = stream.encode(), name.encode()
        parts += (
            _START.pack(6, 8, at, len(stream_bytes)),
            stream_bytes,
            _VERSION.pack(8, version, len(name_bytes)),
            name_bytes,
            _LENGTH.pack(len(state)),
            state,
            _LENGTH.pack(len(leaf)),
            leaf,
        )
    parts.append(_COPY_END)
    return b"".join(parts)


def _columns(pairs: Sequence[tuple[str, int]]) -> tuple[list[str], list[int]]:
    return [stream for stream, _ in pairs], [version for _, version in pairs]


def _size(tail: Any) -> int:
    """How many events there are; raises LogDamaged when tiles or checkpoints cover more than that."""
    ever, last, _ = tail
    size: int = last or 0
    if (ever or 0) > size:
        raise LogDamaged(f"the log held {ever} events and now ends after {size}: its tail was cut")
    return size


def _answers(cursor: psycopg.Cursor[Any]) -> list[list[Any]]:
    """The rows of every statement of a batch that gives rows."""
    found = []
    more: bool | None = True
    while more:
        if cursor.description is not None:
            found.append(cursor.fetchall())
        more = cursor.nextset()
    return found
