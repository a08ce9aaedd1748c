"""A log with its keys and checkpoints in one place, to be opened, reopened, and reached behind its back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.log.proof.tree import Edge, leaf
from adapters.log.where import sqlite_path
from domain.events.loket import FieldOverwritten
from domain.events.personio import GatesObserved
from domain.log import Fact, Meta, Pending, StreamAppend, StreamId
from domain.personal import Opened
from domain.values import Actor

META = Meta(recorded_at=datetime(2026, 3, 15, 9, 30, tzinfo=UTC), actor=Actor("test"), correlation="run-1")


@dataclass(frozen=True)
class LogSite:
    url: str
    keys_url: str
    folder: Path

    @classmethod
    def at(cls, url: str, folder: Path) -> LogSite:
        """Keys beside the log: their own file on SQLite, their own tables in the test's database on PostgreSQL."""
        return cls(url, url if sqlite_path(url) is None else f"sqlite:///{folder}/keys.db", folder)

    @property
    def is_sqlite(self) -> bool:
        return sqlite_path(self.url) is not None

    @contextmanager
    def open(self) -> Iterator[EventLog]:
        with closing(open_log(self.url, keys_url=self.keys_url, checkpoints=self.folder / "checkpoints")) as log:
            yield log

    def execute(self, statement: str, arguments: Sequence[Any] = ()) -> list[Any]:
        """One statement as someone with the database in hands would run it; committed."""
        path = sqlite_path(self.url)
        if path is not None:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                return connection.execute(statement, arguments).fetchall()
        with psycopg.connect(self.url, autocommit=True) as server:
            cursor = server.execute(statement.replace("?", "%s"), arguments)
            return cursor.fetchall() if cursor.description else []

    def cut(self, size: int) -> None:
        """Remove every event from this position on, past the triggers."""
        if self.is_sqlite:
            self.execute("DROP TRIGGER IF EXISTS stored_events_no_delete")
            self.execute("DELETE FROM stored_events WHERE rowid > ?", (size,))
        else:
            self.execute("ALTER TABLE stored_events DISABLE TRIGGER append_only")
            self.execute("DELETE FROM stored_events WHERE notification_id > ?", (size,))


def to(stream: str, next_version: int, *facts: Fact) -> StreamAppend:
    return StreamAppend(StreamId(stream), next_version, [Pending(fact) for fact in facts])


def gates(number: int) -> GatesObserved:
    """A fact without a personal value."""
    return GatesObserved(legal_entity="170", status="ACTIVE", considered="yes", employee_number=number, income_number=1)


def overwritten(subject: str, before: Opened, after: Opened, field: str = "address.street") -> FieldOverwritten:
    return FieldOverwritten(
        rule="EDIT-1",
        run_id="run-1",
        intent="intent-1",
        person_id="3007",
        subject=subject,
        field=field,
        before=before,
        after=after,
    )


def root_of(log: EventLog) -> bytes:
    """The tree's root, computed anew from the stored bytes alone."""
    edge, after = Edge(), -1
    while rows := log.recorder.page(after, 500):
        assert [row[0] for row in rows] == list(range(after + 1, after + 1 + len(rows)))
        edge.extend(leaf(*row) for row in rows)
        after = rows[-1][0]
    return edge.root()
