"""Facts of the stream `erasures`: requests, what had to be kept, what was erased, and holds (AUD-9).

The stream is itself the list of honoured erasures that a restored key store is compared with.
"""

from __future__ import annotations

from datetime import date

import msgspec

from domain.erasure import WhyKept
from domain.log import Fact
from domain.personal import Personal, Retention


class DestroyedKey(msgspec.Struct, frozen=True):
    """A data key that is destroyed, or about to be. A person who returns gets another one, with another id."""

    subject: str
    retention: Retention
    key_id: str


class ErasureRequested(Fact, frozen=True, kw_only=True):
    """Someone asks to erase a person; a second person has to confirm it."""

    erasure: str
    person_id: str
    subject: str
    reason: Personal


class ErasureRefused(Fact, frozen=True, kw_only=True):
    """Values of this class must be kept for now: they are restricted, and the reason is told."""

    erasure: str
    person_id: str
    retention: Retention
    why: WhyKept
    until: date | None = None


class ErasureConfirmed(Fact, frozen=True, kw_only=True):
    """The second person agreed, or a retention period ended; from here on the keys are destroyed, whatever happens.

    `person_id` is empty where reasons expire that name several people.
    """

    erasure: str
    person_id: str
    keys: tuple[DestroyedKey, ...]


class ErasureCompleted(Fact, frozen=True, kw_only=True):
    """The keys are gone: nobody can read these values any more. The facts stay."""

    erasure: str
    person_id: str
    keys: tuple[DestroyedKey, ...]


class ErasuresReapplied(Fact, frozen=True, kw_only=True):
    """A key store came back from a backup with keys that had been destroyed; they were destroyed again."""

    key_ids: tuple[str, ...]


class HoldPlaced(Fact, frozen=True, kw_only=True):
    """Nothing of this person may be erased until the hold is released."""

    person_id: str
    subject: str
    reason: Personal


class HoldReleased(Fact, frozen=True, kw_only=True):
    person_id: str
    subject: str
    reason: Personal
