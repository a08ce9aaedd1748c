"""Every row of every view as a database has it, and a log of about five thousand events to fold."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import PAGE
from adapters.sqlite.view_store import SqliteViewStore
from domain.log import Log
from tests.support.fake_log import FakeLog
from tests.support.scribe import Scribe
from tests.support.story import story


def rows_of(url: str, log: Log) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every view in the order of its key, and how far each view has come."""
    with closing(store_on(url)) as store:
        tables = {table.name: len(table.key) for projection in PROJECTIONS for table in projection.tables}
        found = {
            name: store.rows(f"SELECT * FROM {name} ORDER BY {', '.join(str(n + 1) for n in range(width))}")
            for name, width in {**tables, "view_positions": 1}.items()
        }
    assert found["view_positions"] == sorted((p.name, p.version, log.size() - 1) for p in PROJECTIONS)
    return found


def store_on(url: str) -> SqliteViewStore | PostgresViewStore:
    return SqliteViewStore(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgresViewStore(url)


def whole_story() -> FakeLog:
    log = FakeLog()
    scribe = Scribe(log)
    for at, run, facts in story(people=40, runs=80):
        scribe.write_all(facts, at=at, run=run)
    assert log.size() > 4 * PAGE
    return log
