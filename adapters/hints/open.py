"""Opens the hints in the database the log is in."""

from __future__ import annotations

from adapters.hints.store import HintStore
from adapters.log.where import sqlite_path
from adapters.sqlite.hints import SqliteHints


def open_hints(url: str) -> HintStore:
    """Beside the log: `sqlite:///path` or `postgresql://…`. Raises LogUnavailable."""
    path = sqlite_path(url)
    if path is not None:
        return SqliteHints(path)
    from adapters.postgres.hints import PostgresHints  # a server's library is loaded where there is one

    return PostgresHints(url)
