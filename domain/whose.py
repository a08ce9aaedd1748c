"""Whose an event is: the legal entity that it tells itself, by its fact, its stream, or what its stream told before.

What a view says of an event decides nothing about who may see it: a view can be edited, and an event cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from domain.events.custody import ValuesUnmasked
from domain.events.personio import PersonLeftEntity
from domain.log import Fact, Log, Recorded, StreamId
from domain.values import LegalEntityId

NO_ENTITY: Final = LegalEntityId("")
"""The legal entity of what concerns the log itself: checks of it, access to it."""

OWNED: Final = ("run:", "check:", "person:")
"""Streams whose events belong to the legal entity that an earlier one of them named."""

NAMED: Final = ("loket:", "drift:", "hold:")
"""Streams that have the legal entity and the employee number in their name."""


def told(event: Recorded) -> LegalEntityId | None:
    """The legal entity that the event tells without any other; None where an earlier one has to."""
    said = getattr(event.fact, "legal_entity", None)
    if said:
        return LegalEntityId(said)
    if event.stream.startswith(NAMED):
        return LegalEntityId(event.stream.split(":")[1])
    return None if event.stream.startswith(OWNED) else NO_ENTITY


def names_owner(fact: Fact) -> bool:
    """Whether later events of the same stream belong to the legal entity that this one names."""
    return bool(getattr(fact, "legal_entity", None)) and not isinstance(fact, PersonLeftEntity | ValuesUnmasked)


def whose(events: Sequence[Recorded], log: Log, begun: Mapping[StreamId, Recorded]) -> tuple[LegalEntityId, ...]:
    """The legal entity of each event. `begun`: runs by their first event, which spares reading their streams whole."""
    of_stream = {stream: LegalEntityId(getattr(first.fact, "legal_entity", "")) for stream, first in begun.items()}
    unknown = {event.stream for event in events if told(event) is None and event.stream not in of_stream}
    earlier = {
        stream: [(one.position, LegalEntityId(one.fact.legal_entity)) for one in its if names_owner(one.fact)]  # type: ignore[attr-defined]
        for stream, its in log.streams(sorted(unknown)).items()
    }

    def owner(event: Recorded) -> LegalEntityId:
        if event.stream in of_stream:
            return of_stream[event.stream]
        before = [entity for position, entity in earlier.get(event.stream, ()) if position < event.position]
        return before[-1] if before else NO_ENTITY

    return tuple(owner(event) if (said := told(event)) is None else said for event in events)
