"""Holds the key store against the log: a key that is needed and gone, that is another one, or back after an erasure.

One value of each key is opened, and forgotten: the authentication of the cipher tells whether it is the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from typing import Any, Final, NamedTuple

from adapters.log.mapper import recorded
from adapters.log.places import has_personal, with_personal_changed
from adapters.log.proof.verdicts import KeysHeld, Verdict, Verification
from adapters.log.proof.verify import LogUnreadable, StoredLog
from adapters.log.sealing.boxes import EventSeal
from adapters.log.sealing.data_keys import unwrapped
from adapters.log.sealing.keys import KeyEncryptionKey, KeyStore, WrappedKey
from domain.errors import Misconfigured
from domain.personal import Lost, Sealed

_PAGE: Final = 500


class Sample(NamedTuple):
    """The first value that a key has sealed, and where it lies."""

    position: int
    stream: str
    version: int
    subject: str
    place: str
    sealed: Sealed


class KeyCheck:
    """Remembers the id of each key it has met, and one page of events: memory grows with people, not with events."""

    def __init__(
        self, store: KeyStore, key: KeyEncryptionKey, destroyed: Callable[[], Set[str]], lost: Set[str]
    ) -> None:
        """`destroyed`: ids of the keys that erasures destroyed, as the log tells when asked; `lost`: known to be."""
        self._store, self._key, self._destroyed, self._lost = store, key, destroyed, lost

    def held_against(self, log: StoredLog, size: int) -> KeysHeld:
        """Raises LogUnreadable."""
        met: set[str] = set()
        gone: dict[str, int] = {}  # id -> position
        exchanged: dict[str, int] = {}
        for start in range(1, size + 1, _PAGE):
            fresh = _samples(log.events(start, min(_PAGE, size + 1 - start)), met)
            there = {each.key_id: each for each in self._store.with_ids(list(fresh))} if fresh else {}
            for key_id, sample in fresh.items():
                if key_id not in there:
                    gone[key_id] = sample.position
                elif not self._opens(there[key_id], sample):
                    exchanged[key_id] = sample.position
            met.update(fresh)
        destroyed = self._destroyed()  # after the look: what an erasure took meanwhile is not missed
        back = {each.key_id for names in _batches(sorted(destroyed)) for each in self._store.with_ids(names)}
        return KeysHeld(
            needed=len(met),
            gone=_by_position(gone, destroyed | self._lost),
            exchanged=_by_position(exchanged, destroyed | self._lost),
            back=tuple(sorted(back)),
        )

    def _opens(self, wrapped: WrappedKey, sample: Sample) -> bool:
        try:
            key = unwrapped(self._key, wrapped)
        except Misconfigured:
            return False
        seal = EventSeal(sample.stream, sample.version)
        return not isinstance(seal.open(key, sample.sealed, sample.subject, sample.place), Lost)


def with_keys(result: Verification, log: StoredLog, check: KeyCheck) -> Verification:
    """The verification of a log that was found sound, with its keys; any other verdict stays as it is."""
    if not result.ok:
        return result
    try:
        found = check.held_against(log, result.size)
    except LogUnreadable as error:
        return replace(result, verdict=Verdict.UNVERIFIABLE, reason=f"the log cannot be read: {error}")
    if found.ok:
        return replace(result, keys=found)
    first = min((position for _, position in (*found.gone, *found.exchanged)), default=None)
    return replace(result, verdict=Verdict.KEYS_DIFFER, reason=str(found), first=first, last=first, keys=found)


def _samples(rows: Iterable[Any], met: Set[str]) -> dict[str, Sample]:
    fresh: dict[str, Sample] = {}
    for rowid, stream, version, name, state, _ in rows:
        if not has_personal(name):
            continue
        fact = recorded((rowid - 1, stream, version, name, state)).fact
        subject = getattr(fact, "subject", "")
        at = (rowid - 1, stream, version, subject)

        def note(value: Any, place: str, _: str | None, at: tuple[int, str, int, str] = at) -> Any:
            if type(value) is Sealed and value.key_id not in met and value.key_id not in fresh:
                fresh[value.key_id] = Sample(*at, place, value)
            return value

        with_personal_changed(fact, note)
    return fresh


def _by_position(found: dict[str, int], destroyed: Set[str]) -> tuple[tuple[str, int], ...]:
    left = ((key_id, position) for key_id, position in found.items() if key_id not in destroyed)
    return tuple(sorted(left, key=lambda one: one[1]))


def _batches(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + _PAGE] for start in range(0, len(names), _PAGE))
