"""What the log says about sessions of the pages: which were begun, and which whoever it was ended (AUD-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

from domain.events.access import SignedIn, SignedOut
from domain.log import Recorded, StreamId
from domain.streams import session_stream


class SessionStanding(StrEnum):
    """Why a session whose row lies in the key store does not count; somebody wrote there past us."""

    PLANTED = "planted"  # neither written by us nor known to the log
    CHANGED = "changed in the store"
    REVIVED = "signed out on record"  # its row came back


@dataclass(frozen=True, slots=True)
class SessionBook:
    """A fold of the streams of some sessions."""

    begun: Set[StreamId]
    ended: Set[StreamId]

    @classmethod
    def of(cls, streams: Mapping[StreamId, Sequence[Recorded]]) -> SessionBook:
        told = [(stream, type(event.fact)) for stream, events in streams.items() for event in events]
        begun = frozenset(stream for stream, kind in told if kind is SignedIn)
        return cls(begun, frozenset(stream for stream, kind in told if kind is SignedOut))

    def refusal(self, digest: str, *, written: bool) -> SessionStanding | None:
        """Of a session with this hash; `written`: its row is as we wrote it. None: nothing speaks against it."""
        stream = session_stream(digest)
        if not written:
            return SessionStanding.CHANGED if stream in self.begun else SessionStanding.PLANTED
        return SessionStanding.REVIVED if stream in self.ended else None
