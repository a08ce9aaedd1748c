"""Personio API 4.1 and 4.6: persons and custom attributes."""

from typing import Any

import httpx
import pytest

from adapters.simulators.personio.simulator import PersonioSimulator
from tests.contract.personio_simulator.tenant import IBAN, NUMBER, STREET, attribute, crowd, street


def test_a_person_has_the_documented_fields(api: httpx.Client, sanne: str) -> None:
    """Personio API 4.1; single objects come unwrapped."""
    person = api.get("/v2/persons/" + sanne).json()
    employments = person.pop("employments")
    custom = person.pop("custom_attributes")
    assert person == {
        "id": "3007",
        "email": "sanne@example.org",
        "created_at": "2026-03-15T11:00:00Z",
        "updated_at": "2026-03-15T11:00:00Z",
        "first_name": "Sanne",
        "last_name": "Visser",
        "preferred_name": "Sanne Visser",
        "gender": "FEMALE",
        "status": "ACTIVE",
        "_meta": {"links": {"employments": {"href": str(api.base_url).rstrip("/") + "/v2/persons/3007/employments"}}},
    }
    assert [list(each) for each in employments] == [["id"]]
    assert {"id": IBAN, "type": "string", "global_id": "IBAN", "value": "NL91ABNA0417164300"} in custom
    assert {"id": NUMBER, "type": "string", "value": "0156"} in custom


PERSON_STATUS = [("ACTIVE", "ACTIVE"), ("LEAVE", "ACTIVE"), ("ONBOARDING", "ACTIVE"), ("INACTIVE", "INACTIVE")]


@pytest.mark.parametrize(("employment", "person"), [*PERSON_STATUS, ("UNSPECIFIED", "UNSPECIFIED")])
def test_the_person_status_says_active_for_leave_and_onboarding_too(
    personio: PersonioSimulator, api: httpx.Client, sanne: str, employment: str, person: str
) -> None:
    """Personio API 4.1 and 1, fact 5."""
    personio.set_status(sanne, employment)
    assert api.get("/v2/persons/3007").json()["status"] == person
    assert api.get("/v2/persons/3007/employments").json()["_data"][0]["status"] == employment


EMPTY = [("null", None), ("text", ""), ("omitted", "not observed")]


@pytest.mark.parametrize("entered", [None, ""])
@pytest.mark.parametrize(("form", "shown"), EMPTY)
def test_an_empty_attribute_is_null_or_empty_text_or_left_out(
    personio: PersonioSimulator, api: httpx.Client, sanne: str, form: str, shown: Any, entered: Any
) -> None:
    """Personio API 4.6: none of them is documented; clients of live accounts saw no null, so it is left out."""
    personio.edit(sanne, "street", entered)
    personio.empty_as(form, "street")
    assert street(api) == shown
    assert attribute(api.get("/v2/persons/3007").json(), "dynamic_1005") is None  # by default: left out


def test_a_hidden_attribute_is_absent_without_a_word(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 1, fact 6: a field the credential may not read is simply absent."""
    personio.empty_as("null")  # what is empty is there; what is hidden is not
    other = crowd(personio, 1)[0]
    personio.hide("street", [sanne])
    personio.hide("gender")
    people = {each["id"]: each for each in api.get("/v2/persons").json()["_data"]}
    assert attribute(people[sanne], STREET) is None
    assert attribute(people[other], STREET) is not None
    assert "gender" not in people[sanne]
    assert "gender" not in people[other]
    personio.reveal("street")
    assert street(api) == "Main St"


def test_a_person_or_employment_may_come_with_hardly_anything(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 6, point 1: only an id; only id, person and status."""
    employment = api.get("/v2/persons/3007/employments").json()["_data"][0]
    personio.strip(sanne)
    personio.strip(employment["id"], keep=["id", "person", "status"])
    assert api.get("/v2/persons/3007").json() == {"id": "3007"}
    shown = api.get("/v2/persons/3007/employments").json()["_data"][0]
    assert shown == {"id": employment["id"], "person": {"id": "3007"}, "status": "ACTIVE"}


def test_labels_and_upper_case_types_can_be_had(personio: PersonioSimulator, api: httpx.Client, sanne: str) -> None:
    """Personio API 4.6: the schema has both, practice mostly neither."""
    personio.set_quirk("labels", True)
    personio.set_quirk("upper_case_types", True)
    shown = attribute(api.get("/v2/persons/" + sanne).json(), NUMBER)
    assert shown == {"id": NUMBER, "type": "STRING", "label": "Employee number - Loket", "value": "0156"}


VALUES = [True, 3, 1.5, ["a", "b"], "  ", "Ja"]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_an_attribute_may_hold_any_kind_of_value(
    personio: PersonioSimulator, api: httpx.Client, sanne: str, value: Any
) -> None:
    """Personio API 4.6: text, list, number, boolean."""
    personio.edit(sanne, "street", value)
    assert street(api) == value


def test_a_deleted_person_is_not_found_and_in_no_list(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 4.1: 404 problem, no tombstone."""
    personio.set_salary(sanne, "3000", "2026-01-01")
    personio.delete_person(sanne)
    assert api.get("/v2/persons/3007").status_code == 404
    assert api.get("/v2/persons/3007/employments").status_code == 404
    assert api.get("/v2/persons").json()["_data"] == []
    assert api.get("/v2/compensations").json()["_data"] == []


def test_a_rehire_is_a_new_person_with_blank_payroll_numbers_and_the_old_address(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 5: the old e-mail is altered, unique numbers are not carried over."""
    personio.empty_as("null")
    personio.terminate(sanne, "2026-02-28")
    personio.rehire(sanne, "2026-03-01")
    old, new = api.get("/v2/persons").json()["_data"]
    assert (old["status"], new["status"]) == ("INACTIVE", "ACTIVE")
    assert new["id"] != old["id"]
    assert new["email"] == "sanne@example.org"
    assert old["email"].startswith("sanne_")
    assert [attribute(new, each)["value"] for each in (STREET, NUMBER)] == ["Main St", None]  # type: ignore[index]
