"""What a log's partitions cost: CPU of server and ours for appends and reads, in none, 1, 4 and 16 of them.

    python -m bench.partitions [--events N]

The same events lie in each log; every stream goes on through all of its partitions, which is the worst there is. All
take turns in one run. In none is how logs were before there were partitions, and is what the ratios are of.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import psycopg
from rich.table import Table

from adapters.log.mapper import Row
from adapters.postgres.log_recorder import SCHEMA, PostgresLogRecorder
from adapters.postgres.pool import postgres_datastore
from bench.logs import STATE, console, database_url

SHAPES: Final = (0, 1, 4, 16)
STREAMS: Final = 2_000
BATCH: Final = 500
NONE: Final = ", UNIQUE (originator_id, originator_version))"

Case = tuple[str, Callable[[PostgresLogRecorder], object]]


def main() -> None:
    parser = argparse.ArgumentParser(description="partitions")
    parser.add_argument("--events", type=int, default=2**17)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    table = Table(
        "what", "in none, µs", *(f"in {shape}" for shape in SHAPES[1:]), title="CPU of server and ours, median"
    )
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        server = opened.enter_context(database_url("postgres", folder))
        logs = [opened.enter_context(log(server, shape, options.events)) for shape in SHAPES]
        taken: dict[str, list[list[int]]] = {}
        for number in range(options.rounds + 5):  # five to warm up
            for what, work in cases(number, options.events):
                spent = taken.setdefault(what, [[] for _ in logs])
                for index, one in enumerate(logs):
                    spent[index].append(computing(one, work))
    for what, spent in taken.items():
        none, *others = (median(each[5:]) for each in spent)
        table.add_row(what, f"{none / 1000:,.0f}", *(f"{other / none:.2f} ×" for other in others))
    console.print(table)


@contextmanager
def log(server: str, shape: int, events: int) -> Iterator[PostgresLogRecorder]:
    name = f"log_{shape}"
    with psycopg.connect(server, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}".encode())
    url = server.replace("/postgres?", f"/{name}?")
    schema = SCHEMA.replace("4194304", str(events // shape)) if shape > 1 else SCHEMA
    with psycopg.connect(url, autocommit=True) as db:
        db.execute((schema if shape else schema.replace(") PARTITION BY RANGE (notification_id)", NONE)).encode())
    with closing(postgres_datastore(url)) as datastore:
        recorder = PostgresLogRecorder(datastore)
        with console.status(f"appending {events:,} events to {name}"):
            for first in range(0, events - 4 * BATCH, BATCH):
                recorder.append(rows(first, BATCH))
        yield recorder


def rows(first: int, count: int) -> list[Row]:
    """So many events that go on with as many streams."""
    return [
        Row(f"person:{at % STREAMS}", at // STREAMS, "x.v1", STATE % (at, at)) for at in range(first, first + count)
    ]


def cases(number: int, events: int) -> list[Case]:
    drawn = random.Random(number)
    held = events - 4 * BATCH
    places = sorted(drawn.sample(range(held), 20))
    people = [f"person:{one}" for one in drawn.sample(range(STREAMS), 500)]
    state = STATE % (1, 1)
    own = [Row(f"run:{number}", version, "x.v1", state) for version in range(BATCH)]
    many = [Row(f"loket:{number}:{stream}", 0, "x.v1", state) for stream in range(BATCH)]
    after = [(one, held // STREAMS - 3) for one in people[:5]]
    return [
        ("append 1", lambda log: log.append([Row(f"drift:{number}", 0, "x.v1", state)])),
        ("append 500 to one stream", lambda log: log.append(own)),
        ("append 500 to 500 new streams", lambda log: log.append(many)),
        ("a page of 500", lambda log: log.page(places[0], 500)),
        ("a page of 1", lambda log: log.page(places[0], 1)),
        ("1 by position", lambda log: log.at(places[:1])),
        ("20 by position", lambda log: log.at(places)),
        ("1 stream", lambda log: log.streams(people[:1])),
        ("what came to 5 streams", lambda log: log.parts([], after)),
        ("the newest of 5 streams", lambda log: log.newest(people[:5], events)),
        ("the newest of 500 streams", lambda log: log.newest(people, events)),
    ]


def computing(log: PostgresLogRecorder, work: Callable[[PostgresLogRecorder], object]) -> int:
    """CPU nanoseconds of this thread and of the server's process that works for it."""
    with log.datastore.get_connection() as connection:
        server = Path(f"/proc/{connection.info.backend_pid}/schedstat")
    before = time.thread_time_ns() + of(server)
    work(log)
    return time.thread_time_ns() + of(server) - before


def of(server: Path) -> int:
    return int(server.read_text().split()[0])


if __name__ == "__main__":
    main()
