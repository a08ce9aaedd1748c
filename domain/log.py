"""What an event is to the domain: a fact, who and when recorded it, and its place in the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NewType, Protocol, TypeVar

import msgspec

from domain.personal import Box, Sealed
from domain.values import Actor, SubjectRef

StreamId = NewType("StreamId", str)

_LONGEST: Final = 40_000  # bytes of what one event lists: with the rest of it, it has to fit one entry of the log
_Thing = TypeVar("_Thing")


def fitting(things: Iterable[_Thing], most: int) -> Iterator[tuple[_Thing, ...]]:
    """These in parts of at most so many, each of which fits one event; none of nothing."""
    part: list[_Thing] = []
    length = 0
    for one in things:
        more = len(msgspec.json.encode(one)) + 1
        if part and (len(part) == most or length + more > _LONGEST):
            yield tuple(part)
            part, length = [], 0
        part.append(one)
        length += more
    if part:
        yield tuple(part)


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Base of every event type. Its stored name and version never change; see `domain.events.catalogue`."""

    rule: str | None = None  # the rule that decided, where one did
    effective_on: date | None = None  # when it holds, only where the source tells it (AUD-3)


class UnknownFact(Fact, frozen=True, kw_only=True):
    """An event of a later version than this code: kept in its place and passed by, never a reason to stop reading."""

    stored: bytes  # the fact as it lies in the log


class Meta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Data about an event's recording, the same for every event of one append but `causation`."""

    recorded_at: datetime  # aware UTC; order is by position, never by this
    actor: Actor
    correlation: str  # the run or request
    causation: str | None = None  # "<stream>#<version>" of the event that led to this one


@dataclass(frozen=True, slots=True)
class Pending:
    """A fact about to be appended."""

    fact: Fact
    causation: str | None = None


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Facts for one stream; `next_version` is the version the first of them gets (a new stream starts at 0)."""

    stream: StreamId
    next_version: int
    facts: Sequence[Pending]


class Recorded(msgspec.Struct, frozen=True, gc=False):  # a replay makes a million: a dataclass takes six times longer
    """One event as read from the log. Personal fields are sealed handles until `Vault.opened`."""

    position: int
    stream: StreamId
    version: int
    name: str  # stored name: "loket_record.field_overwritten.v1"
    meta: Meta
    fact: Fact
    boxes: tuple[Box, ...] = ()  # what the sealed handles of the fact point into

    def key_of(self, value: Sealed) -> str | None:
        """The id of the key that a value of this event is sealed with; None when it points to no box."""
        if isinstance(value.key_id, str):
            return value.key_id
        return self.boxes[value.key_id].key_id if 0 <= value.key_id < len(self.boxes) else None

    @property
    def reference(self) -> str:
        return f"{self.stream}#{self.version}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head of the log: `text` is the C2SP signed note."""

    size: int
    root: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Fence:
    """Proof of holding a legal entity, checked inside every transaction of a run (RUN-3)."""

    legal_entity: str
    token: int


class Log(Protocol):
    """The append-only log (LOG-1, LOG-2)."""

    def append(
        self, appends: Sequence[StreamAppend], *, meta: Meta, fence: Fence | None = None
    ) -> tuple[Recorded, ...]:
        """Store all or nothing, sealing personal values; at most 500 events.

        Raises StreamMoved, ClaimLost (the fence is no longer held) or LogDamaged (the tail was cut, or the last
        verification did not say OK).
        """
        ...

    def proven(self, *, by: Actor, at: datetime) -> Log:
        """This log, to build a run on: its end since the last good verification was checked just now.

        Every event that is read through it is held against the signed tree. Raises LogNotBelieved, and the log is not
        believed from then on: the verdict is kept, as found by `by` at `at`; and NoCheckpoint, before anything is done,
        where what is done could not be signed.
        """
        ...

    def doubt(self) -> str | None:
        """Why the log is not believed: what the last verification found, and when; None while it is."""
        ...

    def stream(self, stream: StreamId) -> tuple[Recorded, ...]:
        """Every event of one stream in version order; empty when it has none."""
        ...

    def streams(self, streams: Sequence[StreamId]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        """Several streams in few queries; a stream without events is absent from the answer."""
        ...

    def of_kinds(
        self, streams: Sequence[StreamId], kinds: Collection[type[Fact]]
    ) -> Mapping[StreamId, tuple[Recorded, ...]]:
        """Of each stream the events of these kinds, for whoever shows something: nothing tells that one is missing."""
        ...

    def parts(self, streams: Mapping[StreamId, Sequence[int]]) -> Mapping[StreamId, tuple[Recorded, ...]]:
        """Of each stream these versions, in order, and every one after the last of them; none given: all of it.

        Raises LogDamaged where one of them is not there, or one in between the last and the end of the stream.
        """
        ...

    def newest(self, streams: Sequence[StreamId], *, before: int | None = None) -> Mapping[StreamId, Recorded]:
        """The last event of each of these streams, of those before a position; a stream without any is absent."""
        ...

    def page(self, after: int, limit: int) -> tuple[Recorded, ...]:
        """Events with position > `after` (-1 for all) in order, at most `limit`."""
        ...

    def at(self, positions: Sequence[int]) -> tuple[Recorded, ...]:
        """The events at these positions, in position order."""
        ...

    def size(self) -> int:
        """How many events there are; the next position."""
        ...

    def checkpoint(self) -> Checkpoint | None:
        """Sign and store the committed head, inside and outside the database; None for an empty log (LOG-2)."""
        ...

    def replay(self) -> Iterator[Recorded]:
        """Every event in order, in pages."""
        ...


def recorded_by(events: Sequence[Recorded], when: datetime | None) -> Sequence[Recorded]:
    """What of it was recorded by then; all of it where no instant is given."""
    return events if when is None else [one for one in events if one.meta.recorded_at <= when]


def warning_about(log: Log) -> str | None:
    """What all that is made from a log which is known to be bad says on its face; None for a good one (LOG-2)."""
    doubt = log.doubt()
    return doubt and f"Made from a log that is known to be bad, and may not say what happened: {doubt}."


class Vault(Protocol):
    """Opens sealed values and keeps secrets; what is destroyed here is erased everywhere (AUD-9)."""

    def opened(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        """The same events with every sealed value replaced by its text, or by `Lost` when it cannot be had."""
        ...

    def marked(self, recorded: Sequence[Recorded]) -> tuple[Recorded, ...]:
        """The same events, still sealed, but `Lost.SHREDDED` where the key was destroyed: masked, or told as erased."""
        ...

    def subject(self) -> SubjectRef:
        """A new random reference for one natural person."""
        ...

    def mac(self, kind: str, data: bytes) -> str:
        """A hex MAC under a random key of the key store, the same after the key-encryption key was exchanged."""
        ...

    def keyed_digest(self, purpose: str, data: bytes) -> str:
        """A hex digest only holders of the key-encryption key can compute: personal data cannot be guessed from it."""
        ...
