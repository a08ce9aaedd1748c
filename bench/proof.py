"""How long one cold inclusion proof takes, on a connection of its own: python bench/proof.py [--events N]

Reach on 1,000,000 events: p99 of 5 ms on SQLite and 15 ms on PostgreSQL, at most 20 hashes. The floor, from the same
run, reads one event in the same way.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import closing
from math import ceil, log2
from pathlib import Path

from logs import arguments, console, large_log
from rich.table import Table

from adapters.log.event_log import EventLog
from adapters.log.open import open_log
from adapters.log.tree import includes, inclusion_proof, leaf

PROOFS = 500


def main() -> None:
    options = arguments("one cold proof", 1_000_000)
    table = Table("database", "events", "p50 ms", "p99 ms", "floor p99 ms", "ratio", "most hashes", "allowed")
    for database in options.databases:
        with large_log(database, options.events) as (url, folder, log):
            size, root = options.events, log.recorder.head().root()
            longest = 0

            def proof(fresh: EventLog, position: int, size: int = size, root: bytes = root) -> int:
                with fresh.recorder.tree() as tree:
                    path = inclusion_proof(tree, position, size)
                (event,) = fresh.recorder.at([position])
                assert includes(root, size, position, leaf(*event), path)
                return len(path)

            def one_event(fresh: EventLog, position: int) -> int:
                return len(fresh.recorder.at([position]))

            p50, p99, longest = timed(proof, url, folder, size)
            _, floor, _ = timed(one_event, url, folder, size)
        allowed = ceil(log2(size))
        row = (
            f"{size:,}",
            f"{p50:.2f}",
            f"{p99:.2f}",
            f"{floor:.2f}",
            f"{p99 / floor:.1f}×",
            str(longest),
            str(allowed),
        )
        table.add_row(database, *row)
    console.print(table)


def timed(work: Callable[[EventLog, int], int], url: str, folder: Path, size: int) -> tuple[float, float, int]:
    """p50 and p99 in ms, and the largest answer; each on a log opened for it alone, so that nothing is cached by us."""
    chance, times, largest = random.Random(1), [], 0
    for _ in range(PROOFS):
        with closing(open_log(url, keys_url=f"sqlite:///{folder.parent}/keys.db", checkpoints=folder)) as fresh:
            fresh.recorder.size()  # connects
            started = time.perf_counter()
            largest = max(largest, work(fresh, chance.randrange(size)))
            times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return times[PROOFS // 2], times[int(PROOFS * 0.99)], largest


if __name__ == "__main__":
    main()
