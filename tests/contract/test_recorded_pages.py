"""Every filter of the recorded view, alone and together, against a filter that is applied to each event in turn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime
from itertools import combinations
from typing import Any, Final

import pytest

from adapters.postgres.view_store import PostgresViewStore
from adapters.postgres.views.recorded import PostgresRecorded
from adapters.projections import parts, recorded_pages
from adapters.projections.open import OpenViews, open_views
from adapters.projections.projection import Value
from adapters.projections.recorded_pages import LOOKED_AT
from adapters.sqlite.view_store import SqliteViewStore
from adapters.sqlite.views.recorded import SqliteRecorded
from domain.events.loket import LinkObserved, LinkState
from domain.events.runs import OutcomesRecorded
from domain.streams import loket_stream
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.recorded import Entry, Filters, RecordedView
from tests.support.fake_log import FakeLog
from tests.support.scribe import Scribe
from tests.support.view_rows import whole_story

Admits = Callable[[Entry, Any], bool]

ADMITS: Final[dict[str, Admits]] = {
    "person_id": lambda entry, wanted: entry.person_id == wanted,
    "employee_number": lambda entry, wanted: entry.employee_number == wanted,
    "run": lambda entry, wanted: entry.run == wanted,
    "field": lambda entry, wanted: wanted in entry.fields,
    "rule": lambda entry, wanted: entry.rule == wanted,
    "kind": lambda entry, wanted: entry.kind == wanted,
    "actor": lambda entry, wanted: entry.actor == wanted,
    "recorded_from": lambda entry, wanted: entry.recorded_at >= wanted,
    "recorded_until": lambda entry, wanted: entry.recorded_at <= wanted,
    "effective_from": lambda entry, wanted: entry.effective_on is not None and entry.effective_on >= wanted,
    "effective_until": lambda entry, wanted: entry.effective_on is not None and entry.effective_on <= wanted,
}


@pytest.fixture(scope="module")
def story() -> FakeLog:
    return whole_story()


@pytest.fixture(params=[64, 4_096])
def views(
    request: pytest.FixtureRequest, log_url: str, story: FakeLog, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenViews]:
    monkeypatch.setattr(parts, "PART", request.param)  # however much of the log a row tells of
    with closing(open_views(log_url, story)) as views:
        views.rebuild()
        yield views


def walked(views: OpenViews, entities: list[str], filters: Filters, limit: int) -> list[Entry]:
    """Every page to the end; none is longer than asked, none goes back."""
    entries: list[Entry] = []
    after: int | None = -1
    while after is not None:
        page = views.recorded.find(entities, filters, after=after, limit=limit)
        assert len(page.entries) <= limit
        assert page.reached is None or page.reached > after
        entries += page.entries
        after = page.reached
    return entries


def walked_back(views: OpenViews, entities: list[str], filters: Filters, limit: int) -> list[Entry]:
    """Every page from the newest to the first; none goes forth."""
    entries: list[Entry] = []
    before: int | None = 2**53
    while before is not None:
        page = views.recorded.find(entities, filters, limit=limit, before=before)
        assert len(page.entries) <= limit
        assert page.reached is None or page.reached < before
        entries += page.entries
        before = page.reached
    return entries


def test_each_filter_and_each_two_together_find_what_a_look_at_every_event_finds(
    views: OpenViews, story: FakeLog
) -> None:
    entities = sorted({entry.legal_entity for entry in walked(views, ["170", "171", ""], Filters(), 500)})
    everything = walked(views, entities, Filters(), 500)
    assert [entry.position for entry in everything] == sorted({entry.position for entry in everything})
    assert len(everything) > LOOKED_AT  # pages end because enough was looked at, too

    for names in (*combinations(ADMITS, 1), *combinations(ADMITS, 2)):
        wanted, expected = looked_for(everything, story, names)
        assert walked(views, entities, Filters(**wanted), 400) == expected, wanted
        if len(names) == 1:
            assert walked_back(views, entities, Filters(**wanted), 400) == expected[::-1], wanted


def test_whoever_is_told_of_often_is_found_in_short_pages_too(
    views: OpenViews, story: FakeLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = walked(views, ["170", "171"], Filters(), 500)
    monkeypatch.setattr(recorded_pages, "LOOKED_AT", 10)
    for names in (*combinations(ADMITS, 2), ("person_id", "employee_number", "field")):
        if {"person_id", "employee_number"}.isdisjoint(names):
            continue
        wanted, expected = looked_for(everything, story, names)
        assert walked(views, ["170", "171"], Filters(**wanted), 7) == expected, wanted
        assert walked_back(views, ["170", "171"], Filters(**wanted), 7) == expected[::-1], wanted


def test_a_number_that_two_legal_entities_use_is_told_once_and_in_order(
    log_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorded_pages, "LOOKED_AT", 2)  # one is looked through further than the other
    log = FakeLog()
    scribe = Scribe(log)
    for at in range(12):
        stream = loket_stream(LegalEntityId("170" if at % 3 else "171"), EmployeeNumber(4711))
        scribe.write(stream, LinkObserved(state=LinkState.FINAL, person_id="3007"))
    everything, filters = list(range(12)), Filters(employee_number=4711, person_id="3007")
    with closing(open_views(log_url, log)) as views:
        views.rebuild()
        assert [one.position for one in walked(views, ["170", "171"], filters, 7)] == everything
        assert [one.position for one in walked_back(views, ["170", "171"], filters, 7)] == everything[::-1]


def looked_for(everything: list[Entry], story: FakeLog, names: tuple[str, ...]) -> tuple[dict[str, Any], list[Entry]]:
    """A value of each filter, and the entries that have them all."""
    together = {one.position: one.fact for one in story.page(-1, 100_000) if isinstance(one.fact, OutcomesRecorded)}
    assert together

    def admitted(name: str, entry: Entry, value: Any) -> bool:
        if name in ("person_id", "employee_number") and entry.position in together:
            return value in {getattr(one, name) for one in together[entry.position].people}
        return ADMITS[name](entry, value)

    wanted: dict[str, Any] = dict(_sample(everything, names))
    return wanted, [one for one in everything if all(admitted(name, one, value) for name, value in wanted.items())]


def test_when_the_newest_of_several_kinds_were_recorded_is_one_question(views: OpenViews, story: FakeLog) -> None:
    kinds = ["sync_run.started.v1", "sync_run.outcomes_recorded.v1"]
    every = {kind: walked_back(views, ["170"], Filters(kind=kind), limit=100) for kind in kinds}
    before = every[kinds[1]][0].position
    expected = [one.recorded_at for kind in kinds for one in [e for e in every[kind] if e.position < before][:2]]

    found = views.recorded.instants(LegalEntityId("170"), kinds, before=before, limit=2)

    assert len(expected) > 2
    assert sorted(found) == sorted(expected)


def _sample(entries: list[Entry], names: tuple[str, ...]) -> Iterator[tuple[str, str | int | date | datetime]]:
    """Values that some event in the middle has, where one has them."""
    middle = entries[len(entries) // 2 :]
    for name in names:
        if name.startswith("recorded"):
            yield name, middle[0].recorded_at
        elif name.startswith("effective"):
            yield name, next(one.effective_on for one in middle if one.effective_on is not None)
        elif name == "field":
            yield name, next(one.fields[-1] for one in middle if one.fields)
        else:
            yield name, next(getattr(one, name) for one in middle if getattr(one, name) is not None)


INDEX_OF: Final = {
    "run": "recorded_in_run",
    "rule": "recorded_under_rule",
    "kind": "recorded_of_kind",
    "actor": "recorded_by_actor",
    "effective_on": "recorded_with_effect",
}


def test_every_question_is_answered_from_the_index_of_its_leading_filter_in_order(
    log_url: str, views: OpenViews
) -> None:
    """Sorted first, or found by another index, a page would cost as much as all that a filter lets through."""
    everything = walked(views, ["170"], Filters(), 500)
    with closing(Planned(log_url)) as planned:
        for names in (*combinations(ADMITS, 1), *combinations(ADMITS, 2)):
            filters = Filters(**dict[str, Any](_sample(everything, names)))
            planned.recorded.find(["170"], filters, limit=50, before=None if len(names) == 2 else 2**53)
    assert len(planned.plans) > 50
    for sql, plan in planned.plans.items():
        listed = re.search(r"FROM (recorded_\w+) AS f", sql)
        if listed:
            index = f"{listed[1]}_pkey" if "postgres" in log_url else "SEARCH f USING PRIMARY KEY"
        elif " r.position IN (" in sql:
            index = "recorded_pkey" if "postgres" in log_url else "SEARCH r USING INTEGER PRIMARY KEY"
        else:
            leading = re.search(r"WHERE r.legal_entity = \S+ AND r\.(\w+) (=|IS NOT)", sql)
            index = INDEX_OF[leading[1]] if leading else "recorded_of_entity"
        assert f"{index} " in plan, (sql, plan)
        assert not re.search("TEMP B-TREE|Sort|Bitmap", plan), (sql, plan)


class Planned:
    """The recorded view on a store that notes how the database would answer each question, whatever its values."""

    def __init__(self, url: str) -> None:
        self.plans: dict[str, str] = {}
        plans = self.plans

        class Sqlite(SqliteViewStore):
            def rows(self, sql: str, *values: Value) -> list[tuple[Any, ...]]:
                if " AS r " in sql or " AS f " in sql:
                    plans[sql] = "; ".join(row[-1] for row in super().rows(f"EXPLAIN QUERY PLAN {sql}", *values))
                return super().rows(sql, *values)

        class Postgres(PostgresViewStore):
            def rows(self, sql: str, *values: Value | list[str]) -> list[tuple[Any, ...]]:
                if " AS r " in sql or " AS f " in sql:
                    numbered = sql.replace("%s", "${}").replace("%%", "%").format(*range(1, len(values) + 1))
                    with self._connection() as db:
                        db.execute("SET enable_seqscan = off")  # which is right for so few rows
                        explained = db.execute(f"EXPLAIN (GENERIC_PLAN) {numbered}", prepare=False).fetchall()
                    plans[sql] = "; ".join(row[0].strip() for row in explained)
                return super().rows(sql, *values)

        if url.startswith("sqlite"):
            sqlite = Sqlite(url.removeprefix("sqlite:///"))
            self.recorded: RecordedView = SqliteRecorded(sqlite)
            self.close = sqlite.close
        else:
            postgres = Postgres(url)
            self.recorded = PostgresRecorded(postgres)
            self.close = postgres.close
