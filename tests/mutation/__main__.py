"""python -m tests.mutation [--seed 1] [--count 300] [--at-least 90] [--only PATH] [--mutant TEXT] [--tests PATH]

Draws mutants of `domain/`, tries each on the tests in this process that reach it, and lists those that none noticed.
The exit code is 1 when fewer than `--at-least` in a hundred were caught. All of it happens in a copy of this checkout,
so that an edit made meanwhile changes nothing. What a test reaches is kept in `.mutation/`; `--afresh` forgets it.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import hypothesis
import pytest

from tests.mutation.mutants import ROOT, Mutant, mutants
from tests.mutation.trial import Trial
from tests.sabotage.run import copied

TESTS: Final = ("tests/unit", "tests/property", "tests/golden", "tests/acceptance", *(
    f"tests/contract/test_{name}.py"
    for name in (
        "differences_then", "drift_views", "erasure", "fakes", "overwritten_fields", "pay_amounts", "personal_values",
        "personio_client", "recorded_pages", "schedule_views", "shared_outcomes", "task_views", "views",
    )
), *(
    f"tests/api/test_{name}.py"
    for name in (
        "access_review", "alert_kinds", "alerts", "cli", "cli_acceptance", "cli_audit", "cli_doctor", "cli_drift",
        "cli_erase", "cli_evidence", "cli_keys", "cli_pilot", "cli_replay", "cli_schedule", "cli_what_if", "cli_words",
        "configured_attributes", "edited_key_store", "every_paper", "first_contact", "http_decisions", "http_erasure",
        "http_examples", "http_handover", "http_long_work", "http_plans", "http_reading", "http_reports", "http_runs",
        "metrics", "not_believed", "release", "scheduling", "tasks", "webhooks", "whose_it_is",
    )
))  # fmt: skip
OPTIONS: Final = ("-o", "addopts=", "-p", "no:cacheprovider", "-p", "no:timeout", "-p", "no:xdist", "-s", "-q")

_COPY: Final = "TWEELUIK_MUTATES_A_COPY"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300, help="how many mutants; 0 for all")
    parser.add_argument("--only", action="append", default=[], help="a file or folder; may be given again")
    parser.add_argument("--mutant", action="append", default=[], help="one whose line holds this; may be given again")
    parser.add_argument("--tests", action="append", default=[], help="instead of all; may be given again")
    parser.add_argument("--at-least", type=float, default=90.0, help="of a hundred")
    parser.add_argument("--afresh", action="store_true", help="learn anew what each test reaches")
    parser.add_argument("--forks", type=int, default=os.cpu_count() or 1, help="at a time")
    given = parser.parse_args()
    drawn = draw(given.seed, given.count, given.only or ["domain"], given.mutant)
    began, verdicts = time.perf_counter(), dict[Mutant, str]()

    def tell(mutant: Mutant, verdict: str) -> None:
        verdicts[mutant] = verdict
        if not verdict.startswith("caught"):
            print(f"{verdict}: {mutant}", file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as folder:
        home = folder if given.tests else Path(os.environ[_COPY]) / ".mutation"
        known = Path(home) / "reach.json"
        if given.afresh:
            known.unlink(missing_ok=True)
        code = try_on_tests(given.tests or TESTS, Trial(drawn, tell, known, given.forks))
    if code or len(verdicts) < len(drawn):
        print(f"the trial did not come to its end ({code})", file=sys.stderr)
        return 2
    counted = Counter(verdict.partition(":")[0] for verdict in verdicts.values())
    share = 100 * counted["caught"] / len(drawn)
    unreached = len(drawn) - counted["caught"] - counted["survived"]
    print(
        f"{len(drawn)} mutants (seed {given.seed}) in {time.perf_counter() - began:.0f} s: "
        f"{counted['caught']} caught ({share:.0f} %), {counted['survived']} survived, {unreached} not reached",
        file=sys.stderr,
    )
    return 0 if share >= given.at_least else 1


def draw(seed: int, count: int, where: Sequence[str], named: Sequence[str] = ()) -> list[Mutant]:
    """In the order of their files. The same seed draws the same mutants of the same code."""
    files = sorted(
        str(path.relative_to(ROOT))
        for one in where
        for path in ([ROOT / one] if (ROOT / one).is_file() else (ROOT / one).rglob("*.py"))
    )
    everything = [mutant for file in files for mutant in mutants(file)]
    if named:
        everything = [mutant for mutant in everything if any(text in str(mutant) for text in named)]
    if not count or count >= len(everything):
        return everything
    chosen = random.Random(seed).sample(range(len(everything)), count)
    return [everything[at] for at in sorted(chosen)]


def try_on_tests(tests: Sequence[str], trial: Trial) -> int:
    """The exit code of the session; 0 when every mutant was tried."""
    hypothesis.settings.register_profile("mutation", derandomize=True, database=None)
    hypothesis.settings.load_profile("mutation")
    return int(pytest.main([*OPTIONS, *tests], plugins=[trial]))


def in_a_copy() -> int:
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder) / "tree")
        environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", _COPY: str(ROOT)}
        command = [sys.executable, "-m", "tests.mutation", *sys.argv[1:]]
        return subprocess.run(command, cwd=tree, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main() if _COPY in os.environ else in_a_copy())
