"""What is kept of webhooks: hints until they are worked off, then only their digests; never a personal value."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any, Final, Protocol

from domain.hints import OVERFLOW, Hint
from domain.values import PersonId

LONGEST_WAIT: Final = 0.7
"""Seconds for another writer: Personio is to be answered within one, and asks again after a 503."""


class HintStore(Protocol):
    """Two small tables in the log's database. Every write is durable on return; raises LogUnavailable."""

    def keep(self, hints: Sequence[Hint]) -> None:
        """One transaction. A hint that is there already stays as it is, worked off or not."""
        ...

    def known(self, digests: Sequence[str]) -> Set[str]: ...

    def waiting(self, limit: int) -> Sequence[Hint]:
        """Those that lead to a read and were not settled yet, oldest first."""
        ...

    def how_many_wait(self) -> int: ...

    def settle(self, hints: Sequence[Hint], at: datetime) -> None:
        """They were worked off; whom they named is forgotten. One that came again meanwhile goes on waiting."""
        ...

    def forget(self, before: datetime) -> None:
        """Drop what was settled before, and of more than MOST_KEPT hints the oldest that are settled."""
        ...

    def last_received(self) -> datetime | None: ...

    def note(self, what: str, at: datetime, told: str = "") -> None:
        """When something was last done, and what came of it."""
        ...

    def noted(self, what: str) -> tuple[datetime, str] | None: ...

    def close(self) -> None: ...


MOST_KEPT: Final = 100_000
COLUMNS: Final = "digest, kind, person_id, occurred_at, received_at"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS personio_hints (
    digest      TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    received_at TEXT NOT NULL,
    settled_at  TEXT
);
CREATE INDEX IF NOT EXISTS personio_hints_waiting ON personio_hints (received_at) WHERE settled_at IS NULL;
CREATE INDEX IF NOT EXISTS personio_hints_received ON personio_hints (received_at);
CREATE TABLE IF NOT EXISTS personio_hint_notes (
    what TEXT PRIMARY KEY,
    at   TEXT NOT NULL,
    told TEXT NOT NULL
);
"""


def row(hint: Hint) -> tuple[str | None, ...]:
    """What is stored. A hint that leads to no read is settled at once; instants are ISO text in UTC."""
    occurred, received = (at.isoformat(timespec="microseconds") for at in (hint.occurred_at, hint.received_at))
    return hint.digest, hint.kind, hint.person, occurred, received, None if hint.leads_to_a_read else received


def of_row(found: Sequence[Any]) -> Hint:
    digest, kind, person, occurred, received = found
    return Hint(digest, kind, PersonId(person), datetime.fromisoformat(occurred), datetime.fromisoformat(received))


KEEP: Final = f"""
INSERT INTO personio_hints ({COLUMNS}, settled_at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (digest) DO UPDATE SET received_at = excluded.received_at, settled_at = NULL
WHERE personio_hints.digest = '{OVERFLOW}'
"""  # noqa: S608
WAITING: Final = f"SELECT {COLUMNS} FROM personio_hints WHERE settled_at IS NULL ORDER BY received_at LIMIT ?"  # noqa: S608
SETTLE: Final = "UPDATE personio_hints SET settled_at = ?, person_id = '' WHERE digest = ? AND received_at = ?"
COUNT: Final = "SELECT count(*) FROM personio_hints WHERE settled_at IS NULL"
FORGET: Final = f"""
DELETE FROM personio_hints WHERE settled_at < ? OR settled_at IS NOT NULL AND received_at < (
    SELECT received_at FROM personio_hints ORDER BY received_at DESC LIMIT 1 OFFSET {MOST_KEPT}
)
"""  # noqa: S608
LAST: Final = "SELECT max(received_at) FROM personio_hints"
NOTE: Final = """
INSERT INTO personio_hint_notes (what, at, told) VALUES (?, ?, ?)
ON CONFLICT (what) DO UPDATE SET at = excluded.at, told = excluded.told
"""
NOTED: Final = "SELECT at, told FROM personio_hint_notes WHERE what = ?"
