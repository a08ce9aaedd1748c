"""Keys and secrets in an SQLite file of their own, readable by its owner only."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from adapters.log.sealing.keys import AGAIN, ROOM, WrappedKey
from adapters.sqlite.files import private_file, why
from domain.errors import KeysOnDisk, LogUnavailable

_WAIT: Final = 30  # seconds for another process to finish writing

_KEPT: Final = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA secure_delete = ON")
_BEGIN: Final = (
    *_KEPT,
    """CREATE TABLE IF NOT EXISTS data_keys (
        key_id TEXT PRIMARY KEY,
        subject TEXT NOT NULL,
        retention TEXT NOT NULL,
        wrapped BLOB NOT NULL,
        UNIQUE (subject, retention)
    ) WITHOUT ROWID""",
    "CREATE TABLE IF NOT EXISTS secrets (name TEXT PRIMARY KEY, box BLOB NOT NULL) WITHOUT ROWID",
)
_STORE: Final = "INSERT INTO secrets VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET box = excluded.box"
_KEYS: Final = "SELECT key_id, subject, retention, wrapped FROM data_keys "


class SqliteHeldSecret:
    """`adapters.log.sealing.keys.HeldSecret`: a connection of its own, in a transaction that holds the store's lock.

    A first, small transaction shows that the store can be written and takes the room; its pages, in the file and in
    the log of changes, are those that the secret is written to.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        try:
            for statement in _KEPT:
                self._connection.execute(statement)
            self._connection.execute("INSERT OR REPLACE INTO secrets VALUES (?, zeroblob(?))", (self._room, ROOM))
            self._connection.execute("PRAGMA wal_checkpoint(RESTART)")  # busy is no fault: it only makes room early
            self._begin()
        except BaseException:
            self._connection.close()
            raise

    def store(self, box: bytes) -> None:
        failure: Exception | None = None
        for wait in (0.0, *AGAIN):
            time.sleep(wait)
            try:
                self._write(box)
            except sqlite3.DatabaseError as cause:
                failure = cause
            else:
                return
        raise LogUnavailable(f"the key store {self._path} could not be written: {why(failure)}") from failure

    def close(self) -> None:
        """What was not stored is undone."""
        self._connection.close()

    @property
    def _room(self) -> str:
        return f"room:{self._name}"

    def _begin(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("DELETE FROM secrets WHERE name = ?", (self._room,))

    def _write(self, box: bytes) -> None:
        if not self._connection.in_transaction:  # the one before failed
            self._begin()
        try:
            self._connection.execute(_STORE, (self._name, box))
            self._connection.execute("COMMIT")
        except sqlite3.DatabaseError:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise


class SqliteKeyStore:
    """`adapters.log.sealing.keys.KeyStore`: one connection, one statement a transaction, durable at its end."""

    def __init__(self, path: Path) -> None:
        self._path = private_file(path)
        self._mutex = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
        for statement in _BEGIN:
            self._run(statement)

    def of_subjects(self, subjects: Sequence[str]) -> Sequence[WrappedKey]:
        return self._keys("WHERE subject IN (SELECT value FROM json_each(?))", subjects)

    def with_ids(self, key_ids: Sequence[str]) -> Sequence[WrappedKey]:
        return self._keys("WHERE key_id IN (SELECT value FROM json_each(?))", key_ids)

    def add(self, keys: Sequence[WrappedKey]) -> None:
        values = ",".join(["(?,?,?,?)"] * len(keys))
        self._run(f"INSERT OR IGNORE INTO data_keys VALUES {values}", *(each for key in keys for each in key))  # noqa: S608

    def destroy(self, subject: str, retention: str) -> None:
        self._run("DELETE FROM data_keys WHERE subject = ? AND retention = ?", subject, retention)

    def wipe(self) -> None:
        """The file and its log of changes still hold the page as it was before a deletion."""
        ((busy, *_),) = self._run("PRAGMA wal_checkpoint(TRUNCATE)")
        if busy:
            raise KeysOnDisk(f"the key store {self._path} is being read, and keeps deleted keys meanwhile")

    def secret(self, name: str) -> bytes | None:
        rows = self._run("SELECT box FROM secrets WHERE name = ?", name)
        return rows[0][0] if rows else None

    def store_secret(self, name: str, box: bytes) -> None:
        self._run(_STORE, name, box)

    def add_secret(self, name: str, box: bytes) -> bytes:
        self._run("INSERT OR IGNORE INTO secrets VALUES (?, ?)", name, box)
        return self.secret(name) or box

    @contextmanager
    def replacing(self, name: str) -> Iterator[SqliteHeldSecret]:
        """A lock on a file beside the store, which the system lets go of when the process ends, and a transaction."""
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        path = self._path.with_name(f"{self._path.name}.{digest}.lock")
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as cause:
            raise LogUnavailable(f"{path} cannot be opened: {cause.strerror}") from cause
        with os.fdopen(descriptor, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                held = SqliteHeldSecret(self._path, name)
            except sqlite3.DatabaseError as cause:
                raise LogUnavailable(f"the key store {self._path} cannot be written: {why(cause)}") from cause
            with closing(held):
                yield held

    def close(self) -> None:
        with self._mutex:
            self._connection.close()

    def _keys(self, where: str, names: Sequence[str]) -> Sequence[WrappedKey]:
        return [WrappedKey(*row) for row in self._run(_KEYS + where, json.dumps(names))]

    def _run(self, statement: str, *arguments: Any) -> list[Any]:
        try:
            with self._mutex:
                return self._connection.execute(statement, arguments).fetchall()
        except sqlite3.DatabaseError as cause:
            raise LogUnavailable(f"the key store {self._path} did not answer: {why(cause)}") from cause
