"""Moves a log from SQLite to PostgreSQL: every byte, position, leaf, tile and checkpoint as it is (LOG-1 to LOG-3)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from psycopg import sql

from adapters.postgres.log_partitions import into_partitions as into_partitions
from adapters.postgres.log_recorder import PostgresLogRecorder
from adapters.postgres.pool import connected, postgres_datastore
from domain.errors import LogUnavailable, Misconfigured

_PAGE: Final = 2000


class _Table(NamedTuple):
    """One table under both names of its columns, and PostgreSQL's types of them."""

    name: str
    source: str
    target: str
    types: tuple[str, ...]


_EVENTS: Final = "stored_events"
_TABLES: Final = (  # tiles before events: they have the partitions made that the events go into
    _Table(
        "log_tiles",
        "SELECT level, tile_index, hashes, root FROM log_tiles ORDER BY level, tile_index",
        "level, tile_index, hashes, root",
        ("int4", "int8", "bytea", "bytea"),
    ),
    _Table(
        _EVENTS,
        "SELECT rowid, originator_id, originator_version, topic, state, leaf FROM stored_events ORDER BY rowid",
        "notification_id, originator_id, originator_version, topic, state, leaf",
        ("int8", "text", "int8", "text", "bytea", "bytea"),
    ),
    _Table(
        "log_checkpoints",
        "SELECT size, machine, note FROM log_checkpoints ORDER BY size",
        "size, machine, note",
        ("int8", "text", "text"),
    ),
)


def migrate(source: Path, target_url: str, progress: Callable[[str, int, int], None]) -> int:
    """Copy the whole log into an empty database, all or nothing; answers how many events there are.

    Nobody can append to the source meanwhile. Raises Misconfigured when the target holds a log already.
    """
    datastore = postgres_datastore(target_url)
    try:
        PostgresLogRecorder(datastore).create_table()
    finally:
        datastore.close()
    try:
        with _held(source) as old, connected(target_url) as new:
            new.execute("LOCK TABLE log_lock IN EXCLUSIVE MODE")
            if any(_count(new, table.name) for table in _TABLES):
                raise Misconfigured("the target database holds a log already: migrate into an empty one")
            copied = {table.name: _copied(old, new, table, progress) for table in _TABLES}
            return copied[_EVENTS]
    except (psycopg.Error, sqlite3.Error) as cause:
        raise LogUnavailable("the log could not be copied; the target was left empty") from cause


@contextmanager
def _held(path: Path) -> Iterator[sqlite3.Connection]:
    """The source with its one writer's lock taken, and given back without a change."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as old:
        old.execute("BEGIN IMMEDIATE")
        try:
            yield old
        finally:
            old.rollback()


def _count(new: psycopg.Connection[Any], table: str) -> int:
    found = new.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(found[0]) if found else 0


def _copied(
    old: sqlite3.Connection, new: psycopg.Connection[Any], table: _Table, progress: Callable[[str, int, int], None]
) -> int:
    rows = old.execute(table.source)
    done = 0
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        sql.Identifier(table.name),
        sql.SQL(table.target),
    )
    with new.cursor() as cursor:
        while page := rows.fetchmany(_PAGE):
            with cursor.copy(statement) as copy:
                copy.set_types(table.types)
                for row in page:
                    copy.write_row(row)
            done += len(page)
            progress(f"copying {table.name}", done, 0)
    return done
