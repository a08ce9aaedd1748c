"""Appending: 500 events a batch with two sealed values each, and one at a time: python bench/append.py [--events N]

Reach: faster than the bare library's save of as many plain events, then 0.5× of the floor on SQLite and 0.8× on
PostgreSQL; one at a time not slower than the library on PostgreSQL and 0.75× on SQLite. The floor inserts ready rows
by executemany, with neither sealing nor encoding nor tree. All take turns in one run.
"""

from __future__ import annotations

import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import psycopg
from logs import arguments, console, database_url
from plain import plain_application, plain_batch
from rich.table import Table

from adapters.log.open import open_log
from domain.events import FieldOverwritten
from domain.log import Meta, Pending, StreamAppend, StreamId
from domain.values import Actor

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
BATCH = 500
SINGLES = 300
STATE = b'{"recorded_at":"2026-03-15T09:30:00.123456Z","fact":"' + b"x" * 420 + b'"}'
COLUMNS = "notification_id, originator_id, originator_version, topic, state, leaf"


def main() -> None:
    options = arguments("append", 20_000)
    table = Table("database", "events a batch", "ours/s", "library/s", "floor/s", "× library", "× floor", "peak MiB")
    for database in options.databases:
        for batch, batches in ((BATCH, max(1, options.events // BATCH)), (1, SINGLES)):
            ours, library, floor = measured(database, batch, batches)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            rates = [batch / seconds for seconds in (ours, library, floor)]
            table.add_row(
                database,
                str(batch),
                *(f"{rate:,.0f}" for rate in rates),
                f"{rates[0] / rates[1]:.2f}",
                f"{rates[0] / rates[2]:.2f}",
                f"{peak:.0f}",
            )
    console.print(table)


def measured(database: str, batch: int, batches: int) -> tuple[float, float, float]:
    """Median seconds of a batch of ours, of the library and of the floor, taken in turns."""
    with ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory()))
        url = open_things.enter_context(database_url(database, folder))
        apart = ".{}" if database == "sqlite" else ""  # a file each; on PostgreSQL the tables have different names
        turns = [
            ours(url + apart.format("ours"), folder, batch, open_things),
            library(url + apart.format("library"), batch, open_things),
            floor(url + apart.format("floor"), batch, open_things),
        ]
        seconds: list[list[float]] = [[], [], []]
        for number in range(-2, batches):  # two rounds to warm up
            for index, turn in enumerate(turns):
                work = turn(number + 2)
                started = time.perf_counter()
                work()
                if number >= 0:
                    seconds[index].append(time.perf_counter() - started)
    return median(seconds[0]), median(seconds[1]), median(seconds[2])


Turn = Callable[[int], Callable[[], object]]


def ours(url: str, folder: Path, batch: int, open_things: ExitStack) -> Turn:
    log = open_things.enter_context(
        closing(open_log(url, keys_url=f"sqlite:///{folder}/keys.db", checkpoints=folder / "checkpoints"))
    )
    subject = log.vault.subject()
    fact = FieldOverwritten(
        rule="EDIT-1",
        run_id="run-20260315",
        intent="intent-1",
        person_id="3007",
        subject=subject,
        field="address.street",
        before="Main St",
        after="Central Ave",
    )

    def turn(number: int) -> Callable[[], object]:
        append = StreamAppend(StreamId(f"loket:170:{number}"), 0, [Pending(fact)] * batch)
        meta = Meta(recorded_at=NOW, actor=Actor("schedule:nightly"), correlation="run-20260315")
        return lambda: log.append([append], meta=meta)

    return turn


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
