"""Names of a legal entity's people as Personio last showed them; on record before anyone sees one (AUD-8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from domain.attributes import CATALOGUE, LAST_NAME, Role
from domain.events.personio import AttributeChanged, AttributesObserved
from domain.log import Log, Recorded, Vault
from domain.personal import Sealed
from domain.ports import Clock, Views
from domain.services.reports.unmask import Unmasking, record_unmasking, subjects_in
from domain.streams import person_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId

NAMES: Final = "names"
"""What a showing of them is called."""

_AT_ONCE: Final = 200
_PATHS: Final = {row.role: row.field for row in CATALOGUE}
FIRST_NAME: Final = _PATHS[Role("first_name")]
SURNAME: Final = _PATHS[LAST_NAME]
_IN_ORDER: Final = (FIRST_NAME, _PATHS[Role("name_prefix")], SURNAME)

Held = Mapping[EmployeeNumber, Mapping[FieldPath, int]]


def show_names(
    entity: LegalEntityId, *, unmasking: Unmasking, log: Log, vault: Vault, views: Views, clock: Clock
) -> frozenset[EmployeeNumber]:
    """Put on record whose names may be seen from now on: everyone's whose name the log holds. Nobody's is read.

    Raises Misconfigured without a reason, and TooManyPeople when somebody else has to agree first.
    """
    held = _held(entity, views)
    events = _events(held, log)
    marked = dict(zip(events, vault.marked(tuple(events.values())), strict=True))
    named = {number: places for number, places in held.items() if _has_name(places, marked)}
    people = subjects_in([events[place] for places in named.values() for place in places.values()])
    numbers = tuple(sorted(named))
    record_unmasking(log, vault, clock, unmasking=unmasking, entity=entity, people=people, numbers=numbers)
    return frozenset(numbers)


def read_names(
    entity: LegalEntityId, numbers: Collection[EmployeeNumber], *, log: Log, vault: Vault, views: Views
) -> Mapping[EmployeeNumber, str]:
    """The names behind these numbers, without those that were erased or are blank."""
    held = _held(entity, views, frozenset(numbers))
    events = _events(held, log)
    opened = dict(zip(events, vault.opened(tuple(events.values())), strict=True))
    found = {
        number: " ".join(filter(None, (_texts(opened[place], field) for field, place in places.items())))
        for number, places in held.items()
    }
    return {number: name for number, name in found.items() if name}


def _held(entity: LegalEntityId, views: Views, only: frozenset[EmployeeNumber] | None = None) -> Held:
    """Where the log has the names of each number; of none that several people have."""
    people = views.sync_state.people(entity)
    several = Counter(people.values())
    wanted = {
        person_stream(PersonId(person)): EmployeeNumber(number)
        for person, number in people.items()
        if number is not None and several[number] == 1 and (only is None or number in only)
    }
    found = {}
    for stream, fields in views.sync_state.fields(wanted).items():
        places = {path: fields[path].position for path in _IN_ORDER if path in fields}
        known = {path: place for path, place in places.items() if place is not None}
        if known:
            found[wanted[stream]] = known
    return found


def _events(held: Held, log: Log) -> dict[int, Recorded]:
    places = sorted({place for each in held.values() for place in each.values()})
    found: dict[int, Recorded] = {}
    for start in range(0, len(places), _AT_ONCE):
        found |= {event.position: event for event in log.at(places[start : start + _AT_ONCE])}
    return found


def _has_name(places: Mapping[FieldPath, int], marked: Mapping[int, Recorded]) -> bool:
    """Sealed as it is: neither blank nor erased in whole."""
    values = (value for field, place in places.items() for value in _values(marked[place], field))
    return any(isinstance(value, str | Sealed) for value in values)


def _texts(event: Recorded, field: FieldPath) -> str:
    return next((value for value in _values(event, field) if isinstance(value, str)), "")


def _values(event: Recorded, field: FieldPath) -> Iterator[object]:
    match event.fact:
        case AttributesObserved(values=values):
            yield from (one.value for one in values if one.field == field)
        case AttributeChanged(field=changed, after=after) if changed == field:
            yield after
