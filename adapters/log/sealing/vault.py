"""Seals and opens the personal values of events, and keeps secrets; keys live in a store of their own."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag

from adapters.log.places import with_personal_changed
from adapters.log.proof.certificate import FieldKey
from adapters.log.sealing.boxes import DataKey, EventSeal, has_event_key
from adapters.log.sealing.data_keys import LIFETIME, DataKeys, Keys
from adapters.log.sealing.key_check import KeyCheck
from adapters.log.sealing.keys import KEY_SIZE, NONCE_SIZE, KeyEncryptionKey, KeyStore
from domain.attributes import retention_of
from domain.errors import Misconfigured
from domain.log import Fact, Recorded, StreamId
from domain.personal import Lost, Retention, Sealed
from domain.values import NOT_OBSERVED, Absence, SubjectRef

_MAC_KEY: Final = "row-mac-key"
_NONCES: Final = 64  # drawn at once, never kept beyond one append: a fork must not repeat them
_NO_KEYS: Final[dict[str, DataKey]] = {}

Unsealed: TypeAlias = tuple[StreamId, int, Fact]


class KeyVault:
    """`domain.log.Vault`, and the sealing that the log does before it appends."""

    def __init__(self, store: KeyStore, key: KeyEncryptionKey, *, lifetime: float = LIFETIME) -> None:
        self._store = store
        self._key = key
        self.erased: Callable[[], Set[str]] = frozenset
        """Ids of destroyed keys, as the log tells them; asked again whenever keys are read anew."""
        self._keys = DataKeys(store, key, lifetime, lambda: self.erased())
        self._mac_key: bytes | None = None

    def sealed(self, facts: Sequence[Unsealed]) -> list[Fact]:
        """The facts of (stream, version, fact) with every text in a personal place sealed for its subject.

        Keys that are missing are made and committed first. A value that was lost is recorded as not observed; a
        handle of another event is refused, since it could never be opened here.
        """
        keys, nonces = self._keys.current(), _nonces()
        try:
            return [_sealed(*each, keys, nonces) for each in facts]
        except KeyError:
            self._keys.provide(_needed(facts), keys)
            return [_sealed(*each, keys, nonces) for each in facts]

    def opened(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        keys = self._keys.current()
        self._keys.load({_subject(each.fact) for each in recorded}, keys)
        try:
            return tuple([_opened(each, keys) for each in recorded])
        except KeyError:  # a key that was destroyed, or another person's
            self._keys.load_ids(_key_ids(recorded), keys)
            return tuple([_opened(each, keys) for each in recorded])

    def marked(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        keys = self._keys.current()
        self._keys.load_ids(_key_ids(recorded), keys)

        def change(value: Any, *_: Any) -> Any:
            return Lost.SHREDDED if type(value) is Sealed and keys.by_id[value.key_id] is None else value

        return tuple(msgspec.structs.replace(each, fact=with_personal_changed(each.fact, change)) for each in recorded)

    def subject(self) -> SubjectRef:
        return SubjectRef(secrets.token_urlsafe(12))

    def keyed_digest(self, purpose: str, data: bytes) -> str:
        return self._key.digest(purpose, data)

    def mac(self, kind: str, data: bytes) -> str:
        """A hex MAC that only holders of the key-encryption key can make, the same after that key was exchanged.

        Its key is random and lies in the key store, wrapped as everything there is.
        """
        if self._mac_key is None:
            box = self._store.secret(_MAC_KEY) or self._store.add_secret(
                _MAC_KEY, self._key.wrap(os.urandom(KEY_SIZE), _MAC_KEY)
            )
            try:
                self._mac_key = self._key.unwrap(box, _MAC_KEY)
            except InvalidTag as cause:
                raise Misconfigured("the key of the MACs was damaged; restore the key store") from cause
        return hmac.digest(self._mac_key, len(kind).to_bytes(4, "big") + kind.encode() + data, "sha256").hex()

    def field_keys(self, recorded: Recorded) -> tuple[FieldKey, ...]:
        """The keys that open this event's values and nothing else; none for values of the first format (AUD-8)."""
        event, subject = EventSeal(recorded.stream, recorded.version), _subject(recorded.fact)
        found = self._keys.fresh(_key_ids([recorded], has_event_key))
        return tuple(
            FieldKey(key.key_id, subject, key.retention, event.key(key)) for key in found if key.subject == subject
        )

    def destroy(self, subject: SubjectRef, retention: Retention) -> None:
        """Erase: every value of this person and class is lost, here now and within LIFETIME everywhere."""
        self._keys.destroy(subject, retention.value)

    def wipe(self) -> None:
        self._store.wipe()

    def check(self, lost: Set[str]) -> KeyCheck:
        """Of the key store against the log; `lost`: ids of keys that are known to be."""
        return KeyCheck(self._store, self._key, self.erased, lost)

    def held(self, subject: SubjectRef) -> tuple[tuple[Retention, str], ...]:
        return tuple((Retention(key.retention), key.key_id) for key in self._store.of_subjects([subject]))

    def present(self, key_ids: Set[str]) -> frozenset[str]:
        return frozenset(key.key_id for key in self._store.with_ids(sorted(key_ids)))

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
    def replacing(self, name: str) -> Iterator[Callable[[str], None]]:
        """Hold the right to replace a secret, against every process, with the store open for writing.

        What is handed to the function that is given is durable when it returns. Free again when the holder dies.
        """
        place = _stored_name(name)
        with self._store.replacing(place) as held:
            yield lambda value: held.store(self._key.wrap(value.encode(), place))


def _sealed(stream: StreamId, version: int, fact: Fact, keys: Keys, nonces: Iterator[bytes]) -> Fact:
    ring = keys.rings.get(_subject(fact), _NO_KEYS)
    seal = EventSeal(stream, version).seal

    def change(value: Any, place: str, field: str | None) -> Any:
        if type(value) is str:
            return seal(ring[_class_of(field)], next(nonces), value, place)
        return _recordable(value, place)

    return with_personal_changed(fact, change)


def _opened(recorded: Recorded, keys: Keys) -> Recorded:
    position, stream, version, fact = recorded.position, recorded.stream, recorded.version, recorded.fact
    subject, by_id = _subject(fact), keys.by_id
    open_sealed = EventSeal(stream, version).open

    def change(value: Any, place: str, _: str | None) -> Any:
        if type(value) is not Sealed:
            return value
        key = by_id[value.key_id]
        return Lost.SHREDDED if key is None else open_sealed(key, value, subject, place)

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
                if not _subject(fact):
                    raise ValueError(f"{type(fact).__name__} holds personal values and names no subject")
                needed.setdefault(_subject(fact), set()).add(_class_of(field))
            return value

        with_personal_changed(fact, note)
    return needed


def _key_ids(recorded: Iterable[Recorded], wanted: Callable[[Sealed], bool] = lambda _: True) -> set[str]:
    found: set[str] = set()

    def note(value: Any, *_: Any) -> Any:
        if type(value) is Sealed and wanted(value):
            found.add(value.key_id)
        return value

    for each in recorded:
        with_personal_changed(each.fact, note)
    return found


@lru_cache
def _class_of(field: str | None) -> str:
    return retention_of(field).value


def _subject(fact: Fact) -> str:
    return getattr(fact, "subject", "")


def _nonces() -> Iterator[bytes]:
    while True:
        drawn = os.urandom(NONCE_SIZE * _NONCES)
        for start in range(0, len(drawn), NONCE_SIZE):
            yield drawn[start : start + NONCE_SIZE]


def _stored_name(name: str) -> str:
    return f"secret:{name}"
