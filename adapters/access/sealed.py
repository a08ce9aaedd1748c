"""Rows of the access store with a MAC over each: what somebody wrote past Tweeluik is told apart, and not acted on.

The MAC covers the kind of row and every column. Its key lies in the key store, wrapped by the key-encryption key.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from adapters.access.store import AccessStore, Noted, Reserved, StoredKey, StoredSession
from domain.errors import RowEdited

Mac: TypeAlias = Callable[[str, bytes], str]
"""Called as mac(kind of row, its columns); hex."""

KEY: Final = "api key"
_REQUEST: Final = "repeated request"
_READING: Final = "noted reading"
_SESSION: Final = "session"


class SealedAccess:
    """An access store that only we can write to. Whether a key or session counts is for others of this room to say."""

    def __init__(self, rows: AccessStore, mac: Mac) -> None:
        self._rows, self._mac = rows, mac
        self._ended: dict[str, str] = {}  # by this process: sessions, and when they would have ended

    def add_key(self, key: StoredKey) -> None:
        self._rows.add_key(self._sealed_key(key))

    def replace_key(self, key: StoredKey) -> None:
        self._rows.replace_key(self._sealed_key(key))

    def key(self, key_id: str) -> StoredKey | None:
        return self._rows.key(key_id)

    def keys(self) -> Sequence[StoredKey]:
        return self._rows.keys()

    def wrote(self, key: StoredKey) -> bool:
        """Whether this row is as we wrote it."""
        return self._fits(KEY, key)

    def reserve(self, caller: str, key: str, fingerprint: str) -> Reserved | None:
        """None when the key is new and now reserved; else what it stands for. Raises RowEdited."""
        found = self._rows.reserve(caller, key, fingerprint, self._seal(_REQUEST, (caller, key, fingerprint, None)))
        return self._believed(caller, key, found)

    def reserved(self, caller: str, key: str) -> Reserved | None:
        """What the key stands for; None when it was never reserved. Raises RowEdited."""
        return self._believed(caller, key, self._rows.reserved(caller, key))

    def answer(self, caller: str, key: str, fingerprint: str, answer: str) -> None:
        self._rows.answer(caller, key, answer, self._seal(_REQUEST, (caller, key, fingerprint, answer)))

    def release(self, caller: str, key: str) -> None:
        self._rows.release(caller, key)

    def add_session(self, session: StoredSession) -> None:
        self._rows.add_session(self._sealed_session(session))

    def session(self, digest: str) -> StoredSession | None:
        return self._rows.session(digest)

    def sessions(self, subject: str) -> Sequence[StoredSession]:
        return self._rows.sessions(subject)

    def every_session(self) -> Sequence[StoredSession]:
        return self._rows.every_session()

    def wrote_session(self, session: StoredSession) -> bool:
        """Whether this row is as we wrote it."""
        return self._fits(_SESSION, session)

    def replace_session(self, session: StoredSession) -> bool:
        """False when somebody changed or ended it since it was read."""
        return self._rows.replace_session(self._sealed_session(session), session.mac)

    def ending(self, session: StoredSession) -> None:
        """From now on it does not count here, whatever comes back into the store."""
        self._ended[session.digest] = session.ends_at

    def ended(self, session: StoredSession) -> bool:
        return session.digest in self._ended

    def end_session(self, digest: str) -> None:
        self._rows.end_session(digest)

    def forget_sessions(self, ended_before: str) -> None:
        self._rows.forget_sessions(ended_before)
        self._ended = {digest: at for digest, at in self._ended.items() if at >= ended_before}

    def note(self, reading: Noted) -> None:
        self._rows.note(reading._replace(mac=self._seal(_READING, reading[:-1])))

    def take_notes(self) -> tuple[int, Sequence[Noted], int]:
        """The mark to forget them by, the notes so far, and how many more there are that we did not write."""
        mark, found = self._rows.take_notes()
        ours = [one for one in found if self._fits(_READING, one)]
        return mark, ours, len(found) - len(ours)

    def forget_notes(self, mark: int) -> None:
        self._rows.forget_notes(mark)

    def close(self) -> None:
        self._rows.close()

    def _believed(self, caller: str, key: str, found: Reserved | None) -> Reserved | None:
        if found is not None and not self._fits(_REQUEST, (caller, key, *found)):
            raise RowEdited(_REQUEST, key)
        return found

    def _sealed_key(self, key: StoredKey) -> StoredKey:
        return key._replace(mac=self._seal(KEY, key[:-1]))

    def _sealed_session(self, session: StoredSession) -> StoredSession:
        return session._replace(mac=self._seal(_SESSION, session[:-1]))

    def _seal(self, kind: str, columns: Sequence[object]) -> str:
        return self._mac(kind, json.dumps(columns, default=repr).encode())  # SQLite may give any type

    def _fits(self, kind: str, row: Sequence[object]) -> bool:
        *columns, mac = row
        return isinstance(mac, str) and hmac.compare_digest(mac.encode(), self._seal(kind, columns).encode())
