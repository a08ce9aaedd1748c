"""A database file opened a second time by the same process: the locks of the first connection must outlive that."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.access.open import open_access
from adapters.hints.open import open_hints

NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
COME_AND_GO = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM sqlite_master'); c.close()"
)


@pytest.mark.parametrize("second", [open_access, open_hints])
def test_another_process_that_leaves_does_not_take_the_write_ahead_log_along(second: object, tmp_path: Path) -> None:
    """POSIX drops every lock of a process on a file when it closes any descriptor of it."""
    url = f"sqlite:///{tmp_path}/one.db"
    with closing(open_hints(url)) as first, closing(second(url)):  # type: ignore[operator]
        first.note("before", NOW)

        subprocess.run([sys.executable, "-c", COME_AND_GO, f"{tmp_path}/one.db"], check=True)
        left = {one.name for one in tmp_path.iterdir()}
        first.note("after", NOW)

        assert left == {"one.db", "one.db-wal", "one.db-shm"}
    with closing(open_hints(url)) as again:
        assert again.noted("after") == (NOW, "")
