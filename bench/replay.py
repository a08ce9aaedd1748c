"""Replaying the whole log into domain facts: python -m bench.replay [--events N]

Reach on 1,000,000 events, against the bare library reading as many plain events: 4× on SQLite and 5× on PostgreSQL
with sealed values unopened, at most 60 MiB; 1.5× with two values an event opened. The floor only fetches the rows.
Every reading is a process of its own, so that its peak memory is its own: the growth since its first page.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from bench.logs import arguments, console, database_url
from bench.plain import plain_application, plain_batch, plain_replay
from domain.events.loket import FieldOverwritten
from domain.log import Meta, Pending, StreamAppend, StreamId
from domain.values import Actor

BATCH = 500
PAGE = 500
ROUNDS = 3
NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)


def main() -> None:
    options = arguments("replay", 1_000_000)
    columns = ("events/s", "× library", "× floor", "CPU µs", "CPU × library", "peak MiB", "grown MiB")
    table = Table("database", "reading", *columns)
    for database in options.databases:
        with tempfile.TemporaryDirectory() as name, database_url(database, Path(name)) as url:
            with console.status(f"writing {options.events:,} events on {database}, twice"):
                write(url, name, options.events)
            found: dict[str, Taken] = {}
            for _ in range(ROUNDS):  # in turns, the best of each: other work on the machine only ever slows down
                for reading in READINGS:
                    taken = in_a_process(reading, url, name, options.events)
                    best = found.get(reading, taken)
                    found[reading] = (max(best[0], taken[0]), max(best[1], taken[1]), *taken[2:])
        for reading, (rate, cpu, peak, growth) in found.items():
            ratios = [f"{rate / found[other][0]:.2f}" for other in ("library", "floor")]
            computing = f"{-cpu * 1e6:.2f}", f"{found['library'][1] / cpu:.2f}"
            table.add_row(database, reading, f"{rate:,.0f}", *ratios, *computing, f"{peak:.0f}", f"{growth:.0f}")
    console.print(table)


def write(url: str, folder: str, events: int) -> None:
    with closing(opened(url, folder)) as log, closing(plain_application(plain_url(url))) as plain:
        for number in range(events // BATCH):
            log.append([StreamAppend(StreamId(f"loket:170:{number}"), 0, facts(log))], meta=META)
            plain.save(*plain_batch(BATCH))


Taken = tuple[float, float, float, float]
"""Events a second, CPU seconds an event (less than nothing, so that more is better), peak memory and its growth."""


def in_a_process(reading: str, url: str, folder: str, events: int) -> Taken:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(timed, (reading, url, folder, events))


def timed(reading: str, url: str, folder: str, events: int) -> Taken:
    """The growth of memory is that since the first page; what a database server computes is not in the CPU time."""
    iterator = iter(READINGS[reading](url, folder))
    next(iterator)
    before, started, computing = _peak(), time.perf_counter(), time.process_time()
    count = 1 + sum(1 for _ in iterator)
    seconds, computing = time.perf_counter() - started, time.process_time() - computing
    assert count == events // BATCH * BATCH, f"{count} events were read"
    return count / seconds, -computing / count, _peak() / 1024, (_peak() - before) / 1024


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def sealed(url: str, folder: str) -> Iterator[object]:
    with closing(opened(url, folder)) as log:
        yield from log.replay()


def opening(url: str, folder: str) -> Iterator[object]:
    with closing(opened(url, folder)) as log:
        replay = log.replay()
        while page := list(islice(replay, PAGE)):
            yield from log.vault.opened(page)


def library(url: str, _: str) -> Iterable[object]:
    with closing(plain_application(plain_url(url))) as application:
        yield from plain_replay(application, PAGE)


def floor(url: str, folder: str) -> Iterator[object]:
    with closing(opened(url, folder)) as log:
        after = -1
        while page := log.recorder.page(after, PAGE):
            yield from page
            after = page[-1][0]


READINGS = {"ours, sealed": sealed, "ours, two values opened": opening, "library": library, "floor": floor}
META = Meta(recorded_at=NOW, actor=Actor("schedule:nightly"), correlation="run-20260315")


def opened(url: str, folder: str) -> EventLog:
    return open_log(url, keys_url=f"sqlite:///{folder}/keys.db", checkpoints=Path(folder) / "checkpoints")


def plain_url(url: str) -> str:
    """A file of its own; on PostgreSQL the library's table has another name than ours."""
    return f"{url}.plain" if url.startswith("sqlite") else url


def facts(log: EventLog) -> list[Pending]:
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
    return [Pending(fact)] * BATCH


if __name__ == "__main__":
    main()
