"""Tries many seeds and says which did not hold, and how often each kind of fault was met.

python -m tests.hosts [--seeds 5] [--first 1] [--tenants 30] [--days 7] [--people 4] [--over namespaces]
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections import Counter

import structlog
from rich.console import Console
from rich.table import Table

from tests.hosts.loopback import loopback
from tests.hosts.namespaces import namespaces, why_not
from tests.hosts.trial import trial

OVER = {"loopback": loopback, "namespaces": namespaces}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--tenants", type=int, default=30)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--over", nargs="+", choices=[*OVER], default=[*OVER])
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything that was started ends
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    console, over = Console(), list(options.over)
    if "namespaces" in over and (reason := why_not()):
        over.remove("namespaces")
        console.print(f"not over network namespaces: {reason}")
    broken = sum(_tried(console, kind, options) for kind in over)
    sys.exit(1 if broken else 0)


def _tried(console: Console, over: str, options: argparse.Namespace) -> int:
    """How many seeds did not hold."""
    met: Counter[tuple[str, str]] = Counter()
    broken = 0
    for seed in range(options.first, options.first + options.seeds):
        lived = trial(seed, OVER[over], tenants=options.tenants, people=options.people, days=options.days)
        met.update(lived.met)
        broken += bool(lived.broken)
        for line in lived.broken:
            console.print(f"seed {seed}: {line}", style="red", highlight=False, soft_wrap=True)
        verdict = f"broken, see {lived.kept}" if lived.broken else "holds"
        console.print(f"{over}, seed {seed}: {verdict}", highlight=False, soft_wrap=True)
    table = Table("", "what these hosts met", "how often", title=f"over {over}: {options.seeds} seeds, {broken} broken")
    for (group, word), count in sorted(met.items()):
        table.add_row(group, word, f"{count:,}")
    console.print(table)
    return broken


if __name__ == "__main__":
    main()
