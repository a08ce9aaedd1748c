"""Writes facts into a log for tests, keeping the next version of every stream."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from domain.log import Fact, Fence, Log, Meta, Pending, Recorded, StreamAppend, StreamId
from domain.values import Actor

MARCH_15: Final = datetime(2026, 3, 15, 8, 30, tzinfo=UTC)


class Scribe:
    def __init__(self, log: Log) -> None:
        self._log = log
        self._next: dict[StreamId, int] = {}

    def write(
        self,
        stream: StreamId,
        *facts: Fact,
        at: datetime = MARCH_15,
        actor: str = "Fatima",
        run: str = "run-1",
        fence: Fence | None = None,
        causation: str | None = None,
    ) -> tuple[int, ...]:
        """Append the facts to one stream; their positions."""
        recorded = self.write_all({stream: facts}, at=at, actor=actor, run=run, fence=fence, causation=causation)
        return tuple(event.position for event in recorded)

    def write_all(
        self,
        facts: dict[StreamId, tuple[Fact, ...]],
        *,
        at: datetime = MARCH_15,
        actor: str = "Fatima",
        run: str = "",
        fence: Fence | None = None,
        causation: str | None = None,
    ) -> tuple[Recorded, ...]:
        """Append facts to several streams at once."""
        appends = [
            StreamAppend(stream, self._next.get(stream, 0), [Pending(fact, causation) for fact in ours])
            for stream, ours in facts.items()
        ]
        meta = Meta(recorded_at=at, actor=Actor(actor), correlation=run)
        recorded = self._log.append(appends, meta=meta, fence=fence)
        for append in appends:
            self._next[append.stream] = append.next_version + len(append.facts)
        return recorded
