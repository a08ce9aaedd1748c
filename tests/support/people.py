"""Builders for domain tests: a person, an employee and a policy that need only what the test is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.attributes import CATALOGUE, GATES, PAYMENT_IBAN, Role, catalogue
from domain.settings import LegalEntity, Policy
from domain.snapshots import (
    LoketConcept,
    LoketEmployee,
    LoketEmployment,
    LoketSnapshot,
    PaymentRecord,
    PersonioEmployment,
    PersonioPerson,
    PersonioSnapshot,
)
from domain.values import BLANK, EmployeeNumber, FieldPath, LegalEntityId, Observed, PersonId
from tests.support.kinds import in_loket, typed

TODAY = date(2026, 3, 15)
NOW = datetime(2026, 3, 15, 9, 0, tzinfo=UTC)
ENTITY = LegalEntityId("170")
ADMINISTRATION = "54aa2b1c-0000-4000-8000-000000000001"
POLICY = Policy(
    entity=LegalEntity(ENTITY, "Tulp Logistiek B.V.", "9a7e2b1c-0000-4000-8000-000000000001", ADMINISTRATION),
    catalogue=catalogue({*(row.role for row in CATALOGUE), *GATES}),
)
SANNE: Mapping[str, str] = {
    **{row.role: typed(row) for row in CATALOGUE},
    "consider_in_nl_payroll": "Yes",
    "employee_number_loket": "4711",
    "income_number": "1",
    "entry_date_current_period": "2024-02-01",
    "first_name": "Sanne",
    "last_name": "Visser",
    "gender": "FEMALE",
    "email": "sanne@tulp.example",
    "initials": "S.",
    "name_prefix": "de",
    "date_of_birth": "1990-04-12",
    "place_of_birth": "Utrecht",
    "street": "Main St",
    "house_number": "12",
    "house_number_addition": "a",
    "postal_code": "1234 AB",
    "city": "Utrecht",
    "country": "NL",
    "personal_email": "sanne@example.org",
    "phone": "030-0000000",
    "mobile_phone": "+31 6-00000000",
    "bsn": "123456782",
    "iban": "NL91ABNA0417164300",
}


def person(
    status: Observed = "ACTIVE", *, person_id: str = "3007", without: str = "", **values: Observed
) -> PersonioPerson:
    """Sanne, with these roles changed; `without` names roles Personio does not show."""
    hidden = set(without.split())
    shown = {Role(role): value for role, value in {**SANNE, **values}.items() if role not in hidden}
    employment = PersonioEmployment(
        "e1", status, ENTITY, date(2024, 2, 1), weekly_hours=Decimal(40), full_time_hours=Decimal(40)
    )
    return PersonioPerson(PersonId(person_id), employment, shown)


def employee(
    number: int = 4711,
    *,
    end: date | None = None,
    employments: tuple[LoketEmployment, ...] | None = None,
    **fields: Observed,
) -> LoketEmployee:
    """The employee whose every field equals Sanne's; keyword fields are named by role."""
    held = in_loket({**SANNE, **fields})
    del held[PAYMENT_IBAN]
    held |= {FieldPath("address.location"): BLANK, FieldPath("address.furtherIndication"): BLANK}
    running = (LoketEmployment("m1", ADMINISTRATION, 1, date(2024, 2, 1), end),)
    return LoketEmployee("guid-1", EmployeeNumber(number), held, running if employments is None else employments)


def loket(
    *employees: LoketEmployee, concepts: tuple[LoketConcept, ...] = (), iban: str = SANNE["iban"]
) -> LoketSnapshot:
    return LoketSnapshot(
        read_at=NOW,
        employees={one.number: one for one in employees},
        concepts=concepts,
        payments={each.id: PaymentRecord("pay-1", iban, 1) for one in employees for each in one.employments},
        countries=frozenset({"NL", "BE"}),
        payroll_period=1,
    )


def personio(*people: PersonioPerson) -> PersonioSnapshot:
    return PersonioSnapshot(read_at=NOW, people=people)


def mapping_only(*roles: str) -> Policy:
    """A tenant that maps only these roles beside the gates."""
    return replace(POLICY, catalogue=catalogue({*map(Role, roles), *GATES}))
