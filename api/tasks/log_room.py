"""What an examination says of the room that a log's database has made for more events."""

from __future__ import annotations

from typing import Final

from adapters.log.event_log import EventLog
from domain.examination import Check, Verdict

_DO: Final = (
    "let the owner of its tables make it (docs/operating.md, Partitions); PostgreSQL's own log says what failed"
)


def examined_room(log: EventLog) -> tuple[Check, ...]:
    """One line where the log is in partitions. Raises LogUnavailable."""
    room = log.room()
    if room is None:
        return ()
    places = f"a place for {room.events:,} more event{'' if room.events == 1 else 's'}"
    if room.late:
        return (Check("room in the log", Verdict.WARNING, f"the next partition is not made; there is {places}", _DO),)
    return (Check("room in the log", Verdict.OK, places),)
