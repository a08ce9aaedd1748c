"""Connections to PostgreSQL for the log, and the rights of the role that works with it."""

from __future__ import annotations

from typing import Any, Final

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from domain.errors import LogUnavailable, Misconfigured

_WAIT: Final = 30  # seconds for a connection, and in a transaction that went silent
_CONNECT: Final = 10  # seconds for a new connection
_CONNECTIONS: Final = 10

_APPEND_ONLY: Final = sql.SQL("stored_events, log_tiles, log_checkpoints")
_GRANTS: Final = """
    GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA {schema} TO {role};
    REVOKE UPDATE, DELETE, TRUNCATE ON {append_only} FROM {role};
    REVOKE INSERT, DELETE, TRUNCATE ON log_lock FROM {role};
"""


def postgres_datastore(url: str) -> PostgresDatastore:
    """The library's datastore for this URL, with every connection parameter it names (sslmode, options, …)."""
    given = answering(url)
    datastore = PostgresDatastore(
        dbname=given.get("dbname", ""),
        host=given.get("host", ""),
        port=given.get("port", 5432),
        user=given.get("user", ""),
        password=given.get("password", ""),
        connect_timeout=_WAIT,
        idle_in_transaction_session_timeout=_WAIT,
        pool_size=1,
        max_overflow=_CONNECTIONS - 1,
        originator_id_type="text",
    )
    datastore.pool.kwargs = {**given, "row_factory": psycopg.rows.dict_row}
    return datastore


def answering(url: str) -> dict[str, Any]:
    """The parameters of a server that answers; raises LogUnavailable at once, where a pool would try for long."""
    given = {"connect_timeout": _CONNECT, **parameters(url)}
    try:
        psycopg.connect(**given).close()
    except psycopg.OperationalError as cause:
        raise LogUnavailable(f"PostgreSQL did not answer: {cause}") from cause
    return given


def parameters(url: str) -> dict[str, Any]:
    """What libpq reads from a postgresql:// URL."""
    try:
        return dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as cause:
        raise Misconfigured("the PostgreSQL url cannot be read") from cause  # it may hold a password


def grant(connection: psycopg.Connection[Any], role: str) -> None:
    """Let this role work: append and read the log, never change it; read and write the tables of the views."""
    schema = connection.execute("SELECT current_schema()").fetchone()
    assert schema is not None
    connection.execute(
        sql.SQL(_GRANTS).format(schema=sql.Identifier(schema[0]), role=sql.Identifier(role), append_only=_APPEND_ONLY),
        prepare=False,
    )
