"""`adapters.hints.store.HintStore` in an SQLite file, the one the log is in."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence, Set
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.hints import store as sql
from adapters.sqlite.files import private_file
from domain.errors import LogUnavailable
from domain.hints import Hint


class SqliteHints:
    """One connection; what is written together is one transaction."""

    def __init__(self, path: Path) -> None:
        self._mutex = threading.Lock()
        self._connection = sqlite3.connect(
            private_file(path), timeout=sql.LONGEST_WAIT, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.executescript(sql.TABLES)

    def keep(self, hints: Sequence[Hint]) -> None:
        self._write(sql.KEEP, map(sql.row, hints))

    def known(self, digests: Sequence[str]) -> Set[str]:
        found = "SELECT digest FROM personio_hints WHERE digest IN (SELECT value FROM json_each(?))"
        return {digest for (digest,) in self._read(found, "[" + ",".join(f'"{one}"' for one in digests) + "]")}

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
        with self._mutex:
            self._connection.close()

    def _write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._mutex:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(statement, rows)
                self._connection.execute("COMMIT")
            except sqlite3.Error as cause:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise LogUnavailable("the store of webhook hints did not answer") from cause

    def _read(self, statement: str, *arguments: Any) -> list[Any]:
        try:
            with self._mutex:
                return self._connection.execute(statement, arguments).fetchall()
        except sqlite3.Error as cause:
            raise LogUnavailable("the store of webhook hints did not answer") from cause
