"""What a reader is shown of the tenant: today's values in the shapes of the Personio API, never a history."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from adapters.simulators.personio.attributes import FIRST_CLASS, Attribute
from adapters.simulators.personio.quirks import Empty, Quirks, Salaries
from adapters.simulators.personio.tenant import (
    Compensation,
    CompensationType,
    Employment,
    LegalEntity,
    Person,
    Tenant,
    Termination,
)

Json = dict[str, Any]

_NO_DAY = "2026-02-30"
_PERSON_STATUS = {"ACTIVE": "ACTIVE", "LEAVE": "ACTIVE", "ONBOARDING": "ACTIVE", "INACTIVE": "INACTIVE"}


@dataclass(slots=True)
class Visibility:
    """What the credential may read: whole attributes hidden, or for some people; `kept` cuts an object to its keys."""

    hidden: set[str] = field(default_factory=set)
    hidden_for: dict[str, set[str]] = field(default_factory=dict)  # attribute -> person ids
    kept: dict[str, tuple[str, ...]] = field(default_factory=dict)  # person or employment id -> keys
    hidden_keys: set[tuple[str, str | None]] = field(default_factory=set)  # of this person or employment, or of all
    pay_entities: set[str] | None = None  # compensations of these legal entities only
    listed: set[str] | None = None  # the attributes picked for the credential: names or ids; None: all of them
    not_in_employments: set[str] = field(default_factory=set)  # keys that no employment shows
    before_termination_fix: bool = False  # made before the fix of 2026: half of `termination` never comes
    pay_hidden_for: set[str] = field(default_factory=set)  # person ids
    pay_hidden: set[str] = field(default_factory=set)  # compensation ids
    pay_garbled: set[str] = field(default_factory=set)  # compensation ids
    not_in_compensations: set[str] = field(default_factory=set)  # keys that no compensation shows

    def shows(self, attribute: str, person_id: str) -> bool:
        return self.lists(attribute) and person_id not in self.hidden_for.get(attribute, ())

    def lists(self, attribute: str) -> bool:
        """Whether the credential has the attribute at all."""
        return attribute not in self.hidden and (self.listed is None or attribute in self.listed)

    def shows_pay(self, compensation: str, person_id: str) -> bool:
        return compensation not in self.pay_hidden and person_id not in self.pay_hidden_for

    def cut(self, shown: Json) -> Json:
        keep: Container[str] = self.kept.get(shown["id"], shown)
        hidden = {key for key, whose in self.hidden_keys if whose in (shown["id"], None)}
        return {key: value for key, value in shown.items() if key in keep and key not in hidden}


@dataclass(slots=True)
class Renderer:
    tenant: Tenant
    attributes: Mapping[str, Attribute]  # by id
    visibility: Visibility
    quirks: Quirks

    def person(self, person: Person, now: datetime, host: str) -> Json:
        """Personio API 4.1: an attribute that is hidden is left out without a word."""
        shown: Json = {"id": person.id, "created_at": _utc(person.created_at), "updated_at": _utc(person.updated_at)}
        for name in FIRST_CLASS:
            if self.visibility.shows(name, person.id):
                shown[name] = person.values.at(name, now)
        shown["status"] = self.person_status(person, now)
        shown["custom_attributes"] = list(self._custom_attributes(person, now))
        shown["employments"] = [{"id": each.id} for each in person.newest_first()]
        shown["_meta"] = {"links": {"employments": {"href": f"{host}/v2/persons/{person.id}/employments"}}}
        return self.visibility.cut(shown)

    def person_status(self, person: Person, now: datetime) -> str:
        """From the latest employment; ACTIVE covers leave and onboarding too."""
        latest = person.newest_first()[:1]
        return _PERSON_STATUS.get(latest[0].values.at("status", now), "UNSPECIFIED") if latest else "UNSPECIFIED"

    def employment(self, employment: Employment, now: datetime) -> Json:
        """Personio API 4.2."""
        values = {name: employment.values.at(name, now) for name in employment.values.initial}
        entity = self.tenant.legal_entities.get(values["legal_entity_id"] or "")
        shown: Json = {
            "id": employment.id,
            "status": values["status"],
            "type": values["type"],
            "employment_start_date": _day(employment.start_date),
            "employment_end_date": None,
            "probation_end_date": None,
            "contract_end_date": _day(employment.contract_end_date),
            "weekly_working_hours": values["weekly_working_hours"],
            "full_time_weekly_working_hours": values["full_time_weekly_working_hours"],
            "position": {"title": values["position"]},
            "person": {"id": employment.person_id},
            "org_units": [],
            "cost_centers": [],
            "created_at": _utc(employment.created_at),
            "updated_at": _utc(employment.updated_at),
        }
        shown["legal_entity"] = {"id": entity.id} if entity else None
        if entity:
            shown["sub_company"] = {"id": entity.sub_company_id}
        if employment.termination:
            shown["employment_end_date"] = _day(employment.termination.termination_date)
            shown["termination"] = self._termination(employment.termination)
        seen = {key: value for key, value in shown.items() if key not in self.visibility.not_in_employments}
        return self.visibility.cut(seen)

    def compensation(self, compensation: Compensation) -> Json:
        """Personio API 4.3: no end date, no timestamps."""
        shown: Json = {
            "id": compensation.id,
            "person": {"id": compensation.person_id},
            "type": compensation_type(compensation.type),
            "amount": {"value": self._amount(compensation), "currency": compensation.currency},
            "effective_from": _day(compensation.effective_from),
        }
        optional = {
            "legal_entity": compensation.legal_entity_id and {"id": compensation.legal_entity_id},
            "interval": compensation.interval,
            "weekly_working_hours": compensation.weekly_working_hours,
            "full_time_weekly_working_hours": compensation.full_time_weekly_working_hours,
        }
        shown |= {key: value for key, value in optional.items() if value is not None}
        if compensation.id in self.visibility.pay_garbled:
            shown["effective_from"] = _NO_DAY
        return {key: value for key, value in shown.items() if key not in self.visibility.not_in_compensations}

    def _amount(self, compensation: Compensation) -> Decimal:
        """As HR entered it, or what a full week would earn (fixed salaries only)."""
        weekly, full_time = compensation.weekly_working_hours, compensation.full_time_weekly_working_hours
        fixed = compensation.type.category == "FIXED_SALARY"
        scaled = fixed and self.quirks.salaries is Salaries.FULL_TIME and weekly != full_time
        if not scaled or not weekly or not full_time:
            return compensation.amount
        full = compensation.amount * Decimal(str(full_time)) / Decimal(str(weekly))
        return full.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def _custom_attributes(self, person: Person, now: datetime) -> Iterable[Json]:
        for attribute in self.attributes.values():
            if not self.visibility.shows(attribute.id, person.id):
                continue
            value = person.values.at(attribute.id, now)
            if value in (None, ""):
                form = self.quirks.empty_as_for.get(attribute.id, self.quirks.empty_as)
                if form is Empty.OMITTED:
                    continue
                value = None if form is Empty.NULL else ""
            kind = attribute.kind if self.quirks.upper_case_types else attribute.kind.lower()
            shown: Json = {"id": attribute.id, "type": kind}
            if attribute.global_id:
                shown["global_id"] = attribute.global_id
            if self.quirks.labels:
                shown["label"] = attribute.label
            yield shown | {"value": value}

    def _termination(self, termination: Termination) -> Json:
        """A credential made before Personio's fix is shown neither the last day nor type and reason, for ever."""
        if self.visibility.before_termination_fix:
            told = {"termination_date": termination.termination_date, "terminated_at": termination.terminated_at}
            return {key: _day(day) for key, day in told.items()}
        last_day = "last_working_date" if self.quirks.last_working_date else "last_working_day"
        return {
            "termination_date": _day(termination.termination_date),
            last_day: _day(termination.last_working_day),
            "terminated_at": _day(termination.terminated_at),
            "type": termination.type,
            "reason": termination.reason,
        }


def legal_entity(entity: LegalEntity) -> Json:
    """Personio API 4.4: the fields beyond the id are expected, not known."""
    shown = {"id": entity.id, "name": entity.name}
    return shown | ({"country": entity.country} if entity.country else {})


def compensation_type(kind: CompensationType) -> Json:
    return {"id": kind.id, "name": kind.name, "category": kind.category}


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
