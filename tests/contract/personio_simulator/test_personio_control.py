"""The steering wheel of the simulator, and its pace."""

from typing import Any

import httpx

from adapters.simulators.personio.simulator import PersonioSimulator
from tests.contract.personio_simulator.tenant import STREET, attribute, crowd, street, sweep, token_of


def test_another_process_can_steer_the_tenant_over_http(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Every action of the object is one under /_control, with ISO dates; neither recorded nor part of the API."""

    def act(name: str, **arguments: Any) -> Any:
        response = httpx.post(f"{personio.url}/_control/actions/{name}", json=arguments)
        return response.raise_for_status().json()["result"]

    person = act("add_person", first_name="Sanne", last_name="Visser", legal_entity_id="170", person_id="3007")
    act("edit", person_id=person, attribute="street", value="Central Ave", effective_on="2026-03-20")
    act("set_salary", person_id=person, amount="3000.00", effective_from="2026-01-01")
    assert street(api) == "not observed"
    act("travel_to", instant="2026-03-20T09:00:00+01:00")
    act("hide", attribute="gender")
    headers = {"Authorization": f"Bearer {token_of(personio).json()['access_token']}"}
    shown = api.get("/v2/persons/3007", headers=headers).json()
    assert attribute(shown, STREET)["value"] == "Central Ave"  # type: ignore[index]
    assert "gender" not in shown
    assert personio.count(path="/_control/*") == 0


def test_ten_thousand_people_are_swept_in_two_hundred_requests(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 3.1, at the size of a large tenant: as many requests as pages, everyone once."""
    ids = crowd(personio, 10_000)
    for person in ids:
        personio.set_salary(person, "3000", "2026-01-01")
    personio.log.clear()
    assert [each["id"] for each in sweep(api, "/v2/persons?limit=50")] == ids
    assert len({each["person"]["id"] for each in sweep(api, "/v2/compensations?limit=100")}) == 10_000
    assert personio.count() == 300
