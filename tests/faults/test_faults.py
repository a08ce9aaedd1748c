"""A few cases of the campaigns (`make faults` plays them all): creates, which cannot be told from a repetition, and
a disk that is full before a sign-in is kept."""

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


def test_no_sign_in_is_spent_that_a_full_disk_cannot_keep() -> None:
    command = [sys.executable, "-m", "tests.faults.full_disks", "--after", "22"]  # a key file; room for a token
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "2 sign-ins on a full disk, 0 broken" in ended.stdout
