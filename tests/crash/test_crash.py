"""A few cuts of the campaign (`make crash` makes them all): the ones where a mistake would cost the most."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("database", "steps"),
    [
        ("sqlite", ["sent POST /v2/providers/employers/…/conceptemployees", "after Copies.append"]),
        ("postgres", ["answered PUT"]),
    ],
)
def test_a_run_killed_where_it_hurts_most_is_put_right_by_the_next_one(database: str, steps: list[str]) -> None:
    command = [sys.executable, "-m", "tests.crash.campaign", "--database", database, "--only", *steps]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
