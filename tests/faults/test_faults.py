"""A few cases of the campaign (`make faults` plays them all): creates, which cannot be told from a repetition."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CASES = ("concept created: reset_before", "concept created: cut on answer", "payment: failed_part")


def test_what_is_recorded_of_a_write_is_what_happened_to_it() -> None:
    command = [sys.executable, "-m", "tests.faults.campaign", "--case", *CASES]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert f"{len(CASES)} runs" in ended.stdout
