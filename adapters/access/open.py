"""Opens the store of access keys on the database of the data keys."""

from __future__ import annotations

from adapters.access.store import AccessStore
from adapters.log.where import sqlite_path
from adapters.sqlite.access_store import SqliteAccessStore


def open_access(keys_url: str) -> AccessStore:
    """Beside the data keys: `sqlite:///path` or `postgresql://…`. Raises LogUnavailable."""
    path = sqlite_path(keys_url)
    if path is not None:
        return SqliteAccessStore(path)
    from adapters.postgres.access_store import PostgresAccessStore  # a server's library is loaded where there is one

    return PostgresAccessStore(keys_url)
