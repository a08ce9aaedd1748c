"""`adapters.access.store.AccessStore` in the SQLite file of the data keys."""

# ruff: noqa: S608  every name in a statement is ours

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from adapters.access.store import Noted, Reserved, StoredKey, StoredSession
from adapters.sqlite.files import private_file
from domain.errors import LogUnavailable

_SCHEMA: Final = """
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
        mark INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        reader TEXT NOT NULL,
        role TEXT NOT NULL,
        credential TEXT NOT NULL,
        what TEXT NOT NULL,
        legal_entity TEXT NOT NULL,
        employee_number INTEGER,
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
"""
_TABLES: Final = ("api_keys", "idempotency", "noted_readings")
_NOTED: Final = "at, reader, role, credential, what, legal_entity, employee_number, mac"
_KEY: Final = ", ".join(StoredKey._fields)
_KEYS: Final = f"SELECT {_KEY} FROM api_keys "
_SESSION: Final = ", ".join(StoredSession._fields)
_SESSIONS: Final = f"SELECT {_SESSION} FROM sessions "


class SqliteAccessStore:
    """One connection, one statement a transaction."""

    def __init__(self, path: Path) -> None:
        self._mutex = threading.Lock()
        self._connection = sqlite3.connect(
            private_file(path), timeout=30, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(_SCHEMA)
        self._add_macs()

    def add_key(self, key: StoredKey) -> None:
        self._run(f"INSERT INTO api_keys ({_KEY}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", *key)

    def key(self, key_id: str) -> StoredKey | None:
        rows = self._run(_KEYS + "WHERE key_id = ?", key_id)
        return StoredKey(*rows[0]) if rows else None

    def keys(self) -> Sequence[StoredKey]:
        return [StoredKey(*row) for row in self._run(_KEYS + "ORDER BY created_at, key_id")]

    def replace_key(self, key: StoredKey) -> None:
        self._run("UPDATE api_keys SET revoked_at = ?, mac = ? WHERE key_id = ?", key.revoked_at, key.mac, key.key_id)

    def reserve(self, caller: str, key: str, fingerprint: str, mac: str) -> Reserved | None:
        sql = (
            "INSERT INTO idempotency (caller, key, fingerprint, mac) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO NOTHING RETURNING key"
        )
        if self._run(sql, caller, key, fingerprint, mac):
            return None
        return self.reserved(caller, key) or self.reserve(caller, key, fingerprint, mac)

    def reserved(self, caller: str, key: str) -> Reserved | None:
        rows = self._run("SELECT fingerprint, answer, mac FROM idempotency WHERE caller = ? AND key = ?", caller, key)
        return Reserved(*rows[0]) if rows else None

    def answer(self, caller: str, key: str, answer: str, mac: str) -> None:
        sql = "UPDATE idempotency SET answer = ?, mac = ? WHERE caller = ? AND key = ?"
        self._run(sql, answer, mac, caller, key)

    def release(self, caller: str, key: str) -> None:
        self._run("DELETE FROM idempotency WHERE caller = ? AND key = ? AND answer IS NULL", caller, key)

    def add_session(self, session: StoredSession) -> None:
        self._run(f"INSERT INTO sessions ({_SESSION}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", *session)

    def session(self, digest: str) -> StoredSession | None:
        rows = self._run(_SESSIONS + "WHERE digest = ?", digest)
        return StoredSession(*rows[0]) if rows else None

    def sessions(self, subject: str) -> Sequence[StoredSession]:
        rows = self._run(_SESSIONS + "WHERE subject = ? ORDER BY created_at, digest", subject)
        return [StoredSession(*row) for row in rows]

    def every_session(self) -> Sequence[StoredSession]:
        return [StoredSession(*row) for row in self._run(_SESSIONS + "ORDER BY digest")]

    def replace_session(self, session: StoredSession, was: str | None) -> bool:
        sql = (
            "UPDATE sessions SET seen_at = ?, language = ?, names = ?, mac = ? WHERE digest = ? AND mac = ? RETURNING 1"
        )
        return bool(self._run(sql, session.seen_at, session.language, session.names, session.mac, session.digest, was))

    def end_session(self, digest: str) -> None:
        self._run("DELETE FROM sessions WHERE digest = ?", digest)

    def forget_sessions(self, ended_before: str) -> None:
        self._run("DELETE FROM sessions WHERE ends_at < ?", ended_before)

    def note(self, reading: Noted) -> None:
        self._run(
            f"INSERT INTO noted_readings ({_NOTED}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *reading,
        )

    def take_notes(self) -> tuple[int, Sequence[Noted]]:
        rows = self._run(f"SELECT mark, {_NOTED} FROM noted_readings ORDER BY mark LIMIT 5000")
        return (rows[-1][0] if rows else 0), [Noted(*row[1:]) for row in rows]

    def forget_notes(self, mark: int) -> None:
        self._run("DELETE FROM noted_readings WHERE mark <= ?", mark)

    def close(self) -> None:
        with self._mutex:
            self._connection.close()

    def _add_macs(self) -> None:
        """To tables from before rows had one."""
        for table in _TABLES:
            if not self._run("SELECT 1 FROM pragma_table_info(?) WHERE name = 'mac'", table):
                self._run(f"ALTER TABLE {table} ADD COLUMN mac TEXT")

    def _run(self, statement: str, *arguments: Any) -> list[Any]:
        try:
            with self._mutex:
                return self._connection.execute(statement, arguments).fetchall()
        except sqlite3.DatabaseError as cause:
            raise LogUnavailable("the store of access keys did not answer") from cause
