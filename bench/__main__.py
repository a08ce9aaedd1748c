"""Every figure: python -m bench [--quick] [NAME ...]

With --quick each bench has so little to measure that all of them take ten minutes: what it prints are ratios, which
say the same of a small log as of a large one. Without it the sizes are those that each says of itself, and all take
more than an hour.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from typing import Final

from bench.logs import console

QUICK: Final[dict[str, str]] = {
    "append": "--events 5000",
    "audit_queries": "--events 20000 --asked ^(no.filter|person|rule|kind|nothing)$",
    "change_sets": "--events 1000",
    "derive": "--people 100 --runs 3",
    "drift": "--people 5000",
    "employers": "--tenants 4 --people 10",
    "follow": "--people 50 --runs 20 --rounds 3",
    "growth": "--events 1000 10000 --people 100",
    "pages": "--events 20000 --people 500 --databases sqlite --asked ^(today|people|one.person|runs|overwritten|log)$",
    "partitions": "--events 16384 --rounds 20",
    "proof": "--events 20000",
    "rebuild": "--people 100 --runs 100",
    "record": "--events 10 100",
    "replay": "--events 15000",
    "report": "--rows 2000 --pdf-rows 500",
    "start": "--rounds 5",
    "sync": "--people 100",
    "unchanged": "--people 100 --rounds 3",
    "verify": "--events 20000",
    "webhooks": "--seconds 2",
    "workers": "--entities 100",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(QUICK))
    options = parser.parse_args()
    if unknown := set(options.names) - QUICK.keys():
        parser.error(f"there is no bench {', '.join(sorted(unknown))}")
    began, missed = time.monotonic(), list[str]()
    for name in options.names or QUICK:
        command = ["-m", f"bench.{name}", *(QUICK[name].split() if options.quick else ())]
        console.rule(f"python {' '.join(command)}", align="left")
        at = time.monotonic()
        if subprocess.run([sys.executable, *command], check=False).returncode:
            missed.append(name)
        console.print(f"{time.monotonic() - at:.0f} s")
    console.rule(f"{(time.monotonic() - began) / 60:.1f} minutes; with an exit code: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
