"""A plan, a first and a second sync of many people, against both simulators in a process of their own.

python -m bench.sync [--people 1000] [--answer-ms 20] [--databases sqlite postgres] [--requests] [--profile FILE]

Reach: at least half of a sync is spent waiting for the servers; a second run writes nothing. `waiting` is the time in
which a request is under way: the floor, nothing of ours can be faster than the answers. `work` is the CPU time of our
process, all threads, also while other requests are under way; the share is the smaller of what the two say. An answer
takes 20 ms here, a fraction of what the real systems take; with --answer-ms 0 only our own work is left to see.

Where the brake stops the first sync, that is not measured, and a second person lets it pass. The second sync is one of
the same day, so that only those are read again who moved in Loket (RUN-15).
"""

from __future__ import annotations

import argparse
import cProfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import structlog
from rich.table import Table

from api.bootstrap import open_store, open_tools
from api.config.settings import load
from bench.logs import console, database_url, peak_mib
from bench.simulators import ENTITY, Servers, kinds, simulators
from domain.services.journal import Tools
from domain.services.sync.preview import preview
from domain.services.sync.run import run_sync
from domain.settings import Policy
from domain.values import Actor, RunId


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--answer-ms", type=int, default=20)
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    parser.add_argument("--requests", action="store_true", help="list the requests by kind")
    parser.add_argument("--profile", type=Path, help="write the first sync's profile here, for snakeviz or pstats")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    table = Table(
        title=f"{options.people:,} people, {options.answer_ms} ms an answer",
        caption="reach: share of waiting ≥ 50 % of a sync; second run: no writes",
    )
    for column in ("database", "what", "seconds", "waiting", "work", "share", "requests", "writes", "MiB"):
        table.add_column(column, justify="right" if column not in ("database", "what") else "left")
    phases = Table("database", "what", "phase", "seconds", "waiting", "requests", title="by phase")
    asked: dict[str, dict[str, int]] = {}
    for database in options.databases:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(database_url(database, folder))
            servers = stack.enter_context(simulators(options.people, answer_ms=options.answer_ms))
            (folder / "tweeluik.toml").write_text(servers.toml(url))
            for what, taken in measured(folder / "tweeluik.toml", servers, options.profile):
                table.add_row(database, what, *taken.figures())
                for phase, (seconds, waiting, requests) in taken.phases.items():
                    phases.add_row(database, what, phase, f"{seconds:.2f}", f"{waiting:.2f}", f"{requests:,}")
                asked[what] = taken.requests
    console.print(table)
    console.print(phases)
    if options.requests:
        console.print(requests_by_kind(asked))


class Waiting:
    """The time in which at least one request is under way, and how many there were."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.requests = 0
        self._lock = threading.Lock()
        self._open = 0
        self._since = 0.0

    @contextmanager
    def one(self) -> Iterator[None]:
        with self._lock:
            if self._open == 0:
                self._since = time.perf_counter()
            self._open += 1
            self.requests += 1
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                if self._open == 0:
                    self.seconds += time.perf_counter() - self._since


class Taken:
    """What one command took, phase by phase."""

    def __init__(self, waiting: Waiting) -> None:
        self.waiting = waiting
        self.phases: dict[str, tuple[float, float, int]] = {}
        self.requests: dict[str, int] = {}
        self._from = self._mark = self._now()
        self._cpu = time.process_time()
        self._phase = "before reading"

    def phase(self, name: str, *_: int) -> None:
        """As `domain.services.journal.Progress`."""
        if name == self._phase:
            return
        now = self._now()
        spent = tuple(after - before for before, after in zip(self._mark, now, strict=True))
        old = self.phases.get(self._phase, (0.0, 0.0, 0))
        self.phases[self._phase] = (old[0] + spent[0], old[1] + spent[1], old[2] + int(spent[2]))
        self._phase, self._mark = name, now

    def end(self) -> None:
        self.phase("")
        self._to, self._cpu = self._now(), time.process_time() - self._cpu

    def figures(self) -> list[str]:
        seconds, waiting, requests = (after - before for before, after in zip(self._from, self._to, strict=True))
        writes = sum(count for kind, count in self.requests.items() if is_write(kind))
        share = min(waiting, seconds - self._cpu) / seconds
        return [
            f"{seconds:.1f}",
            f"{waiting:.1f}",
            f"{self._cpu:.1f}",
            f"{share:.0%}",
            f"{requests:,.0f}",
            f"{writes:,}",
            peak_mib(),
        ]

    def _now(self) -> tuple[float, float, int]:
        return time.perf_counter(), self.waiting.seconds, self.waiting.requests


def measured(config: Path, servers: Servers, profile: Path | None) -> Iterator[tuple[str, Taken]]:
    settings = load(config)
    policy = settings.policy(ENTITY)
    with counting() as waiting, open_store(settings) as store, open_tools(settings, store) as tools:
        servers.requests()
        steps: list[tuple[str, Callable[[Taken, str | None], object]]] = [
            ("plan", lambda taken, _: preview(policy, tools, progress=taken.phase)),
            ("first sync", lambda taken, confirm: _sync(policy, tools, "run-1", taken, confirm)),
            ("second sync", lambda taken, _: _sync(policy, tools, "run-2", taken)),
        ]
        for what, step in steps:
            confirm = _braked(policy, tools) if what == "first sync" else None
            servers.requests()
            with console.status(what):
                profiler = cProfile.Profile() if profile and what == "first sync" else None
                taken = Taken(waiting)
                if profiler:
                    profiler.enable()
                step(taken, confirm)
                if profiler:
                    profiler.disable()
                    profiler.dump_stats(profile or "")
                taken.end()
            taken.requests = kinds(servers.requests())
            yield what, taken


def _braked(policy: Policy, tools: Tools) -> str | None:
    """The fingerprint of a plan that the brake stops for one person, so that another lets it pass; else None."""
    seen = preview(policy, tools)
    if not seen.braking:
        return None
    run_sync(policy, tools, actor=Actor("bench"), run_id=RunId("run-0"))
    return seen.fingerprint


def _sync(policy: Policy, tools: Tools, run: str, taken: Taken, confirm: str | None = None) -> None:
    actor = Actor("second" if confirm else "bench")
    report = run_sync(policy, tools, actor=actor, run_id=RunId(run), confirm=confirm, progress=taken.phase)
    assert report.counts, (report.status, report.reason)
    console.print(f"  {run}: {report.status.value} {report.reason or ''} {dict(report.counts)}", highlight=False)


@contextmanager
def counting() -> Iterator[Waiting]:
    """Counts at the one place through which every request of both clients goes."""
    waiting, send = Waiting(), httpx.HTTPTransport.handle_request

    def counted(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        with waiting.one():
            response = send(self, request)
            assert isinstance(response.stream, httpx.SyncByteStream)
            with closing(response.stream) as body:
                raw = b"".join(body)  # the answer is here once its body is
            response.stream = httpx.ByteStream(raw)
            return response

    httpx.HTTPTransport.handle_request = counted  # type: ignore[method-assign]
    try:
        yield waiting
    finally:
        httpx.HTTPTransport.handle_request = send  # type: ignore[method-assign]


def is_write(kind: str) -> bool:
    system, method, path = kind.split(" ")
    return system == "loket" and method in ("PUT", "POST", "PATCH", "DELETE") and path != "/token"


def requests_by_kind(asked: dict[str, dict[str, int]]) -> Table:
    table = Table("request", *asked, title="requests by kind")
    for kind in dict.fromkeys(kind for each in asked.values() for kind in each):
        table.add_row(kind, *(f"{each.get(kind, 0):,}" for each in asked.values()))
    return table


if __name__ == "__main__":
    main()
