"""What did the two systems say of one employee, as recorded by an instant and as effective on a day (AUD-4)?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.events.loket import (
    FieldOverwritten,
    Holding,
    LoketFieldChanged,
    LoketFieldsObserved,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    seen_to_land,
)
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.log import Fact, Recorded
from domain.personal import Personal
from domain.values import BLANK
from domain.views.sentences import local_date


@dataclass(frozen=True, slots=True)
class Value:
    """A field's value. `effective_on` is None where no system told it: then it is the value at `recorded_at`."""

    system: str
    field: str
    value: Personal
    effective_on: date | None
    recorded_at: datetime
    position: int

    @property
    def since(self) -> tuple[date, int]:
        return (self.effective_on or local_date(self.recorded_at), self.position)


def state(events: Iterable[Recorded], *, as_at: datetime, on: date) -> tuple[Value, ...]:
    """The values among what was recorded by `as_at` that held on the day `on`, by system and field.

    A dated fact counts from its effective date, whenever it was recorded; a date-less value from the day on which it
    was recorded, since nobody knows more. Where a chain of pay is rebuilt, what held from a day is taken away, and what
    held before goes on (PAY-8).
    """
    known: dict[tuple[str, str], list[Value]] = {}
    taken: set[int] = set()
    created: dict[str, WriteIntended] = {}
    holding: defaultdict[str, Holding] = defaultdict(Holding)  # by the stream of a number
    for event in events:
        if event.meta.recorded_at > as_at:
            continue
        if _taken_away(event.fact):
            taken.add(event.position)
        if isinstance(event.fact, WriteIntended) and event.fact.kind.of_concept:
            created[event.fact.intent] = event.fact
        if holding[event.stream].ends_with(event.fact):
            known = {key: held for key, held in known.items() if key[0] != "loket"}
        for each in (*_values(event), *_created(event, created)):
            held = known.setdefault((each.system, each.field), [])
            if event.position in taken:
                held[:] = [one for one in held if not _from(each, one)]
            held.append(each)
    then = {key: [one for one in held if one.since[0] <= on] for key, held in known.items()}
    # what was taken away is blank only where nothing else holds
    return tuple(
        max(then[key], key=lambda one: (one.position not in taken, one.since)) for key in sorted(then) if then[key]
    )


def _taken_away(fact: Fact) -> bool:
    """Whether it blanks a day of a chain of pay so that the chain can be rebuilt, and so says nothing of that day."""
    return isinstance(fact, FieldOverwritten) and fact.rule == "PAY-8" and fact.after is BLANK


def _from(taken: Value, one: Value) -> bool:
    """Whether a value is the one that began on the day that is taken away: a date-less one was seen since then."""
    if one.effective_on is None:
        return one.since[0] >= taken.since[0]
    return one.effective_on == taken.effective_on


def _values(event: Recorded) -> Iterator[Value]:
    fact = event.fact
    if isinstance(fact, AttributesObserved | LoketFieldsObserved):
        system = "personio" if isinstance(fact, AttributesObserved) else "loket"
        for seen in fact.values:
            yield _value(event, system, seen.field, seen.value)
    elif isinstance(fact, AttributeChanged):
        yield _value(event, "personio", fact.field, fact.after)
    elif isinstance(fact, LoketFieldChanged | FieldOverwritten):
        yield _value(event, "loket", fact.field, fact.after)
    elif isinstance(fact, WriteConflicted):
        for seen in fact.found:
            yield _value(event, "loket", seen.field, seen.value)


def _created(event: Recorded, intended: Mapping[str, WriteIntended]) -> Iterator[Value]:
    """What a concept employee holds by a confirmed write: a creation replaces nothing, and nothing else tells of it."""
    fact = event.fact
    if isinstance(fact, WriteConfirmed) and fact.intent in intended:
        for change in seen_to_land(fact, intended[fact.intent]):
            yield _value(event, "loket", change.field, change.after)


def _value(event: Recorded, system: str, field: str, value: Personal) -> Value:
    return Value(system, field, value, event.fact.effective_on, event.meta.recorded_at, event.position)
