"""Seals and opens the personal values of events, and keeps secrets; keys live in a store of their own."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

from cryptography.exceptions import InvalidTag

from adapters.log.keys import KEY_SIZE, NONCE_SIZE, KeyEncryptionKey, KeyStore, WrappedKey
from adapters.log.places import with_personal_changed
from adapters.log.sealing import DataKey, bound_to, open_sealed, seal
from domain.attributes import retention_of
from domain.errors import Misconfigured
from domain.log import Fact, Recorded, StreamId
from domain.personal import Lost, Retention, Sealed
from domain.values import NOT_OBSERVED, Absence, SubjectRef

LIFETIME: Final = 10.0  # seconds an opened key is remembered: an erasure elsewhere is felt here after that
_ENTRIES: Final = 50_000
_IDS_AT_ONCE: Final = 1_000
_NONCES: Final = 64  # drawn at once, never kept beyond one append: a fork must not repeat them

_NO_KEYS: Final[dict[str, DataKey]] = {}
_V = TypeVar("_V")
Unsealed = tuple[StreamId, int, Fact]


class KeyVault:
    """`domain.log.Vault`, and the sealing that the log does before it appends."""

    def __init__(self, store: KeyStore, key: KeyEncryptionKey, *, lifetime: float = LIFETIME) -> None:
        self._store = store
        self._key = key
        self._rings: _ShortLived[dict[str, DataKey]] = _ShortLived(lifetime)  # subject -> retention class -> key
        self._keys: _ShortLived[DataKey | None] = _ShortLived(lifetime)  # key id -> key, None once destroyed

    def sealed(self, facts: Sequence[Unsealed]) -> list[Fact]:
        """The facts of (stream, version, fact) with every text in a personal place sealed for its subject.

        Keys that are missing are made and committed first. A value that was lost is recorded as not observed; a
        handle of another event is refused, since it could never be opened here.
        """
        rings, nonces = self._rings.current(), _nonces()
        try:
            return [_sealed(*each, rings, nonces) for each in facts]
        except KeyError:
            rings = self._rings_of(facts)
            return [_sealed(*each, rings, nonces) for each in facts]

    def opened(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        keys = self._keys.current()
        try:
            return tuple([_opened(each, keys) for each in recorded])
        except KeyError:
            keys = self._keys_of(recorded)
            return tuple([_opened(each, keys) for each in recorded])

    def subject(self) -> SubjectRef:
        return SubjectRef(secrets.token_urlsafe(12))

    def keyed_digest(self, purpose: str, data: bytes) -> str:
        return self._key.digest(purpose, data)

    def destroy(self, subject: SubjectRef, retention: Retention) -> None:
        """Erase: every value of this person and class is lost, here now and within LIFETIME everywhere."""
        self._store.destroy(subject, retention)
        self._rings.clear()
        self._keys.clear()

    def secret(self, name: str) -> str | None:
        box = self._store.secret(_stored_name(name))
        try:
            return None if box is None else self._key.unwrap(box, _stored_name(name)).decode()
        except InvalidTag as cause:
            raise Misconfigured(f"the stored secret {name} was damaged; store it again") from cause

    def store_secret(self, name: str, value: str) -> None:
        """Durable and encrypted on return."""
        self._store.store_secret(_stored_name(name), self._key.wrap(value.encode(), _stored_name(name)))

    @contextmanager
    def refreshing(self, name: str) -> Iterator[None]:
        """Hold the right to replace a secret, against every process; free again when the holder dies."""
        with self._store.lock(name):
            yield

    def _rings_of(self, facts: Sequence[Unsealed]) -> dict[str, dict[str, DataKey]]:
        """The keys these facts need, made where there are none."""
        needed = _needed(facts)
        rings = self._read_rings(needed)
        missing = [
            self._fresh(subject, retention)
            for subject, retentions in needed.items()
            for retention in sorted(retentions - rings.get(subject, {}).keys())
        ]
        if missing:
            self._store.add(missing)
            rings = self._read_rings(needed)  # another process may have been first
        self._rings.current().update(rings)
        return rings

    def _read_rings(self, subjects: Iterable[str]) -> dict[str, dict[str, DataKey]]:
        rings: dict[str, dict[str, DataKey]] = {}
        for wrapped in self._store.of_subjects(list(subjects)):
            rings.setdefault(wrapped.subject, {})[wrapped.retention] = self._unwrapped(wrapped)
        return rings

    def _keys_of(self, recorded: Sequence[Recorded]) -> dict[str, DataKey | None]:
        known = self._keys.current()
        keys = {key_id: known.get(key_id) for key_id in _key_ids(recorded)}
        asked = [key_id for key_id in keys if key_id not in known]
        for start in range(0, len(asked), _IDS_AT_ONCE):
            found = self._store.with_ids(asked[start : start + _IDS_AT_ONCE])
            keys.update((wrapped.key_id, self._unwrapped(wrapped)) for wrapped in found)
        known.update(keys)
        return keys

    def _fresh(self, subject: str, retention: str) -> WrappedKey:
        key_id = secrets.token_urlsafe(9)
        return WrappedKey(
            key_id, subject, retention, self._key.wrap(os.urandom(KEY_SIZE), _context(key_id, subject, retention))
        )

    def _unwrapped(self, wrapped: WrappedKey) -> DataKey:
        key_id, subject, retention, box = wrapped
        try:
            plain = self._key.unwrap(box, _context(key_id, subject, retention))
        except InvalidTag as cause:
            raise Misconfigured(f"the data key {key_id} was damaged; restore the key store") from cause
        return DataKey.of(key_id, subject, retention, plain)


class _ShortLived(Generic[_V]):
    """A cache that forgets everything at the end of its lifetime, or when it is full."""

    def __init__(self, lifetime: float) -> None:
        self._lifetime = lifetime
        self._entries: dict[str, _V] = {}
        self._born = time.monotonic()

    def current(self) -> dict[str, _V]:
        now = time.monotonic()
        if now - self._born > self._lifetime or len(self._entries) > _ENTRIES:
            self._entries, self._born = {}, now
        return self._entries

    def clear(self) -> None:
        self._entries = {}


def _sealed(
    stream: StreamId, version: int, fact: Fact, rings: dict[str, dict[str, DataKey]], nonces: Iterator[bytes]
) -> Fact:
    ring = rings.get(getattr(fact, "subject", ""), _NO_KEYS)
    event = bound_to(stream, version)

    def change(value: Any, place: str, field: str | None) -> Any:
        if type(value) is str:
            return seal(ring[_class_of(field)], next(nonces), value, event, place)
        return _recordable(value, place)

    return with_personal_changed(fact, change)


def _opened(recorded: Recorded, keys: dict[str, DataKey | None]) -> Recorded:
    position, stream, version, fact = recorded.position, recorded.stream, recorded.version, recorded.fact
    subject: str = getattr(fact, "subject", "")
    event = bound_to(stream, version)

    def change(value: Any, place: str, _: str | None) -> Any:
        if type(value) is not Sealed:
            return value
        key = keys[value.key_id]
        return Lost.SHREDDED if key is None else open_sealed(key, value, subject, event, place)

    opened = with_personal_changed(fact, change)
    return recorded if opened is fact else Recorded(position, stream, version, recorded.name, recorded.meta, opened)


def _recordable(value: Any, place: str) -> Absence:
    if isinstance(value, Absence):
        return value
    if isinstance(value, Lost):
        return NOT_OBSERVED
    raise TypeError(f"{place} holds {type(value).__name__}: open the value before it is recorded again")


def _needed(facts: Iterable[Unsealed]) -> dict[str, set[str]]:
    """Subject -> retention classes that have a text in these facts."""
    needed: dict[str, set[str]] = {}
    for _, _, fact in facts:

        def note(value: Any, _: str, field: str | None, fact: Fact = fact) -> Any:
            if type(value) is str:
                needed.setdefault(_subject(fact), set()).add(_class_of(field))
            return value

        with_personal_changed(fact, note)
    return needed


def _key_ids(recorded: Iterable[Recorded]) -> set[str]:
    found: set[str] = set()

    def note(value: Any, *_: Any) -> Any:
        if type(value) is Sealed:
            found.add(value.key_id)
        return value

    for each in recorded:
        with_personal_changed(each.fact, note)
    return found


@lru_cache
def _class_of(field: str | None) -> str:
    return retention_of(field).value


def _subject(fact: Fact) -> str:
    subject: str = getattr(fact, "subject", "")
    if not subject:
        raise ValueError(f"{type(fact).__name__} holds personal values and names no subject")
    return subject


def _nonces() -> Iterator[bytes]:
    while True:
        drawn = os.urandom(NONCE_SIZE * _NONCES)
        for start in range(0, len(drawn), NONCE_SIZE):
            yield drawn[start : start + NONCE_SIZE]


def _context(key_id: str, subject: str, retention: str) -> str:
    return f"data key {key_id} {subject} {retention}"


def _stored_name(name: str) -> str:
    return f"secret:{name}"
