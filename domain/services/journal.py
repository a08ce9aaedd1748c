"""What every use case works with: the ports, and a journal that appends facts in the name of one actor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from domain.errors import StreamMoved
from domain.log import Fact, Fence, Log, Meta, Pending, Recorded, StreamAppend, StreamId, Vault
from domain.ports import Claim, Claims, Clock, LoketTarget, PersonioSource, Views
from domain.values import Actor

Progress: TypeAlias = Callable[[str, int, int], None]
"""Called as progress(phase, done, total) while long work goes on."""

_MAX_FACTS: Final = 500  # an append never holds the log's lock for longer


def no_progress(phase: str, done: int, total: int) -> None:
    """Say nothing."""


def told_to(*listeners: Progress) -> Progress:
    """Tells each of these."""

    def told(phase: str, done: int, total: int) -> None:
        for one in listeners:
            one(phase, done, total)

    return told


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    clock: Clock
    log: Log
    vault: Vault
    claims: Claims
    views: Views
    personio: PersonioSource
    loket: LoketTarget


@dataclass(slots=True, kw_only=True)
class Journal:
    """Appends to the log for one actor and one run, keeping the next version of every stream it has seen."""

    tools: Tools
    actor: Actor
    correlation: str
    fence: Fence | None = None
    claim: Claim | None = None
    _next: dict[StreamId, int] = field(default_factory=dict)
    _appended: set[StreamId] = field(default_factory=set)

    def hold(self, claim: Claim) -> None:
        """From now on everything is appended, and sent, under this claim."""
        self.claim, self.fence = claim, claim.fence

    def still_ours(self) -> None:
        """To be asked before each write to Loket. Raises ClaimLost (RUN-3)."""
        if self.claim is not None:
            self.claim.check()

    def knows(self, stream: StreamId, next_version: int) -> None:
        """Remember how far a stream goes; a stream never mentioned is new."""
        self._next[stream] = next_version

    def has_appended_to(self, stream: StreamId) -> bool:
        return stream in self._appended

    def record(self, *appends: tuple[StreamId, Sequence[Fact]], causation: str | None = None) -> tuple[Recorded, ...]:
        """Append these facts, all or nothing: they are durable when this returns."""
        pending = [
            StreamAppend(stream, self._next.get(stream, 0), [Pending(fact, causation) for fact in facts])
            for stream, facts in appends
            if facts
        ]
        return self._append(pending)

    def record_pending(self, *appends: tuple[StreamId, Sequence[Pending]]) -> tuple[Recorded, ...]:
        """As `record`, with a cause for each fact."""
        return self._append(
            [StreamAppend(stream, self._next.get(stream, 0), facts) for stream, facts in appends if facts]
        )

    def record_happened(self, stream: StreamId, facts: Sequence[Pending]) -> tuple[Recorded, ...]:
        """Append what has happened outside: it is true whoever recorded something in the stream meanwhile.

        What is decided by the stream as it was read is refused all the same from then on.
        """
        as_read = self._next.get(stream, 0)
        moved = False
        while True:
            try:
                recorded = self.record_pending((stream, facts))
            except StreamMoved:
                moved = True
                self.knows(stream, len(self.tools.log.stream(stream)))
            else:
                if moved:
                    self.knows(stream, as_read)
                return recorded

    def record_all(self, facts: Mapping[StreamId, Sequence[Fact]]) -> None:
        """Append the facts of many streams in as few transactions as fit; one stream's facts stay together."""
        batch: list[tuple[StreamId, Sequence[Fact]]] = []
        size = 0
        for stream, ours in facts.items():
            if size + len(ours) > _MAX_FACTS:
                self.record(*batch)
                batch, size = [], 0
            batch.append((stream, ours))
            size += len(ours)
        self.record(*batch)

    def meta(self) -> Meta:
        """What every event appended now carries."""
        return Meta(recorded_at=self.tools.clock.now(), actor=self.actor, correlation=self.correlation)

    def _append(self, appends: Sequence[StreamAppend]) -> tuple[Recorded, ...]:
        if not appends:
            return ()
        recorded = self.tools.log.append(appends, meta=self.meta(), fence=self.fence)
        for one in appends:
            self._next[one.stream] = one.next_version + len(one.facts)
            self._appended.add(one.stream)
        return recorded


def opened_streams(tools: Tools, streams: Iterable[StreamId]) -> Mapping[StreamId, tuple[Recorded, ...]]:
    """The events of these streams with their personal values opened; a stream without events is absent."""
    found = tools.log.streams(list(streams))
    opened = iter(tools.vault.opened([one for events in found.values() for one in events]))
    return {stream: tuple(next(opened) for _ in events) for stream, events in found.items()}
