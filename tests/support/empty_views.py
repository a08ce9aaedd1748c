"""The tables of all views without a row, made once and copied: making them costs several times as much."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from adapters.projections.open import OpenViews, on_sqlite
from adapters.projections.register import PROJECTIONS
from adapters.sqlite.view_store import SqliteViewStore
from domain.log import Log


def views_in_memory(log: Log) -> OpenViews:
    store = SqliteViewStore(":memory:")
    _made_once().backup(store._db)
    return on_sqlite(store, log)


def views_in_file(path: Path) -> None:
    """A new file, as the product leaves it."""
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        _made_once().backup(file)


@cache
def _made_once() -> sqlite3.Connection:
    store = SqliteViewStore(":memory:")
    for projection in PROJECTIONS:
        store.prepare(projection)
    return store._db
