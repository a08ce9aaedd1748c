"""Which database an address leads to, asked of the database itself: names, sockets and services may be many."""

from __future__ import annotations

import psycopg

_ASKED = "SELECT system_identifier, current_database() FROM pg_control_system()"
_PATIENCE = 5  # seconds


def identity_of(url: str) -> str | None:
    """The same for every address of one database, and for no other; None where it does not answer or say so.

    A copy of a whole server made on the level of files has the identity of the original until it is promoted and used.
    """
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=_PATIENCE) as database:
            row = database.execute(_ASKED).fetchone()
    except (psycopg.Error, UnicodeError):  # the second for an address that can be none
        return None
    return None if row is None else f"{row[1]} of PostgreSQL {row[0]}"
