"""Holds the key store against the log: a key that is needed and gone, that is another one, or back after an erasure.

One value of each key is opened, and forgotten: the authentication of the cipher tells whether it is the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import replace
from typing import Any, Final

from adapters.log.mapper import recorded
from adapters.log.places import has_personal
from adapters.log.proof.rows import LogUnreadable, StoredLog
from adapters.log.proof.verdicts import KeysHeld, Verdict, Verification
from adapters.log.sealing.data_keys import unwrapped
from adapters.log.sealing.keys import KeyEncryptionKey, KeyStore, WrappedKey
from adapters.log.sealing.opening import keys_of, opens
from domain.errors import Misconfigured
from domain.log import Recorded

_PAGE: Final = 500


class KeyCheck:
    """Remembers the id of each key it has met, and one page of events: memory grows with people, not with events."""

    def __init__(
        self, store: KeyStore, key: KeyEncryptionKey, destroyed: Callable[[], Set[str]], lost: Set[str]
    ) -> None:
        """`destroyed`: ids of the keys that erasures destroyed, as the log tells when asked; `lost`: known to be."""
        self._store, self._key, self._destroyed, self._lost = store, key, destroyed, lost

    def held_against(self, log: StoredLog, size: int, since: int = 0) -> KeysHeld:
        """By the values of the events from `since` on. Raises LogUnreadable."""
        met: set[str] = set()
        gone: dict[str, int] = {}  # id -> position
        exchanged: dict[str, int] = {}
        for start in range(since + 1, size + 1, _PAGE):
            fresh = _first_uses(log.events(start, min(_PAGE, size + 1 - start)), met)
            there = {each.key_id: each for each in self._store.with_ids(list(fresh))} if fresh else {}
            for key_id, first in fresh.items():
                if key_id not in there:
                    gone[key_id] = first.position
                elif not self._opens(there[key_id], first):
                    exchanged[key_id] = first.position
            met.update(fresh)
        destroyed = self._destroyed()  # after the look: what an erasure took meanwhile is not missed
        back = {each.key_id for names in _batches(sorted(destroyed)) for each in self._store.with_ids(names)}
        return KeysHeld(
            needed=len(met),
            gone=_by_position(gone, destroyed | self._lost),
            exchanged=_by_position(exchanged, destroyed | self._lost),
            back=tuple(sorted(back)),
        )

    def _opens(self, wrapped: WrappedKey, first: Recorded) -> bool:
        try:
            key = unwrapped(self._key, wrapped)
        except Misconfigured:
            return False
        return opens(key, first)


def with_keys(result: Verification, log: StoredLog, check: KeyCheck) -> Verification:
    """The verification of a log that was found sound, with its keys; any other verdict stays as it is."""
    if not result.ok:
        return result
    try:
        found = check.held_against(log, result.size, result.since)
    except LogUnreadable as error:
        return replace(result, verdict=Verdict.UNVERIFIABLE, reason=f"the log cannot be read: {error}")
    if found.ok:
        return replace(result, keys=found)
    first = min((position for _, position in (*found.gone, *found.exchanged)), default=None)
    return replace(result, verdict=Verdict.KEYS_DIFFER, reason=str(found), first=first, last=first, keys=found)


def _first_uses(rows: Iterable[Any], met: Set[str]) -> dict[str, Recorded]:
    """The first event whose values each key that was not met yet has sealed."""
    fresh: dict[str, Recorded] = {}
    for rowid, stream, version, name, state, _ in rows:
        if has_personal(name):
            event = recorded((rowid - 1, stream, version, name, state))
            for key_id in keys_of(event) - met:
                fresh.setdefault(key_id, event)
    return fresh


def _by_position(found: dict[str, int], destroyed: Set[str]) -> tuple[tuple[str, int], ...]:
    left = ((key_id, position) for key_id, position in found.items() if key_id not in destroyed)
    return tuple(sorted(left, key=lambda one: one[1]))


def _batches(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[start : start + _PAGE] for start in range(0, len(names), _PAGE))
