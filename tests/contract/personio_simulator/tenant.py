"""A tenant of the simulated Personio, asked with raw requests: its clock, its people, its lists."""

from datetime import UTC, datetime
from typing import Any

import httpx

from adapters.simulators.personio.simulator import PersonioSimulator

DEFAULT_CREDENTIAL = {"client_id": "papi-simulated-client", "client_secret": "papi-simulated-secret"}
IBAN, STREET, NUMBER, CONSIDERED = "dynamic_1019", "dynamic_1009", "dynamic_1002", "dynamic_1001"


class Clock:
    """A clock a test moves; 15 March 2026, noon in Amsterdam."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 15, 11, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.instant

    def set(self, text: str) -> None:
        self.instant = datetime.fromisoformat(text)


def token_of(personio: PersonioSimulator, **more: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": "papi-id", "client_secret": "papi-secret"} | more
    return httpx.post(personio.url + "/v2/auth/token", data=form, verify=False)  # no certificates are loaded


def crowd(personio: PersonioSimulator, size: int) -> list[str]:
    return [personio.add_person(first_name="Jan", last_name=f"Bakker{n}", legal_entity_id="170") for n in range(size)]


def sweep(api: httpx.Client, path: str) -> list[Any]:
    """Reads a list to its end, taking only the cursor out of each next link."""
    items: list[Any] = []
    following = path
    while True:
        body = api.get(following).raise_for_status().json()
        items += body["_data"]
        href = body["_meta"]["links"].get("next", {}).get("href")
        if not href:
            return items
        following = f"{path}{'&' if '?' in path else '?'}cursor={href.partition('cursor=')[2]}"


def attribute(person: dict[str, Any], attribute_id: str) -> dict[str, Any] | None:
    return next((each for each in person["custom_attributes"] if each["id"] == attribute_id), None)


def street(api: httpx.Client) -> Any:
    shown = attribute(api.get("/v2/persons/3007").json(), STREET)
    return shown["value"] if shown else "not observed"
