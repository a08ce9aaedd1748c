"""The log as it lies in the database, and what is wrong with one row of it, taken by itself (LOG-2)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any, Final, Protocol, TypeAlias

from adapters.log.proof.tree import leaf
from adapters.log.sealing.event_macs import EventMacs

NOT_OURS: Final = "it was not stored by Tweeluik"
LOWEST: Final = -(2**63)  # where the first event is looked for, so that a row below 1 is seen too

StoredEvent: TypeAlias = tuple[Any, Any, Any, Any, Any, Any]
"""rowid (position + 1), stream, version, name, state, leaf; a damaged row may hold anything anywhere."""


class LogUnreadable(Exception):
    """The database could not be read; `damaged` when it says itself that its contents are broken."""

    def __init__(self, reason: str, *, damaged: bool) -> None:
        super().__init__(reason)
        self.damaged = damaged


class StoredLog(Protocol):
    """The log as it lies in the database, seen at one instant: that of the first read.

    Raises LogUnreadable, or LogUnavailable where the database broke off and nothing can be concluded.
    """

    def checkpoints(self) -> Iterable[tuple[object, object]]:
        """(machine, note) of every row of `log_checkpoints`."""
        ...

    def events(self, start: int, limit: int) -> Iterable[StoredEvent]:
        """Rows with this rowid and above, in order."""
        ...

    def stored_tile(self, level: int, index: int) -> tuple[object, object] | None:
        """(hashes, root) as stored."""
        ...

    def tile_count(self) -> int: ...

    def count(self) -> int:
        """How many rows the table of events has, wherever they are numbered."""
        ...

    def ever(self) -> int:
        """How many events the database says it ever held; 0 where it keeps no such count."""
        ...

    def out_of_turn(self, since: int) -> tuple[int, int, int] | None:
        """(rowid, version, the one before it in the stream, or -1) of the first event that does not come next there.

        Looked for in every stream with an event at position `since` or later.
        """
        ...

    def faults(self) -> str | None:
        """What the database's own check of its files finds."""
        ...

    def snapshot(self) -> str:
        """What another process sees the log at this same instant by; empty where the database has no name for it."""
        ...


def fault(position: int, row: StoredEvent, macs: EventMacs | None) -> str | None:
    """What is wrong with the row that comes where this event belongs; without `macs` whoever stored it."""
    rowid, stream, version, name, state, stored = row
    if rowid != position + 1:
        return f"it is not there; the next row is numbered {rowid!r}"
    found = row_fault(position, stream, version, name, state, stored)
    if found is None and macs is not None and not macs.ours(position, stream, version, name, state):
        return NOT_OURS
    return found


def row_fault(position: int, stream: Any, version: Any, name: Any, state: Any, stored: Any) -> str | None:
    """What is wrong with a row at its place, by the leaf `stored` of it."""
    try:
        sound = leaf(position, stream, version, name, state) == stored
    except (TypeError, ValueError, AttributeError, struct.error):
        return "it holds what no event can hold"
    return None if sound else "it is not what its hash was made of"
