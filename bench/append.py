"""Appending events with two sealed values each, 1, 10, 100 and 500 a batch: python -m bench.append [--events N]

Reach: 500 a batch faster than the bare library's save of as many plain events, then 0.5× of the floor on SQLite and
0.8× on PostgreSQL; one at a time not slower than the library on PostgreSQL and 0.75× on SQLite. The floor inserts
ready rows by executemany, with neither sealing nor encoding nor tree. All take turns in one run. The second table
tells where our time goes, and so what an append would cost without encryption or without tree.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.mapper import stored
from adapters.log.open import open_log
from adapters.log.proof.growth import grown
from adapters.log.proof.tree import Edge
from bench.logs import arguments, console, database_url, peak_mib
from bench.plain import plain_application, plain_batch
from domain.events.loket import FieldOverwritten
from domain.log import Meta, Pending, StreamAppend, StreamId
from domain.values import Actor

META = Meta(
    recorded_at=datetime(2026, 3, 15, 9, 30, tzinfo=UTC), actor=Actor("schedule:nightly"), correlation="run-20260315"
)
BATCHES = (500, 100, 10, 1)
MOST_ROUNDS = 300
STATE = b'{"recorded_at":"2026-03-15T09:30:00.123456Z","fact":"' + b"x" * 420 + b'"}'
COLUMNS = "notification_id, originator_id, originator_version, topic, state, leaf"


def main() -> None:
    options = arguments("append", 20_000)
    columns = ("ours/s", "library/s", "floor/s", "× library", "× floor", "CPU × library", "CPU × floor", "peak MiB")
    table = Table("database", "a batch", *columns)
    steps = Table("database", "step", "µs an event", title="CPU time of 500 a batch, the best of many")
    for database in options.databases:
        for batch in BATCHES:
            rounds = min(MOST_ROUNDS, max(1, options.events // batch))
            walls, computing = measured(database, batch, rounds)
            rates = [batch / seconds for seconds in walls]
            ratios = [f"{theirs / mine:.2f}" for mine, *others in (walls, computing) for theirs in others]
            table.add_row(database, str(batch), *(f"{rate:,.0f}" for rate in rates), *ratios, peak_mib())
        for step, seconds in by_step(database):
            steps.add_row(database, step, f"{seconds / BATCHES[0] * 1e6:.2f}")
    console.print(table)
    console.print(steps)


def measured(database: str, batch: int, rounds: int) -> tuple[list[float], list[float]]:
    """Of a batch of ours, of the library and of the floor, taken in turns: median seconds, and the least CPU seconds.

    CPU time is this process's own: what a database server does is in neither of the three.
    """
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory()))
        url = open_things.enter_context(database_url(database, folder))
        apart = ".{}" if database == "sqlite" else ""  # a file each; on PostgreSQL the tables have different names
        turns = [
            ours(opened(url + apart.format("ours"), folder, open_things), batch),
            library(url + apart.format("library"), batch, open_things),
            floor(url + apart.format("floor"), batch, open_things),
        ]
        seconds: list[list[float]] = [[], [], []]
        computing: list[list[float]] = [[], [], []]
        for number in range(-2, rounds):  # two rounds to warm up
            for index, turn in enumerate(turns):
                work = turn(number + 2)
                started, computed = time.perf_counter(), time.process_time()
                work()
                if number >= 0:
                    seconds[index].append(time.perf_counter() - started)
                    computing[index].append(time.process_time() - computed)
    return [median(each) for each in seconds], [min(each) for each in computing]


Turn = Callable[[int], Callable[[], object]]


def opened(url: str, folder: Path, open_things: ExitStack) -> EventLog:
    log = open_log(url, keys_url=f"sqlite:///{folder}/keys.db", checkpoints=folder / "checkpoints")
    return open_things.enter_context(closing(log))


def overwritten(log: EventLog) -> FieldOverwritten:
    return FieldOverwritten(
        rule="EDIT-1",
        run_id="run-20260315",
        intent="intent-1",
        person_id="3007",
        subject=log.vault.subject(),
        field="address.street",
        before="Main St",
        after="Central Ave",
    )


def ours(log: EventLog, batch: int) -> Turn:
    facts = [Pending(overwritten(log))] * batch

    def turn(number: int) -> Callable[[], object]:
        append = StreamAppend(StreamId(f"loket:170:{number}"), 0, facts)
        return lambda: log.append([append], meta=META)

    return turn


def by_step(database: str) -> list[tuple[str, float]]:
    """The whole, and of it what each of our own steps takes; the rest is rows, transaction and the signed head."""
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory()))
        log = opened(open_things.enter_context(database_url(database, folder)), folder, open_things)
        stream, fact = StreamId("loket:170:0"), overwritten(log)
        clear = [(stream, version, fact) for version in range(BATCHES[0])]
        sealed = log.vault.sealed(clear)
        rows = [stored(stream, version, META, *each) for version, each in enumerate(sealed)]
        turn, numbers = ours(log, BATCHES[0]), iter(range(1, 1_000))
        whole = best(lambda: turn(next(numbers))())
        steps = {
            "sealing two values": best(lambda: log.vault.sealed(clear)),
            "encoding": best(lambda: [stored(stream, version, META, *each) for version, each in enumerate(sealed)]),
            "a MAC in each": best(lambda: [log.macs.sealed(row) for row in rows]),
            "hashing, and the tree": best(lambda: grown(Edge(), rows)),
        }
    return [("the whole append", whole), *steps.items(), ("everything else", whole - sum(steps.values()))]


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of many rounds: this process's own, without what a database server does."""
    found = []
    for _ in range(50):
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return min(found)


def library(url: str, batch: int, open_things: ExitStack) -> Turn:
    application = open_things.enter_context(closing(plain_application(url)))

    def turn(_: int) -> Callable[[], object]:
        events = plain_batch(batch)
        return lambda: application.save(*events)

    return turn


def floor(url: str, batch: int, open_things: ExitStack) -> Turn:
    """Ready rows into a table of the same shape and indexes, one transaction a batch, as durable as ours."""
    if url.startswith("sqlite"):
        lite = open_things.enter_context(closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)))
        lite.execute("PRAGMA journal_mode = WAL")
        lite.execute("PRAGMA synchronous = FULL")
        lite.execute(FLOOR_TABLE.format(key="INTEGER", bytes="BLOB"))

        def insert(rows: list[tuple[object, ...]]) -> None:
            lite.execute("BEGIN IMMEDIATE")
            lite.executemany(f"INSERT INTO floor ({COLUMNS}) VALUES (?,?,?,?,?,?)", rows)
            lite.execute("COMMIT")
    else:
        server = open_things.enter_context(closing(psycopg.connect(url)))
        server.execute(FLOOR_TABLE.format(key="bigint", bytes="bytea"))
        server.commit()

        def insert(rows: list[tuple[object, ...]]) -> None:
            with server.cursor() as cursor:
                cursor.executemany(f"INSERT INTO floor ({COLUMNS}) VALUES (%s,%s,%s,%s,%s,%s)", rows)
            server.commit()

    def turn(number: int) -> Callable[[], object]:
        first = number * batch + 1
        rows: list[tuple[object, ...]] = [
            (first + at, f"loket:170:{number}", at, "loket_record.field_overwritten.v1", STATE, bytes(32))
            for at in range(batch)
        ]
        return lambda: insert(rows)

    return turn


FLOOR_TABLE = """CREATE TABLE floor (notification_id {key} PRIMARY KEY, originator_id TEXT NOT NULL,
    originator_version {key} NOT NULL, topic TEXT NOT NULL, state {bytes} NOT NULL, leaf {bytes} NOT NULL,
    UNIQUE (originator_id, originator_version))"""

if __name__ == "__main__":
    main()
