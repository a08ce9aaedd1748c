"""What is asked of a database while something is done, by why it is asked: for its own sake, or around that."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from unittest.mock import patch

import psycopg

WHO: Final = "who asks"
STANDS: Final = "where the log stands"
HELD: Final = "what rows are held against"
OWN: Final = "its own"
_WHY: Final = (
    ("FROM sessions ", WHO), ("FROM api_keys ", WHO), ('["access:', WHO), ('["session:', WHO),
    ("FROM view_positions", STANDS), ("max(rowid)", STANDS), ("FROM log_checkpoints", STANDS),
    ("FROM log_seen(", STANDS),
    ("status = 'in_progress'", STANDS),
    ("FROM stored_events", HELD), ("FROM runs WHERE run_id IN", HELD), ("FROM runs WHERE run_id = ANY", HELD),
)  # fmt: skip
"""The first that a question holds says why it is asked."""


@dataclass
class Questions:
    """Every SELECT since `forget`."""

    asked: list[str] = field(default_factory=list)

    def heard(self, statement: str) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            self.asked.append(" ".join(statement.split()))

    def forget(self) -> None:
        self.asked.clear()

    def counted(self) -> Counter[str]:
        return Counter(next((why for words, why in _WHY if words in one), OWN) for one in self.asked)

    @property
    def own(self) -> list[str]:
        return [one for one in self.asked if not any(words in one for words, _ in _WHY)]


@contextmanager
def questions() -> Iterator[Questions]:
    """Of every connection that is opened meanwhile."""
    heard, connect, execute = Questions(), sqlite3.connect, psycopg.Cursor.execute

    def connected(*given: Any, **named: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*given, **named)
        made.set_trace_callback(heard.heard)
        return made

    def executed(cursor: psycopg.Cursor[Any], query: Any, params: Any = None, **named: Any) -> psycopg.Cursor[Any]:
        heard.heard(f"{query if isinstance(query, str) else ''} {params or ''}")
        return execute(cursor, query, params, **named)

    with patch.object(sqlite3, "connect", connected), patch.object(psycopg.Cursor, "execute", executed):
        yield heard
