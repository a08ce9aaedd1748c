"""The append-only log: seals, stores under the lock, signs what is committed, and reads in pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from typing import Final

import msgspec

from adapters.log.application import LogApplication
from adapters.log.mapper import Placed, recorded, stored
from adapters.log.proof.checkpoints import CheckpointStore
from adapters.log.proof.cosignatures import WitnessKey
from adapters.log.proof.last_verdict import LastVerdict
from adapters.log.proof.notes import VerifierKey
from adapters.log.proof.proven import ProvenTree, Prover, missing_part
from adapters.log.proof.rows import NOT_OURS, StoredLog
from adapters.log.proof.tree import Edge
from adapters.log.proof.verdicts import Verification
from adapters.log.proof.witnessing import Witnessing, witnessed_head
from adapters.log.recorder import LogRecorder, Room
from adapters.log.sealing.event_macs import EventMacs
from adapters.log.sealing.key_check import KeyCheck
from adapters.log.sealing.vault import KeyVault
from domain.errors import LogDamaged, LogNotBelieved
from domain.events.catalogue import NAME_OF
from domain.events.custody import KeysLost
from domain.log import Checkpoint, Fact, Fence, Meta, Recorded, StreamAppend, StreamId
from domain.records.erasure_book import destroyed_keys
from domain.streams import CUSTODY, ERASURES
from domain.values import Actor

MAX_APPEND: Final = 500  # so that no writer holds the lock for long
_PAGE: Final = 500
_ANY: Final = 2**62  # past every position there will be
_SIGNED_EVERY: Final = 100  # events
_SYSTEM: Final = Actor("system")


class EventLog:
    """`domain.log.Log` on a database."""

    def __init__(
        self,
        recorder: LogRecorder,
        vault: KeyVault,
        checkpoints: CheckpointStore,
        application: LogApplication,
        witnessing: Witnessing,
        prover: Prover,
        macs: EventMacs,
    ) -> None:
        self.vault = vault
        vault.erased = self._erased_keys
        self.recorder = recorder
        self.application = application  # for the library's own readers
        self.macs = macs
        self._checkpoints = checkpoints
        self._witnessing = witnessing
        self._prover = prover
        self._proof: ProvenTree | None = None  # what is read is held against, in a run

    def append(
        self, appends: Sequence[StreamAppend], *, meta: Meta, fence: Fence | None = None
    ) -> tuple[Recorded, ...]:
        """As the port says; also raises EntryTooLarge when an event does not fit 65,535 bytes: callers split."""
        self.believed()
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
        sealed = self.vault.sealed([(stream, version, pending.fact) for stream, version, pending in places])
        rows = [
            self.macs.sealed(stored(stream, version, its_meta, fact, boxes))
            for (stream, version, _), its_meta, (fact, boxes) in zip(places, metas, sealed, strict=True)
        ]
        edge = self.recorder.append(rows, fence)
        first = edge.size - len(rows)
        if edge.size // _SIGNED_EVERY > first // _SIGNED_EVERY:
            self._sign(edge)
        return tuple(
            Recorded(position, stream, version, row.topic, its_meta, fact, boxes)
            for position, (stream, version, _), row, its_meta, (fact, boxes) in zip(
                count(first), places, rows, metas, sealed, strict=False
            )
        )

    def believed(self) -> None:
        """Raises LogNotBelieved while the last verification did not say OK."""
        self._prover.verdict.believed()

    def doubt(self) -> str | None:
        return self._prover.verdict.doubt()

    def last_verdict(self) -> LastVerdict | None:
        """None before the first verification. Raises LogNotBelieved when it cannot be read."""
        return self._prover.verdict.last()

    def refuse_contradiction(self) -> None:
        """Raises LogDamaged unless the log holds all that this machine signed last."""
        self._checkpoints.refuse_contradiction(self.recorder.head())

    def verified_tail(
        self, stored: StoredLog, at: datetime, witnesses: Sequence[WitnessKey] = (), seen: Iterable[str] = ()
    ) -> Verification | None:
        """Of what was added since the last good verification of everything; None where there is none to go on from."""
        return self._prover.tail(stored, at, witnesses, seen)[1]

    def join(self) -> None:
        """A machine that never signed has no head of its own to hold the log against: beside heads of others it signs.

        Of one that did, whose copies are gone, verification tells; and of a log that nobody signed.
        """
        if self._checkpoints.is_new_here():
            self.checkpoint()

    def proven(self, *, by: Actor, at: datetime) -> EventLog:
        self._checkpoints.copies.require_room()
        self.join()
        twin = copy(self)
        twin._proof = self._prover.prove(by=by, at=at)
        return twin

    def stream(self, stream: StreamId) -> tuple[Recorded, ...]:
        return tuple(self._whole([stream]))

    def streams(self, streams: Sequence[StreamId]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        found = self._whole(streams) if streams else ()
        return {stream: tuple(events) for stream, events in groupby(found, key=lambda event: event.stream)}

    def of_kinds(
        self, streams: Sequence[StreamId], kinds: Collection[type[Fact]]
    ) -> Mapping[StreamId, tuple[Recorded, ...]]:
        names = sorted(NAME_OF[one] for one in kinds)
        found = self._sound(self.recorder.of_kinds(streams, names)) if streams else ()
        return {stream: tuple(events) for stream, events in groupby(found, key=lambda event: event.stream)}

    def parts(self, streams: Mapping[StreamId, Sequence[int]]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        if not streams:
            return {}
        kept = [(stream, version) for stream, versions in streams.items() for version in versions]
        after = [(stream, versions[-1] if versions else -1) for stream, versions in streams.items()]
        rows = self.recorder.parts(kept, after)
        if self._proof is not None:
            self._proof.check_parts(rows, streams)
        elif (found := missing_part(rows, streams)) is not None:
            raise LogDamaged(found[1])
        return {stream: tuple(events) for stream, events in groupby(self._ours(rows), key=lambda event: event.stream)}

    def newest(self, streams: Sequence[StreamId], *, before: int | None = None) -> Mapping[StreamId, Recorded]:
        found = self._sound(self.recorder.newest(streams, _ANY if before is None else before)) if streams else ()
        return {event.stream: event for event in found}

    def page(self, after: int, limit: int) -> tuple[Recorded, ...]:
        return tuple(self._sound(self.recorder.page(after, limit)))

    def at(self, positions: Sequence[int]) -> tuple[Recorded, ...]:
        return tuple(self._sound(self.recorder.at(positions))) if positions else ()

    def size(self) -> int:
        return self.recorder.size()

    def room(self) -> Room | None:
        """For more events; None where a place is made for each as it comes."""
        return self.recorder.room()

    def checkpoint(self) -> Checkpoint | None:
        """As the port says. Of a log that is not believed nothing is signed any more: the newest head there is."""
        try:
            self.believed()
        except LogNotBelieved:
            return self.signed() or self.newest_head()
        return self.seal()

    def seal(self) -> Checkpoint | None:
        """Sign what is committed, whatever the last verdict was: only verification, having looked, may ask for that."""
        return self._sign(self.recorder.head())

    def signed(self) -> Checkpoint | None:
        """The newest head this machine signed, if any; signs nothing."""
        return self._checkpoints.newest()

    def newest_head(self) -> Checkpoint | None:
        """The newest head of the log, whichever process signed it; asks the database and signs nothing."""
        return self._checkpoints.newest_of_all()

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

    def signed_warning(self, warning: str) -> str:
        """A note, signed with the log's key: what everything that is made from this log has to say."""
        return self._checkpoints.signed_warning(warning)

    def key_check(self, lost: Set[str] = frozenset()) -> KeyCheck:
        """To hold the key store against this log; `lost`: keys that somebody just said to be."""
        told = (event.fact for event in self.stream(CUSTODY) if isinstance(event.fact, KeysLost))
        return self.vault.check({*lost, *(key_id for fact in told for key_id in fact.key_ids)})

    def replay(self) -> Iterator[Recorded]:
        """The next page is on its way while one is read: a database server works beside us."""
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self.recorder.page, -1, _PAGE)
            while page := coming.result():
                coming = ahead.submit(self.recorder.page, page[-1][0], _PAGE)
                yield from self._sound(page)

    def close(self) -> None:
        self._witnessing.close()
        self.application.close()

    def _erased_keys(self) -> frozenset[str]:
        return destroyed_keys(self.stream(ERASURES))

    def _sound(self, rows: list[Placed]) -> Iterator[Recorded]:
        if self._proof is not None:
            self._proof.check(rows)
        return self._ours(rows)

    def _whole(self, streams: Sequence[StreamId]) -> Iterator[Recorded]:
        rows = self.recorder.streams(streams)
        if self._proof is not None:
            self._proof.check_streams(rows)
        return self._ours(rows)

    def _ours(self, rows: list[Placed]) -> Iterator[Recorded]:
        """Raises LogNotBelieved at the first sight of what we did not store; from then on it is read as it lies."""
        foreign = self.macs.foreign(rows)
        if foreign is not None:
            self._prover.condemn(foreign, NOT_OURS, self.recorder.size(), by=_SYSTEM, at=datetime.now(UTC))
        return map(recorded, rows)

    def _sign(self, edge: Edge) -> Checkpoint | None:
        head = self._checkpoints.sign(edge)
        if head is not None:
            self._witnessing.ask(head)
        return head


def _caused(meta: Meta, causation: str | None) -> Meta:
    return meta if causation is None else msgspec.structs.replace(meta, causation=causation)
