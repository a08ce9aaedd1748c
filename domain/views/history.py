"""What does the log know of one employee: Loket's number, and the Personio person who carried it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from domain.events.loket import FieldOverwritten
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.log import Fact, Recorded, StreamId
from domain.streams import loket_stream, person_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId
from domain.views.sentences import ENGLISH, Tongue, local_date, sentence


class HistoryView(Protocol):
    def positions(
        self,
        entity: LegalEntityId,
        number: EmployeeNumber,
        *,
        after: int = -1,
        limit: int | None = None,
        carried: Sequence[Span] | None = None,
    ) -> tuple[int, ...]:
        """Where the log speaks of this number, in order; empty when it never does.

        The number's own stream, what runs said of it, and the Personio stream of whoever carried it, while they did.
        `carried` is who that was, where it was asked already.
        """
        ...

    def carried(self, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
        """The Personio streams of everyone who carried this number, while they did."""
        ...


class Link(NamedTuple):
    """From `position` on a person carries this number in this entity, or has left it."""

    position: int
    legal_entity: str
    employee_number: int | None
    left_entity: bool


class Span(NamedTuple):
    """A stretch of the log, both ends inside; `until` None means up to its head."""

    about: StreamId
    since: int
    until: int | None

    def holds(self, position: int) -> bool:
        return self.since <= position and (self.until is None or position <= self.until)


def of_number(entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
    """Where a number itself is spoken of, whoever carries it."""
    return (Span(loket_stream(entity, number), 0, None),)


def carried_by(
    entity: LegalEntityId, number: EmployeeNumber, links: Sequence[tuple[PersonId, Sequence[Link]]]
) -> Iterator[Span]:
    """The streams of those people, while they carried the number."""
    for person, its_links in links:
        for since, until in _carried(entity, number, its_links):
            yield Span(person_stream(person), since, until)


def _carried(entity: str, number: int, links: Sequence[Link]) -> Iterator[tuple[int, int | None]]:
    """While a person carried the number: from before a first number was known, and through gaps without one."""
    holder: tuple[str, int] | None = None  # the entity and number carried
    since = 0
    last_here: int | None = None  # the number last carried in the entity asked about
    for link in links:
        if link.left_entity:
            moved_before = holder is None or holder[0] != entity
            if link.legal_entity == entity and last_here == number and moved_before:
                yield link.position, link.position  # noticed by a run of the old entity after the move
            continue
        if link.employee_number is None and (holder is None or holder[0] == link.legal_entity):
            continue
        carried = None if link.employee_number is None else (link.legal_entity, link.employee_number)
        if carried == holder:
            continue
        if holder is not None:
            if holder == (entity, number):
                yield since, link.position - 1
            since = link.position
        holder = carried
        if carried is not None and carried[0] == entity:
            last_here = carried[1]
    if holder == (entity, number):
        yield since, None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One event as a payroll administrator reads it."""

    position: int
    recorded_at: datetime
    actor: Actor
    run: str  # the run or request
    rule: str | None
    effective_on: date | None
    name: str
    sentence: str


def lines(events: Sequence[Recorded], t: Tongue = ENGLISH) -> tuple[HistoryLine, ...]:
    """The events in order as sentences; values are masked unless they were opened."""
    first_seen: dict[tuple[StreamId, str], date] = {}  # of each person's fields
    told: list[HistoryLine] = []
    for event in events:
        day, fact = local_date(event.meta.recorded_at), event.fact
        first_seen.update(((event.stream, field), day) for field in _shown(fact))
        told.append(_line(event, first_seen.get(_of(fact)), t))
    return tuple(told)


def _shown(fact: Fact) -> Iterator[str]:
    """The fields of which Personio showed a new value."""
    if isinstance(fact, AttributesObserved):
        yield from (value.field for value in fact.values)
    elif isinstance(fact, AttributeChanged):
        yield fact.field


def _of(fact: Fact) -> tuple[StreamId, str]:
    """Whose field was overwritten."""
    match fact:
        case FieldOverwritten(person_id=person, field=field):
            return person_stream(PersonId(person)), field
        case _:
            return StreamId(""), ""


def _line(event: Recorded, first_seen: date | None, t: Tongue) -> HistoryLine:
    meta, fact = event.meta, event.fact
    return HistoryLine(
        position=event.position,
        recorded_at=meta.recorded_at,
        actor=meta.actor,
        run=meta.correlation,
        rule=fact.rule,
        effective_on=fact.effective_on,
        name=event.name,
        sentence=sentence(fact, on=local_date(meta.recorded_at), first_seen=first_seen, t=t),
    )
