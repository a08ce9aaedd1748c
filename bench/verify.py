"""How long a full verification takes, and how much memory: python -m bench.verify [--events N]

Reach: 1,000,000 events in at most 15 s and 100 MB. The floor, from the same run, reads every row and hashes it once.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from rich.table import Table

from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.verify import verify
from adapters.log.stored import open_stored
from bench.logs import KEY, arguments, console, large_log


def verification(url: str, folder: Path) -> str:
    with open_stored(url) as stored:
        return verify(stored, Copies(folder), KEY.verifier, now=datetime.now(UTC)).verdict.value


def floor(url: str, _folder: Path) -> str:
    size = 0
    with open_stored(url) as stored:
        while rows := list(stored.events(size + 1, 2_000)):
            for *_, state, _leaf in rows:
                sha256(state).digest()
            size += len(rows)
    return f"{size} events read"


def measured(work: Callable[[str, Path], str], url: str, folder: Path) -> tuple[str, float, float, float]:
    """In a process of its own, so that its peak memory is its own: (answer, seconds, of them computing, MiB)."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_timed, work, url, folder).result()


def _timed(work: Callable[[str, Path], str], url: str, folder: Path) -> tuple[str, float, float, float]:
    started, computed = time.perf_counter(), time.process_time()
    found = work(url, folder)
    seconds, computing = time.perf_counter() - started, time.process_time() - computed
    return found, seconds, computing, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    options = arguments("verification of a whole log", 1_000_000)
    table = Table("database", "events", "found", "seconds", "of them computing", "floor", "ratio", "peak MiB")
    for database in options.databases:
        with large_log(database, options.events) as (url, folder, _):
            found, seconds, computing, peak = measured(verification, url, folder)
            _, floor_seconds, *_ = measured(floor, url, folder)
        ratio = f"{seconds / floor_seconds:.1f}×"
        figures = f"{seconds:.2f}", f"{computing:.2f}", f"{floor_seconds:.2f}", ratio, f"{peak:.0f}"
        table.add_row(database, f"{options.events:,}", found, *figures)
    console.print(table)


if __name__ == "__main__":
    main()
