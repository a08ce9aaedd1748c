"""A few seeds (`make simulate-seeds` lives a thousand), and that a seed is all there is to know about a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.office_life import life

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("seed", [12, 6, 10, 9])  # over October's clock change, twice over March's, over a year's end
def test_weeks_of_edits_faults_and_crashes_leave_nothing_broken(seed: int) -> None:
    assert life(seed).broken == []


def test_the_same_seed_gives_the_same_log_in_every_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--seeds", "1", "--first", "7"]
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout

    assert life(7).root in said
