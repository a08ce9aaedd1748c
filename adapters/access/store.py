"""What access keeps beside the data keys: API keys and sessions by hash, answers to repeated requests, noted reading.

Every row carries a MAC over all of it, made by `adapters.access.sealed`; None in a row from before rows had one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class StoredKey(NamedTuple):
    """One API key. Its secret was shown once; `entities` is JSON, null for all; instants are ISO text in UTC."""

    key_id: str
    digest: str
    holder: str
    role: str
    entities: str
    created_at: str
    expires_at: str
    revoked_at: str | None
    mac: str | None = None


class Reserved(NamedTuple):
    """What an idempotency key stands for: `answer` is JSON, None while the first request is under way."""

    fingerprint: str
    answer: str | None
    mac: str | None = None


class StoredSession(NamedTuple):
    """Someone signed in with a browser; of the cookie only the hash. Instants are ISO text in UTC.

    `entities` is JSON, null for all; `names` is JSON: by legal entity, the numbers whose names are shown.
    """

    digest: str
    subject: str
    role: str
    entities: str
    credential: str
    created_at: str
    ends_at: str
    seen_at: str
    language: str
    names: str
    mac: str | None = None


class Noted(NamedTuple):
    """A question that was answered; sealed into the log within a minute."""

    at: str
    reader: str
    role: str
    credential: str
    what: str
    legal_entity: str
    employee_number: int | None
    mac: str | None = None


class AccessStore(Protocol):
    """Rows as they lie there, believed by nobody. Every write is durable on return."""

    def add_key(self, key: StoredKey) -> None: ...

    def key(self, key_id: str) -> StoredKey | None: ...

    def keys(self) -> Sequence[StoredKey]: ...

    def replace_key(self, key: StoredKey) -> None:
        """Only when it was revoked, and its MAC, ever change."""
        ...

    def reserve(self, caller: str, key: str, fingerprint: str, mac: str) -> Reserved | None:
        """None when the key is new and now reserved; else what it stands for."""
        ...

    def reserved(self, caller: str, key: str) -> Reserved | None:
        """What the key stands for; None when it was never reserved."""
        ...

    def answer(self, caller: str, key: str, answer: str, mac: str) -> None: ...

    def release(self, caller: str, key: str) -> None:
        """The request came to nothing: the key may be used again."""
        ...

    def add_session(self, session: StoredSession) -> None: ...

    def session(self, digest: str) -> StoredSession | None: ...

    def sessions(self, subject: str) -> Sequence[StoredSession]:
        """Everywhere this person is signed in, the oldest first."""
        ...

    def every_session(self) -> Sequence[StoredSession]: ...

    def replace_session(self, session: StoredSession, was: str | None) -> bool:
        """Only when it was last seen, its language, names and MAC ever change. False: its MAC is not `was` any more."""
        ...

    def end_session(self, digest: str) -> None: ...

    def forget_sessions(self, ended_before: str) -> None:
        """Those whose time was up by then."""
        ...

    def note(self, reading: Noted) -> None: ...

    def take_notes(self) -> tuple[int, Sequence[Noted]]:
        """The notes so far, and the mark to forget them by."""
        ...

    def forget_notes(self, mark: int) -> None: ...

    def close(self) -> None: ...
