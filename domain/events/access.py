"""The facts of access over the API; their stored names stand in `domain.events.catalogue` with all the others.

Keys: stream `access:keys`. Reading: stream `access:<year>-<month>`, one fact a reader and minute at most (AUD-8).
Sessions of the pages: stream `session:<beginning of the hash of its secret>`, from signing in to signing out.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import msgspec

from domain.log import Fact


class AccessKeyCreated(Fact, frozen=True, kw_only=True):
    """Someone was given a key; its secret is nowhere."""

    key_id: str
    holder: str
    role: str
    legal_entities: tuple[str, ...]  # empty: all
    expires_on: date
    sealed: bool = False  # its row had a MAC from the beginning


class AccessKeyRevoked(Fact, frozen=True, kw_only=True):
    key_id: str
    holder: str


class AccessKeysSealed(Fact, frozen=True, kw_only=True):
    """Rows from before rows had a MAC were held against their events and given one, once and for all."""

    key_ids: tuple[str, ...]


class SignedInBy(StrEnum):
    """With what somebody opens a session of the pages."""

    KEY = "key"
    PROVIDER = "provider"
    LINK = "link"  # the one-time link of a server on this machine


class SignedIn(Fact, frozen=True, kw_only=True):
    """Somebody opened a session of the pages; the actor of the event is whoever it is."""

    role: str
    legal_entities: tuple[str, ...]  # empty: all
    by: SignedInBy
    credential: str  # the key's id, or the provider's address; empty for a link
    ends_at: datetime  # at the latest


class SignedOut(Fact, frozen=True, kw_only=True):
    """Somebody ended their session. One that is left alone, or whose key is revoked, ends without it."""


class Reading(msgspec.Struct, frozen=True):
    """One question, how often it was asked, and whom it was about where it was about someone."""

    what: str
    legal_entity: str
    employee_number: int | None
    times: int


class RecordsRead(Fact, frozen=True, kw_only=True):
    """What one caller read between two instants; the actor of the event is the reader."""

    role: str
    credential: str
    since: datetime
    until: datetime
    readings: tuple[Reading, ...]
