"""Who works in the simulated Personio tenant, and what they are paid."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from adapters.simulators.personio.dated import DatedValues, Entry

_IDS = UUID("7e3a3f0e-0000-4000-8000-000000000000")


def made_up_id(*parts: object) -> str:
    """A UUID that is the same in every run with the same history."""
    return str(uuid5(_IDS, ":".join(map(str, parts))))


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """`sub_company_id` is the deprecated number of the same entity, from another number space."""

    id: str
    name: str
    country: str | None
    sub_company_id: str


@dataclass(frozen=True, slots=True)
class Termination:
    termination_date: date
    last_working_day: date
    terminated_at: date
    type: str
    reason: str | None
    inactive: Entry


@dataclass(slots=True)
class Employment:
    """Dated values: status, legal_entity_id, weekly_working_hours, full_time_weekly_working_hours, position, type."""

    id: str
    person_id: str
    start_date: date | None
    created_at: datetime
    updated_at: datetime
    values: DatedValues
    contract_end_date: date | None = None
    termination: Termination | None = None


@dataclass(slots=True)
class Person:
    """Values are keyed by first-class name or attribute id; `number` is the place in every list."""

    id: str
    number: int
    created_at: datetime
    updated_at: datetime
    values: DatedValues
    employments: list[Employment] = field(default_factory=list)

    def newest_first(self) -> list[Employment]:
        return sorted(self.employments, key=lambda each: (each.start_date or date.min, each.created_at), reverse=True)


@dataclass(frozen=True, slots=True)
class CompensationType:
    id: str
    name: str
    category: str


FIXED = CompensationType(made_up_id("type", "fixed"), "Base salary", "FIXED_SALARY")
HOURLY = CompensationType(made_up_id("type", "hourly"), "Hourly salary", "HOURLY_SALARY")


@dataclass(frozen=True, slots=True)
class Compensation:
    """One entry; it holds until the next one of its type, a one-time payment on its own day only."""

    id: str
    number: int
    person_id: str
    legal_entity_id: str | None
    type: CompensationType
    amount: Decimal
    currency: str
    interval: str | None
    effective_from: date
    weekly_working_hours: float | None
    full_time_weekly_working_hours: float | None


@dataclass(slots=True)
class Tenant:
    """Everything by id, and in the order of its creation for the lists."""

    people: dict[str, Person] = field(default_factory=dict)
    legal_entities: dict[str, LegalEntity] = field(default_factory=dict)
    types: dict[str, CompensationType] = field(default_factory=dict)
    compensations: dict[str, Compensation] = field(default_factory=dict)
    _order: list[tuple[int, str]] = field(default_factory=list)
    _pay_order: list[tuple[int, str]] = field(default_factory=list)
    _pay: dict[str, list[Compensation]] = field(default_factory=dict)
    _last_number: int = 0

    def next_number(self) -> int:
        self._last_number += 1
        return self._last_number

    def add_person(self, person: Person) -> None:
        self.people[person.id] = person
        self._order.append((person.number, person.id))

    def remove_person(self, person_id: str) -> Person:
        person = self.people.pop(person_id)
        del self._order[bisect_left(self._order, (person.number, ""))]
        for compensation in list(self.pay_of(person_id)):
            self.remove_compensation(compensation.id)
        return person

    def people_after(self, number: int) -> Iterator[Person]:
        """Everyone created after the person of that number."""
        start = bisect_right(self._order, (number, "\uffff"))
        return (self.people[self._order[place][1]] for place in range(start, len(self._order)))

    def add_compensation(self, compensation: Compensation) -> None:
        self.compensations[compensation.id] = compensation
        self._pay_order.append((compensation.number, compensation.id))
        self._pay.setdefault(compensation.person_id, []).append(compensation)

    def remove_compensation(self, compensation_id: str) -> Compensation:
        compensation = self.compensations.pop(compensation_id)
        del self._pay_order[bisect_left(self._pay_order, (compensation.number, ""))]
        self._pay[compensation.person_id].remove(compensation)
        return compensation

    def rename_type(self, type_id: str, name: str) -> None:
        self.types[type_id] = renamed = replace(self.types[type_id], name=name)
        for person, several in self._pay.items():
            self._pay[person] = [replace(one, type=renamed) if one.type.id == type_id else one for one in several]
        self.compensations |= {one.id: one for several in self._pay.values() for one in several}

    def pay_of(self, person_id: str) -> Iterable[Compensation]:
        return self._pay.get(person_id, ())

    def pay_after(self, number: int) -> Iterator[Compensation]:
        start = bisect_right(self._pay_order, (number, "\uffff"))
        return (self.compensations[self._pay_order[place][1]] for place in range(start, len(self._pay_order)))

    def in_window(self, compensation: Compensation, start: date, end: date) -> bool:
        """Whether it was in force on a day from start to end; zero ends pay and is itself never shown."""
        if compensation.amount == 0 or compensation.effective_from > end:
            return False
        if compensation.type.category == "ONE_TIME":
            return start <= compensation.effective_from
        return max(start, compensation.effective_from) <= self._last_day(compensation)

    def _last_day(self, compensation: Compensation) -> date:
        mine = (compensation.effective_from, compensation.number)
        later = [
            (other.effective_from, other.number)
            for other in self.pay_of(compensation.person_id)
            if other.type.id == compensation.type.id and (other.effective_from, other.number) > mine
        ]
        return min(later)[0] - timedelta(days=1) if later else date.max
