"""The append-only log: seals, stores under the lock, signs what is committed, and reads in pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count, groupby
from typing import Final

import msgspec

from adapters.log.application import LogApplication
from adapters.log.mapper import recorded, stored
from adapters.log.proof.checkpoints import CheckpointStore
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.tree import Edge
from adapters.log.proof.witnessing import Witnessing, witnessed_head
from adapters.log.recorder import LogRecorder
from adapters.log.sealing.vault import KeyVault
from domain.log import Checkpoint, Fence, Meta, Recorded, StreamAppend, StreamId
from domain.records.erasure_book import destroyed_keys
from domain.streams import ERASURES

MAX_APPEND: Final = 500  # so that no writer holds the lock for long
_PAGE: Final = 500
_SIGNED_EVERY: Final = 100  # events


class EventLog:
    """`domain.log.Log` on a database."""

    def __init__(
        self,
        recorder: LogRecorder,
        vault: KeyVault,
        checkpoints: CheckpointStore,
        application: LogApplication,
        witnessing: Witnessing,
    ) -> None:
        self.vault = vault
        vault.erased = self._erased_keys
        self.recorder = recorder
        self.application = application  # for the library's own readers
        self._checkpoints = checkpoints
        self._witnessing = witnessing

    def append(
        self, appends: Sequence[StreamAppend], *, meta: Meta, fence: Fence | None = None
    ) -> tuple[Recorded, ...]:
        """As the port says; also raises EntryTooLarge when an event does not fit 65,535 bytes: callers split."""
        if meta.recorded_at.utcoffset() != timedelta(0):
            raise ValueError("recorded_at must be an aware instant in UTC")
        if sum(len(append.facts) for append in appends) > MAX_APPEND:
            raise ValueError(f"an append holds at most {MAX_APPEND} facts")
        places = [
            (append.stream, version, pending)
            for append in appends
            for version, pending in enumerate(append.facts, start=append.next_version)
        ]
        if not places:
            return ()
        metas = [_caused(meta, pending.causation) for _, _, pending in places]
        facts = self.vault.sealed([(stream, version, pending.fact) for stream, version, pending in places])
        rows = [
            stored(stream, version, its_meta, fact)
            for (stream, version, _), its_meta, fact in zip(places, metas, facts, strict=True)
        ]
        edge = self.recorder.append(rows, fence)
        first = edge.size - len(rows)
        if edge.size // _SIGNED_EVERY > first // _SIGNED_EVERY:
            self._sign(edge)
        return tuple(
            Recorded(position, stream, version, row.topic, its_meta, fact)
            for position, (stream, version, _), row, its_meta, fact in zip(
                count(first), places, rows, metas, facts, strict=False
            )
        )

    def stream(self, stream: StreamId) -> tuple[Recorded, ...]:
        return tuple(map(recorded, self.recorder.streams([stream])))

    def streams(self, streams: Sequence[StreamId]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        found = map(recorded, self.recorder.streams(streams))
        return {stream: tuple(events) for stream, events in groupby(found, key=lambda event: event.stream)}

    def page(self, after: int, limit: int) -> tuple[Recorded, ...]:
        return tuple(map(recorded, self.recorder.page(after, limit)))

    def at(self, positions: Sequence[int]) -> tuple[Recorded, ...]:
        return tuple(map(recorded, self.recorder.at(positions)))

    def size(self) -> int:
        return self.recorder.size()

    def checkpoint(self) -> Checkpoint | None:
        return self._sign(self.recorder.head())

    def signed(self) -> Checkpoint | None:
        """The newest head this machine signed, if any; signs nothing."""
        return self._checkpoints.newest()

    def witnessed(self, covering: int) -> Checkpoint | None:
        """The newest head that a witness cosigned and that covers so many events, if any."""
        return witnessed_head(self._checkpoints.copies, self.verifier, covering)

    @property
    def verifier(self) -> VerifierKey:
        """The public half of the key that signs heads."""
        return self._checkpoints.verifier

    def signed_evidence(self, digest: str) -> str:
        """A note, signed with the log's key, that an archive with this digest was made from it."""
        return self._checkpoints.signed_evidence(digest)

    def replay(self) -> Iterator[Recorded]:
        """The next page is on its way while one is read: a database server works beside us."""
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self.recorder.page, -1, _PAGE)
            while page := coming.result():
                coming = ahead.submit(self.recorder.page, page[-1][0], _PAGE)
                yield from map(recorded, page)

    def close(self) -> None:
        self._witnessing.close()
        self.application.close()

    def _erased_keys(self) -> frozenset[str]:
        return destroyed_keys(self.stream(ERASURES))

    def _sign(self, edge: Edge) -> Checkpoint | None:
        head = self._checkpoints.sign(edge)
        if head is not None:
            self._witnessing.ask(head)
        return head


def _caused(meta: Meta, causation: str | None) -> Meta:
    return meta if causation is None else msgspec.structs.replace(meta, causation=causation)
