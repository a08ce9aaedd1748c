"""A MAC in every stored event, so that what somebody puts into the database past Tweeluik is told apart (LOG-2).

It ends the stored bytes, `…,"mac":"<32 hex digits>"}`, and covers stream, version, name and all bytes before it. The
position is not in it: that is given under the lock, and stream and version name an event as well.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from cryptography.exceptions import InvalidTag

from adapters.log.mapper import Placed, Row
from adapters.log.sealing.keys import KEY_SIZE, KeyEncryptionKey, KeyStore
from domain.errors import Misconfigured

_STORED_AS: Final = "event-mac-key"
_SIZE: Final = 16  # bytes
_PERSON: Final = b"tweeluik/1 mac"
_OPEN: Final = b',"mac":"'
_CLOSE: Final = b'"}'
_LENGTH: Final = len(_OPEN) + 2 * _SIZE + len(_CLOSE)


class _Kept(NamedTuple):
    """What lies in the key store, wrapped: lost together, and never the one without the other."""

    key: bytes
    since: int


class EventMacs:
    """Makes and checks the MACs of one log.

    Events before a position count without: they were stored before there were MACs, or somebody said that they stay.
    """

    def __init__(self, key: bytes, since: int, since_now: Callable[[], int]) -> None:
        """`since_now`: asked where an event has no MAC of ours, since another process may have moved that position."""
        self._since, self._since_now, self._key = since, since_now, key
        self._begun = blake2b(key=key, digest_size=_SIZE, person=_PERSON)

    def as_now(self) -> tuple[bytes, int]:
        """The key, and since when events need one: what another process of ours judges them by."""
        return self._key, self._since

    def sealed(self, row: Row) -> Row:
        stream, version, name, state = row
        body = state[:-1]
        return Row(stream, version, name, body + self._end(stream, version, name, body))

    def ours(self, position: int, stream: Any, version: Any, name: Any, state: Any) -> bool:
        """Whether this event counts; a damaged row may hold anything anywhere."""
        if position < self._since or self._wrote(stream, version, name, state):
            return True
        self._since = self._since_now()
        return position < self._since

    def foreign(self, rows: Iterable[Placed]) -> int | None:
        """The position of the first of these rows that does not count."""
        ours = self.ours
        for position, stream, version, name, state in rows:
            if not ours(position, stream, version, name, state):
                return position
        return None

    def _wrote(self, stream: Any, version: Any, name: Any, state: Any) -> bool:
        try:
            body, end = state[:-_LENGTH], state[-_LENGTH:]
            return hmac.compare_digest(end, self._end(stream, version, name, body))
        except (TypeError, ValueError):
            return False

    def _end(self, stream: str, version: int, name: str, body: bytes) -> bytes:
        mac = self._begun.copy()
        mac.update(f"{name}\0{version}\0{len(stream)}\0{stream}".encode() + body)
        return _OPEN + mac.hexdigest().encode() + _CLOSE


class StoredMacs:
    """The key of the MACs in the key store, and since when there are any. Every method raises Misconfigured."""

    def __init__(self, store: KeyStore, key: KeyEncryptionKey) -> None:
        self._store, self._key = store, key

    def begun(self, size: Callable[[], int]) -> EventMacs:
        """Those of a log that holds `size` events, begun now where there are none."""
        if self._store.secret(_STORED_AS) is None:
            self._store.add_secret(_STORED_AS, self._wrapped(_Kept(os.urandom(KEY_SIZE), size())))
        return self._macs(self._kept())

    def there(self) -> EventMacs | None:
        """None where no event has one yet."""
        return None if self._store.secret(_STORED_AS) is None else self._macs(self._kept())

    def take_over(self, size: int) -> None:
        """Events before this position count from now on, whoever stored them."""
        self._store.store_secret(_STORED_AS, self._wrapped(self._kept()._replace(since=size)))

    def _macs(self, kept: _Kept) -> EventMacs:
        return EventMacs(kept.key, kept.since, lambda: self._kept().since)

    def _wrapped(self, kept: _Kept) -> bytes:
        return self._key.wrap(kept.key + kept.since.to_bytes(8, "big"), _STORED_AS)

    def _kept(self) -> _Kept:
        try:
            plain = self._key.unwrap(self._store.secret(_STORED_AS) or b"", _STORED_AS)
        except (InvalidTag, ValueError) as cause:
            raise Misconfigured("the key of the events' MACs is damaged or gone; restore the key store") from cause
        return _Kept(plain[:KEY_SIZE], int.from_bytes(plain[KEY_SIZE:], "big"))
