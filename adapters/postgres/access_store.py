"""`adapters.access.store.AccessStore` in a PostgreSQL database, the one with the data keys."""

# ruff: noqa: S608  every name in a statement is ours

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any, Final

import psycopg

from adapters.access.store import Noted, Reserved, StoredKey, StoredSession
from adapters.postgres.pool import SharedPool
from domain.errors import LogUnavailable, Misconfigured

_SCHEMA: Final = """
    BEGIN;
    SELECT pg_advisory_xact_lock(8247012345680);
    CREATE TABLE IF NOT EXISTS api_keys (
        key_id TEXT PRIMARY KEY,
        digest TEXT NOT NULL,
        holder TEXT NOT NULL,
        role TEXT NOT NULL,
        entities TEXT NOT NULL,
        created_at TEXT NOT NULL,
        expires_at TEXT NOT NULL,
        revoked_at TEXT,
        mac TEXT
    );
    CREATE TABLE IF NOT EXISTS idempotency (
        caller TEXT,
        key TEXT,
        fingerprint TEXT NOT NULL,
        answer TEXT,
        mac TEXT,
        PRIMARY KEY (caller, key)
    );
    CREATE TABLE IF NOT EXISTS noted_readings (
        mark BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at TEXT NOT NULL,
        reader TEXT NOT NULL,
        role TEXT NOT NULL,
        credential TEXT NOT NULL,
        what TEXT NOT NULL,
        legal_entity TEXT NOT NULL,
        employee_number BIGINT,
        mac TEXT
    );
    CREATE TABLE IF NOT EXISTS sessions (
        digest TEXT PRIMARY KEY,
        subject TEXT NOT NULL,
        role TEXT NOT NULL,
        entities TEXT NOT NULL,
        credential TEXT NOT NULL,
        created_at TEXT NOT NULL,
        ends_at TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        language TEXT NOT NULL,
        names TEXT NOT NULL,
        mac TEXT
    );
    CREATE INDEX IF NOT EXISTS sessions_of_subject ON sessions (subject, created_at);
    COMMIT;
"""
_TABLES: Final = ("api_keys", "idempotency", "noted_readings")
_HAVE_MACS: Final = """
    SELECT attrelid FROM pg_attribute WHERE attrelid = ANY(%s::regclass[]) AND attname = 'mac' AND NOT attisdropped
"""
_OWNED: Final = "SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class WHERE oid = ANY(%s::regclass[])"
_NOTED: Final = "at, reader, role, credential, what, legal_entity, employee_number, mac"
_KEY: Final = ", ".join(StoredKey._fields)
_KEYS: Final = f"SELECT {_KEY} FROM api_keys "
_SESSION: Final = ", ".join(StoredSession._fields)
_SESSIONS: Final = f"SELECT {_SESSION} FROM sessions "


class PostgresAccessStore:
    """One statement a transaction."""

    def __init__(self, url: str) -> None:
        with ExitStack() as failed:
            self._pool = SharedPool(url)
            failed.callback(self._pool.close)
            self._make()
            failed.pop_all()

    def _make(self) -> None:
        if self._run("SELECT to_regclass('sessions')") == [(None,)]:
            self._run(_SCHEMA)
        if len(self._run(_HAVE_MACS, list(_TABLES))) == len(_TABLES):
            return
        if self._run(_OWNED, list(_TABLES)) != [(True,)]:
            raise Misconfigured(
                "the tables of API keys are of an older version, and only their owner can add a column to them; "
                f"make the role of log.keys the owner of {', '.join(_TABLES)}"
            )
        for table in _TABLES:  # from before rows had one
            self._run(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS mac TEXT")

    def add_key(self, key: StoredKey) -> None:
        self._run(f"INSERT INTO api_keys ({_KEY}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)", *key)

    def key(self, key_id: str) -> StoredKey | None:
        rows = self._run(_KEYS + "WHERE key_id = %s", key_id)
        return StoredKey(*rows[0]) if rows else None

    def keys(self) -> Sequence[StoredKey]:
        return [StoredKey(*row) for row in self._run(_KEYS + "ORDER BY created_at, key_id")]

    def replace_key(self, key: StoredKey) -> None:
        self._run(
            "UPDATE api_keys SET revoked_at = %s, mac = %s WHERE key_id = %s", key.revoked_at, key.mac, key.key_id
        )

    def reserve(self, caller: str, key: str, fingerprint: str, mac: str) -> Reserved | None:
        sql = (
            "INSERT INTO idempotency (caller, key, fingerprint, mac) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING RETURNING key"
        )
        if self._run(sql, caller, key, fingerprint, mac):
            return None
        return self.reserved(caller, key) or self.reserve(caller, key, fingerprint, mac)

    def reserved(self, caller: str, key: str) -> Reserved | None:
        rows = self._run("SELECT fingerprint, answer, mac FROM idempotency WHERE caller = %s AND key = %s", caller, key)
        return Reserved(*rows[0]) if rows else None

    def answer(self, caller: str, key: str, answer: str, mac: str) -> None:
        sql = "UPDATE idempotency SET answer = %s, mac = %s WHERE caller = %s AND key = %s"
        self._run(sql, answer, mac, caller, key)

    def release(self, caller: str, key: str) -> None:
        self._run("DELETE FROM idempotency WHERE caller = %s AND key = %s AND answer IS NULL", caller, key)

    def add_session(self, session: StoredSession) -> None:
        self._run(f"INSERT INTO sessions ({_SESSION}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)", *session)

    def session(self, digest: str) -> StoredSession | None:
        rows = self._run(_SESSIONS + "WHERE digest = %s", digest)
        return StoredSession(*rows[0]) if rows else None

    def sessions(self, subject: str) -> Sequence[StoredSession]:
        rows = self._run(_SESSIONS + "WHERE subject = %s ORDER BY created_at, digest", subject)
        return [StoredSession(*row) for row in rows]

    def every_session(self) -> Sequence[StoredSession]:
        return [StoredSession(*row) for row in self._run(_SESSIONS + "ORDER BY digest")]

    def replace_session(self, session: StoredSession, was: str | None) -> bool:
        sql = (
            "UPDATE sessions SET seen_at = %s, language = %s, names = %s, mac = %s WHERE digest = %s AND mac = %s "
            "RETURNING 1"
        )
        return bool(self._run(sql, session.seen_at, session.language, session.names, session.mac, session.digest, was))

    def end_session(self, digest: str) -> None:
        self._run("DELETE FROM sessions WHERE digest = %s", digest)

    def forget_sessions(self, ended_before: str) -> None:
        self._run("DELETE FROM sessions WHERE ends_at < %s", ended_before)

    def note(self, reading: Noted) -> None:
        self._run(
            f"INSERT INTO noted_readings ({_NOTED}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            *reading,
        )

    def take_notes(self) -> tuple[int, Sequence[Noted]]:
        rows = self._run(f"SELECT mark, {_NOTED} FROM noted_readings ORDER BY mark LIMIT 5000")
        return (rows[-1][0] if rows else 0), [Noted(*row[1:]) for row in rows]

    def forget_notes(self, mark: int) -> None:
        self._run("DELETE FROM noted_readings WHERE mark <= %s", mark)

    def close(self) -> None:
        self._pool.close()

    def _run(self, statement: str, *arguments: Any) -> list[Any]:
        try:
            with self._pool.connection() as connection:
                cursor = connection.execute(statement, arguments or None)
                return cursor.fetchall() if cursor.description else []
        except psycopg.Error as cause:
            raise LogUnavailable("the store of access keys did not answer") from cause
