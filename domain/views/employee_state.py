"""What did the two systems say of one employee, as recorded by an instant and as effective on a day (AUD-4)?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from domain.events.loket import FieldOverwritten, LoketFieldChanged, LoketFieldsObserved, WriteConflicted
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.log import Recorded
from domain.personal import Personal
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
    was recorded, since nobody knows more.
    """
    best: dict[tuple[str, str], Value] = {}
    for event in events:
        if event.meta.recorded_at > as_at:
            continue
        for each in _values(event):
            known = best.get((each.system, each.field))
            if each.since[0] <= on and (known is None or known.since <= each.since):
                best[each.system, each.field] = each
    return tuple(best[key] for key in sorted(best))


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


def _value(event: Recorded, system: str, field: str, value: Personal) -> Value:
    return Value(system, field, value, event.fact.effective_on, event.meta.recorded_at, event.position)
