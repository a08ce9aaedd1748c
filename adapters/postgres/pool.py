"""Connections to PostgreSQL, all of one kind, and the rights of the role that works with the log.

Every connection speaks UTF-8, whatever the database, the environment or the URL say, and a database of another encoding
is refused before anything is read. PostgreSQL's own error texts may quote values or passwords: they are never repeated.
"""

from __future__ import annotations

import os
import re
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from domain.errors import LogUnavailable, Misconfigured

_WAIT: Final = 30  # seconds for a connection, and in a transaction that went silent
_CONNECT: Final = 10  # seconds for a new connection
_CONNECTIONS: Final = 10
_LOST: Final = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": _WAIT * 1000,
}
"""Half a minute until a server counts as gone whose machine or network went away without a word, and not two hours."""
_SESSION: Final = rf"-c idle_in_transaction_session_timeout={_WAIT}s -c default_transaction_isolation=read\ committed"
"""What a host held that went away in the middle of a transaction is free again as soon. And whoever waited for a lock
sees what its holder has written, whatever the database's default.
"""
_UNUSED: Final = 5  # seconds after which a connection is closed: an idle tenant of a bureau holds none
_MOMENT: Final = 1.0  # seconds
_answered: dict[str, float] = {}  # when each URL last did

_APPEND_ONLY: Final = ("stored_events", "log_tiles", "log_checkpoints")
_GRANTS: Final = """
    GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA {schema} TO {role};
    REVOKE UPDATE, DELETE, TRUNCATE ON {append_only} FROM {role};
    REVOKE INSERT, DELETE, TRUNCATE ON log_lock FROM {role};
"""
_PARTITIONS: Final = """
    SELECT relname::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = to_regclass('stored_events')
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
        pool_size=0,
        max_overflow=_CONNECTIONS,
        originator_id_type="text",
    )
    datastore.pool.max_idle, datastore.pool.num_workers = _UNUSED, 1  # for which the library has no argument
    datastore.pool.kwargs = {**given, "row_factory": psycopg.rows.dict_row}
    datastore.pool._check = still_there  # the library offers a round trip for each use, or nothing
    return datastore


def said_in(url: str) -> dict[str, Any]:
    """What libpq reads from a postgresql:// URL. Raises Misconfigured."""
    try:
        return dict(conninfo_to_dict(url))
    except (psycopg.ProgrammingError, UnicodeError):
        raise Misconfigured(_UNREADABLE) from None  # the cause may quote a password


def parameters(url: str) -> dict[str, Any]:
    """What a postgresql:// URL says, and what we ask of every connection. Raises Misconfigured."""
    given = said_in(url)
    given["options"] = f"{_SESSION} {given.get('options', '')}".strip()
    return {"connect_timeout": _CONNECT, **_LOST, **given, "client_encoding": "UTF8"}


def answering(url: str) -> dict[str, Any]:
    """The parameters of a server that answers; raises LogUnavailable at once, where a pool would try for long.

    One that was asked a moment ago, for another part of the same log, is not asked again.
    """
    if time.monotonic() - _answered.get(url, float("-inf")) > _MOMENT:
        with connected(url):
            _answered[url] = time.monotonic()
    return parameters(url)


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection[Any]]:
    """One connection for one transaction. Raises LogUnavailable, and Misconfigured for a database that is unfit."""
    with connect(url) as connection:
        yield connection


def connect(url: str) -> psycopg.Connection[Any]:
    """One connection, to be closed by whoever asks. Raises as `connected` does."""
    try:
        connection = psycopg.connect(**parameters(url))
    except (psycopg.ProgrammingError, UnicodeError):  # a connect_timeout that is no number, a host too long to be one
        raise Misconfigured(_UNREADABLE) from None
    except psycopg.OperationalError as cause:
        raise LogUnavailable(f"PostgreSQL did not answer: {why(cause)}") from None
    try:
        unfit = _unfit(connection)
    except psycopg.Error as cause:
        connection.close()
        raise LogUnavailable(f"PostgreSQL did not answer: {why(cause)}") from None
    if unfit:
        name = connection.info.dbname
        connection.close()
        raise Misconfigured(f"the PostgreSQL database {name} {unfit}")
    return connection


def _unfit(connection: psycopg.Connection[Any]) -> str:
    """What a database is set to that we could not keep our promises on; empty when there is nothing."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        return f"is in {encoding}: make one with ENCODING 'UTF8'"
    if connection.info.parameter_status("standard_conforming_strings") != "on":
        return "has standard_conforming_strings off, which changes the bytes of keys: set it to on"
    (found,) = connection.execute(_ASKED).fetchall()
    connection.rollback()
    commits, nulls, triggers, reading = found
    if commits == "off":
        return "has synchronous_commit off, so that what was stored may be lost: set it to on"
    if nulls != "on":
        return "has array_nulls off, which makes a text of what is nothing: set it to on"
    if triggers == "replica":
        return "has session_replication_role replica, so that the log could be changed: set it to origin"
    if reading == "on":
        return "takes no writes: name the server that does, or set default_transaction_read_only to off"
    return ""


_ASKED: Final = """
    SELECT current_setting('synchronous_commit'), current_setting('array_nulls'),
           current_setting('session_replication_role'), current_setting('transaction_read_only')
"""


def open_pool(
    url: str,
    *,
    timeout: float = _WAIT,
    most: int = 4,
    configure: Callable[[psycopg.Connection[Any]], None] | None = None,
    **kwargs: Any,
) -> ConnectionPool:
    """A small pool whose connections are looked at when they are taken: a server that was restarted costs nobody."""
    return ConnectionPool(
        kwargs={**answering(url), **kwargs}, min_size=0, max_size=most, max_idle=_UNUSED, num_workers=1,
        timeout=timeout, configure=configure, check=still_there, open=True,
    )  # fmt: skip


@dataclass(slots=True)
class _Open:
    pool: ConnectionPool
    users: int = 0


class SharedPool:
    """One pool for all who ask of one database in this process, with autocommit; the last to close it closes it.

    The views, keys and API keys of a log mostly lie in one database. A connection is a process that PostgreSQL has to
    begin, and whoever looks at an idle tenant needs each anew.
    """

    _by_url: ClassVar[dict[str, _Open]] = {}
    _lock: ClassVar = threading.Lock()

    def __init__(self, url: str) -> None:
        """Raises LogUnavailable and Misconfigured."""
        self._url, self._closed = url, False
        answering(url)  # before others wait for it
        with self._lock:
            if url not in self._by_url:
                pool = open_pool(url, most=_CONNECTIONS, configure=_plan_for_pages, autocommit=True)
                self._by_url[url] = _Open(pool)
            self._mine = self._by_url[url]
            self._mine.users += 1
        self.connection = self._mine.pool.connection

    def close(self) -> None:
        """In a process that was forked after it was opened nothing: it is another's."""
        with self._lock:
            self._mine.users -= not self._closed
            self._closed = True
            unused = self._mine.users == 0 and self._by_url.get(self._url) is self._mine
            if unused:
                del self._by_url[self._url]
        if unused:
            self._mine.pool.close()

    @classmethod
    @contextmanager
    def transaction(cls, url: str) -> Iterator[psycopg.Connection[Any]]:
        """One transaction, by a connection of whoever has such a pool open; as `connected` where none is to be had."""
        with cls._lock:
            one = cls._by_url.get(url)
        with ExitStack() as ending:
            lent = None
            with suppress(psycopg.OperationalError):  # all are busy, or the server went away: a new one tells
                lent = None if one is None else ending.enter_context(_begun(one.pool))
            yield lent or ending.enter_context(connected(url))

    @classmethod
    def forget(cls) -> None:
        """In a process that was forked: these connections are another's."""
        cls._by_url, cls._lock = {}, threading.Lock()


os.register_at_fork(after_in_child=SharedPool.forget)


@contextmanager
def _begun(pool: ConnectionPool) -> Iterator[psycopg.Connection[Any]]:
    with pool.connection(_MOMENT) as connection, connection.transaction():
        yield connection


def _plan_for_pages(connection: psycopg.Connection[Any]) -> None:
    """No bitmaps: they read all that an index has of a filter and sort it, to give one page or less.

    The planner takes one for any page that it thinks is longer than the answer, and it guesses far too few.
    """
    connection.execute("SET enable_bitmapscan = off")


def still_there(connection: psycopg.Connection[Any]) -> None:
    """Raises OperationalError when the server let go of it. A server says so before it is asked: no round trip."""
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if heard.poll(0):
        ConnectionPool.check_connection(connection)


def why(error: BaseException | None) -> str:
    """The cause in our words. PostgreSQL's own may quote a value or a password."""
    if isinstance(error, psycopg.Error) and error.sqlstate:
        name = re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__).lower()
        return f"{name} (SQLSTATE {error.sqlstate})"
    text = str(error).lower()
    return next((said for sign, said in _SIGNS.items() if sign in text), "the connection failed")


_UNREADABLE: Final = (
    "the PostgreSQL url cannot be read; in a password, write % as %25, @ as %40, / as %2F and : as %3A, and a letter "
    "with an accent as it is"
)
_SIGNS: Final = {
    "refused": "the connection was refused",
    "timeout": "there was no answer in time",
    "timed out": "there was no answer in time",
    "authentication": "the user or the password was refused",
    "could not translate": "the host's name is unknown",
    "failed to resolve": "the host's name is unknown",
    "does not exist": "there is no such database or role",
    "ssl": "the encrypted connection failed",
    "recovery": "the server is starting or recovering",
    "starting up": "the server is starting or recovering",
    "shutting down": "the server is shutting down",
    "too many": "the server accepts no more connections",
}


def grant(connection: psycopg.Connection[Any], role: str) -> None:
    """Let this role work: append and read the log, never change it; read and write the tables of the views."""
    schema = connection.execute("SELECT current_schema()").fetchone()
    assert schema is not None
    partitions = [name for (name,) in connection.execute(_PARTITIONS).fetchall()]
    append_only = sql.SQL(", ").join(map(sql.Identifier, [*_APPEND_ONLY, *partitions]))
    connection.execute(
        sql.SQL(_GRANTS).format(schema=sql.Identifier(schema[0]), role=sql.Identifier(role), append_only=append_only),
        prepare=False,
    )
    for partition in partitions:  # what is inserted goes through the table
        connection.execute(
            sql.SQL("REVOKE INSERT ON {} FROM {}").format(sql.Identifier(partition), sql.Identifier(role))
        )
