"""What a run builds on: the end of the log since the last good verification, and each row that it reads (LOG-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import chain, count
from typing import Final, TypeAlias

from adapters.log.mapper import Placed
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.cosignatures import WitnessKey
from adapters.log.proof.last_verdict import VerdictFile, sound_head
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.rows import StoredLog, row_fault
from adapters.log.proof.tree import HASH_SIZE, TILE_WIDTH, Edge, TreeReader, perfect_root
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify, verify_tail
from adapters.log.sealing.event_macs import EventMacs
from domain.errors import LogDamaged, LogNotBelieved
from domain.log import Checkpoint, StreamId
from domain.values import Actor

_TILES: Final = 4_096  # remembered at most, of 8 KiB each: those of a million events

ReadTree: TypeAlias = Callable[[], AbstractContextManager[TreeReader]]
ReadLog: TypeAlias = Callable[[], AbstractContextManager[StoredLog]]


class Prover:
    """Checks what a run is about to build on; what it finds bad is the log's verdict from then on."""

    def __init__(self, log: ReadLog, tree: ReadTree, copies: Copies, key: VerifierKey, macs: EventMacs) -> None:
        self.verdict = VerdictFile(copies.folder)
        self._log, self._tree, self._copies, self._key, self._macs = log, tree, copies, key, macs

    def prove(self, *, by: Actor, at: datetime) -> ProvenTree:
        """The tree of the log as it is now, sound from the last good verification on.

        What no head covers yet, however old, a crash may have left: the run's own head will. Raises LogNotBelieved.
        """
        self.verdict.believed()
        with self._log() as log:
            edge, found = self.tail(log, at)
        if found is None or found.verdict not in (Verdict.OK, Verdict.STALE):
            edge, found = self._whole(at)  # slower, and it knows the place
        if found.verdict not in (Verdict.OK, Verdict.STALE):
            raise self._condemned(found, at, by)

        def condemned(position: int, reason: str) -> LogNotBelieved:
            return self._condemned(Verification(Verdict.TAMPERED, edge.size, reason, position, position), at, by)

        return ProvenTree(edge, self._tree, condemned)

    def condemn(self, position: int, reason: str, size: int, *, by: Actor, at: datetime) -> None:
        """Raises LogNotBelieved, and it is the verdict from then on; nothing where the log is not believed already."""
        try:
            self.verdict.believed()
        except LogNotBelieved:
            return
        raise self._condemned(Verification(Verdict.TAMPERED, size, reason, position, position), at, by)

    def _condemned(self, found: Verification, at: datetime, by: Actor) -> LogNotBelieved:
        return self.verdict.keep(found, at=at, by=by).refusal

    def tail(
        self, log: StoredLog, at: datetime, witnesses: Sequence[WitnessKey] = (), seen: Iterable[str] = ()
    ) -> tuple[Edge, Verification | None]:
        """What was added since the last good verification of everything; None where that cannot be told by itself."""
        since = self._since()
        if since is None:
            return Edge(), None
        try:
            with self._tree() as tree:
                edge = Edge.load(tree, since.size)
        except LogDamaged:
            return Edge(), None
        if edge.root() != since.root:
            return edge, None
        found = verify_tail(
            log, self._copies, self._key, now=at, since=since, edge=edge, macs=self._macs,
            witnesses=witnesses, seen=seen,
        )  # fmt: skip
        return edge, replace(found, since=since.size)

    def _whole(self, at: datetime) -> tuple[Edge, Verification]:
        edge = Edge()
        with self._log() as log:
            return edge, verify(log, self._copies, self._key, now=at, edge=edge, macs=self._macs)

    def _since(self) -> Checkpoint | None:
        return sound_head(self.verdict.last(), self._key)


Condemn: TypeAlias = Callable[[int, str], LogNotBelieved]
"""Called as condemn(position, reason): makes it the log's verdict, and gives what is to be raised."""


def missing_part(rows: Sequence[Placed], streams: Mapping[StreamId, Sequence[int]]) -> tuple[int, str] | None:
    """Where the first row is missing of those versions of each stream and all after them, and which; None: all there.

    The place is that of the next row of the stream, or of the last before it.
    """
    of_stream: dict[str, list[Placed]] = {stream: [] for stream, versions in streams.items() if versions}
    for row in rows:
        of_stream.setdefault(row[1], []).append(row)
    for stream, found in of_stream.items():
        kept = streams.get(StreamId(stream), ())
        expected = chain(kept, count(kept[-1] + 1 if kept else 0))
        for row, version in zip(found, expected, strict=False):
            if row[2] != version:
                return row[0], f"version {version} of its stream is missing before it"
        if len(found) < len(kept):
            return found[-1][0] if found else 0, f"version {kept[len(found)]} of {stream} is missing"
    return None


class ProvenTree:
    """The leaves of a log up to a size; each tile is held against the one above it, up to the proven root."""

    def __init__(self, edge: Edge, read: ReadTree, condemn: Condemn) -> None:
        self._edge, self._read, self._condemn = edge, read, condemn
        self._tile = lru_cache(_TILES)(self._proven_tile)

    def check(self, rows: Sequence[Placed]) -> None:
        """Raises LogNotBelieved. What was appended after the proof is the next one's business."""
        for position, stream, version, name, state in sorted(rows):  # by position: each tile is proven once
            known = position < self._edge.size
            if known and row_fault(position, stream, version, name, state, self._leaf(position)):
                raise self._condemn(position, "it is not what the tree holds")

    def check_streams(self, rows: Sequence[Placed]) -> None:
        """Rows of whole streams, in version order: none of a stream may be missing either."""
        self.check_parts(rows, {})

    def check_parts(self, rows: Sequence[Placed], streams: Mapping[StreamId, Sequence[int]]) -> None:
        """Rows of streams, in version order: these versions and all after them; of any other stream all of it."""
        self.check(rows)
        if (found := missing_part(rows, streams)) is not None:
            raise self._condemn(*found)

    def _leaf(self, position: int) -> bytes:
        number, at = divmod(position, TILE_WIDTH)
        return self._hash(0, number, at)

    def _hash(self, level: int, number: int, at: int) -> bytes:
        if number == self._edge.size >> 8 * (level + 1):  # the tile that is not full yet
            return self._edge.hashes(level)[at]
        return self._tile(level, number)[at * HASH_SIZE : (at + 1) * HASH_SIZE]

    def _proven_tile(self, level: int, number: int) -> bytes:
        with self._read() as tree:
            joined = tree.tile(level, number)
        hashes = [joined[at : at + HASH_SIZE] for at in range(0, len(joined), HASH_SIZE)]
        if perfect_root(hashes) != self._hash(level + 1, *divmod(number, TILE_WIDTH)):
            raise self._condemn(number << 8 * (level + 1), "the tile of the tree over it was changed")
        return joined
