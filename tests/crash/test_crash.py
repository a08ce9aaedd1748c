"""A few cuts of the campaign (`make crash` makes them all): the ones where a mistake would cost the most."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("database", "command", "steps"),
    [
        (
            "sqlite",
            "sync",
            ["sent POST /v2/providers/employers/…/conceptemployees", "answered DELETE", "before append of alert"],
        ),
        ("sqlite", "drift", ["before append of drift_case.opened.v1"]),
        ("sqlite", "erase", ["before KeyStore.destroy", "before KeyStore.wipe", "before append of erasure.completed"]),
        ("sqlite", "full", ["answered POST /token", "before append of loket_record", "before append of alert"]),
        ("postgres", "sync", ["answered PUT"]),
        ("postgres", "full", ["before append of alert"]),
    ],
)
def test_what_is_killed_where_it_hurts_most_is_put_right_by_the_next_one(
    database: str, command: str, steps: list[str]
) -> None:
    campaign = [sys.executable, "-m", "tests.crash.campaign", "--database", database, "--command", command]
    ended = subprocess.run([*campaign, "--only", *steps], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
