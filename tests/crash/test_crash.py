"""A few cuts of the campaign (`make crash` makes them all): the ones where a mistake would cost the most."""

from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.campaign import COMMANDS, cut_at, last_of_each, prepared

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
        ("postgres", "sync", ["answered PUT"]),
        ("postgres", "full", ["before append of alert"]),
    ],
)
def test_what_is_killed_where_it_hurts_most_is_put_right_by_the_next_one(
    database: str, command: str, steps: list[str], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres_server").get_uri() if database == "postgres" else None
    base = prepared(tmp_path, server, COMMANDS[command], name=f"crash_{secrets.token_hex(6)}")

    cases = [cut_at(base, step) for step in last_of_each(base, steps)]

    assert [one for one in cases if one.broken] == []


def test_what_meets_a_full_disk_where_it_hurts_most_is_put_right_by_the_next_one() -> None:
    """In a program of its own, whose disk can be full for SQLite."""
    steps = ["answered POST /token", "before append of loket_record", "before append of alert"]
    campaign = [sys.executable, "-m", "tests.crash.campaign", "--database", "sqlite", "--command", "full"]
    ended = subprocess.run([*campaign, "--only", *steps], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 0, ended.stdout + ended.stderr
