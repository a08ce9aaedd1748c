"""Checks the log against itself and against every signed head, and says what is wrong and where (LOG-2).

Nothing is trusted: leaves are computed again from the stored events, tiles from the leaves, roots from the tiles, and
all are compared with what is stored and with the heads kept inside and outside the database.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Annotated, Any, Final, Protocol, TypeAlias

import msgspec

from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.cosignatures import WitnessKey
from adapters.log.proof.heads import Heads
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.tree import HASH_SIZE, TILE_WIDTH, Edge, Tile, leaf
from adapters.log.proof.verdicts import Verdict, Verification, Witnessed
from adapters.log.sealing.event_macs import EventMacs
from domain.grounds.readers import reader
from domain.log import Checkpoint

STALE_AFTER: Final = timedelta(minutes=10)
_PAGE: Final = 500
_FIRST_HEAD_WITHIN: Final = 600  # events: a head is signed at every hundred, and an append may bring five hundred
NOT_OURS: Final = "it was not stored by Tweeluik"
_LOWEST: Final = -(2**63)  # a row below 1 is seen too


StoredEvent: TypeAlias = tuple[Any, Any, Any, Any, Any, Any]
"""rowid (position + 1), stream, version, name, state, leaf; a damaged row may hold anything anywhere."""


class LogUnreadable(Exception):
    """The database could not be read; `damaged` when it says itself that its contents are broken."""

    def __init__(self, reason: str, *, damaged: bool) -> None:
        super().__init__(reason)
        self.damaged = damaged


class StoredLog(Protocol):
    """The log as it lies in the database, seen at one instant: that of the first read.

    Raises LogUnreadable, or LogUnavailable where the database broke off and nothing can be concluded.
    """

    def checkpoints(self) -> Iterable[tuple[object, object]]:
        """(machine, note) of every row of `log_checkpoints`."""
        ...

    def events(self, start: int, limit: int) -> Iterable[StoredEvent]:
        """Rows with this rowid and above, in order."""
        ...

    def stored_tile(self, level: int, index: int) -> tuple[object, object] | None:
        """(hashes, root) as stored."""
        ...

    def tile_count(self) -> int: ...

    def count(self) -> int:
        """How many rows the table of events has, wherever they are numbered."""
        ...

    def ever(self) -> int:
        """How many events the database says it ever held; 0 where it keeps no such count."""
        ...

    def faults(self) -> str | None:
        """What the database's own check of its files finds."""
        ...


def verify(
    log: StoredLog,
    copies: Copies,
    key: VerifierKey,
    *,
    now: datetime,
    witnesses: Sequence[WitnessKey] = (),
    seen: Iterable[str] = (),
    edge: Edge | None = None,
    macs: EventMacs | None = None,
) -> Verification:
    """One verdict, the gravest there is; of several damaged places the first. `seen`: heads the witnesses hold now.

    `edge`, if given, is empty, and grown to the end. Without `macs` an event that somebody else stored looks like ours.
    """
    heads = Heads(key)
    heads.outside(copies.notes())  # before the database: a head must never be ahead of the events it covers
    heads.seen(chain((note for _, note in copies.witnessed()), seen), witnesses)
    return replace(_judged(log, copies, heads, now, Edge() if edge is None else edge, macs), key=str(key))


def verify_tail(
    log: StoredLog,
    copies: Copies,
    key: VerifierKey,
    *,
    now: datetime,
    since: Checkpoint,
    edge: Edge,
    macs: EventMacs,
    witnesses: Sequence[WitnessKey] = (),
    seen: Iterable[str] = (),
) -> Verification:
    """What came after the head `since` that a verification found sound; `edge`, at its size, is grown to the end.

    Of everything before, only that no row is gone, and that both sides hold the same heads.
    """
    heads = Heads(key, since.size)
    heads.outside(copies.notes())
    heads.seen(seen, witnesses)
    return replace(_judged(log, copies, heads, now, edge, macs, since), key=str(key))


def _judged(
    log: StoredLog,
    copies: Copies,
    heads: Heads,
    now: datetime,
    edge: Edge,
    macs: EventMacs | None,
    since: Checkpoint | None = None,
) -> Verification:
    scan = _Scan(log, heads, edge, macs, since)
    try:
        heads.inside(log.checkpoints())
        return scan.damage() or scan.contradiction() or _doubt(log, scan, heads, copies, since) or scan.freshness(now)
    except LogUnreadable as error:
        if error.damaged and scan.edge.size:
            return scan.tampered(scan.edge.size, f"the database breaks off there: {error}")
        return Verification(Verdict.UNVERIFIABLE, scan.edge.size, f"the log cannot be read: {error}")


def _doubt(log: StoredLog, scan: _Scan, heads: Heads, copies: Copies, since: Checkpoint | None) -> Verification | None:
    if 0 < scan.edge.size < _FIRST_HEAD_WITHIN and heads.none:
        return scan.found(Verdict.STALE, "no event was signed yet", 0, scan.edge.size - 1)
    reason = heads.doubt(copies.machine, copies.notes()) or (log.faults() if since is None else None)
    if reason is None and scan.edge.size and scan.newest is None:
        reason = "no signed checkpoint covers any event"
    return None if reason is None else scan.found(Verdict.UNVERIFIABLE, reason)


class _Scan:
    """One pass over the events, growing the tree anew beside the stored one."""

    def __init__(
        self, log: StoredLog, heads: Heads, edge: Edge, macs: EventMacs | None, since: Checkpoint | None
    ) -> None:
        self.edge = edge
        self._macs = macs
        self.newest = since  # of the heads that agree
        self._log = log
        self._heads = heads
        self._agreed = [since.size] if since else []
        self._since = since
        self._refuted: list[int] = []
        self._witnessed: Witnessed | None = None  # the newest that agrees
        self._parted: Witnessed | None = None  # the first that does not

    def found(self, verdict: Verdict, reason: str, first: int | None = None, last: int | None = None) -> Verification:
        return Verification(
            verdict, self.edge.size, reason, first, last, checkpoint=self.newest, witnessed=self._witnessed
        )

    def tampered(self, position: int, reason: str) -> Verification:
        return self.found(Verdict.TAMPERED, f"event {position}: {reason}", position, position)

    def damage(self) -> Verification | None:
        """The first place where the events disagree with their own leaves and tiles."""
        while True:
            size = self.edge.size
            if damage := self._page(size + 1 if size else _LOWEST):
                return damage
            if self.edge.size == size:
                return None

    def _page(self, start: int) -> Verification | None:
        position, sound, fault = self.edge.size, [], None
        try:
            for rowid, stream, version, name, state, stored in self._log.events(start, _PAGE):
                fault = _fault(position, rowid, stream, version, name, state, stored)
                if fault is None and self._macs and not self._macs.ours(position, stream, version, name, state):
                    fault = NOT_OURS
                if fault is not None:
                    break
                sound.append(stored)
                position += 1
                if position in self._heads.by_size:
                    if damage := self._grow(sound):
                        return damage
                    self._compare_heads()
                    sound = []
        except LogUnreadable:
            if damage := self._grow(sound):
                return damage
            raise
        return self._grow(sound) or (None if fault is None else self.tampered(position, fault))

    def _grow(self, leaves: list[bytes]) -> Verification | None:
        found = (self._tile(tile) for tile in self.edge.extend(leaves))
        return next((damage for damage in found if damage is not None), None)

    def _tile(self, tile: Tile) -> Verification | None:
        stored = self._log.stored_tile(tile.level, tile.index)
        if stored == (tile.hashes, tile.root):
            return None
        at, count = 0, TILE_WIDTH  # the hashes of this tile that are in question
        if stored is not None and isinstance(stored[0], bytes) and len(stored[0]) == len(tile.hashes):
            differing = [each for each in range(TILE_WIDTH) if _hash(stored[0], each) != _hash(tile.hashes, each)]
            at, count = (differing[0], 1) if differing else (at, count)
        covered = TILE_WIDTH**tile.level  # events below each of its hashes
        first = (tile.index * TILE_WIDTH + at) * covered
        last = first + count * covered - 1
        if first == last:
            return self.tampered(first, "it and its leaf are not what the tree was built of")
        return self.found(Verdict.TAMPERED, f"events {first} to {last} are not what their tile says", first, last)

    def _compare_heads(self) -> None:
        size, root = self.edge.size, self.edge.root()
        self._compare_witnessed(size, root)
        agreeing = self._heads.by_size[size].get(root)
        if agreeing is not None:
            self._agreed.append(size)
            self.newest = agreeing
        else:
            self._refuted.append(size)

    def _compare_witnessed(self, size: int, root: bytes) -> None:
        for each in self._heads.by_size[size]:
            found = self._heads.witnessed_at(size, each)
            if found is not None and each == root:
                self._witnessed = found
            elif found is not None and self._parted is None:
                self._parted = found

    def contradiction(self) -> Verification | None:
        """Where the events, sound in themselves, are not those that were signed."""
        size, by_size = self.edge.size, self._heads.by_size
        twice = [each for each in by_size if len(by_size[each]) > 1]
        if self._refuted or twice:
            to = min([*self._refuted, *twice])
            since = max((each for each in self._agreed if each < to), default=0)
            if twice or max(self._agreed, default=0) > to:
                reason = f"two signed histories part between events {since} and {to - 1}{self._contradicted()}"
                return self.found(Verdict.FORKED, reason, since, to - 1)
            reason = f"of events {since} to {to - 1} at least one was rewritten together with its hashes"
            reason += self._contradicted()
            return self.found(Verdict.TAMPERED, reason, since, to - 1)
        beyond = [each for each in by_size if each > size]
        if beyond:
            found = self._heads.newest_witnessed()
            known = f", and {found} is gone" if found is not None and found.size > size else ""
            reason = f"the log ends after {size} events; {max(beyond)} were signed{known}"
            return self.found(Verdict.TRUNCATED, reason, size)
        if self._since is not None and (count := self._log.count()) != size:
            return self.found(Verdict.TAMPERED, f"the log has {count} rows and ends at event {size - 1}", 0, size - 1)
        if (ever := self._log.ever()) > size:
            return self.found(Verdict.TRUNCATED, f"the log ends after {size} events; it once held {ever}", size)
        if self._log.tile_count() > _tiles_of(size):
            return self.found(Verdict.TRUNCATED, f"the log ends after {size} events; its tree goes further", size)
        return None

    def _contradicted(self) -> str:
        return "" if self._parted is None else f"; {self._parted} is of another history than this log"

    def freshness(self, now: datetime) -> Verification:
        size, covered = self.edge.size, self.newest.size if self.newest else 0
        if covered < size:
            age = now - self._recorded_at(covered)
            if age > STALE_AFTER:
                reason = f"event {covered} is {age} old and no checkpoint covers it"
                return Verification(Verdict.STALE, size, reason, covered, size - 1, age, self.newest, self._witnessed)
        return self.found(Verdict.OK, f"{size} events, the first {covered} of them covered by a signed checkpoint")

    def _recorded_at(self, position: int) -> datetime:
        ((_, _, _, _, state, _),) = self._log.events(position + 1, 1)
        try:
            return reader(_Recorded).decode(state).recorded_at
        except msgspec.DecodeError as error:
            raise LogUnreadable(f"event {position} does not say when it was recorded", damaged=False) from error


def _fault(position: int, rowid: Any, stream: Any, version: Any, name: Any, state: Any, stored: Any) -> str | None:
    """What is wrong with one row, taken by itself."""
    if rowid != position + 1:
        return f"it is not there; the next row is numbered {rowid!r}"
    return row_fault(position, stream, version, name, state, stored)


def row_fault(position: int, stream: Any, version: Any, name: Any, state: Any, stored: Any) -> str | None:
    """What is wrong with a row at its place, by the leaf `stored` of it."""
    try:
        sound = leaf(position, stream, version, name, state) == stored
    except (TypeError, ValueError, AttributeError, struct.error):
        return "it holds what no event can hold"
    return None if sound else "it is not what its hash was made of"


class _Recorded(msgspec.Struct):
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]


def _hash(tile: bytes, at: int) -> bytes:
    return tile[at * HASH_SIZE : (at + 1) * HASH_SIZE]


def _tiles_of(size: int) -> int:
    count = 0
    while size := size // TILE_WIDTH:
        count += size
    return count
