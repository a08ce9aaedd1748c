"""The `claims` table in an SQLite file, the one the log is in."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from adapters.claims.holder import Holder
from adapters.claims.lease import Said, at_work, holding
from adapters.sqlite.files import why
from domain.errors import LogUnavailable
from domain.log import Fence
from domain.ports import AtWork
from domain.values import LegalEntityId, RunId

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS claims (
    legal_entity TEXT PRIMARY KEY,
    token        INTEGER NOT NULL,
    run_id       TEXT,
    expires_at   REAL NOT NULL,
    host         TEXT NOT NULL,
    pid          INTEGER NOT NULL,
    pid_started  REAL NOT NULL
) STRICT
"""
_SAID: Final = """
CREATE TABLE IF NOT EXISTS claims_said (
    legal_entity TEXT PRIMARY KEY,
    token        INTEGER NOT NULL,
    phase        TEXT NOT NULL,
    done         INTEGER NOT NULL,
    total        INTEGER NOT NULL
) STRICT
"""
_AT_WORK: Final = """
SELECT run_id, expires_at, host, pid, pid_started, phase, done, total
FROM claims LEFT JOIN claims_said USING (legal_entity, token) WHERE legal_entity = ?
"""
_TAKE: Final = """
INSERT INTO claims (legal_entity, token, run_id, expires_at, host, pid, pid_started) VALUES (?, 1, ?, ?, ?, ?, ?)
ON CONFLICT (legal_entity) DO UPDATE SET
    token = token + 1, run_id = excluded.run_id, expires_at = excluded.expires_at,
    host = excluded.host, pid = excluded.pid, pid_started = excluded.pid_started
RETURNING token
"""


class SqliteClaims:
    """`adapters.claims.lease.ClaimStore`; every call opens the file anew, so any thread may make it."""

    def __init__(self, path: str) -> None:
        self._path = path
        with self._transaction() as db:
            db.execute(_TABLE)
            db.execute(_SAID)

    def take(self, entity: LegalEntityId, run_id: RunId, holder: Holder, lease: float) -> int:
        with self._transaction() as db:
            now = time.time()
            found = db.execute(
                "SELECT run_id, expires_at, host, pid, pid_started FROM claims WHERE legal_entity = ?", (entity,)
            ).fetchone()
            if found is not None:
                holding(found).refuse_if_held(now)
            values = (entity, run_id, now + lease, holder.host, holder.pid, holder.pid_started)
            return int(db.execute(_TAKE, values).fetchone()[0])

    def renew(self, fence: Fence, lease: float) -> bool:
        with self._transaction() as db:
            renewed = db.execute(
                "UPDATE claims SET expires_at = ? WHERE legal_entity = ? AND token = ?",
                (time.time() + lease, fence.legal_entity, fence.token),
            )
            return renewed.rowcount == 1

    def tell(self, fence: Fence, said: Said) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO claims_said VALUES (?, ?, ?, ?, ?)", (*_key(fence), *said))

    def at_work(self, entity: LegalEntityId) -> AtWork | None:
        try:
            with closing(sqlite3.connect(self._path, timeout=30)) as db:
                found = db.execute(_AT_WORK, (entity,)).fetchone()
        except sqlite3.Error as cause:
            raise LogUnavailable(f"the claims cannot be reached: {why(cause)}") from cause
        return None if found is None else at_work(found, time.time())

    def release(self, fence: Fence) -> None:
        with self._transaction() as db:
            db.execute(
                "UPDATE claims SET run_id = NULL, expires_at = 0 WHERE legal_entity = ? AND token = ?",
                (fence.legal_entity, fence.token),
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous = FULL")
                db.execute("BEGIN IMMEDIATE")
                yield db  # an error closes the connection, which rolls back
                db.execute("COMMIT")
        except sqlite3.Error as cause:
            raise LogUnavailable(f"the claims cannot be reached: {why(cause)}") from cause


def _key(fence: Fence) -> tuple[str, int]:
    return fence.legal_entity, fence.token
