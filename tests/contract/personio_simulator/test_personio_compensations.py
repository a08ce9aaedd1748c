"""Personio API 4.3: compensations."""

import json
from decimal import Decimal

import httpx
import pytest

from adapters.simulators.personio.simulator import PersonioSimulator


def test_a_compensation_has_a_start_and_no_end(personio: PersonioSimulator, api: httpx.Client, sanne: str) -> None:
    """Personio API 4.3; amounts are JSON numbers with their own digits."""
    personio.set_quirk("salaries", "effective")
    personio.set_salary(sanne, "3200.10", "2026-01-01", weekly_working_hours=32)
    response = api.get("/v2/compensations")
    assert '"value":3200.10,' in response.text
    shown = json.loads(response.text, parse_float=Decimal)["_data"][0]
    assert shown.pop("id")
    assert shown["type"].pop("id")
    assert shown == {
        "person": {"id": "3007"},
        "legal_entity": {"id": "170"},
        "type": {"name": "Base salary", "category": "FIXED_SALARY"},
        "amount": {"value": Decimal("3200.10"), "currency": "EUR"},
        "interval": "MONTHLY",
        "effective_from": "2026-01-01",
        "weekly_working_hours": 32,
        "full_time_weekly_working_hours": 40,
    }


def test_an_hourly_salary_has_no_interval(personio: PersonioSimulator, api: httpx.Client, sanne: str) -> None:
    """Personio API 4.3: HOURLY_SALARY beside FIXED_SALARY; hours that nobody entered are not there."""
    personio.edit_employment(sanne, "weekly_working_hours", None)
    personio.set_salary(sanne, "18.75", "2026-03-01", hourly=True)
    shown = api.get("/v2/compensations").json()["_data"][0]
    assert shown["type"]["category"] == "HOURLY_SALARY"
    assert shown.keys().isdisjoint({"interval", "weekly_working_hours"})


WINDOWS = [
    ("start_date=2026-03-01&end_date=2026-03-31", 200),
    ("start_date=2026-03-01&end_date=2026-04-01", 400),
    ("start_date=2026-03-15&end_date=2026-04-14", 200),
    ("start_date=2026-01-31&end_date=2026-03-01", 400),
    ("start_date=2026-03-15&end_date=2026-03-15", 200),
    ("start_date=2026-03-15&end_date=2026-03-14", 400),
    ("start_date=15-03-2026", 400),
    ("start_date=2026-03-01", 200),
    ("end_date=2026-03-01", 200),
]


@pytest.mark.parametrize(("query", "status"), WINDOWS)
def test_a_window_is_at_most_one_month(api: httpx.Client, query: str, status: int) -> None:
    """Personio API 4.3."""
    assert api.get("/v2/compensations?" + query).status_code == status


AS_OF = [
    ("", {"3100"}),
    ("start_date=2026-02-10&end_date=2026-02-10", {"3000"}),
    ("start_date=2026-02-01", {"3000"}),
    ("start_date=2026-02-15&end_date=2026-03-14", {"3000", "3100"}),
    ("start_date=2026-06-01&end_date=2026-06-30", {"3300"}),
    ("start_date=2023-06-01", set()),
]


@pytest.mark.parametrize(("query", "amounts"), AS_OF)
def test_a_window_shows_the_pay_in_force_on_any_of_its_days(
    personio: PersonioSimulator, api: httpx.Client, sanne: str, query: str, amounts: set[str]
) -> None:
    """Personio API 4.3, the as-of trick; a future window shows future-dated salary."""
    for amount, day in (("3000", "2024-02-01"), ("3100", "2026-03-01"), ("3300", "2026-06-01")):
        personio.set_salary(sanne, amount, day)
    assert {str(each["amount"]["value"]) for each in api.get("/v2/compensations?" + query).json()["_data"]} == amounts


def test_one_time_pay_shows_in_its_own_month_only(personio: PersonioSimulator, api: httpx.Client, sanne: str) -> None:
    """Personio API 4.3: present in March, gone in April; recurring pay stays."""
    bonus = personio.add_compensation_type("Bonus", "ONE_TIME")
    phone = personio.add_compensation_type("Phone allowance", "RECURRING")
    personio.add_compensation(sanne, bonus, "500", "2026-03-20")
    personio.add_compensation(sanne, phone, "25", "2026-03-01", interval="MONTHLY")
    shown = {
        month: [
            each["type"]["category"]
            for each in api.get(f"/v2/compensations?start_date=2026-{month}-01").json()["_data"]
        ]
        for month in ("02", "03", "04")
    }
    assert shown == {"02": [], "03": ["ONE_TIME", "RECURRING"], "04": ["RECURRING"]}
    types = {each["category"] for each in api.get("/v2/compensations/types").json()["_data"]}
    assert types == {"FIXED_SALARY", "HOURLY_SALARY", "RECURRING", "ONE_TIME"}


def test_a_type_under_another_name_keeps_its_id(personio: PersonioSimulator, api: httpx.Client, sanne: str) -> None:
    """What was paid of it before has the new name, too; how Personio does it is not documented."""
    phone = personio.add_compensation_type("Phone allowance", "RECURRING")
    personio.add_compensation(sanne, phone, "25", "2026-03-01", interval="MONTHLY")
    personio.add_compensation(sanne, phone, "30", "2026-05-01", interval="MONTHLY")
    personio.rename_compensation_type(phone, "Phone and internet")
    named = {"id": phone, "name": "Phone and internet", "category": "RECURRING"}
    for month in ("03", "05"):
        (shown,) = api.get(f"/v2/compensations?start_date=2026-{month}-01&end_date=2026-{month}-02").json()["_data"]
        assert shown["type"] == named
    assert named in api.get("/v2/compensations/types").json()["_data"]


def test_pay_that_was_removed_or_set_to_zero_just_is_not_listed(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 4.3 and 1, fact 8."""
    raise_id = personio.set_salary(sanne, "3100", "2026-03-01")
    personio.set_salary(sanne, "3000", "2024-02-01")
    personio.remove_compensation(raise_id)
    assert [each["amount"]["value"] for each in api.get("/v2/compensations").json()["_data"]] == [3000]
    personio.set_salary(sanne, "0", "2026-02-01")
    assert api.get("/v2/compensations").json()["_data"] == []


def test_compensations_can_be_filtered_and_a_credential_limited_to_an_entity(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 4.3 and 2.4."""
    klaus = personio.add_person(first_name="Klaus", last_name="Meyer", legal_entity_id="171")
    for person in (sanne, klaus):
        personio.set_salary(person, "3000", "2026-01-01")

    def people(query: str) -> list[str]:
        return [each["person"]["id"] for each in api.get("/v2/compensations?" + query).json()["_data"]]

    assert people("") == [sanne, klaus]
    assert people(f"person.id={klaus}") == people("legal_entity.id=171") == [klaus]
    personio.limit_pay_to(["170"])
    assert people("") == [sanne]
