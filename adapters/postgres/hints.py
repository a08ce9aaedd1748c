"""`adapters.hints.store.HintStore` in PostgreSQL, in the database the log is in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from typing import Any, Final

import psycopg

from adapters.hints import store as sql
from adapters.postgres.pool import connected, open_pool
from domain.errors import LogUnavailable
from domain.hints import Hint

_MAKING: Final = 0x68696E74  # one maker of the tables at a time: CREATE TABLE races with itself


class PostgresHints:
    """What is written together is one transaction."""

    def __init__(self, url: str) -> None:
        with connected(url) as db:
            if db.execute("SELECT to_regclass('personio_hint_notes')").fetchone() == (None,):
                db.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
                db.execute(sql.TABLES.encode(), prepare=False)
        self._pool = open_pool(url, timeout=sql.LONGEST_WAIT, configure=_answering_soon)

    def keep(self, hints: Sequence[Hint]) -> None:
        self._write(sql.KEEP, map(sql.row, hints))

    def known(self, digests: Sequence[str]) -> Set[str]:
        found = "SELECT digest FROM personio_hints WHERE digest = ANY(?)"
        return {digest for (digest,) in self._read(found, list(digests))}

    def waiting(self, limit: int) -> Sequence[Hint]:
        return [sql.of_row(found) for found in self._read(sql.WAITING, limit)]

    def how_many_wait(self) -> int:
        ((count,),) = self._read(sql.COUNT)
        return int(count)

    def settle(self, hints: Sequence[Hint], at: datetime) -> None:
        self._write(sql.SETTLE, ((at.isoformat(), one.digest, sql.row(one)[4]) for one in hints))

    def forget(self, before: datetime) -> None:
        self._write(sql.FORGET, [(before.isoformat(),)])

    def last_received(self) -> datetime | None:
        ((newest,),) = self._read(sql.LAST)
        return datetime.fromisoformat(newest) if newest else None

    def note(self, what: str, at: datetime, told: str = "") -> None:
        self._write(sql.NOTE, [(what, at.isoformat(), told)])

    def noted(self, what: str) -> tuple[datetime, str] | None:
        found = self._read(sql.NOTED, what)
        return (datetime.fromisoformat(found[0][0]), found[0][1]) if found else None

    def close(self) -> None:
        self._pool.close()

    def _write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        try:
            with self._pool.connection() as db, db.cursor() as cursor:
                cursor.executemany(_for_postgres(statement), rows)
        except psycopg.Error as cause:
            raise LogUnavailable("the store of webhook hints did not answer") from cause

    def _read(self, statement: str, *arguments: Any) -> list[Any]:
        try:
            with self._pool.connection() as db:
                return db.execute(_for_postgres(statement), arguments).fetchall()
        except psycopg.Error as cause:
            raise LogUnavailable("the store of webhook hints did not answer") from cause


def _answering_soon(db: psycopg.Connection[Any]) -> None:
    db.execute(f"SET statement_timeout = {int(sql.LONGEST_WAIT * 1000)}".encode())
    db.commit()


def _for_postgres(statement: str) -> bytes:
    return statement.replace("?", "%s").encode()
