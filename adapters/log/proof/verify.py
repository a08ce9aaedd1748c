"""Checks the log against itself and against every signed head, and says what is wrong and where (LOG-2).

Nothing is trusted: leaves are computed again from the stored events, tiles from the leaves, roots from the tiles, and
all are compared with what is stored and with the heads kept inside and outside the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Annotated, Final

import msgspec

from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.cosignatures import WitnessKey
from adapters.log.proof.heads import Heads
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.ranges import PAGE, Beside, Sound, hashes
from adapters.log.proof.rows import LOWEST, LogUnreadable, StoredLog, fault
from adapters.log.proof.tree import HASH_SIZE, TILE_WIDTH, Edge, Tile
from adapters.log.proof.verdicts import Verdict, Verification, Witnessed
from adapters.log.sealing.event_macs import EventMacs
from domain.errors import LogUnavailable
from domain.grounds.readers import UNREADABLE, reader
from domain.log import Checkpoint

STALE_AFTER: Final = timedelta(minutes=10)
_FIRST_HEAD_WITHIN: Final = 600  # events: a head is signed at every hundred, and an append may bring five hundred


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
    beside: Beside | None = None,
) -> Verification:
    """One verdict, the gravest there is; of several damaged places the first. `seen`: heads the witnesses hold now.

    `edge`, if given, is empty, and grown to the end. Without `macs` an event that somebody else stored looks like ours.
    The verdict is the same with others `beside`: their word counts for a range that is sound, and for nothing else.
    """
    heads = Heads(key)
    heads.outside(copies.notes())  # before the database: a head must never be ahead of the events it covers
    heads.seen(chain((note for _, note in copies.witnessed()), seen), witnesses)
    scan = _Scan(log, heads, Edge() if edge is None else edge, macs, beside=beside)
    return replace(_judged(log, copies, heads, now, scan), key=str(key))


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
    return replace(_judged(log, copies, heads, now, _Scan(log, heads, edge, macs, since)), key=str(key))


def _judged(log: StoredLog, copies: Copies, heads: Heads, now: datetime, scan: _Scan) -> Verification:
    try:
        heads.inside(log.checkpoints())
        damage = scan.damage() or scan.contradiction()
        return damage or _doubt(scan, heads, copies) or scan.out_of_turn() or scan.freshness(now)
    except LogUnreadable as error:
        if error.damaged and scan.edge.size:
            return scan.tampered(scan.edge.size, f"the database breaks off there: {error}")
        return Verification(Verdict.UNVERIFIABLE, scan.edge.size, f"the log cannot be read: {error}")


def _doubt(scan: _Scan, heads: Heads, copies: Copies) -> Verification | None:
    if 0 < scan.edge.size < _FIRST_HEAD_WITHIN and heads.none:
        return scan.found(Verdict.STALE, "no event was signed yet", 0, scan.edge.size - 1)
    reason = heads.doubt(copies.machine, copies.notes()) or (scan.faults() if scan.since is None else None)
    if reason is None and scan.edge.size and scan.newest is None:
        reason = "no signed checkpoint covers any event"
    return None if reason is None else scan.found(Verdict.UNVERIFIABLE, reason)


class _Scan:
    """One pass over the events, growing the tree anew beside the stored one."""

    def __init__(
        self,
        log: StoredLog,
        heads: Heads,
        edge: Edge,
        macs: EventMacs | None,
        since: Checkpoint | None = None,
        beside: Beside | None = None,
    ) -> None:
        self.edge = edge
        self._macs = macs
        self._beside = beside
        self._faults: tuple[str | None] | None = None  # as told already
        self.newest = self.since = since  # `newest`: of the heads that agree
        self._log = log
        self._heads = heads
        self._agreed = [since.size] if since else []
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
        beside = self._beside
        looking = beside.look(sorted(self._heads.by_size), self._macs) if beside else None
        if beside is None or looking is None:
            return self._rest()
        self._ask_for_faults()
        for sound in looking:
            if sound is None:
                return self._rest(doubted=self.edge.size + beside.width)
            if damage := self._take(sound):
                return damage
        return self._rest()

    def faults(self) -> str | None:
        """What the database's own check finds, which takes half as long as all the rest on SQLite."""
        return self._log.faults() if self._faults is None else self._faults[0]

    def _ask_for_faults(self) -> None:
        """While others look. What keeps it from being told is found again where it is asked for."""
        with suppress(LogUnreadable, LogUnavailable):
            self._faults = (self._log.faults(),)

    def _take(self, sound: Sound) -> Verification | None:
        """What others found sound joins the tree as if it had been read here, and so do the heads in it."""
        start, tiles = self.edge.size, hashes(sound.tiles)
        stop = start + TILE_WIDTH * len(tiles)
        signed = [size for size in range(start + 1, stop + 1) if size in self._heads.by_size]
        for size, alone in zip(signed, hashes(sound.heads), strict=True):
            if size < stop:
                self._compare_heads(size, self.edge.root_with(alone))
        if damage := self._checked(self.edge.extend_by_tiles(tiles, sound.last)):
            return damage
        if stop in self._heads.by_size:
            self._compare_heads(stop, self.edge.root())
        return None

    def _rest(self, doubted: int = 0) -> Verification | None:
        """What nobody else looked at; `doubted`: where the range ends in which others found something."""
        while True:
            size = self.edge.size
            if damage := self._page(size + 1 if size else LOWEST):
                return damage
            if 0 < doubted <= self.edge.size:
                raise LogUnavailable(f"events before {doubted} were changed while they were verified; verify again")
            if self.edge.size == size:
                return None

    def _page(self, start: int) -> Verification | None:
        position, sound, wrong = self.edge.size, [], None
        rest = PAGE - position % PAGE  # pages end at the same events whoever read those before
        try:
            for row in self._log.events(start, rest):
                wrong = fault(position, row, self._macs)
                if wrong is not None:
                    break
                sound.append(row[-1])
                position += 1
                if position in self._heads.by_size:
                    if damage := self._grow(sound):
                        return damage
                    self._compare_heads(position, self.edge.root())
                    sound = []
        except LogUnreadable:
            if damage := self._grow(sound):
                return damage
            raise
        return self._grow(sound) or (None if wrong is None else self.tampered(position, wrong))

    def _grow(self, leaves: list[bytes]) -> Verification | None:
        return self._checked(self.edge.extend(leaves))

    def _checked(self, tiles: Sequence[Tile]) -> Verification | None:
        found = (self._tile(tile) for tile in tiles)
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

    def _compare_heads(self, size: int, root: bytes) -> None:
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
        if self.since is not None and (count := self._log.count()) != size:
            return self.found(Verdict.TAMPERED, f"the log has {count} rows and ends at event {size - 1}", 0, size - 1)
        if (ever := self._log.ever()) > size:
            return self.found(Verdict.TRUNCATED, f"the log ends after {size} events; it once held {ever}", size)
        if self._log.tile_count() > _tiles_of(size):
            return self.found(Verdict.TRUNCATED, f"the log ends after {size} events; its tree goes further", size)
        return None

    def _contradicted(self) -> str:
        return "" if self._parted is None else f"; {self._parted} is of another history than this log"

    def out_of_turn(self) -> Verification | None:
        """An event, sound in itself, that is not the next one of its stream: an old one, say, that was put in again."""
        found = self._log.out_of_turn(self.since.size if self.since else 0)
        if found is None:
            return None
        rowid, version, before = found
        if version <= before:
            return self.tampered(rowid - 1, f"version {version} of its stream was there before it")
        return self.tampered(rowid - 1, f"version {before + 1} of its stream is missing before it")

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
        except UNREADABLE as error:
            raise LogUnreadable(f"event {position} does not say when it was recorded", damaged=False) from error


class _Recorded(msgspec.Struct):
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]


def _hash(tile: bytes, at: int) -> bytes:
    return tile[at * HASH_SIZE : (at + 1) * HASH_SIZE]


def _tiles_of(size: int) -> int:
    count = 0
    while size := size // TILE_WIDTH:
        count += size
    return count
