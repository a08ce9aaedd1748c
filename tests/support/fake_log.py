"""A log in memory that keeps the promises of the real one: all or nothing, versions, fence, sealed on reading."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from domain.errors import ClaimLost, LogDamaged, StreamMoved
from domain.events.catalogue import NAME_OF
from domain.log import Checkpoint, Fact, Fence, Meta, Recorded, StreamAppend, StreamId
from domain.values import Actor
from tests.support.fake_claims import FakeClaims
from tests.support.fake_vault import FakeVault

MAX_APPEND = 500
_LARGEST = 60_000  # bytes of a fact that still fits one entry


class FakeLog:
    """`domain.log.Log`. Facts pass through JSON, so that what cannot be stored fails here as it would there."""

    def __init__(self, vault: FakeVault | None = None, claims: FakeClaims | None = None) -> None:
        self.vault = vault or FakeVault()
        self.claims = claims or FakeClaims()
        self._recorded: list[Recorded] = []
        self._streams: dict[StreamId, list[Recorded]] = {}
        self._root = hashlib.sha256()
        self._lock = threading.RLock()

    def append(
        self, appends: Sequence[StreamAppend], *, meta: Meta, fence: Fence | None = None
    ) -> tuple[Recorded, ...]:
        with self._lock:
            if sum(len(append.facts) for append in appends) > MAX_APPEND:
                raise ValueError(f"an append holds at most {MAX_APPEND} facts")
            if fence is not None and not self.claims.holds(fence):
                raise ClaimLost("another run holds the legal entity")
            for append in appends:
                if append.next_version != len(self._streams.get(append.stream, ())):
                    raise StreamMoved(append.stream, append.next_version)
            recorded = tuple(self._made(appends, meta))
            if any(len(msgspec.json.encode(one.fact)) > _LARGEST for one in recorded):
                raise ValueError("an event does not fit one entry of the log")
            for event in recorded:
                self._streams.setdefault(event.stream, []).append(event)
                self._root.update(msgspec.json.encode(event.fact))
            self._recorded += recorded
            return recorded

    def proven(self, *, by: Actor, at: datetime) -> FakeLog:
        """Nothing in memory is ever changed."""
        return self

    def believed(self) -> None:
        """No verification has ever failed here."""

    def doubt(self) -> str | None:
        return None

    def stream(self, stream: StreamId) -> tuple[Recorded, ...]:
        return tuple(self._streams.get(stream, ()))

    def streams(self, streams: Sequence[StreamId]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        return {stream: self.stream(stream) for stream in streams if stream in self._streams}

    def of_kinds(
        self, streams: Sequence[StreamId], kinds: Collection[type[Fact]]
    ) -> Mapping[StreamId, tuple[Recorded, ...]]:
        meant = {one: tuple(event for event in self.stream(one) if type(event.fact) in kinds) for one in streams}
        return {stream: events for stream, events in meant.items() if events}

    def parts(self, streams: Mapping[StreamId, Sequence[int]]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        found = {}
        for stream, kept in streams.items():
            events = self.stream(stream)
            if kept and kept[-1] >= len(events):
                raise LogDamaged(f"version {kept[-1]} of {stream} is missing")
            if events:
                found[stream] = (*(events[one] for one in kept), *events[kept[-1] + 1 if kept else 0 :])
        return found

    def newest(self, streams: Sequence[StreamId], *, before: int | None = None) -> Mapping[StreamId, Recorded]:
        found = {
            stream: [one for one in self._streams.get(stream, ()) if before is None or one.position < before]
            for stream in streams
        }
        return {stream: events[-1] for stream, events in found.items() if events}

    def page(self, after: int, limit: int) -> tuple[Recorded, ...]:
        return tuple(self._recorded[after + 1 : after + 1 + limit])

    def at(self, positions: Sequence[int]) -> tuple[Recorded, ...]:
        return tuple(self._recorded[position] for position in sorted(set(positions)) if position < self.size())

    def size(self) -> int:
        return len(self._recorded)

    def checkpoint(self) -> Checkpoint | None:
        with self._lock:
            if not self._recorded:
                return None
            root = self._root.digest()
            return Checkpoint(self.size(), root, f"fake\n{self.size()}\n{root.hex()}\n")

    def replay(self) -> Iterator[Recorded]:
        yield from self.page(-1, self.size())

    def _made(self, appends: Sequence[StreamAppend], meta: Meta) -> Iterator[Recorded]:
        position = self.size()
        for append in appends:
            for version, pending in enumerate(append.facts, start=append.next_version):
                causation = pending.causation or meta.causation
                its_meta = meta if causation == meta.causation else msgspec.structs.replace(meta, causation=causation)
                fact = self._stored(pending.fact)
                yield Recorded(position, append.stream, version, NAME_OF[type(fact)], its_meta, fact)
                position += 1

    def _stored(self, fact: Fact) -> Fact:
        return msgspec.json.decode(msgspec.json.encode(self.vault.sealed(fact)), type=type(fact))
