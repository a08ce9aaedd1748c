"""The HR department at work in the simulated Personio."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from adapters.simulators.personio.quirks import NextLink
from adapters.simulators.personio.simulator import PersonioSimulator
from adapters.simulators.personio.tenant import FIXED, HOURLY
from domain.attributes import FIRST_CLASS, Role
from domain.values import Observed, PersonId
from tests.support.offices import Trouble

_PERSONS = "/v2/persons"


class SimulatedHr:
    """`HrOffice` on a `PersonioSimulator`."""

    def __init__(self, simulator: PersonioSimulator) -> None:
        self._simulator = simulator
        self._hidden: set[Role] = set()

    def add_legal_entity(self, entity: str, country: str | None) -> None:
        self._simulator.add_legal_entity(entity, f"Entity {entity}", country=country)

    def add_person(self, values: Mapping[Role, Observed], *, entity: str, start: date) -> PersonId:
        first_class = {role: str(values[role]) for role in FIRST_CLASS}
        attributes: dict[str, object] = {
            role: _typed(value) for role, value in values.items() if role not in FIRST_CLASS
        }
        added = self._simulator.add_person(
            first_name=first_class[Role("first_name")],
            last_name=first_class[Role("last_name")],
            gender=first_class[Role("gender")],
            email=first_class[Role("email")],
            legal_entity_id=entity,
            start_date=start,
            attributes=attributes,
        )
        return PersonId(added)

    def edit(self, person: PersonId, role: Role, value: Observed, effective_on: date) -> None:
        self._simulator.edit(person, role, _typed(value), effective_on)

    def set_status(self, person: PersonId, word: str) -> None:
        self._simulator.edit_employment(person, "status", word)

    def set_own_status(self, person: PersonId, word: str) -> None:
        """The simulator derives it as Personio does: ACTIVE while on leave and while onboarding."""

    def hide_status(self, person: PersonId) -> None:
        employment = self._simulator.tenant.people[person].newest_first()[0]
        self._simulator.strip(
            employment.id, keep=("id", "person", "legal_entity", "sub_company", "employment_start_date")
        )

    def move(self, person: PersonId, entity: str | None) -> None:
        self._simulator.edit_employment(person, "legal_entity_id", entity)

    def hide(self, role: Role, person: PersonId | None) -> None:
        self._simulator.hide(role, None if person is None else [person])
        self._hidden.add(role)

    def hide_key(self, key: str, person: PersonId | None) -> None:
        whose = None if person is None else self._simulator.tenant.people[person].newest_first()[0].id
        self._simulator.hide_key(key, whose)

    def slip(self, person: PersonId | None) -> None:
        self._simulator.set_quirk("slipped", person)

    def reveal(self) -> None:
        self._simulator.reveal_keys()
        for role in self._hidden:
            self._simulator.reveal(role)
        self._hidden.clear()

    def show_changes_from(self, hour: int) -> None:
        self._simulator.set_quirk("flip_hour", hour)

    def send_empties(self) -> None:
        self._simulator.empty_as("null")

    def omit_empties(self) -> None:
        self._simulator.empty_as("omitted")

    def terminate(self, person: PersonId, last_day: date) -> None:
        self._simulator.terminate(person, last_day)

    def end_contract(self, person: PersonId, day: date) -> None:
        self._simulator.set_contract_end(person, day)

    def add_earlier_contract(self, person: PersonId, until: date) -> None:
        """Its employment comes first in time; the API lists the newest first."""
        tenant = self._simulator.tenant
        here = tenant.people[person].newest_first()[0].values.at("legal_entity_id", self._simulator.now())
        self._simulator.add_employment(
            person, until.replace(year=until.year - 2), legal_entity_id=here, status="INACTIVE"
        )

    def add_employment(self, person: PersonId, entity: str, start: date, until: date | None) -> None:
        added = self._simulator.add_employment(person, start, legal_entity_id=entity)
        if until is not None:
            self._simulator.terminate(person, until, employment_id=added)

    def rehire(self, person: PersonId, start: date) -> PersonId:
        self.set_status(person, "INACTIVE")
        return PersonId(self._simulator.rehire(person, start))

    def set_salary(
        self,
        person: PersonId,
        amount: Decimal,
        interval: str,
        *,
        hours: tuple[Decimal, Decimal] | None,
        effective_from: date,
    ) -> str:
        """Hours that nobody knows are unknown on the employment too."""
        if hours is None:
            self._simulator.edit_employment(person, "weekly_working_hours", None)
            self._simulator.edit_employment(person, "full_time_weekly_working_hours", None)
        weekly, full_time = hours or (None, None)
        hourly = interval == "HOURLY"
        return self._simulator.add_compensation(
            person,
            HOURLY.id if hourly else FIXED.id,
            amount,
            effective_from,
            interval=None if hourly else interval,
            weekly_working_hours=float(weekly) if weekly else None,
            full_time_weekly_working_hours=float(full_time) if full_time else None,
        )

    def show_own_salaries(self) -> None:
        self._simulator.set_quirk("salaries", "effective")

    def add_other_pay(self, person: PersonId, recurring: Decimal, once: Decimal, effective_from: date) -> None:
        allowance = self._simulator.add_compensation_type("Phone allowance", "RECURRING")
        bonus = self._simulator.add_compensation_type("Welcome bonus", "ONE_TIME")
        self._simulator.add_compensation(person, allowance, recurring, effective_from, interval="MONTHLY")
        self._simulator.add_compensation(person, bonus, once, effective_from)

    def limit_pay_to(self, entity: str | None) -> None:
        self._simulator.limit_pay_to(None if entity is None else [entity])

    def hide_pay_of(self, people: Collection[PersonId]) -> None:
        self._simulator.hide_pay_of(people)

    def hide_pay(self, compensation: str | None) -> None:
        self._simulator.hide_pay([] if compensation is None else [compensation])

    def garble_pay(self, compensation: str | None) -> None:
        self._simulator.garble_pay([] if compensation is None else [compensation])

    def hide_pay_entities(self) -> None:
        self._simulator.hide_in_compensations("legal_entity")

    def delete(self, person: PersonId) -> None:
        self._simulator.delete_person(person)

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
        kind = self._simulator.add_compensation_type(type_name, category, documented=category != "OTHER")
        running = None if category == "ONE_TIME" else interval
        return self._simulator.add_compensation(
            person, kind, amount, effective_from, interval=running, currency=currency
        )

    def remove_pay(self, compensation: str) -> None:
        self._simulator.remove_compensation(compensation)

    def type_id(self, name: str) -> str:
        return next(one.id for one in self._simulator.tenant.types.values() if one.name == name)

    def rename_type(self, old: str, new: str) -> None:
        self._simulator.rename_compensation_type(self.type_id(old), new)

    def trouble(self, kind: Trouble | None) -> None:
        """A list of two people needs short pages before it can run in a circle or be cut short."""
        self._simulator.faults.clear()
        self._simulator.quirks.next_links.clear()
        self._simulator.quirks.page_size = None
        self._simulator.quirks.without_meta = kind is Trouble.BARE
        match kind:
            case Trouble.UNREACHABLE:
                self._simulator.faults.add("reset_before", method="GET", times=0)
            case Trouble.CIRCLE:
                self._simulator.quirks.page_size = 1
                self._simulator.point_next_to(NextLink.REPEATED_CURSOR, _PERSONS)
            case Trouble.CUT_SHORT:
                self._simulator.quirks.page_size = 1
                self._simulator.faults.add("server_error_before", method="GET", path=_PERSONS, nth=2, times=0)
            case Trouble.BARE | None:
                pass


def _typed(value: Observed) -> object:
    """A blank is shown as the tenant shows blanks; "true" is a real boolean, as a Yes/No attribute may be."""
    if not isinstance(value, str):
        return None
    return True if value == "true" else value
