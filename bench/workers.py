"""A thousand legal entities with two jobs each, drained by four workers on one PostgreSQL: none twice, one at a time.

python -m bench.workers [--entities 1000] [--workers 4] [--concurrency 2] [--takes 0.05]

The floor is what the work itself takes, shared out evenly: a job sleeps for `--takes` seconds.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

from rich.table import Table

from bench.logs import console
from bench.rebuild import running_postgres
from tests.support.drain import JOBS, Site, drain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=1_000)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--takes", type=float, default=0.05)
    given = parser.parse_args()
    columns = "seconds", "jobs a second", "× floor", "CPU a job", "twice", "two at one entity", "MiB a worker"
    table = Table("workers", "at once", "jobs", *columns, box=None)
    with tempfile.TemporaryDirectory() as name, running_postgres(Path(name) / "postgres") as server:
        Path(name).chmod(0o755)
        site = Site.at(str(server.get_uri()), Path(name))
        before = _computed()
        drained = drain(
            site, Path(name), entities=given.entities, workers=given.workers,
            concurrency=given.concurrency, takes=given.takes,
        )  # fmt: skip
        computing = _computed() - before
    jobs = given.entities * len(JOBS)
    assert len(drained.done) == jobs, f"{jobs - len(drained.done)} were not done"
    floor = jobs * given.takes / (given.workers * given.concurrency)
    twice = sum(times - 1 for times in drained.done.values())
    table.add_row(
        str(given.workers), str(given.concurrency), str(jobs), f"{drained.seconds:.1f}",
        f"{jobs / drained.seconds:.0f}", f"{drained.seconds / floor:.1f}", f"{computing / jobs * 1e3:.1f} ms",
        str(twice), str(drained.together),
        f"{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f}",
    )  # fmt: skip
    console.print(table)


def _computed() -> float:
    """Seconds of CPU of this process and of the workers that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


if __name__ == "__main__":
    main()
