"""What people do in the simulated Personio: hire, edit, terminate, rehire. Dates may be ISO text, as in JSON."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from threading import RLock
from typing import Any

from adapters.simulators.personio.attributes import FIRST_CLASS, Attribute, attributes_by_role
from adapters.simulators.personio.dated import DatedValues, as_date, business_date
from adapters.simulators.personio.quirks import Quirks
from adapters.simulators.personio.tenant import (
    FIXED,
    HOURLY,
    Employment,
    LegalEntity,
    Person,
    Tenant,
    Termination,
    made_up_id,
)
from adapters.simulators.personio.webhooks import WebhookDesk

STATUSES = ("ACTIVE", "INACTIVE", "ONBOARDING", "LEAVE", "UNSPECIFIED")
_NOT_CARRIED_OVER = (
    *("consider_in_nl_payroll", "employee_number_loket", "income_number"),
    "entry_date_current_period",
)


class HrOffice:
    """The tenant's state with every change a person can make to it; all of them safe beside running requests."""

    def __init__(self, *, company_id: str, attribute_ids: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self.company_id = company_id
        self._attribute_ids = attribute_ids
        self._given_clock = now
        self._lock = RLock()
        self.reset()

    def reset(self) -> None:
        """A new tenant, empty and without any quirk."""
        self.roles = attributes_by_role(self._attribute_ids)
        self.attributes: dict[str, Attribute] = {each.id: each for each in self.roles.values()}
        self.quirks = Quirks()
        self.tenant = Tenant(types={each.id: each for each in (FIXED, HOURLY)})
        self._clock = self._given_clock
        self._desk = WebhookDesk(self.company_id, self.quirks, self._lock)
        self._emails: set[str] = set()
        self._last_person_id = 3000

    def now(self) -> datetime:
        """The simulator's clock in UTC, to the second like every timestamp it shows."""
        return self._clock().astimezone(UTC).replace(microsecond=0)

    def today(self) -> date:
        return business_date(self.now())

    def add_legal_entity(
        self, entity_id: str, name: str, *, country: str | None = "NL", sub_company_id: str | None = None
    ) -> str:
        with self._lock:
            entity = LegalEntity(entity_id, name, country, sub_company_id or f"9{entity_id}")
            self.tenant.legal_entities[entity_id] = entity
            return entity_id

    def define_attribute(self, attribute_id: str, label: str, kind: str = "STRING", options: Sequence[str] = ()) -> str:
        """A custom attribute beside those of the roles; one with options is a list (Personio API 4.6)."""
        with self._lock:
            v1_type = "list" if options else "standard"
            self.attributes[attribute_id] = Attribute(attribute_id, label, kind, v1_type, options=tuple(options))
            return attribute_id

    def add_person(
        self,
        *,
        first_name: str,
        last_name: str,
        legal_entity_id: str | None,
        start_date: date | str | None = None,
        status: str = "ACTIVE",
        email: str | None = None,
        gender: str = "UNSPECIFIED",
        preferred_name: str | None = None,
        weekly_working_hours: float | None = 40,
        full_time_weekly_working_hours: float | None = 40,
        attributes: Mapping[str, Any] | None = None,
        person_id: str | None = None,
        employed: bool = True,
    ) -> str:
        """A profile and, when employed, its employment; `attributes` by role or id. Answers the person id."""
        with self._lock:
            values = {self._key(name): value for name, value in (attributes or {}).items()}
            person_id = person_id or self._new_person_id()
            email = email or f"{first_name}.{last_name}.{person_id}@example.org".lower().replace(" ", "")
            if person_id in self.tenant.people or email in self._emails:
                raise ValueError("a person with this id or e-mail exists")
            self._emails.add(email)
            values |= {"first_name": first_name, "last_name": last_name, "gender": gender, "email": email}
            values["preferred_name"] = preferred_name or f"{first_name} {last_name}"
            now = self.now()
            person = Person(person_id, self.tenant.next_number(), now, now, DatedValues(values))
            self.tenant.add_person(person)
            self._desk.occur("person.created", now, person_id=person_id)
            if employed:
                self.add_employment(
                    person_id,
                    start_date or self.today(),
                    legal_entity_id=legal_entity_id,
                    status=status,
                    weekly_working_hours=weekly_working_hours,
                    full_time_weekly_working_hours=full_time_weekly_working_hours,
                )
            return person_id

    def add_employment(
        self,
        person_id: str,
        start_date: date | str | None,
        *,
        legal_entity_id: str | None,
        status: str = "ACTIVE",
        weekly_working_hours: float | None = 40,
        full_time_weekly_working_hours: float | None = 40,
    ) -> str:
        """One more employment of a person; answers its id."""
        with self._lock:
            person, now = self.tenant.people[person_id], self.now()
            start = as_date(start_date) if start_date else None
            values = {
                "status": one_of(STATUSES, status),
                "type": "INTERNAL",
                "position": None,
                "legal_entity_id": legal_entity_id and self.tenant.legal_entities[legal_entity_id].id,
                "weekly_working_hours": weekly_working_hours,
                "full_time_weekly_working_hours": full_time_weekly_working_hours,
            }
            employment_id = made_up_id("employment", person_id, len(person.employments))
            person.employments.append(Employment(employment_id, person_id, start, now, now, DatedValues(values)))
            self._desk.occur("employment.created", now, person_id=person_id, employment_id=employment_id)
            if start and start > self.today():
                self._desk.occur(
                    "employment.started", _midnight_utc(start), person_id=person_id, employment_id=employment_id
                )
            return employment_id

    def edit(self, person_id: str, attribute: str, value: Any, effective_on: date | str | None = None) -> None:
        """Enters a value of a first-class field, role or attribute id; None and "" are empty.

        A future date shows on its day and moves no timestamp; a past one shows at once, unless a later entry holds.
        """
        with self._lock:
            person, name, now = self.tenant.people[person_id], self._key(attribute), self.now()
            day = as_date(effective_on) if effective_on else self.today()
            person.values.enter(name, value, day, now=now, flip_hour=self.quirks.flip_hour)
            if day <= self.today():
                person.updated_at = now
                self._desk.occur("person.updated", now, person_id=person_id)

    def edit_employment(
        self,
        person_id: str,
        name: str,
        value: Any,
        effective_on: date | str | None = None,
        *,
        employment_id: str | None = None,
    ) -> None:
        """Enters a dated value of an employment, the newest one if none is named."""
        with self._lock:
            employment, now = self.employment(person_id, employment_id), self.now()
            if name not in employment.values.initial:
                raise KeyError(f"no such employment value: {name}")
            day = as_date(effective_on) if effective_on else self.today()
            employment.values.enter(name, value, day, now=now, flip_hour=self.quirks.flip_hour)
            if day <= self.today():
                employment.updated_at = now
                self._desk.occur("employment.updated", now, person_id=person_id, employment_id=employment.id)

    def set_status(self, person_id: str, status: str, effective_on: date | str | None = None) -> None:
        self.edit_employment(person_id, "status", one_of(STATUSES, status), effective_on)

    def activate_on_hire_date(self, person_id: str) -> None:
        """Lets an onboarding person become Active on the day the employment starts; by itself nobody does."""
        self.set_status(person_id, "ACTIVE", self.employment(person_id).start_date)

    def move_to_entity(self, person_id: str, legal_entity_id: str, effective_on: date | str | None = None) -> None:
        self.edit_employment(person_id, "legal_entity_id", self.tenant.legal_entities[legal_entity_id].id, effective_on)

    def set_contract_end(self, person_id: str, day: date | str | None) -> None:
        """The end of a contract deactivates nobody."""
        with self._lock:
            employment = self.employment(person_id)
            employment.contract_end_date = as_date(day) if day else None
            employment.updated_at = self.now()

    def terminate(
        self,
        person_id: str,
        termination_date: date | str,
        *,
        last_working_day: date | str | None = None,
        notice_given_on: date | str | None = None,
        type: str = "EMPLOYEE",
        reason: str | None = None,
        employment_id: str | None = None,
    ) -> None:
        """Ends an employment, the newest one if none is named.

        Its last day is still Active, Inactive comes at 00:00 UTC on the next day.
        """
        with self._lock:
            self.withdraw_termination(person_id, employment_id=employment_id)
            employment, now, end = self.employment(person_id, employment_id), self.now(), as_date(termination_date)
            inactive_on = end + timedelta(days=1)
            inactive = employment.values.enter_at("status", "INACTIVE", inactive_on, _midnight_utc(inactive_on))
            last_day = as_date(last_working_day) if last_working_day else end
            notice = as_date(notice_given_on) if notice_given_on else self.today()
            employment.termination = Termination(end, last_day, notice, type, reason, inactive)
            employment.updated_at = now
            self._desk.occur("employment.updated", now, person_id=person_id, employment_id=employment.id)
            self._desk.occur(
                "employment.terminated",
                max(now, _midnight_utc(inactive_on)),
                person_id=person_id,
                employment_id=employment.id,
            )

    def withdraw_termination(self, person_id: str, *, employment_id: str | None = None) -> None:
        with self._lock:
            employment = self.employment(person_id, employment_id)
            if employment.termination:
                employment.values.withdraw("status", employment.termination.inactive)
                employment.termination, employment.updated_at = None, self.now()
                self._desk.unschedule("employment.terminated", person_id)

    def rehire(self, person_id: str, start_date: date | str, *, legal_entity_id: str | None = None) -> str:
        """A new profile: it takes the e-mail, the old one's is altered, and payroll numbers are blank."""
        with self._lock:
            old, now = self.tenant.people[person_id], self.now()
            shown = {name: old.values.at(name, now) for name in (*FIRST_CLASS, *self.attributes)}
            email, names = shown["email"], ("first_name", "last_name", "gender", "preferred_name")
            mangled = f"_{sha256(email.encode()).hexdigest()[:5]}@".join(email.rsplit("@", 1))
            self.edit(person_id, "email", mangled)
            self._emails.remove(email)
            self._emails.add(mangled)
            blank = {self.roles[role].id for role in _NOT_CARRIED_OVER}
            return self.add_person(
                **{name: shown[name] for name in names},
                email=email,
                start_date=start_date,
                legal_entity_id=legal_entity_id or self.employment(person_id).values.at("legal_entity_id", now),
                attributes={key: shown[key] for key in self.attributes if key not in blank},
            )

    def delete_person(self, person_id: str) -> None:
        """Gone for good: 404, and no list names who was deleted."""
        with self._lock:
            person = self.tenant.remove_person(person_id)
            self._emails.discard(person.values.at("email", self.now()))
            for employment in person.employments:
                self._desk.occur("employment.deleted", self.now(), person_id=person_id, employment_id=employment.id)
            self._desk.occur("person.deleted", self.now(), person_id=person_id)

    def shown(self, person_id: str, attribute: str) -> Any:
        """The value in force today, whether or not the credential may read it."""
        with self._lock:
            return self.tenant.people[person_id].values.at(self._key(attribute), self.now())

    def _key(self, attribute: str) -> str:
        if attribute in self.roles:
            return self.roles[attribute].id
        if attribute in FIRST_CLASS or attribute in self.attributes:
            return attribute
        raise KeyError(f"no such attribute: {attribute}")

    def employment(self, person_id: str, employment_id: str | None = None) -> Employment:
        newest_first = self.tenant.people[person_id].newest_first()
        return next(each for each in newest_first if employment_id in (None, each.id))

    def _new_person_id(self) -> str:
        self._last_person_id += 1
        while str(self._last_person_id) in self.tenant.people:
            self._last_person_id += 1
        return str(self._last_person_id)


def _midnight_utc(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def one_of(known: tuple[str, ...], value: str) -> str:
    if value not in known:
        raise ValueError(f"{value} is none of {', '.join(known)}")
    return value
