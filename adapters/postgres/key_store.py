"""Keys and secrets in a PostgreSQL database of their own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Final

import psycopg

from adapters.log.sealing.keys import AGAIN, ROOM, WrappedKey
from adapters.postgres.pool import SharedPool, connect, why
from domain.errors import KeysOnDisk, LogUnavailable, Misconfigured

_FORGOTTEN: Final = "no statistics of it are anywhere"
_SCHEMA: Final = f"""
    BEGIN;
    SELECT pg_advisory_xact_lock(8247012345679);
    CREATE TABLE IF NOT EXISTS data_keys (
        key_id text PRIMARY KEY,
        subject text NOT NULL,
        retention text NOT NULL,
        wrapped bytea NOT NULL,
        UNIQUE (subject, retention)
    );
    ALTER TABLE data_keys ALTER COLUMN wrapped SET STATISTICS 0;
    COMMENT ON COLUMN data_keys.wrapped IS '{_FORGOTTEN}';
    CREATE TABLE IF NOT EXISTS secrets (name text PRIMARY KEY, box bytea NOT NULL);
    COMMIT;
"""
_OWNED: Final = "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'data_keys'::regclass"
_WAIT: Final = 30  # seconds for another session to finish writing
_STORE: Final = "INSERT INTO secrets VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET box = excluded.box"
_KEYS: Final = "SELECT key_id, subject, retention, wrapped FROM data_keys "


class PostgresHeldSecret:
    """`adapters.log.sealing.keys.HeldSecret`: a transaction that has written already, on a connection that is ours.

    A first transaction shows that the table can be written and takes the room. Should the connection be lost before
    the secret is there, it is stored over another one.
    """

    def __init__(self, connection: psycopg.Connection[Any], name: str, otherwise: Callable[[str, bytes], None]) -> None:
        self._connection = connection
        self._name = name
        self._otherwise = otherwise
        room = f"room:{name}"
        connection.execute(f"SET lock_timeout = '{_WAIT}s'")
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute(_STORE, (room, bytes(ROOM)))
        connection.execute("BEGIN")
        connection.execute("DELETE FROM secrets WHERE name = %s", (room,))

    def store(self, box: bytes) -> None:
        try:
            self._connection.execute(_STORE, (self._name, box))
            self._connection.execute("COMMIT")
        except psycopg.Error:
            self._connection.close()  # and with it the transaction, which would stand in the way
            self._store_otherwise(box)

    def _store_otherwise(self, box: bytes) -> None:
        for wait in AGAIN:
            time.sleep(wait)
            try:
                return self._otherwise(self._name, box)
            except LogUnavailable as cause:
                failure = cause
        raise failure


_FORGETS: Final = f"""
    SELECT attstattarget = 0 AND col_description(attrelid, attnum) = '{_FORGOTTEN}',
           pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')
    FROM pg_attribute WHERE attrelid = 'data_keys'::regclass AND attname = 'wrapped'
"""  # noqa: S608
_FORGET: Final = "ALTER TABLE data_keys ALTER COLUMN wrapped SET STATISTICS 0, ALTER COLUMN wrapped TYPE bytea"
"""What the planner knows of a column holds a hundred of its values. To give it the type that it has removes them."""
_FORGET_ON_DISK: Final = "VACUUM (FULL, VERBOSE) pg_statistic"
_IS_FORGOTTEN: Final = f"COMMENT ON COLUMN data_keys.wrapped IS '{_FORGOTTEN}'"
_WRITE_ANEW: Final = "VACUUM (FULL, VERBOSE) data_keys"  # in another file, without deleted rows
_WAITS: Final = (0.1, 0.5, 1.5, 3.0)  # seconds: most transactions are short
_WIPE_WAIT: Final = 3  # seconds for whoever reads the keys: all who come later wait behind


class PostgresKeyStore:
    """`adapters.log.sealing.keys.KeyStore`: one statement a transaction, durable at its end."""

    def __init__(self, url: str) -> None:
        self._url = url
        with ExitStack() as failed:
            self._pool = SharedPool(url)
            failed.callback(self._pool.close)
            if self._run("SELECT to_regclass('secrets')") == [(None,)]:
                self._run(_SCHEMA)
            failed.pop_all()

    def of_subjects(self, subjects: Sequence[str]) -> Sequence[WrappedKey]:
        return [WrappedKey(*row) for row in self._run(_KEYS + "WHERE subject = ANY(%s)", list(subjects))]

    def with_ids(self, key_ids: Sequence[str]) -> Sequence[WrappedKey]:
        return [WrappedKey(*row) for row in self._run(_KEYS + "WHERE key_id = ANY(%s)", list(key_ids))]

    def add(self, keys: Sequence[WrappedKey]) -> None:
        self._run(
            """INSERT INTO data_keys (key_id, subject, retention, wrapped)
               SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::bytea[]) ON CONFLICT DO NOTHING""",
            *map(list, zip(*keys, strict=True)),
        )

    def destroy(self, subject: str, retention: str) -> None:
        self._run("DELETE FROM data_keys WHERE subject = %s AND retention = %s", subject, retention)

    def wipe(self) -> None:
        if self._run(_OWNED) != [(True,)]:  # PostgreSQL would warn, do nothing, and report success
            raise Misconfigured(
                "deleted keys are still on disk: only the owner of the table data_keys can have it written anew; "
                "make the role of log.keys its owner"
            )
        self._forget()
        self._written_anew(_WRITE_ANEW)

    def _forget(self) -> None:
        """Once, of a key store that was made before nothing was known of the column. The catalog is its owner's."""
        ((forgotten, owned),) = self._run(_FORGETS)
        if forgotten:
            return
        self._run_alone(_FORGET)
        if owned:
            self._written_anew(_FORGET_ON_DISK)
            self._run_alone(_IS_FORGOTTEN)

    def _written_anew(self, vacuum: str) -> None:
        """Deleted rows that some transaction in the database may still see are taken along, such as a verification's.

        PostgreSQL says how many these are, and does what it was told to. Raises KeysOnDisk.
        """
        for wait in (*_WAITS, None):
            if not _taken_along(self._run_alone(vacuum)):
                return
            if wait is not None:
                time.sleep(wait)
        raise KeysOnDisk("the key store keeps deleted keys while an older transaction goes on in its database")

    def secret(self, name: str) -> bytes | None:
        rows = self._run("SELECT box FROM secrets WHERE name = %s", name)
        return rows[0][0] if rows else None

    def store_secret(self, name: str, box: bytes) -> None:
        self._run(_STORE, name, box)

    def add_secret(self, name: str, box: bytes) -> bytes:
        self._run("INSERT INTO secrets VALUES (%s, %s) ON CONFLICT DO NOTHING", name, box)
        return self.secret(name) or box

    @contextmanager
    def replacing(self, name: str) -> Iterator[PostgresHeldSecret]:
        """An advisory lock on a connection of its own: the server lets go of it when the holder is gone."""
        with closing(connect(self._url)) as connection:
            connection.autocommit = True
            try:
                connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (name,))
                held = PostgresHeldSecret(connection, name, self.store_secret)
            except psycopg.Error as cause:
                raise LogUnavailable(f"the key store cannot be written: {why(cause)}") from cause
            yield held

    def close(self) -> None:
        self._pool.close()

    def _run(self, statement: str, *arguments: Any) -> list[Any]:
        try:
            with self._pool.connection() as connection:
                cursor = connection.execute(statement, arguments or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.Error as cause:
            raise LogUnavailable(f"the key store did not answer: {why(cause)}") from cause

    def _run_alone(self, statement: str) -> list[str]:
        """While nobody reads the keys; a backup is not waited for. Answers with the details of the server's notices."""
        said: list[str] = []
        try:
            with closing(connect(self._url)) as connection:
                connection.autocommit = True
                connection.add_notice_handler(lambda notice: said.append(notice.message_detail or ""))
                connection.execute(f"SET lock_timeout = '{_WIPE_WAIT}s'")
                connection.execute(statement)
        except psycopg.errors.LockNotAvailable:
            raise KeysOnDisk("the key store keeps deleted keys while somebody reads it, such as a backup") from None
        except psycopg.Error as cause:
            raise KeysOnDisk(f"the key store keeps deleted keys: {why(cause)}") from cause
        return said


def _taken_along(details: Iterable[str]) -> bool:
    """Whether deleted rows are in the new file, or may be: the detail's first number is how many, in any language."""
    found = [int(number[0]) for one in details if (number := re.search(r"\d+", one))]
    return not found or any(found)
