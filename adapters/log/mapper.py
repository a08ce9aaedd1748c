"""Events as stored bytes and back: JSON bodies, one decoder per stored name, no topic registry."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Generic, NamedTuple, TypeVar, cast

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from adapters.log.proof.tree import MAX_ENTRY, entry
from domain.errors import LogDamaged
from domain.events.catalogue import NAME_OF, STORED_NAMES
from domain.grounds.readers import UNREADABLE, reader
from domain.log import Fact, Meta, Recorded, StreamId, UnknownFact
from domain.personal import Box
from domain.values import Actor

_F = TypeVar("_F")


class Body(msgspec.Struct, Generic[_F], frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What is stored of one event. Position, stream, version and name are columns: here they would halve replay."""

    recorded_at: datetime
    actor: Actor
    correlation: str
    causation: str | None = None
    fact: _F
    sealed: tuple[Box, ...] = ()


class Row(NamedTuple):
    """A stored event in the library's words."""

    originator_id: str
    originator_version: int
    topic: str
    state: bytes


class Placed(NamedTuple):
    """A row of the log with its position."""

    position: int
    stream: str
    version: int
    name: str
    state: bytes


_ENCODER: Final = msgspec.json.Encoder()
_UNKNOWN: Final = reader(Body[msgspec.Raw])
_SURELY_FITS: Final = MAX_ENTRY // 2


def stored(stream: StreamId, version: int, meta: Meta, fact: Fact, boxes: tuple[Box, ...] = ()) -> Row:
    """The row of a fact whose personal values lie sealed in these boxes.

    Raises EntryTooLarge when it does not fit one log entry.
    """
    name = NAME_OF[type(fact)]
    state = _ENCODER.encode(
        Body(
            recorded_at=meta.recorded_at,
            actor=meta.actor,
            correlation=meta.correlation,
            causation=meta.causation,
            fact=fact,
            sealed=boxes,
        )
    )
    if len(state) > _SURELY_FITS:
        entry(0, stream, version, name, state)
    return Row(stream, version, name, state)


def recorded(placed: Placed | tuple[int, str, int, str, bytes]) -> Recorded:
    """The event in a row; a stored name this code does not know becomes an UnknownFact."""
    position, stream, version, name, state = placed
    decoder = _decoder(name)
    try:
        if decoder is None:
            raw = _UNKNOWN.decode(state)
            body: Body[Any] = msgspec.structs.replace(raw, fact=UnknownFact(stored=bytes(raw.fact)))
        else:
            body = decoder.decode(state)
    except UNREADABLE as cause:
        raise LogDamaged(f"the event at position {position} ({name}) cannot be read: {cause}") from cause
    meta = Meta(recorded_at=body.recorded_at, actor=body.actor, correlation=body.correlation, causation=body.causation)
    return Recorded(position, cast("StreamId", stream), version, name, meta, body.fact, body.sealed)


@lru_cache(1024)
def _decoder(name: str) -> msgspec.json.Decoder[Body[Any]] | None:
    """Made when the first event of this name is read: no command meets them all."""
    kind = STORED_NAMES.get(name)
    return None if kind is None else reader(Body[kind])  # type: ignore[valid-type]


class Envelope(msgspec.Struct, frozen=True):
    """An event as the library passes it around."""

    originator_id: str
    originator_version: int
    meta: Meta
    fact: Fact
    boxes: tuple[Box, ...] = ()


class FactMapper(Mapper[str]):
    """The library's mapper for our rows, so that its own readers understand the log."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        event = cast("Envelope", domain_event)
        row = stored(StreamId(event.originator_id), event.originator_version, event.meta, event.fact, event.boxes)
        return StoredEvent(*row)

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        event = recorded(
            (
                getattr(stored_event, "id", 0) - 1,
                str(stored_event.originator_id),
                stored_event.originator_version,
                stored_event.topic,
                stored_event.state,
            )
        )
        envelope = Envelope(event.stream, event.version, event.meta, event.fact, event.boxes)
        return cast("DomainEventProtocol[str]", envelope)
