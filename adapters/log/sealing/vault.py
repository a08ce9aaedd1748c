"""Seals and opens the personal values of events, and keeps secrets; keys live in a store of their own."""

from __future__ import annotations

import hmac
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final, TypeAlias

import msgspec
from cryptography.exceptions import InvalidTag

from adapters.log.places import with_personal_changed
from adapters.log.proof.certificate import FieldKey
from adapters.log.sealing.boxes import SALT_SIZE, Closing, DataKey, Opening, event_bound
from adapters.log.sealing.data_keys import LIFETIME, DataKeys, Keys
from adapters.log.sealing.key_check import KeyCheck
from adapters.log.sealing.keys import KEY_SIZE, KeyEncryptionKey, KeyStore
from adapters.log.sealing.old_boxes import OldEvent, has_event_key
from adapters.log.sealing.opening import keys_of, old_handles, opened_event, openings, subject_of
from domain.attributes import retention_of
from domain.errors import Misconfigured
from domain.log import Fact, Recorded, StreamId
from domain.personal import Box, Lost, Retention, Sealed
from domain.values import NOT_OBSERVED, Absence, SubjectRef

_MAC_KEY: Final = "row-mac-key"
_SALTS: Final = 64  # drawn at once, never kept beyond one append: a fork must not repeat them
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

    def sealed(self, facts: Sequence[Unsealed]) -> list[tuple[Fact, tuple[Box, ...]]]:
        """The facts of (stream, version, fact) with every text in a personal place sealed for its subject, and in what.

        Keys that are missing are made and committed first. A value that was lost is recorded as not observed; a
        handle of another event is refused, since it could never be opened here.
        """
        keys, salts = self._keys.current(), _salts()
        try:
            return [_sealed(*each, keys, salts) for each in facts]
        except KeyError:
            self._keys.provide(_needed(facts), keys)
            return [_sealed(*each, keys, salts) for each in facts]

    def opened(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        keys = self._keys.current()
        self._keys.load({subject_of(each.fact) for each in recorded}, keys)
        try:
            return tuple([opened_event(each, keys.by_id) for each in recorded])
        except KeyError:  # a key that was destroyed, or another person's
            self._keys.load_ids(_key_ids(recorded), keys)
            return tuple([opened_event(each, keys.by_id) for each in recorded])

    def marked(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        keys = self._keys.current()
        self._keys.load_ids(_key_ids(recorded), keys)
        return tuple(_marked(each, keys.by_id) for each in recorded)

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
        """Of an event of the second format the keys that open its values and nothing else; else none (AUD-8).

        Values of the first format have no key that opens nothing else, those of the third need none: see `openings`.
        """
        event, subject = OldEvent(recorded.stream, recorded.version), subject_of(recorded.fact)
        found = self._keys.fresh({str(each.key_id) for each in old_handles(recorded) if has_event_key(each)})
        return tuple(
            FieldKey(key.key_id, subject, key.retention, event.key(key)) for key in found if key.subject == subject
        )

    def openings(self, recorded: Recorded) -> tuple[Opening, ...]:
        """What proves the values in the boxes of this event, to be given to whoever may read them (AUD-8)."""
        keys: dict[str, DataKey | None] = dict.fromkeys(_key_ids([recorded]))
        keys.update((key.key_id, key) for key in self._keys.fresh(keys.keys()))
        return openings(recorded, keys)

    def destroy(self, subject: SubjectRef, retention: Retention) -> None:
        """Every value of this person and class is lost, here now and within LIFETIME everywhere; `wipe` is owed."""
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


def _sealed(
    stream: StreamId, version: int, fact: Fact, keys: Keys, salts: Iterator[bytes]
) -> tuple[Fact, tuple[Box, ...]]:
    ring = keys.rings.get(subject_of(fact), _NO_KEYS)
    closing: dict[str, Closing] = {}  # by retention class

    def change(value: Any, place: str, field: str | None) -> Any:
        if type(value) is not str:
            return _recordable(value, place)
        retention = _class_of(field)
        box = closing.get(retention)
        if box is None:
            box = closing[retention] = Closing(len(closing), ring[retention])
        return box.put(value, place)

    fact = with_personal_changed(fact, change)
    if not closing:
        return fact, ()
    event = event_bound(stream, version)
    return fact, tuple([box.box(event, next(salts)) for box in closing.values()])


def _marked(recorded: Recorded, by_id: Mapping[str, DataKey | None]) -> Recorded:
    def change(value: Any, *_: Any) -> Any:
        key_id = recorded.key_of(value) if type(value) is Sealed else None
        return value if key_id is None or by_id[key_id] is not None else Lost.SHREDDED

    return msgspec.structs.replace(recorded, fact=with_personal_changed(recorded.fact, change))


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
                if not subject_of(fact):
                    raise ValueError(f"{type(fact).__name__} holds personal values and names no subject")
                needed.setdefault(subject_of(fact), set()).add(_class_of(field))
            return value

        with_personal_changed(fact, note)
    return needed


def _key_ids(recorded: Iterable[Recorded]) -> set[str]:
    return set().union(*map(keys_of, recorded))


@lru_cache
def _class_of(field: str | None) -> str:
    return retention_of(field).value


def _salts() -> Iterator[bytes]:
    while True:
        drawn = os.urandom(SALT_SIZE * _SALTS)
        for start in range(0, len(drawn), SALT_SIZE):
            yield drawn[start : start + SALT_SIZE]


def _stored_name(name: str) -> str:
    return f"secret:{name}"
