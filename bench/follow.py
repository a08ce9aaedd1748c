"""Bringing the views up to date: all together, and one after the other as before, on both databases.

python -m bench.follow [--people 100] [--runs 60] [--rounds 5]

Reach: at most 100 µs of CPU an event, and 20 statements to take in what one job left. A page is read and decoded once
for all views, and one transaction moves them all. `one by one` reads, decodes and writes for each view. Shares are of
CPU time of this process, all threads, best of the rounds; statements are those that views and log send, of one run.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import psycopg
from rich.table import Table

from adapters.log.open import open_log
from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import Runner, ViewStore
from adapters.sqlite.view_store import SqliteViewStore
from bench.logs import console
from bench.rebuild import fill, running_postgres, store_on
from domain.events.runs import OutcomesRecorded, RunCompleted, RunStarted, Unmoved
from domain.log import Log
from domain.streams import run_stream
from domain.values import RunId
from tests.support.scribe import MARCH_15, Scribe


def together(log: Log, store: ViewStore) -> None:
    Runner(log, store, PROJECTIONS).catch_up()


def one_by_one(log: Log, store: ViewStore) -> None:
    for projection in PROJECTIONS:
        Runner(log, store, [projection]).catch_up()


WAYS: Final[dict[str, Callable[[Log, ViewStore], None]]] = {"one by one": one_by_one, "together": together}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    table = Table("database", "way", "µs an event", "share", "statements a job")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        server = opened.enter_context(running_postgres(Path(folder) / "postgres"))
        for name, url in (("SQLite", f"sqlite:///{folder}/log.db"), ("PostgreSQL", str(server.get_uri()))):
            keys = f"sqlite:///{folder}/{name}.db"
            with closing(open_log(url, keys_url=keys, checkpoints=Path(folder) / name)) as log:
                fill(log, people=options.people, runs=options.runs)
                taken = measured(url, log, options.rounds)
                for way, micros in taken.items():
                    share = f"{micros / taken['one by one']:.2f} ×"
                    table.add_row(name, way, f"{micros:,.0f}", share, f"{statements(url, log, WAYS[way], way)}")
    console.print(table)


def measured(url: str, log: Log, rounds: int) -> dict[str, float]:
    """CPU of each way, turn and turn about, from views that are empty and have their indexes."""
    best = dict.fromkeys(WAYS, float("inf"))
    with closing(store_on(url)) as store:
        for _ in range(rounds):
            for name, way in WAYS.items():
                for projection in PROJECTIONS:
                    store.prepare(projection)
                    store.clear(projection)
                    store.index(projection)
                begun = time.process_time()
                way(log, store)
                best[name] = min(best[name], (time.process_time() - begun) / log.size() * 1e6)
    return best


def statements(url: str, log: Log, way: Callable[[Log, ViewStore], None], name: str) -> int:
    """What it takes to bring the views over the events of one run without news."""
    run = f"run-{name.replace(' ', '-')}"
    people = tuple(Unmoved(str(3000 + at), 4700 + at) for at in range(100))
    facts = (
        RunStarted(legal_entity="170", business_date=MARCH_15.date()),
        OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=people),
        RunCompleted(with_errors=False, counts={"unchanged": 100}),
    )
    with closing(store_on(url)) as store:
        way(log, store)
        Scribe(log).write(run_stream(RunId(run)), *facts, run=run)
        with counting(store) as count:
            way(log, store)
    return len(count)


@contextmanager
def counting(store: SqliteViewStore | PostgresViewStore) -> Iterator[list[str]]:
    """Every statement that the store sends."""
    sent: list[str] = []
    if isinstance(store, SqliteViewStore):
        db: sqlite3.Connection = store._db

        def told(sql: str) -> None:
            """Rows of one statement are told one by one, with their values."""
            what = sql.partition(" VALUES ")[0]
            if not sent or what != sent[-1]:
                sent.append(what)

        db.set_trace_callback(told)
        yield sent
        db.set_trace_callback(None)
        return
    execute = psycopg.Cursor.execute

    def noted(self: Any, query: Any, *values: Any, **more: Any) -> Any:
        sent.append(str(query))
        return execute(self, query, *values, **more)

    with patch.object(psycopg.Cursor, "execute", noted):
        yield sent


if __name__ == "__main__":
    main()
