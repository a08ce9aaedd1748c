"""Lives many seeds and says which did not hold; or, with a planted deviation, in which it was not found.

python -m tests.simulation [--seeds 1000] [--first 1] [--planted]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from os import cpu_count
from typing import NoReturn

from rich.console import Console
from rich.table import Table

from tests.simulation.office_life import life
from tests.simulation.planted import found, life_with_a_deviation

_GROUPS = (
    "time",
    "faults",
    "sights",
    "schedule",
    "runs",
    "Loket",
    "drift",
    "comparisons",
    "alerts",
    "webhooks",
    "erasures",
    "log",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--planted", action="store_true", help="each run decides a little otherwise than the rules say")
    options = parser.parse_args()
    if options.planted:
        _deviations(range(options.first, options.first + options.seeds))
    console, began = Console(), time.perf_counter()
    met: Counter[tuple[str, str]] = Counter()
    broken = 0
    with ProcessPoolExecutor(cpu_count()) as pool:
        seeds = range(options.first, options.first + options.seeds)
        for seed, root, counted, found in pool.map(_lived, seeds, chunksize=8):
            met.update(counted)
            if options.seeds == 1:
                console.print(f"root of seed {seed}: {root}", highlight=False)
            broken += bool(found)
            for line in found:
                console.print(f"seed {seed}: {line}", style="red", highlight=False, soft_wrap=True)
            if found:
                console.print(f"  again: python -m tests.simulation --seeds 1 --first {seed}", highlight=False)
    table = Table("", "what these lives met", "how often", title=f"{options.seeds:,} seeds, {broken} broken")
    for group, counts in groupby(sorted(met.items(), key=_place), key=lambda one: one[0][0]):
        for place, ((_, word), count) in enumerate(counts):
            table.add_row("" if place else group, word, f"{count:,}")
        table.add_section()
    table.caption = f"{time.perf_counter() - began:.0f} s"
    console.print(table)
    sys.exit(1 if broken else 0)


def _deviations(seeds: range) -> NoReturn:
    """Prints a line for each seed whose deviation was missed; some have none, since nobody was due two writes."""
    without, missed = 0, 0
    with ProcessPoolExecutor(cpu_count()) as pool:
        for seed, times, was_found in pool.map(_deviated, seeds, chunksize=8):
            without += not times
            missed += bool(times) and not was_found
            if times and not was_found:
                print(f"seed {seed}: deviated {times} times, and that was not found")
    print(f"{len(seeds) - without - missed} of {len(seeds) - without} found; {without} seeds without a deviation")
    sys.exit(1 if missed else 0)


def _deviated(seed: int) -> tuple[int, int, bool]:
    lived, planted = life_with_a_deviation(seed)
    return seed, planted.times, found(lived)


def _place(one: tuple[tuple[str, str], int]) -> tuple[int, str]:
    (group, word), _ = one
    return _GROUPS.index(group), word


def _lived(seed: int) -> tuple[int, str, Counter[tuple[str, str]], list[str]]:
    one = life(seed)
    return seed, one.root, one.met, one.broken


if __name__ == "__main__":
    main()
