"""A Personio tenant in memory: dated edits, hidden attributes, statuses, pay and the troubles a reader meets."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from domain.attributes import CONSIDER, EMPLOYEE_NUMBER, ENTRY_DATE, FIRST_CLASS, INCOME_NUMBER, Role
from domain.errors import IncompleteRead, Misconfigured, Unreachable
from domain.planning.business_date import AMSTERDAM
from domain.planning.comparison import tidy
from domain.planning.employments import employed, judged_in
from domain.settings import LegalEntity
from domain.snapshots import (
    Compensation,
    CompensationCategory,
    PayWindow,
    PersonioEmployment,
    PersonioPerson,
    PersonioSnapshot,
    Sighting,
    Sightings,
    UnreadablePay,
)
from domain.values import BLANK, NOT_OBSERVED, LegalEntityId, Observed, PersonId
from tests.support.offices import Trouble

_NEW_AFTER_REHIRE = (CONSIDER, EMPLOYEE_NUMBER, INCOME_NUMBER, ENTRY_DATE)


@dataclass(slots=True)
class _Dated:
    """One value with its entries; of several for a day the newest holds (RETRO-1)."""

    entries: list[tuple[date, int, Observed]] = field(default_factory=list)

    def enter(self, value: Observed, day: date) -> None:
        self.entries.append((day, len(self.entries), value))

    def on(self, day: date) -> Observed:
        return max(entry for entry in self.entries if entry[0] <= day)[2]


@dataclass(slots=True)
class _Employment:
    id: str
    entity: LegalEntityId | None
    start: date
    end: date | None = None
    status: Observed = "ACTIVE"
    last_day: date | None = None  # of a termination: Inactive from 00:00 UTC on the day after (WHO-2)


@dataclass(slots=True)
class _Person:
    values: dict[Role, _Dated]
    employments: list[_Employment]
    hidden: set[Role] = field(default_factory=set)


def _sighting(key: str, values: Sequence[Observed]) -> Sighting:
    shown = [value for value in values if value is not NOT_OBSERVED]
    return Sighting(key, len(shown), sum(1 for value in shown if value is not BLANK))


class FakePersonio:
    """`domain.ports.PersonioSource`, and the HR department that fills it. `mapped`: the roles this tenant maps."""

    def __init__(self, now: Callable[[], datetime], *, mapped: frozenset[Role], lists_attributes: bool = False) -> None:
        self._now = now
        self.mapped = mapped
        self.lists_attributes = lists_attributes
        self._hidden_keys: set[tuple[str, PersonId | None]] = set()
        self._slipped: frozenset[PersonId] = frozenset()
        self._people: dict[PersonId, _Person] = {}
        self._pay: list[Compensation] = []
        self._pay_ids = itertools.count(1)
        self._ids = itertools.count(3001)
        self._countries: dict[str, str | None] = {}
        self._hidden: set[Role] = set()
        self._only: dict[Role, frozenset[PersonId]] = {}  # of whom alone a role is shown
        self._flip = time()  # from when in Amsterdam the changes of a day are shown
        self._omits_empties = False
        self._full_time_salaries = True
        self._pay_limit: str | None = None
        self._missing_pay: str | None = None
        self._garbled_pay: str | None = None
        self._pay_entities_hidden = False
        self._pay_hidden: frozenset[PersonId] = frozenset()
        self._trouble: Trouble | None = None

    # --- the port ---

    def read(self, entity: LegalEntity, *, today: date) -> PersonioSnapshot:
        self._raise_trouble()
        if self._countries.get(entity.personio_id, "NL") not in ("NL", None):
            raise Misconfigured(f"legal entity {entity.personio_id} is not in the Netherlands")
        listed = [self._seen(person, today) for person in self._people if person not in self._slipped]
        swept = [judged_in(one, entity.personio_id) for one in listed]
        elsewhere = {
            one.id: None if shown is BLANK else LegalEntityId(str(shown))
            for one in swept
            if one.employment and (shown := one.employment.legal_entity) not in (entity.personio_id, NOT_OBSERVED)
        }
        people = tuple(one for one in swept if one.employment and one.employment.legal_entity == entity.personio_id)
        unplaced = tuple(one for one in swept if one.employment and one.employment.legal_entity is NOT_OBSERVED)
        unknown = ("Personio does not say in which country the legal entity is",)
        notes = unknown if self._countries.get(entity.personio_id, "NL") is None else ()
        readable = frozenset(self.mapped - self._hidden) if self.lists_attributes else frozenset[Role]()
        return PersonioSnapshot(
            self._now(),
            people,
            elsewhere,
            unplaced,
            notes=notes,
            sightings=self._sightings(listed),
            listed=readable,
        )

    def _seen(self, person: PersonId, today: date) -> PersonioPerson:
        one = self._people[person]
        values = self._values(one, today)
        shown = {role: value for role, value in values.items() if person in self._only.get(role, {person})}
        return employed(person, self._employments(person), shown, today)

    def _sightings(self, swept: Sequence[PersonioPerson]) -> Sightings:
        """Of everyone in the tenant; an attribute's id here is its role."""
        seen = [(one.values, one.employment) for one in swept if one.employment]
        own: dict[str, list[Observed]] = {
            key: [values.get(Role(key), NOT_OBSERVED) for values, _ in seen] for key in sorted(FIRST_CLASS)
        }
        own |= {
            "legal_entity": [one.legal_entity for _, one in seen],
            "status": [one.status for _, one in seen],
            "employment_start_date": [NOT_OBSERVED if one.start is None else str(one.start) for _, one in seen],
        }
        custom = {role: [values.get(role, NOT_OBSERVED) for values, _ in seen] for role in sorted(self.mapped)}
        return Sightings(
            len(seen),
            {key: _sighting(key, values) for key, values in own.items()},
            {role: _sighting(role, values) for role, values in custom.items() if role not in FIRST_CLASS},
        )

    def people(self, people: Sequence[PersonId], *, today: date) -> tuple[PersonioPerson, ...]:
        self._raise_trouble()
        return tuple(self._seen(person, today) for person in people if person in self._people)

    def ask(self, people: Sequence[PersonId], *, today: date) -> Mapping[PersonId, PersonioPerson | None]:
        self._raise_trouble()
        return {person: self._seen(person, today) if person in self._people else None for person in people}

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        self._raise_trouble()
        latest: dict[tuple[PersonId, str], Compensation] = {}
        for one in self._pay_shown_of(entity):
            if (one.effective_from or date.min) <= on:
                latest[one.person, one.type_id] = max(
                    one, latest.get((one.person, one.type_id), one), key=lambda pay: pay.effective_from or date.min
                )  # of two for a day the later one
        return self._window(on, on, (one for one in latest.values() if one.amount != 0))

    def _window(self, start: date, end: date, listed: Iterable[Compensation]) -> PayWindow:
        every = list(listed)
        garbled = tuple(
            UnreadablePay(one.person, one.type_id, one.category, one.type_name, ("effective_from",))
            for one in every
            if one.id == self._garbled_pay
        )
        return PayWindow(start, end, tuple(self._shown(one) for one in every if one.id != self._garbled_pay), garbled)

    def _shown(self, pay: Compensation) -> Compensation:
        """With the amount of a full week, where this tenant shows that one."""
        if self._pay_entities_hidden:
            pay = replace(pay, legal_entity=NOT_OBSERVED)
        fixed = pay.category is CompensationCategory.FIXED_SALARY
        if not (self._full_time_salaries and fixed and pay.weekly_hours and pay.full_time_hours):
            return pay
        full = pay.amount * pay.full_time_hours / pay.weekly_hours
        return replace(pay, amount=full.quantize(Decimal("0.01"), ROUND_HALF_UP))

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        self._raise_trouble()
        theirs = self._pay_shown_of(entity)
        return tuple(self._window(*span, (one for one in theirs if self._in_window(one, *span))) for span in spans)

    def _pay_shown_of(self, entity: LegalEntity) -> list[Compensation]:
        """A credential's limit overrides what a query asks for."""
        asked = self._pay_limit or entity.personio_id
        here = self._people.keys() - self._pay_hidden
        return [one for one in self._pay if one.legal_entity == asked and one.person in here]

    def _in_window(self, pay: Compensation, start: date, end: date) -> bool:
        """In force on a day of the window; pay ends with the next of its type, and zero itself is never listed."""
        begun = pay.effective_from or date.min
        if pay.amount == 0 or begun > end or pay.id == self._missing_pay:
            return False
        if pay.category is CompensationCategory.ONE_TIME:
            return start <= begun
        later = [
            (one.effective_from or date.min, place)
            for place, one in enumerate(self._pay)
            if (one.person, one.type_id) == (pay.person, pay.type_id)
        ]
        mine = (begun, self._pay.index(pay))
        after = min((one for one in later if one > mine), default=None)
        return after is None or max(start, begun) < after[0]

    # --- the HR department ---

    def add_legal_entity(self, entity: str, country: str | None) -> None:
        self._countries[entity] = country

    def add_person(self, values: Mapping[Role, Observed], *, entity: str, start: date) -> PersonId:
        person = PersonId(str(next(self._ids)))
        dated = {role: _Dated([(date.min, 0, value)]) for role, value in values.items()}
        self._people[person] = _Person(dated, [_Employment(f"e{person}", LegalEntityId(entity), start)])
        return person

    def edit(self, person: PersonId, role: Role, value: Observed, effective_on: date) -> None:
        self._people[person].values.setdefault(role, _Dated([(date.min, 0, BLANK)])).enter(value, effective_on)

    def set_status(self, person: PersonId, word: str) -> None:
        self._newest(person).status = word

    def set_own_status(self, person: PersonId, word: str) -> None:
        """The person's status, which nothing here reads: the employment's decides (WHO-2)."""

    def hide_status(self, person: PersonId) -> None:
        self._newest(person).status = NOT_OBSERVED

    def move(self, person: PersonId, entity: str | None) -> None:
        self._newest(person).entity = LegalEntityId(entity) if entity else None

    def hide(self, role: Role, person: PersonId | None) -> None:
        (self._hidden if person is None else self._people[person].hidden).add(role)

    def show_only(self, role: Role, people: Collection[PersonId]) -> None:
        """Of these alone, whoever is hired meanwhile."""
        self._only[role] = frozenset(people)

    def hide_key(self, key: str, person: PersonId | None) -> None:
        self._hidden_keys.add((key, person))

    def slip(self, person: PersonId | None) -> None:
        self.slip_all(() if person is None else (person,))

    def slip_all(self, people: Collection[PersonId]) -> None:
        """A sweep loses them all, as one whose page is empty does."""
        self._slipped = frozenset(people)

    def reveal(self) -> None:
        self._hidden_keys.clear()
        self._hidden.clear()
        self._only.clear()
        for one in self._people.values():
            one.hidden.clear()

    def limit_pay_to(self, entity: str | None) -> None:
        self._pay_limit = entity

    def hide_pay_of(self, people: Collection[PersonId]) -> None:
        self._pay_hidden = frozenset(people)

    def hide_pay(self, compensation: str | None) -> None:
        self._missing_pay = compensation

    def send_empties(self) -> None:
        self._omits_empties = False

    def omit_empties(self) -> None:
        self._omits_empties = True

    def show_changes_from(self, hour: int) -> None:
        self._flip = time(hour)

    def garble_pay(self, compensation: str | None) -> None:
        self._garbled_pay = compensation

    def hide_pay_entities(self) -> None:
        self._pay_entities_hidden = True

    def delete(self, person: PersonId) -> None:
        del self._people[person]

    def trouble(self, kind: Trouble | None) -> None:
        self._trouble = kind

    def terminate(self, person: PersonId, last_day: date) -> None:
        self._newest(person).last_day = last_day

    def end_contract(self, person: PersonId, day: date) -> None:
        """The end of a contract makes nobody Inactive, and the API tells it apart from a termination."""

    def add_earlier_contract(self, person: PersonId, until: date) -> None:
        here = self._newest(person)
        earlier = _Employment(f"{here.id}-earlier", here.entity, until.replace(year=until.year - 2), until)
        earlier.status = "INACTIVE"
        self._people[person].employments.insert(0, earlier)

    def add_employment(self, person: PersonId, entity: str, start: date, until: date | None) -> None:
        theirs = self._people[person].employments
        one = _Employment(f"{theirs[0].id}-in-{entity}", LegalEntityId(entity), start, last_day=until)
        theirs.append(one)
        theirs.sort(key=lambda each: each.start)

    def rehire(self, person: PersonId, start: date) -> PersonId:
        """A new profile; the old one is Inactive and the payroll numbers are blank in the new one (EMPL-3)."""
        old = self._people[person]
        self._newest(person).status = "INACTIVE"
        values = {role: dated.on(start) for role, dated in old.values.items()}
        blank: dict[Role, Observed] = dict.fromkeys(_NEW_AFTER_REHIRE, BLANK)
        return self.add_person(values | blank, entity=self._newest(person).entity or "", start=start)

    def set_salary(
        self,
        person: PersonId,
        amount: Decimal,
        interval: str,
        *,
        hours: tuple[Decimal, Decimal] | None,
        effective_from: date,
    ) -> str:
        """`interval` MONTHLY, YEARLY or HOURLY; `hours` are weekly and full-time hours."""
        hourly = interval == "HOURLY"
        category = CompensationCategory.HOURLY_SALARY if hourly else CompensationCategory.FIXED_SALARY
        self._add_pay(person, category, amount, "" if hourly else interval, hours, effective_from)
        return self._pay[-1].id

    def show_own_salaries(self) -> None:
        self._full_time_salaries = False

    def add_other_pay(self, person: PersonId, recurring: Decimal, once: Decimal, effective_from: date) -> None:
        self._add_pay(person, CompensationCategory.RECURRING, recurring, "MONTHLY", None, effective_from)
        self._add_pay(person, CompensationCategory.ONE_TIME, once, "", None, effective_from)

    def add_pay(
        self,
        person: PersonId,
        type_name: str,
        category: str,
        amount: Decimal,
        effective_from: date,
        *,
        interval: str = "MONTHLY",
        currency: str = "EUR",
    ) -> str:
        kind = CompensationCategory(category)
        running = "" if kind is CompensationCategory.ONE_TIME else interval
        self._add_pay(person, kind, amount, running, None, effective_from)
        self._pay[-1] = replace(self._pay[-1], type_id=self.type_id(type_name), type_name=type_name, currency=currency)
        return self._pay[-1].id

    def move_pay(self, compensation: str, effective_from: date) -> None:
        """Under its id, as no other edit of pay is."""
        self._pay = [
            replace(one, effective_from=effective_from) if one.id == compensation else one for one in self._pay
        ]

    def raise_under_its_id(
        self, compensation: str, amount: Decimal, effective_from: date, *, type_name: str | None = None
    ) -> None:
        """A newer amount, or another type; every other edit gives it an id of its own."""
        *_, one = (one for one in self._pay if one.id == compensation)
        named = {"type_id": self.type_id(type_name), "type_name": type_name} if type_name else {}
        self._pay.append(replace(one, amount=amount, effective_from=effective_from, **named))

    def remove_pay(self, compensation: str) -> None:
        self._pay = [one for one in self._pay if one.id != compensation]

    def type_id(self, name: str) -> str:
        return next((one.type_id for one in self._pay if one.type_name == name), f"type-{name}")

    def rename_type(self, old: str, new: str) -> None:
        self._pay = [replace(one, type_name=new) if one.type_name == old else one for one in self._pay]

    # --- inside ---

    def _add_pay(
        self,
        person: PersonId,
        category: CompensationCategory,
        amount: Decimal,
        interval: str,
        hours: tuple[Decimal, Decimal] | None,
        effective_from: date,
    ) -> None:
        weekly, full_time = hours or (None, None)
        self._pay.append(
            Compensation(
                id=f"pay-{next(self._pay_ids):04d}",
                person=person,
                type_id=category.value,
                category=category,
                amount=amount,
                currency="EUR",
                interval=interval,
                effective_from=effective_from,
                weekly_hours=weekly,
                full_time_hours=full_time,
                legal_entity=self._newest(person).entity or BLANK,
            )
        )

    def _raise_trouble(self) -> None:
        if self._trouble is Trouble.UNREACHABLE:
            raise Unreachable("Personio did not answer")
        if self._trouble is not None:
            raise IncompleteRead("the list of people could not be read to its end")

    def _newest(self, person: PersonId) -> _Employment:
        return self._people[person].employments[-1]

    def _employments(self, person: PersonId) -> list[PersonioEmployment]:
        return [self._employment(one, person) for one in self._people[person].employments]

    def _employment(self, one: _Employment, person: PersonId, *, every: bool = False) -> PersonioEmployment:
        gone = one.last_day is not None and self._now().astimezone(UTC).date() > one.last_day
        hidden = set() if every else {key for key, whose in self._hidden_keys if whose in (person, None)}
        return PersonioEmployment(
            one.id,
            NOT_OBSERVED if "status" in hidden else "INACTIVE" if gone else one.status,
            NOT_OBSERVED if "legal_entity" in hidden else one.entity or BLANK,
            None if "employment_start_date" in hidden else one.start,
            one.end or one.last_day,
        )

    def _values(self, person: _Person, today: date) -> dict[Role, Observed]:
        shown: dict[Role, Observed] = {}
        flipped = self._now().astimezone(AMSTERDAM).time() >= self._flip
        shown_day = today if flipped else today - timedelta(days=1)
        for role, dated in person.values.items():
            value = tidy(dated.on(shown_day))
            absent = self._omits_empties and value is BLANK and role not in FIRST_CLASS  # those come as null
            hidden = self._hidden | person.hidden | {Role(key) for key, whose in self._hidden_keys if whose is None}
            if role in {*self.mapped, *FIRST_CLASS} and role not in hidden and not absent:
                shown[role] = value
        return shown
