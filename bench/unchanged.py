"""A run in which nothing changed, with each saving and without it, turn and turn about.

python -m bench.unchanged [--people 1000] [--rounds 3] [--databases sqlite postgres]
    [--years 10 [--runs-a-week 7] [--tables]]

Reach: at most 20 events and 1,200 requests for 1,000 people. `without` runs the same code with one saving turned off,
on a log and systems of its own: everyone has an event of their own (RUN-4), or is read again (RUN-15). Figures are of
one run of a day that had one before: the median CPU time of our process, all threads, as a share of the first way's,
and what the run added to the log.

With --years: the same run on a log of one year and of that many, the first of a day and a later one. Reach: within
20 %. The years are appended (`bench.lived`): daily runs, changes of two people in a hundred a week, and somebody who
comes or goes. Reach: on PostgreSQL 3 GB after ten years, and seconds to verify what came since the last look at all.
With --tables what each table takes of that, on PostgreSQL.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final
from unittest.mock import patch

import structlog
from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.mapper import Placed, stored
from api.bootstrap import open_store, open_tools
from api.config.settings import load
from api.tasks.verify import verify_log
from bench.growth import of_each_table, of_it_the_log, on_disk
from bench.lived import Lived, began
from bench.logs import console, database_url, took
from bench.simulators import ENTITY, simulators
from domain.log import Recorded
from domain.services.journal import Tools
from domain.services.sync.run import run_sync
from domain.settings import Policy
from domain.values import Actor, LegalEntityId, RunId

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


class AtHand:
    """A system that is asked each question once, and has the same answer from then on."""

    def __init__(self, system: object) -> None:
        self._system, self._answers = system, dict[str, Any]()

    def __getattr__(self, name: str) -> Any:
        def answered(*given: object, **named: object) -> Any:
            if name not in self._answers:
                self._answers[name] = getattr(self._system, name)(*given, **named)
            return self._answers[name]

        return answered


IN_MEMORY: Final = "in memory"
WAYS: Final[dict[str, Callable[[], AbstractContextManager[None]]]] = {
    "without: an event for each person": everyone_apart,
    "without: everybody is read again": everyone_read_again,
    "as it is": nullcontext,
    IN_MEMORY: nullcontext,
}


class Way:
    """One log, with systems of its own, that lives through every round."""

    def __init__(self, stack: ExitStack, database: str, people: int) -> None:
        self.servers = servers = stack.enter_context(simulators(people))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "tweeluik.toml").write_text(servers.toml(stack.enter_context(database_url(database, folder))))
        settings = load(folder / "tweeluik.toml")
        self.settings = settings
        self.store = stack.enter_context(open_store(settings))
        self.tools: Tools = stack.enter_context(open_tools(settings, self.store))
        self.policy: Policy = settings.policy(ENTITY)
        self.runs = 0
        self.cpu: list[float] = []
        self.added: tuple[Recorded, ...] = ()
        self.requests = 0

    def read(self) -> int:
        """How many events a run more reads of the log."""
        counted = 0

        def counting(log: EventLog, rows: list[Placed]) -> Iterator[Recorded]:
            nonlocal counted
            counted += len(rows)
            return plain(log, rows)

        plain = EventLog._ours
        with patch.object(EventLog, "_ours", counting):
            self.run()
        return counted

    def from_memory(self) -> None:
        """From now on both systems answer what they answer once more."""
        both = {"personio": AtHand(self.tools.personio), "loket": AtHand(self.tools.loket)}
        self.tools = replace(self.tools, **both)  # type: ignore[arg-type]

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


@contextmanager
def first_of_a_day() -> Iterator[None]:
    """Everybody is read again, and held against what the last run knew of them."""
    with patch("domain.services.reading.last_read.LastRead.may_be_repeated", lambda *_: False):
        yield


@contextmanager
def whole_histories() -> Iterator[None]:
    """Every event of everybody is read."""
    with (
        patch("domain.services.telling._kept", lambda *_: ()),
        patch("domain.services.sync.run.record_overtaken", lambda *_: None),
    ):
        yield


OVER_YEARS: Final[dict[str, Callable[[], AbstractContextManager[None]]]] = {
    "later that day, without: every event of everybody": whole_histories,
    "later that day": nullcontext,
    "first of a day": first_of_a_day,
}


def lived_through(stack: ExitStack, database: str, people: int, years: int, runs_a_week: int) -> Way:
    way = Way(stack, database, people)
    for _ in range(_FIRST):
        way.run()
    name = RunId(f"run-{way.runs - 1}")
    Lived(way.tools, LegalEntityId(ENTITY), name, began(years)).years(years, runs_a_week)
    assert verify_log(way.settings, actor=Actor("bench"), log_only=True).ok
    way.run()  # what is new since the years were appended is not measured
    return way


def grown(ways: Mapping[int, Way], database: str, people: int, rounds: int) -> Iterator[tuple[str, ...]]:
    """Rows of the table: runs on a log of one year and on one of all of them, turn and turn about."""
    for name, how in OVER_YEARS.items():
        with how():
            for way in ways.values():
                way.run()
                way.cpu.clear()
            for _ in range(rounds):
                for way in ways.values():
                    way.run()
            for lived, way in ways.items():
                spent, first = median(way.cpu), median(ways[1].cpu)
                yield (
                    database, f"{lived}", name, f"{way.store.log.size():,}", on_disk(way.settings.log.url),
                    of_it_the_log(way.settings.log.url), f"{way.read() / people:.1f}",
                    f"{spent / people * 1e3:.2f} ms", f"{spent / first:.2f} ×",
                )  # fmt: skip


def verified(ways: Mapping[int, Way], database: str) -> Iterator[tuple[str, ...]]:
    """Of each way what it costs to verify everything, and then, after a run, what is new."""
    for lived, way in ways.items():
        looks = [took(partial(_looked, way, new_only=new)) for new in (False, True)]  # the second keeps what it folds
        way.run()
        for what, taken in (("everything", looks[0]), ("what is new", took(partial(_looked, way, new_only=True)))):
            yield database, f"{lived}", what, *(f"{each:.1f} s" for each in taken)


def _looked(way: Way, *, new_only: bool) -> None:
    found = verify_log(way.settings, actor=Actor("bench"), new_only=new_only)
    assert found.ok, found.reason


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--years", type=int, default=0)
    parser.add_argument("--runs-a-week", type=int, default=7)
    parser.add_argument("--tables", action="store_true")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    if options.years:
        columns = (
            "database",
            "years",
            "run",
            "events",
            "on disk",
            "of it the log",
            "events read a person",
            "CPU a person",
            "to year one",
        )
        for database in options.databases:
            table = Table(*columns, title=f"unchanged, {options.people:,} people, over years")
            verifying = Table("database", "years", "verify", "seconds", "CPU")
            with ExitStack() as stack:
                ways = {
                    years: lived_through(stack, database, options.people, years, options.runs_a_week)
                    for years in (1, options.years)
                }
                for row in grown(ways, database, options.people, options.rounds):
                    table.add_row(*row)
                console.print(table)
                if options.tables and database == "postgres":
                    console.print(of_each_table(ways[options.years].settings.log.url))
                for row in verified(ways, database):
                    verifying.add_row(*row)
            console.print(verifying)
        return
    table = Table(
        "database",
        "way",
        "events",
        "bytes",
        "requests",
        "CPU a person",
        "CPU",
        title=f"unchanged, {options.people:,} people",
    )
    for database in options.databases:
        with ExitStack() as stack:
            ways = {name: Way(stack, database, options.people) for name in WAYS}
            for nth in range(_FIRST + options.rounds):
                if nth == _FIRST:
                    ways[IN_MEMORY].from_memory()
                for name, way in ways.items():
                    with WAYS[name]():
                        way.run()
            first = median(next(iter(ways.values())).cpu)
            for name, way in ways.items():
                size = sum(len(stored(one.stream, one.version, one.meta, one.fact).state) for one in way.added)
                spent = median(way.cpu)
                table.add_row(
                    database, name, f"{len(way.added):,}", f"{size:,}", f"{way.requests:,}",
                    f"{spent / options.people * 1e3:.2f} ms", f"{spent / first:.2f} ×",
                )  # fmt: skip
    console.print(table)


if __name__ == "__main__":
    main()
