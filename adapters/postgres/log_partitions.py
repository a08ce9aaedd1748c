"""Moves the events of an older log on PostgreSQL into partitions (LOG-1 to LOG-3).

Their table becomes the first partition: no row is copied, and nothing that is read or proven becomes another.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from psycopg import sql

from adapters.postgres.log_recorder import SCHEMA
from adapters.postgres.pool import connected, why
from domain.errors import LogUnavailable, Misconfigured

_OWNER: Final = "SELECT relkind = 'p', relowner::regrole::text FROM pg_class WHERE oid = to_regclass('stored_events')"
_LOCK: Final = """
    SET LOCAL ROLE {owner}; SET LOCAL lock_timeout = {wait};
    LOCK TABLE log_lock IN EXCLUSIVE MODE; LOCK TABLE stored_events IN ACCESS EXCLUSIVE MODE"""
_ASIDE: Final = """
    ALTER TABLE stored_events RENAME TO stored_events_older;
    ALTER INDEX IF EXISTS stored_events_pkey RENAME TO stored_events_older_pkey"""
_BACK: Final = """
    DROP TABLE stored_events_0;
    ALTER TABLE stored_events_older RENAME TO stored_events_0;
    ALTER INDEX IF EXISTS stored_events_older_pkey RENAME TO stored_events_0_pkey;
    ALTER INDEX IF EXISTS stored_events_originator_id_originator_version_key
        RENAME TO stored_events_0_originator_id_originator_version_key"""
_SIZE: Final = "SELECT coalesce(max(notification_id), 0), log_width() FROM stored_events_0"
_ATTACH: Final = "ALTER TABLE stored_events ATTACH PARTITION stored_events_0 FOR VALUES FROM (1) TO ({end})"
_GRANTS: Final = """
    SELECT format('GRANT %s ON stored_events TO %s; REVOKE ALL ON stored_events_0 FROM %2$s; '
                  'GRANT SELECT ON stored_events_0 TO %2$s', string_agg(privilege_type, ', '), role)
    FROM pg_class, aclexplode(relacl),
         LATERAL (SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS role) AS named
    WHERE oid = 'stored_events_0'::regclass AND grantee <> relowner GROUP BY role"""


def into_partitions(url: str, *, wait: float = 5.0, schema: str = SCHEMA) -> bool:
    """Whether it was moved; a log that is in partitions already is left as it is. All or nothing.

    Nobody may read or append meanwhile: `wait` is for how many seconds somebody may still. Raises LogUnavailable when
    somebody does for longer, and Misconfigured where there is no log or the role does not own it.
    """
    with connected(url) as db:
        try:
            return _moved(db, wait, schema)
        except psycopg.errors.LockNotAvailable as cause:
            raise LogUnavailable("somebody else reads or writes the log: stop everything else first") from cause
        except psycopg.errors.InsufficientPrivilege as cause:
            raise Misconfigured(
                "only the owner of the log's tables can move it into partitions, with CREATE on their schema: "
                "let log.url name that role for this one command"
            ) from cause
        except psycopg.Error as cause:
            raise LogUnavailable(f"the log was left as it was: {why(cause)}") from cause


def _moved(db: psycopg.Connection[Any], wait: float, schema: str) -> bool:
    found = db.execute(_OWNER).fetchone()
    if found is None:
        raise Misconfigured("there is no log in this database")
    partitioned, owner = found
    if partitioned:
        return False
    _run(db, _LOCK, owner=sql.SQL(owner), wait=sql.Literal(f"{int(wait * 1000)}ms"))
    _run(db, _ASIDE)
    db.execute(schema.encode(), prepare=False)  # with an empty first partition, which gives way to the older table
    _run(db, _BACK)
    size, width = db.execute(_SIZE).fetchall()[0]
    _run(db, _ATTACH, end=sql.Literal(max(1, -(-size // width)) * width + 1))
    for (grants,) in db.execute(_GRANTS).fetchall():
        db.execute(grants.encode(), prepare=False)
    db.execute("SELECT log_room(%s)", (size,))
    db.commit()
    return True


def _run(db: psycopg.Connection[Any], statements: str, **parts: sql.Composable) -> None:
    db.execute(sql.SQL(statements).format(**parts), prepare=False)
