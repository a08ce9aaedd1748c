"""Personio API 4.2: employments and effective dates."""

import httpx
import pytest

from adapters.simulators.personio.simulator import PersonioSimulator
from tests.contract.personio_simulator.tenant import STREET, Clock, attribute, street, sweep, token_of


def test_an_employment_has_the_documented_fields(api: httpx.Client, sanne: str) -> None:
    """Personio API 4.2; sub_company is another number space."""
    employment = api.get(f"/v2/persons/{sanne}/employments").json()["_data"][0]
    detail = api.get(f"/v2/persons/{sanne}/employments/{employment['id']}").json()
    assert detail == employment
    assert employment.pop("id").count("-") == 4
    assert employment == {
        "status": "ACTIVE",
        "type": "INTERNAL",
        "employment_start_date": "2024-02-01",
        "employment_end_date": None,
        "probation_end_date": None,
        "contract_end_date": None,
        "weekly_working_hours": 40,
        "full_time_weekly_working_hours": 40,
        "position": {"title": None},
        "person": {"id": "3007"},
        "legal_entity": {"id": "170"},
        "sub_company": {"id": "9170"},
        "org_units": [],
        "cost_centers": [],
        "created_at": "2026-03-15T11:00:00Z",
        "updated_at": "2026-03-15T11:00:00Z",
    }
    assert api.get(f"/v2/persons/{sanne}/employments/nothing").status_code == 404


def test_the_newest_of_several_employments_comes_first(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 4.2: most recent first; one person may hold several."""
    personio.add_employment(sanne, "2026-04-01", legal_entity_id="170", status="ONBOARDING")
    personio.add_employment(sanne, "2020-01-01", legal_entity_id="170", status="INACTIVE")
    starts = [each["employment_start_date"] for each in sweep(api, "/v2/persons/3007/employments?limit=1")]
    assert starts == ["2026-04-01", "2024-02-01", "2020-01-01"]


def test_a_person_may_have_no_employment_and_an_employment_no_entity(
    personio: PersonioSimulator, api: httpx.Client
) -> None:
    """Personio API 6, point 4: the list may be empty."""
    nobody = personio.add_person(first_name="Lotte", last_name="Smit", legal_entity_id=None, employed=False)
    drifter = personio.add_person(first_name="Bram", last_name="Mulder", legal_entity_id=None)
    assert api.get(f"/v2/persons/{nobody}/employments").json()["_data"] == []
    assert api.get(f"/v2/persons/{drifter}/employments").json()["_data"][0]["legal_entity"] is None


def test_a_person_moves_to_another_entity_on_the_day_within_the_same_employment(
    personio: PersonioSimulator, api: httpx.Client, sanne: str, clock: Clock
) -> None:
    """Personio API 4.2: the list holds employments, not versions."""
    personio.move_to_entity(sanne, "171", "2026-03-16")
    before = api.get("/v2/persons/3007/employments").json()["_data"]
    clock.set("2026-03-16T09:00:00+01:00")
    after = api.get("/v2/persons/3007/employments").json()["_data"]
    assert [each["id"] for each in before] == [each["id"] for each in after]
    assert [before[0]["legal_entity"], after[0]["legal_entity"]] == [{"id": "170"}, {"id": "171"}]


@pytest.mark.parametrize("quirk", [False, True])
def test_a_leaver_is_active_on_the_last_day_and_inactive_from_midnight_utc(
    personio: PersonioSimulator, api: httpx.Client, sanne: str, clock: Clock, quirk: bool
) -> None:
    """Personio API 4.2 and 5: termination_date is the leaving date; last_working_day or last_working_date."""
    personio.set_quirk("last_working_date", quirk)
    personio.terminate(sanne, "2026-03-31", last_working_day="2026-03-20")
    states = {}
    for instant in ("2026-03-31T23:59:59+00:00", "2026-04-01T00:00:00+00:00"):
        clock.set(instant)
        headers = {"Authorization": f"Bearer {token_of(personio).json()['access_token']}"}
        employment = api.get("/v2/persons/3007/employments", headers=headers).json()["_data"][0]
        states[instant] = employment["status"]
    assert list(states.values()) == ["ACTIVE", "INACTIVE"]
    termination = employment["termination"]
    assert (termination["termination_date"], termination["terminated_at"]) == ("2026-03-31", "2026-03-15")
    assert termination["last_working_date" if quirk else "last_working_day"] == "2026-03-20"
    assert ("last_working_day" in termination) is not quirk


def test_a_contract_end_ends_nothing_and_a_withdrawn_termination_leaves_no_trace(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 4.2: contract_end_date is a date, no status."""
    personio.terminate(sanne, "2026-02-28")
    personio.withdraw_termination(sanne)
    personio.set_contract_end(sanne, "2026-01-31")
    employment = api.get("/v2/persons/3007/employments").json()["_data"][0]
    assert (employment["status"], employment["contract_end_date"]) == ("ACTIVE", "2026-01-31")
    assert "termination" not in employment


EFFECTIVE = [
    ("no date", None, "Central Ave"),
    ("1 January, long ago", "2026-01-01", "Central Ave"),
    ("yesterday", "2026-03-14", "Central Ave"),
    ("today", "2026-03-15", "Central Ave"),
    ("tomorrow", "2026-03-16", "Main St"),
]


@pytest.mark.parametrize(("case", "effective_on", "shown"), EFFECTIVE, ids=[row[0] for row in EFFECTIVE])
def test_a_read_gives_the_value_in_force_today_and_no_date(
    personio: PersonioSimulator, api: httpx.Client, sanne: str, case: str, effective_on: str | None, shown: str
) -> None:
    """Personio API 5: a past-dated change shows at once, a future one not before its day."""
    personio.edit(sanne, "street", "Central Ave", effective_on)
    assert attribute(api.get("/v2/persons/3007").json(), STREET) == {"id": STREET, "type": "string", "value": shown}


@pytest.mark.parametrize(
    ("flip_hour", "before", "after"),
    [
        (0, "2026-03-19T22:59:59+00:00", "2026-03-19T23:00:00+00:00"),
        (3, "2026-03-20T01:59:59+00:00", "2026-03-20T02:00:00+00:00"),
    ],
)
def test_a_future_change_appears_on_its_amsterdam_day_and_moves_no_timestamp(
    personio: PersonioSimulator, sanne: str, clock: Clock, flip_hour: int, before: str, after: str
) -> None:
    """Personio API 5: the screen says 03:00 on the day, zone not stated; updated_at does not tell."""
    personio.set_quirk("flip_hour", flip_hour)
    personio.edit(sanne, "street", "Central Ave", "2026-03-20")
    seen = []
    for instant in (before, after):
        clock.set(instant)
        headers = {"Authorization": f"Bearer {token_of(personio).json()['access_token']}"}
        person = httpx.get(personio.url + "/v2/persons/3007", headers=headers).json()
        seen.append((attribute(person, STREET)["value"], person["updated_at"]))  # type: ignore[index]
    assert seen == [("Main St", "2026-03-15T11:00:00Z"), ("Central Ave", "2026-03-15T11:00:00Z")]


def test_of_two_entries_for_one_date_the_newest_wins_and_an_older_date_does_not(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 5: history entries stay; a later effective date beats one entered later."""
    personio.edit(sanne, "street", "First", "2026-03-10")
    personio.edit(sanne, "street", "Second", "2026-03-10")
    personio.edit(sanne, "street", "Back in January", "2026-01-01")
    assert street(api) == "Second"


def test_nobody_becomes_active_on_the_hire_date_unless_that_was_asked(
    personio: PersonioSimulator, api: httpx.Client, clock: Clock
) -> None:
    """Personio API 5: status and dates may disagree."""
    asked, forgotten = (
        personio.add_person(
            first_name="Femke", last_name=name, legal_entity_id="170", start_date="2026-03-16", status="ONBOARDING"
        )
        for name in ("Bos", "Dijkstra")
    )
    personio.activate_on_hire_date(asked)
    clock.set("2026-03-16T08:00:00+01:00")
    statuses = [api.get(f"/v2/persons/{each}/employments").json()["_data"][0]["status"] for each in (asked, forgotten)]
    assert statuses == ["ACTIVE", "ONBOARDING"]
