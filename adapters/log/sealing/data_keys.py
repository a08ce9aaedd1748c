"""The data keys of people: found, made, unwrapped, and remembered for a short while."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from typing import Final

from cryptography.exceptions import InvalidTag

from adapters.log.sealing.boxes import DataKey
from adapters.log.sealing.keys import KEY_SIZE, KeyEncryptionKey, KeyStore, WrappedKey
from domain.errors import Misconfigured

LIFETIME: Final = 10.0  # seconds an opened key is remembered: an erasure elsewhere is felt here after that
KEYS_CAME_BACK: Final = (
    "the key store came from a backup and holds keys of erased people again: destroy them with tweeluik erase --reapply"
)
_ENTRIES: Final = 50_000  # keys remembered at most, and people
_AT_ONCE: Final = 1_000  # names asked of the key store in one query


class Keys:
    """Opened keys: by subject and retention class to seal, by id to open; None where the key was destroyed.

    `erased` are ids that the log knows to be destroyed: one that is in the store all the same came from a backup.
    """

    __slots__ = ("born", "by_id", "erased", "rings")

    def __init__(self, erased: Set[str]) -> None:
        self.born = time.monotonic()
        self.erased = erased
        self.by_id: dict[str, DataKey | None] = {}
        self.rings: dict[str, dict[str, DataKey]] = {}


class DataKeys:
    """One key per subject and retention class. All remembered ones are forgotten together.

    `erased` tells the ids of keys that were destroyed and may never be used again.
    """

    def __init__(self, store: KeyStore, key: KeyEncryptionKey, lifetime: float, erased: Callable[[], Set[str]]) -> None:
        self._store = store
        self._key = key
        self._lifetime = lifetime
        self._erased = erased
        self._keys: Keys | None = None

    def current(self) -> Keys:
        """What is remembered now; the methods below add to it. Good for one append or one page."""
        keys = self._keys
        if (
            keys is None
            or time.monotonic() - keys.born > self._lifetime
            or len(keys.by_id) > _ENTRIES
            or len(keys.rings) > _ENTRIES
        ):
            self._keys = keys = Keys(self._erased())
        return keys

    def load(self, subjects: Set[str], keys: Keys) -> None:
        """Every key of these people."""
        rings = keys.rings
        unknown = [subject for subject in subjects if subject not in rings]
        if unknown:
            self._read(unknown, keys)

    def load_ids(self, key_ids: Set[str], keys: Keys) -> None:
        """These keys, whoever they belong to."""
        for unknown in _batches(key_id for key_id in key_ids if key_id not in keys.by_id):
            found: dict[str, DataKey | None] = dict.fromkeys(unknown)
            there = (each for each in self._store.with_ids(unknown) if each.key_id not in keys.erased)
            found.update((each.key_id, unwrapped(self._key, each)) for each in there)
            keys.by_id.update(found)  # at once: another thread must not take a key for destroyed

    def provide(self, needed: Mapping[str, Set[str]], keys: Keys) -> None:
        """The keys of these classes of each subject; those that are not there are made, and committed on return.

        Raises Misconfigured when a key that was destroyed stands in the place of a new one.
        """
        self.load(needed.keys(), keys)
        missing = [
            self._fresh(subject, retention)
            for subject, retentions in needed.items()
            for retention in sorted(retentions)
            if retention not in keys.rings[subject]
        ]
        if missing:
            self._store.add(missing)
            self._read({key.subject for key in missing}, keys)  # another process may have been first
            if any(key.retention not in keys.rings[key.subject] for key in missing):
                raise Misconfigured(KEYS_CAME_BACK)

    def destroy(self, subject: str, retention: str) -> None:
        self._store.destroy(subject, retention)
        self._keys = None

    def _read(self, subjects: Iterable[str], keys: Keys) -> None:
        for names in _batches(subjects):
            rings: dict[str, dict[str, DataKey]] = {name: {} for name in names}
            for wrapped in self._store.of_subjects(names):
                if wrapped.key_id in keys.erased:
                    continue
                key = unwrapped(self._key, wrapped)
                keys.by_id[key.key_id] = rings[wrapped.subject][wrapped.retention] = key
            keys.rings.update(rings)

    def _fresh(self, subject: str, retention: str) -> WrappedKey:
        key_id = secrets.token_urlsafe(9)
        wrapped = self._key.wrap(os.urandom(KEY_SIZE), _context(key_id, subject, retention))
        return WrappedKey(key_id, subject, retention, wrapped)

    def fresh(self, key_ids: Set[str]) -> list[DataKey]:
        """These keys as the store has them now; those that were destroyed are not among them."""
        erased = self._erased()
        return [
            unwrapped(self._key, each) for each in self._store.with_ids(sorted(key_ids)) if each.key_id not in erased
        ]


def unwrapped(key: KeyEncryptionKey, wrapped: WrappedKey) -> DataKey:
    """Raises Misconfigured when the row is not as it was stored."""
    key_id, subject, retention, box = wrapped
    try:
        plain = key.unwrap(box, _context(key_id, subject, retention))
    except InvalidTag as cause:
        raise Misconfigured(f"the data key {key_id} was damaged; restore the key store") from cause
    return DataKey.of(key_id, subject, retention, plain)


def _context(key_id: str, subject: str, retention: str) -> str:
    return f"data key {key_id} {subject} {retention}"


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    rest = list(names)
    for start in range(0, len(rest), _AT_ONCE):
        yield rest[start : start + _AT_ONCE]
