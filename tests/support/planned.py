"""A company in both simulators with a schedule, and clocks that move when they are told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.simulators.company.generate import generate_company
from api.bootstrap import SystemClock, open_store, open_tools
from api.config.settings import Settings, load
from api.demo.simulators import Simulation, simulation
from api.jobs.planned_jobs import ScheduledWork
from api.jobs.scheduler import Scheduler
from domain.events.schedule import JobPlanned
from domain.log import Fact, Log
from domain.planning.business_date import AMSTERDAM
from domain.schedule import schedule_stream
from tests.support.scribe import Scribe
from tests.support.waiting import until


class MovedClock:
    """`domain.ports.Clock`; it stands still until it is moved."""

    def __init__(self, local: str) -> None:
        self.instant = local_instant(local)

    def now(self) -> datetime:
        return self.instant

    def sleep(self, seconds: float) -> None:
        """At once."""

    def pass_by(self, step: timedelta) -> None:
        self.instant += step


def local_instant(text: str) -> datetime:
    """An instant from Dutch local time."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


@dataclass
class Office:
    """Everything of one schedule; `scheduler` is another process's each time it is asked for."""

    running: Simulation
    config: Path
    clock: MovedClock

    @property
    def settings(self) -> Settings:
        return load(self.config)

    @contextmanager
    def scheduler(self) -> Iterator[Scheduler]:
        """One that does the work itself, at once; it starts on a log that is not believed, as `serve` does."""
        settings = self.settings
        with open_store(settings, clock=self.clock, reading=True) as store, open_tools(settings, store) as tools:
            work = ScheduledWork(settings, store, tools)
            yield Scheduler(work, lambda entity, what: work.do(entity, what) is None)

    def on_record_since(self, at: datetime) -> None:
        """As if a scheduler had run with this configuration since then."""
        with open_store(self.settings) as store:
            for one in self.settings.planned():
                planned = JobPlanned(legal_entity=one.entity, job=one.job, timetable=one.timetable.text)
                Scribe(store.log).write(schedule_stream(*one.key), planned, at=at)

    def facts(self, kind: type[Fact]) -> list[Fact]:
        with open_store(self.settings) as store:
            return _of(kind, store.log)

    def comes_to(self, kind: type[Fact], count: int) -> None:
        """Waits until so many of these facts are on record."""
        with open_store(self.settings) as store:
            until(lambda: len(_of(kind, store.log)) == count, f"{count} {kind.__name__}", every=0.1)

    def sweeps(self) -> int:
        """How often everybody was read from Loket."""
        return self.running.loket.log.count("GET", "*/employers/*/employees")


@contextmanager
def office(folder: Path, log_url: str, schedule: str, *, local: str = "2026-03-27T12:00") -> Iterator[Office]:
    """`schedule` is the text of the configuration's sections about it; an empty `local` is the machine's own time."""
    clock = MovedClock(local or datetime.now(AMSTERDAM).replace(tzinfo=None).isoformat())
    with simulation(generate_company(4, seed=7), now=clock.now if local else SystemClock().now) as running:
        config = folder / "tweeluik.toml"
        text = running.configuration(log_url)
        if log_url.startswith("postgres"):
            text = text.replace("\n\n", f'\nkeys = "{log_url}"\ncheckpoints = "{folder}/checkpoints"\n\n', 1)
        config.write_text(text + schedule)
        yield Office(running, config, clock)


def _of(kind: type[Fact], log: Log) -> list[Fact]:
    return [one.fact for one in log.replay() if isinstance(one.fact, kind)]


def a_time_that_passed() -> str:
    """Minute and hour of a time of day not long ago that may be planned."""
    then = datetime.now(AMSTERDAM) - timedelta(minutes=5)
    return "59 1" if then.hour == 2 else f"{then.minute} {then.hour}"
