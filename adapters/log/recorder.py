"""What the log needs of a database; SQLite and PostgreSQL each write it natively."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.log.mapper import Placed, Row
from adapters.log.proof.checkpoints import SignedLog
from adapters.log.proof.tree import Edge
from domain.log import Fence


@dataclass(frozen=True, slots=True)
class Room:
    """For how many events more the database has made a place, and whether more should have been made by now."""

    events: int
    late: bool


class LogRecorder(SignedLog, Protocol):
    """The table of events, its tree, and the one lock under which both grow."""

    def append(self, rows: Sequence[Row], fence: Fence | None = None) -> Edge:
        """Store all or nothing and return the tree's edge after it.

        Raises StreamMoved, ClaimLost, LogDamaged or LogUnavailable.
        """
        ...

    def page(self, after: int, limit: int) -> list[Placed]:
        """Rows with position > `after`, in order. Positions are dense from 0."""
        ...

    def at(self, positions: Sequence[int]) -> list[Placed]:
        """The rows at these positions that exist, in order."""
        ...

    def streams(self, streams: Sequence[str]) -> list[Placed]:
        """All rows of these streams, each stream in version order."""
        ...

    def of_kinds(self, streams: Sequence[str], names: Sequence[str]) -> list[Placed]:
        """The rows of these streams with one of these stored names, each stream in version order."""
        ...

    def parts(self, kept: Sequence[tuple[str, int]], after: Sequence[tuple[str, int]]) -> list[Placed]:
        """These rows by stream and version, and of each stream in `after` all above that version; in version order."""
        ...

    def newest(self, streams: Sequence[str], before: int) -> list[Placed]:
        """The last row of each of these streams, of those before that position."""
        ...

    def size(self) -> int:
        """How many events are committed now."""
        ...

    def room(self) -> Room | None:
        """None where a place is made for each event as it comes."""
        ...
