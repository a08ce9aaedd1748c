"""How long one cold inclusion proof takes, on a connection of its own: python -m bench.proof [--events N]

Reach on 1,000,000 events: p99 of 5 ms on SQLite and 15 ms on PostgreSQL, at most 20 hashes. The floor, from the same
run and in turns with it, reads one event on a connection just opened, and makes no proof: what it takes is the
database's own, for its file, its schema and pages that no cache of this connection holds yet.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from math import ceil, log2
from pathlib import Path

from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.log.proof.tree import includes, inclusion_proof, leaf
from bench.logs import arguments, console, large_log, peak_mib

PROOFS = 500


def main() -> None:
    options = arguments("one cold proof", 1_000_000)
    columns = (
        "p50 ms",
        "p99",
        "CPU p99",
        "floor p50",
        "p99",
        "CPU p99",
        "× floor",
        "most hashes",
        "allowed",
        "peak MiB",
    )
    table = Table("database", "events", *columns)
    for database in options.databases:
        with large_log(database, options.events) as (url, folder, log):
            size, root = options.events, log.recorder.head().root()

            def proof(fresh: EventLog, position: int, size: int = size, root: bytes = root) -> int:
                with fresh.recorder.tree() as tree:
                    path = inclusion_proof(tree, position, size)
                (event,) = fresh.recorder.at([position])
                assert includes(root, size, position, leaf(*event), path)
                return len(path)

            def one_event(fresh: EventLog, position: int) -> int:
                return len(fresh.recorder.at([position]))

            ours, floor = timed([proof, one_event], url, folder, size)
        times = [f"{each:.2f}" for each in (*ours[:3], *floor[:3], ours[0] / floor[0])]
        table.add_row(database, f"{size:,}", *times, str(ours[3]), str(ceil(log2(size))), peak_mib())
    console.print(table)


Timed = tuple[float, float, float, int]
"""p50 and p99 in ms, p99 of the CPU time, which other work on the machine hardly moves, and the largest answer."""


def timed(works: Sequence[Callable[[EventLog, int], int]], url: str, folder: Path, size: int) -> list[Timed]:
    """Each on a log opened for it alone, so that we cache nothing."""
    chance, largest = random.Random(1), [0 for _ in works]
    times: list[list[float]] = [[] for _ in works]
    computing: list[list[float]] = [[] for _ in works]
    for _ in range(PROOFS):
        for at, work in enumerate(works):
            with closing(open_log(url, keys_url=f"sqlite:///{folder.parent}/keys.db", checkpoints=folder)) as fresh:
                fresh.recorder.size()  # connects
                started, cpu = time.perf_counter(), time.process_time()
                largest[at] = max(largest[at], work(fresh, chance.randrange(size)))
                times[at].append((time.perf_counter() - started) * 1000)
                computing[at].append((time.process_time() - cpu) * 1000)
    for each in (*times, *computing):
        each.sort()
    last = int(PROOFS * 0.99)
    return [
        (wall[PROOFS // 2], wall[last], cpu[last], most)
        for wall, cpu, most in zip(times, computing, largest, strict=True)
    ]


if __name__ == "__main__":
    main()
