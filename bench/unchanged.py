"""A run in which nothing changed, with each saving and without it, turn and turn about.

python -m bench.unchanged [--people 1000] [--rounds 3] [--databases sqlite postgres]

Reach: at most 20 events and 1,200 requests for 1,000 people. `without` runs the same code with one saving turned off,
on a log and systems of its own: everyone has an event of their own (RUN-4), or is read again (RUN-15). Figures are of
one run of a day that had one before: the median CPU time of our process, all threads, as a share of the first way's,
and what the run added to the log.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from statistics import median
from typing import Final
from unittest.mock import patch

import structlog
from rich.table import Table

from adapters.log.mapper import stored
from api.bootstrap import open_store, open_tools
from api.config.settings import load
from bench.logs import console, database_url
from bench.simulators import ENTITY, simulators
from domain.log import Recorded
from domain.services.journal import Tools
from domain.services.sync.run import run_sync
from domain.settings import Policy
from domain.values import Actor, RunId

_FIRST: Final = 2  # runs before anything is measured: one that sees everyone first, one that sees what it wrote


@contextmanager
def everyone_apart() -> Iterator[None]:
    """No run knows what the one before it said: everybody has news."""
    with patch("domain.services.sync.run.said_before", lambda *_: {}):
        yield


@contextmanager
def everyone_read_again() -> Iterator[None]:
    """As in the first run of a day."""
    with patch("domain.services.sync.run.last_read", lambda *_: None):
        yield


WAYS: Final[dict[str, Callable[[], AbstractContextManager[None]]]] = {
    "without: an event for each person": everyone_apart,
    "without: everybody is read again": everyone_read_again,
    "as it is": nullcontext,
}


class Way:
    """One log, with systems of its own, that lives through every round."""

    def __init__(self, stack: ExitStack, database: str, people: int) -> None:
        self.servers = servers = stack.enter_context(simulators(people))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "tweeluik.toml").write_text(servers.toml(stack.enter_context(database_url(database, folder))))
        settings = load(folder / "tweeluik.toml")
        self.store = stack.enter_context(open_store(settings))
        self.tools: Tools = stack.enter_context(open_tools(settings, self.store))
        self.policy: Policy = settings.policy(ENTITY)
        self.runs = 0
        self.cpu: list[float] = []
        self.added: tuple[Recorded, ...] = ()
        self.requests = 0

    def run(self) -> None:
        self.servers.requests()
        size, begun = self.store.log.size(), time.process_time()
        report = run_sync(self.policy, self.tools, actor=Actor("bench"), run_id=RunId(f"run-{self.runs}"))
        spent = time.process_time() - begun
        if not report.counts:  # the brake of a first run: somebody else lets it pass
            confirm = report.fingerprint
            report = run_sync(
                self.policy, self.tools, actor=Actor("second"), run_id=RunId(f"run-{self.runs}-b"), confirm=confirm
            )
        assert report.counts, report
        if self.runs >= _FIRST:
            self.cpu.append(spent)
        self.runs += 1
        self.requests = len(self.servers.requests())
        self.added = self.store.log.page(size - 1, 100_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    table = Table(
        "database", "way", "events", "bytes", "requests", "CPU", title=f"unchanged, {options.people:,} people"
    )
    for database in options.databases:
        with ExitStack() as stack:
            ways = {name: Way(stack, database, options.people) for name in WAYS}
            for _ in range(_FIRST + options.rounds):
                for name, way in ways.items():
                    with WAYS[name]():
                        way.run()
            first = median(next(iter(ways.values())).cpu)
            for name, way in ways.items():
                size = sum(len(stored(one.stream, one.version, one.meta, one.fact).state) for one in way.added)
                share = f"{median(way.cpu) / first:.2f} ×"
                table.add_row(database, name, f"{len(way.added):,}", f"{size:,}", f"{way.requests:,}", share)
    console.print(table)


if __name__ == "__main__":
    main()
