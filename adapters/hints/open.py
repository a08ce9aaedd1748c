"""Opens the hints in the database the log is in."""

from __future__ import annotations

from adapters.hints.store import HintStore
from adapters.log.open import sqlite_path
from adapters.postgres.hints import PostgresHints
from adapters.sqlite.hints import SqliteHints


def open_hints(url: str) -> HintStore:
    """Beside the log: `sqlite:///path` or `postgresql://…`. Raises LogUnavailable."""
    path = sqlite_path(url)
    return PostgresHints(url) if path is None else SqliteHints(path)
