"""The Personio simulator held against the API document, section by section, with raw requests and no client of ours."""

from collections.abc import Iterator

import httpx
import pytest

from adapters.simulators.personio.simulator import PersonioSimulator
from tests.contract.personio_simulator.tenant import Clock, token_of


@pytest.fixture(scope="module")
def server() -> Iterator[PersonioSimulator]:
    with PersonioSimulator(client_id="papi-id", client_secret="papi-secret") as simulator:
        yield simulator


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def personio(server: PersonioSimulator, clock: Clock) -> PersonioSimulator:
    server.reset()
    server.set_clock(clock)
    server.add_legal_entity("170", "Tulp Logistiek B.V.")
    server.add_legal_entity("171", "Tulip Logistics GmbH", country="DE")
    return server


@pytest.fixture
def sanne(personio: PersonioSimulator) -> str:
    return personio.add_person(
        person_id="3007",
        first_name="Sanne",
        last_name="Visser",
        gender="FEMALE",
        email="sanne@example.org",
        legal_entity_id="170",
        start_date="2024-02-01",
        attributes={"street": "Main St", "iban": "NL91ABNA0417164300", "employee_number_loket": "0156"},
    )


@pytest.fixture
def api(personio: PersonioSimulator) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token_of(personio).json()['access_token']}"}
    with httpx.Client(base_url=personio.url, headers=headers, verify=False) as client:
        yield client
