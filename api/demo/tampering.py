"""For the demo only: what someone with access to the database file can do behind the log's back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Final

_POSITION: Final = 42


def change_one_byte(url: str, position: int = _POSITION) -> int:
    """Change one byte of one stored event, triggers or not; answers its position."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        (state,) = db.execute("SELECT state FROM stored_events WHERE rowid = ?", (position + 1,)).fetchone()
        middle = len(state) // 2
        changed = state[:middle] + bytes([state[middle] ^ 1]) + state[middle + 1 :]
        db.execute("UPDATE stored_events SET state = ? WHERE rowid = ?", (changed, position + 1))
    return position
