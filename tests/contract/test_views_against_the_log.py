"""A view whose tables were edited is told from one that is what the events make, whatever the view and the edit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters.log.open import open_log
from adapters.log.proof.verdicts import ViewDifference
from adapters.log.stored import open_stored
from adapters.log.where import sqlite_path
from adapters.projections.comparing import differences
from adapters.projections.open import open_views
from adapters.projections.projection import Projection, Table
from adapters.projections.register import PROJECTIONS
from domain.events.personio import GatesObserved
from domain.log import StreamId
from tests.support.scribe import Scribe
from tests.support.story import story


@dataclass
class Site:
    """A log, its views, and a connection that goes past the product."""

    url: str
    folder: Path
    db: Any
    mark: str
    size: int

    def do(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        cursor = self.db.execute(sql.replace("?", self.mark), values)
        return list(cursor.fetchall()) if cursor.description else []

    def found(self, *projections: Projection) -> list[ViewDifference]:
        with open_stored(self.url) as stored:
            return list(differences(stored, self.size, projections or PROJECTIONS))

    def rebuild(self) -> None:
        with (
            closing(open_log(self.url, keys_url=self.keys, checkpoints=self.folder / "heads")) as log,
            closing(open_views(self.url, log)) as views,
        ):
            views.rebuild()

    @property
    def keys(self) -> str:
        return f"sqlite:///{self.folder}/keys.db"

    def insert(self, table: Table, row: Sequence[Any]) -> None:
        self.do(f"INSERT INTO {table.name} ({columns(table)}) VALUES ({', '.join('?' * len(row))})", row)

    def delete(self, table: Table, key: Sequence[Any]) -> None:
        self.do(f"DELETE FROM {table.name} WHERE {' AND '.join(f'{name} = ?' for name in table.key)}", key)


def edit(value: Any, kind: type) -> Any:
    return not value if kind is bool else {str: "edited", int: 987_654}[kind]


def columns(table: Table) -> str:
    return ", ".join((*table.key, *table.columns))


@pytest.fixture
def site(log_url: str, tmp_path: Path) -> Iterator[Site]:
    keys = f"sqlite:///{tmp_path}/keys.db"
    with closing(open_log(log_url, keys_url=keys, checkpoints=tmp_path / "heads")) as log:
        scribe = Scribe(log)
        for at, run, facts in story(people=6, runs=40):
            scribe.write_all(facts, at=at, run=run)
        with closing(open_views(log_url, log)) as views:
            views.catch_up()
        size = log.size()
    path = sqlite_path(log_url)
    db = psycopg.connect(log_url, autocommit=True) if path is None else sqlite3.connect(path, isolation_level=None)
    with closing(db):
        yield Site(log_url, tmp_path, db, "%s" if path is None else "?", size)


def test_any_row_of_any_view_that_is_deleted_added_or_edited_is_told_by_its_key(site: Site) -> None:
    assert site.found() == []

    for projection in PROJECTIONS:
        for table in projection.tables:
            rows = site.do(f"SELECT {columns(table)} FROM {table.name}")
            row = rows[len(rows) // 2]
            width, key = len(table.key), tuple(zip(table.key, row, strict=False))

            site.delete(table, row[:width])
            (told,) = site.found(projection)
            assert (told.table, told.key, told.what) == (table.name, key, "the row is missing")

            edited = [*row[:width], *map(edit, row[width:], table.columns.values())]
            if table.columns:
                site.insert(table, edited)
                (told,) = site.found(projection)
                assert (told.key, told.what) == (key, f"the row differs in {', '.join(table.columns)}")
                site.delete(table, row[:width])
            site.insert(table, row)

            added = [*map(edit, row[:width], table.key.values()), *row[width:]]
            site.insert(table, added)
            (told,) = site.found(projection)
            assert (told.table, told.key, told.what) == (table.name, (), "a row was made by no event")
            assert "edited" not in str(told), "what no event made may be anything, and is not repeated"
            site.delete(table, added[:width])
            assert site.found(projection) == [], table.name


def test_a_view_that_lags_is_held_to_the_events_it_has_seen(site: Site) -> None:
    seen = GatesObserved(legal_entity="170", status="ACTIVE", considered="yes", employee_number=1, income_number=1)
    with closing(open_log(site.url, keys_url=site.keys, checkpoints=site.folder / "heads")) as log:
        Scribe(log).write(StreamId("person:9"), seen)
        site.size = log.size()

    assert site.found() == []


def test_an_edited_position_is_told_and_mended(site: Site) -> None:
    for place, told in (("position - 40", "row"), ("9999", "it stands at event 9999"), ("-2", "it stands at event -2")):
        site.do(f"UPDATE view_positions SET position = {place} WHERE view IN ('recorded', 'history', 'schedule')")

        found = site.found()

        assert [one.view for one in found] == ["history", "schedule", "recorded"] if told != "row" else len(found) >= 2
        assert all(told in one.what for one in found)
        site.rebuild()
        assert site.found() == []


def test_a_table_that_is_gone_or_replaced_is_told_and_mended(site: Site) -> None:
    site.do("DROP TABLE run_outcomes")
    site.do("ALTER TABLE drift_cases RENAME TO elsewhere")
    site.do("CREATE VIEW drift_cases AS SELECT * FROM elsewhere WHERE employee_number <> 4711")

    assert [(one.view, one.table) for one in site.found()] == [("runs", "run_outcomes"), ("drift", "drift_cases")]

    site.do("DROP VIEW drift_cases")
    site.rebuild()
    assert site.found() == []


def test_a_view_that_was_never_made_is_no_difference(site: Site) -> None:
    """It is made anew, from nothing, by whoever opens it."""
    site.do("DROP TABLE view_positions")

    assert site.found() == []
