"""What the log says about sessions of the pages: which were begun, and which whoever it was ended (AUD-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from domain.events.access import SignedIn, SignedOut
from domain.log import Recorded, StreamId
from domain.streams import session_stream

_ENDING: Final = timedelta(minutes=1)  # its event is there, and its row may not be gone yet


class SessionStanding(StrEnum):
    """Why a session whose row lies in the key store does not count; somebody wrote there past us."""

    PLANTED = "planted"  # neither written by us nor known to the log
    CHANGED = "changed in the store"
    REVIVED = "signed out on record"  # its row came back


@dataclass(frozen=True, slots=True)
class SessionBook:
    """A fold of the streams of some sessions."""

    begun: Set[StreamId]
    ended: Mapping[StreamId, datetime]

    @classmethod
    def of(cls, streams: Mapping[StreamId, Sequence[Recorded]]) -> SessionBook:
        told = [(stream, event) for stream, events in streams.items() for event in events]
        begun = frozenset(stream for stream, event in told if isinstance(event.fact, SignedIn))
        ended = {stream: event.meta.recorded_at for stream, event in told if isinstance(event.fact, SignedOut)}
        return cls(begun, ended)

    def refusal(self, digest: str, *, written: bool) -> SessionStanding | None:
        """Of a session with this hash; `written`: its row is as we wrote it. None: nothing speaks against it."""
        stream = session_stream(digest)
        if not written:
            return SessionStanding.CHANGED if stream in self.begun else SessionStanding.PLANTED
        return SessionStanding.REVIVED if stream in self.ended else None

    def ending(self, digest: str, now: datetime) -> bool:
        """Whether it was ended a moment ago: a row that is still there is nobody's doing."""
        at = self.ended.get(session_stream(digest))
        return at is not None and now - at < _ENDING
