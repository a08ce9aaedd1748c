"""Five hundred webhooks a second for ten seconds, over HTTP to the real server: how soon answered, at how many reads.

python -m bench.webhooks [--a-second 500] [--seconds 10]

Three floods: one hint again and again; hints about a few people; and no two alike about people nobody knows. Reach:
every one answered with 202, p99 under a second, and reads that depend on the time, not on the number of webhooks. The
floor is the same flood at a page that takes no POST: the server and this client, nothing read, checked or stored.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.table import Table

from api.config.webhooks import PATH
from bench.logs import console
from domain.hints import MOST_PEOPLE
from tests.support.served import Poured, Served, envelope, pour, served

REACH: Final = 1.0  # seconds
_ROUND: Final = 5.0
_AFTER: Final = 12.0  # seconds in which two more rounds fit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--a-second", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=10.0)
    given = parser.parse_args()
    total = int(given.a_second * given.seconds)
    table = Table("flood", "webhooks", "p50", "p99", "p99 × floor", "slowest", "reads", "at most", "MiB", box=None)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), people=20) as server:
        server.start()
        everybody = [one.person_id for one in server.running.company.colleagues]
        floods = {
            "one hint": ([envelope(everybody[0])], 1),
            "20 people, 100 hints": (_hints(everybody, 5), len(everybody)),
            "no two alike": ([envelope(str(90_000 + number)) for number in range(total)], MOST_PEOPLE),
        }
        floor = _poured(server, [envelope("1")], given.a_second, given.seconds, path="/healthz", status=405)
        table.add_row("floor", *_answered(floor, floor), "", "", str(server.peak_mib))
        for name, (bodies, people) in floods.items():
            rounds = int((given.seconds + _AFTER) / _ROUND) + 1
            swept = 2 * len(everybody)  # everybody may be read once on top
            before, most = server.reads(), rounds * 2 * people + swept
            poured = _poured(server, bodies, given.a_second, given.seconds)
            time.sleep(_AFTER)
            reads = server.reads() - before
            assert reads <= most, f"{reads} reads"
            table.add_row(name, *_answered(poured, floor), str(reads), str(most), str(server.peak_mib))
    console.print(table)


def _hints(people: Sequence[str], each: int) -> list[bytes]:
    return [envelope(one, at=f"2026-03-15T09:12:{second:02}Z") for one in people for second in range(each)]


def _poured(
    server: Served, bodies: Sequence[bytes], a_second: int, seconds: float, *, path: str = PATH, status: int = 202
) -> Poured:
    """Asserts what it measures: a row of figures that break the promise is no result."""
    poured = pour(server.port, bodies, a_second=a_second, seconds=seconds, path=path)
    assert set(poured.statuses) == {status}, poured.statuses
    assert poured.percentile(0.99) < REACH, f"p99 {poured.percentile(0.99):.3f} s"
    return poured


def _answered(poured: Poured, floor: Poured) -> list[str]:
    p50, p99, slowest = (f"{poured.percentile(share) * 1000:.0f} ms" for share in (0.5, 0.99, 1.0))
    return [f"{len(poured.seconds):,}", p50, p99, f"{poured.percentile(0.99) / floor.percentile(0.99):.1f}", slowest]


if __name__ == "__main__":
    main()
