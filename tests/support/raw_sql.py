"""SQL of a test's own on either database, past every adapter."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg


def execute(url: str, sql: str) -> list[tuple[Any, ...]]:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as db:
            return db.execute(sql).fetchall()
    with psycopg.connect(url, autocommit=True) as pg:
        cursor = pg.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def bytes_of_keys(url: str) -> bytes:
    """What is on disk of the keys of a store: the file and its log of changes, or the file of the table."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*") if one.suffix != ".lock")
    execute(url, "CHECKPOINT")
    ((held,),) = execute(url, "SELECT pg_read_binary_file(pg_relation_filepath('data_keys'))")
    return bytes(held)
