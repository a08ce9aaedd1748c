"""The `claims` table in PostgreSQL, in the database the log is in. The database's clock judges every lease."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

import psycopg

from adapters.claims.holder import Holder
from adapters.claims.lease import Said, at_work, holding
from adapters.postgres.pool import SharedPool, connected, why
from domain.errors import LogUnavailable
from domain.log import Fence
from domain.ports import AtWork
from domain.values import LegalEntityId, RunId

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS claims (
    legal_entity TEXT PRIMARY KEY,
    token        BIGINT NOT NULL,
    run_id       TEXT,
    expires_at   DOUBLE PRECISION NOT NULL,
    host         TEXT NOT NULL,
    pid          BIGINT NOT NULL,
    pid_started  DOUBLE PRECISION NOT NULL
)
"""
_SAID: Final = """
CREATE TABLE IF NOT EXISTS claims_said (
    legal_entity TEXT PRIMARY KEY,
    token        BIGINT NOT NULL,
    phase        TEXT NOT NULL,
    done         BIGINT NOT NULL,
    total        BIGINT NOT NULL
)
"""
_MAKING: Final = 0x636C6169  # one maker of the table at a time: CREATE TABLE races with itself
_NOW: Final = "extract(epoch FROM clock_timestamp())::double precision"
_FREE: Final = """
INSERT INTO claims (legal_entity, token, run_id, expires_at, host, pid, pid_started)
VALUES (%s, 0, NULL, 0, '', 0, 0) ON CONFLICT DO NOTHING
"""
_FIND: Final = f"""
SELECT run_id, expires_at, host, pid, pid_started, {_NOW} FROM claims WHERE legal_entity = %s FOR UPDATE
"""  # noqa: S608
_AT_WORK: Final = f"""
SELECT run_id, expires_at, host, pid, pid_started, phase, done, total, {_NOW}
FROM claims LEFT JOIN claims_said USING (legal_entity, token) WHERE legal_entity = %s
"""  # noqa: S608
_TELL: Final = """
INSERT INTO claims_said VALUES (%s, %s, %s, %s, %s) ON CONFLICT (legal_entity) DO UPDATE SET
token = excluded.token, phase = excluded.phase, done = excluded.done, total = excluded.total
"""
_TAKE: Final = f"""
UPDATE claims
SET token = token + 1, run_id = %s, expires_at = {_NOW} + %s, host = %s, pid = %s, pid_started = %s
WHERE legal_entity = %s
RETURNING token
"""  # noqa: S608
_RENEW: Final = f"UPDATE claims SET expires_at = {_NOW} + %s WHERE legal_entity = %s AND token = %s"  # noqa: S608
_RELEASE: Final = "UPDATE claims SET run_id = NULL, expires_at = 0 WHERE legal_entity = %s AND token = %s"


class PostgresClaims:
    """`adapters.claims.lease.ClaimStore`, by the connections of the views beside it, where they are open.

    The thread that renews them connects anew: it waits behind nothing that others do.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        with self._transaction() as db:
            if db.execute("SELECT to_regclass('claims_said')").fetchone() == (None,):
                db.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
                db.execute(_TABLE)
                db.execute(_SAID)

    def take(self, entity: LegalEntityId, run_id: RunId, holder: Holder, lease: float) -> int:
        with self._transaction() as db:
            db.execute(_FREE, (entity,))  # so that there is a row to lock
            found = db.execute(_FIND, (entity,)).fetchone()
            assert found is not None  # made two lines above, and rows of claims are never deleted
            holding(found).refuse_if_held(found[5])
            values = (run_id, lease, holder.host, holder.pid, holder.pid_started, entity)
            taken = db.execute(_TAKE, values).fetchone()
            assert taken is not None  # the row is locked
            return int(taken[0])

    def renew(self, fence: Fence, lease: float) -> bool:
        with _reached(connected(self._url)) as db:
            return db.execute(_RENEW, (lease, fence.legal_entity, fence.token)).rowcount == 1

    def tell(self, fence: Fence, said: Said) -> None:
        with _reached(connected(self._url)) as db:
            db.execute(_TELL, (fence.legal_entity, fence.token, *said))

    def at_work(self, entity: LegalEntityId) -> AtWork | None:
        with self._transaction() as db:
            found = db.execute(_AT_WORK, (entity,)).fetchone()
            return None if found is None else at_work(found, found[8])

    def release(self, fence: Fence) -> None:
        with self._transaction() as db:
            db.execute(_RELEASE, (fence.legal_entity, fence.token))

    def _transaction(self) -> AbstractContextManager[psycopg.Connection]:
        return _reached(SharedPool.transaction(self._url))


@contextmanager
def _reached(connection: AbstractContextManager[psycopg.Connection]) -> Iterator[psycopg.Connection]:
    try:
        with connection as db:
            yield db
    except psycopg.Error as cause:
        raise LogUnavailable(f"the claims cannot be reached: {why(cause)}") from cause
