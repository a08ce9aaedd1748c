"""A database's fault that nobody expected, in our words: its own text may quote a value, and is repeated nowhere."""

from __future__ import annotations

import sqlite3
from typing import Final

import psycopg
from eventsourcing.persistence import PersistenceError

from adapters.postgres.pool import why as postgres_why
from adapters.sqlite.files import why as sqlite_why

DATABASE_ERRORS: Final = (psycopg.Error, sqlite3.Error, PersistenceError)


def told(fault: BaseException) -> str | None:
    """What is said of a fault that is a database's, or comes from one; None for any other."""
    error: BaseException | None = fault
    while error is not None:
        if isinstance(error, sqlite3.Error):
            return f"a database failed: {sqlite_why(error)}"
        if isinstance(error, psycopg.Error):
            return f"a database failed: {postgres_why(error)}"
        found, error = error, error.__cause__ or error.__context__
        if error is None and isinstance(found, PersistenceError):
            return "a database failed"
    return None
