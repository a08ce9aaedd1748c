"""Logs on PostgreSQL in partitions so small that a test fills some, and logs in none, as older versions made them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import psycopg

from adapters.postgres.log_recorder import SCHEMA

WIDTH: Final = 1024  # events a partition: half of one holds the largest append
SMALL: Final = SCHEMA.replace("4194304", str(WIDTH))
_PARTITIONS: Final = r"""
    SELECT relname::text, substring(pg_get_expr(relpartbound, oid) FROM 'TO \(''(\d+)''\)')::bigint - 1
    FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = 'stored_events'::regclass ORDER BY 2"""
_OLDER: Final = Path(__file__).with_name("unpartitioned.sql")


def in_small_partitions(url: str) -> str:
    """Make the tables of a log; what opens it then makes none."""
    return _made(url, SMALL)


def unpartitioned(url: str) -> str:
    """The same, of a log from before there were partitions."""
    return _made(url, _OLDER.read_text(encoding="utf-8"))


def partitions(url: str) -> dict[str, tuple[int, int]]:
    """Each by name, with how many events it holds and for how many the log has room up to its end."""
    with psycopg.connect(url) as db:
        found = db.execute(_PARTITIONS.encode()).fetchall()
        count = "SELECT count(*) FROM {}"
        return {name: (db.execute(count.format(name).encode()).fetchall()[0][0], room) for name, room in found}


def _made(url: str, schema: str) -> str:
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(schema.encode())
    return url
