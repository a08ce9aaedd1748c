"""Reading of many streams what still tells something, and putting on record what no longer does.

Whoever folds a person, a number in Loket or their pay asks here: what they get makes the same records as the whole
streams, and does not grow with their history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from domain.errors import StreamMoved
from domain.events.overtaken import EventsOvertaken
from domain.log import Fact, Log, Recorded, StreamId
from domain.records.overtaken import FOLDS, still_telling
from domain.services.journal import Journal, Tools
from domain.streams import overtaken_stream

_NAMED: Final = 5_000  # versions in one event
_LONG: Final = 8  # events since it was last looked at: then a stream is worth another look


@dataclass(frozen=True, slots=True)
class Told:
    """The events of each stream that still tell something, as far as that is on record, and all since.

    `long`: of which of them much came since, and the version that the next word about it gets.
    """

    events: Mapping[StreamId, tuple[Recorded, ...]] = field(default_factory=dict)
    long: Mapping[StreamId, int] = field(default_factory=dict)


def told(log: Log, streams: Iterable[StreamId]) -> Told:
    """Values stay sealed; a stream without events is absent."""
    asked = list(streams)
    words = log.newest([overtaken_stream(one) for one in asked])
    kept = {one: _kept(one, words.get(overtaken_stream(one))) for one in asked}
    events = log.parts(kept)
    long = {}
    for stream, found in events.items():
        if len(found) - len(kept[stream]) >= _LONG:
            word = words.get(overtaken_stream(stream))
            long[stream] = 0 if word is None else word.version + 1
    return Told(events, long)


def _kept(stream: StreamId, word: Recorded | None) -> tuple[int, ...]:
    """No version where all of it has to be read: nothing is on record, or by other folds."""
    fact = word.fact if word is not None else None
    if not isinstance(fact, EventsOvertaken) or (fact.stream, fact.folds) != (stream, FOLDS):
        return ()
    return fact.kept


def telling(log: Log, streams: Iterable[StreamId]) -> Mapping[StreamId, tuple[Recorded, ...]]:
    """The events of `told`."""
    return told(log, streams).events


def opened_telling(tools: Tools, streams: Iterable[StreamId]) -> Mapping[StreamId, tuple[Recorded, ...]]:
    """The events of `told`, with their personal values opened."""
    return opened(tools, told(tools.log, streams)).events


def opened(tools: Tools, found: Told) -> Told:
    values = iter(tools.vault.opened([one for events in found.events.values() for one in events]))
    return Told({stream: tuple(next(values) for _ in events) for stream, events in found.events.items()}, found.long)


def record_overtaken(journal: Journal, found: Told) -> None:
    """Put on record of long streams what was overtaken in them, so that the next look need not read it again.

    `found` is opened. Another legal entity's run may say it of the same person just now: then it is said.
    """
    facts: dict[StreamId, list[Fact]] = {}
    for stream, version in found.long.items():
        journal.knows(overtaken_stream(stream), version)
        kept = still_telling(found.events[stream])
        if len(kept) <= _NAMED:
            facts[overtaken_stream(stream)] = [EventsOvertaken(stream=stream, kept=kept, folds=FOLDS)]
    with suppress(StreamMoved):
        journal.record_all(facts)
