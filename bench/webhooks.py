"""Five hundred webhooks a second for ten seconds, over HTTP to the real server: how soon answered, at how many reads.

python -m bench.webhooks [--a-second 500] [--seconds 10]

Three floods: one hint again and again; hints about a few people; and no two alike about people nobody knows. Reach:
every one answered with 202, p99 under a second, and reads that depend on the time, not on the number of webhooks. The
floor is the same flood at a page that takes no POST: the server and this client, nothing read, checked or stored. CPU
is the server's while the flood goes on.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from rich.table import Table

from api.config.webhooks import PATH
from bench.logs import computed_by, console
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
    columns = "p50", "p99", "p99 × floor", "slowest", "CPU a webhook", "× floor", "reads", "at most", "MiB"
    table = Table("flood", "webhooks", *columns, title=f"reach: p99 under {REACH:.0f} s, no more reads", box=None)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder), people=20) as server:
        server.start()
        everybody = [one.person_id for one in server.running.company.colleagues]
        floods = {
            "one hint": ([envelope(everybody[0])], 1),
            "20 people, 100 hints": (_hints(everybody, 5), len(everybody)),
            "no two alike": ([envelope(str(90_000 + number)) for number in range(total)], MOST_PEOPLE),
        }
        floor = _poured(server, [envelope("1")], given.a_second, given.seconds, path="/healthz", status=405)
        table.add_row("floor", *floor.beside(floor), "", "", str(server.peak_mib))
        for name, (bodies, people) in floods.items():
            rounds = int((given.seconds + _AFTER) / _ROUND) + 1
            swept = 2 * len(everybody)  # everybody may be read once on top
            before, most = server.reads(), rounds * 2 * people + swept
            poured = _poured(server, bodies, given.a_second, given.seconds)
            time.sleep(_AFTER)
            reads = server.reads() - before
            table.add_row(name, *poured.beside(floor), str(reads), str(most), str(server.peak_mib))
    console.print(table)


def _hints(people: Sequence[str], each: int) -> list[bytes]:
    return [envelope(one, at=f"2026-03-15T09:12:{second:02}Z") for one in people for second in range(each)]


class Answered(NamedTuple):
    poured: Poured
    computing: float  # seconds of the server's

    def beside(self, floor: Answered) -> list[str]:
        (many, p50, p99, slowest), (_, _, least, _) = self._figures(), floor._figures()
        spent, fewest = (one.computing / len(one.poured.seconds) * 1e6 for one in (self, floor))
        ms = [f"{each * 1000:.0f} ms" for each in (p50, p99)]
        cpu = f"{spent:.0f} µs", f"{spent / fewest:.1f}"
        return [f"{many:,}", *ms, f"{p99 / least:.1f}", f"{slowest * 1000:.0f} ms", *cpu]

    def _figures(self) -> tuple[int, float, float, float]:
        p50, p99, slowest = (self.poured.percentile(share) for share in (0.5, 0.99, 1.0))
        return len(self.poured.seconds), p50, p99, slowest


def _poured(
    server: Served, bodies: Sequence[bytes], a_second: int, seconds: float, *, path: str = PATH, status: int = 202
) -> Answered:
    """Asserts what every answer has to be: a row of figures of other answers is no result."""
    assert server.process is not None
    before = computed_by(server.process.pid)
    poured = pour(server.port, bodies, a_second=a_second, seconds=seconds, path=path)
    assert set(poured.statuses) == {status}, poured.statuses
    return Answered(poured, computed_by(server.process.pid) - before)


if __name__ == "__main__":
    main()
