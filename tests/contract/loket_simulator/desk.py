"""A desk at the simulated Loket: plain HTTP, one employer and one employee with everything."""

from datetime import UTC, datetime
from typing import Any

import httpx

from adapters.simulators.loket.simulator import LoketSimulator

E = "/v2/providers/employers"
EE = f"{E}/employees"
M = f"{EE}/employments"
PIN = "2021-03-29"


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 3, 15, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class Desk:
    """A signed-in HTTP client, one employer and one employee with everything."""

    def __init__(self, loket: LoketSimulator, clock: Clock) -> None:
        self.loket, self.clock = loket, clock
        self.employer = f"{E}/{loket.employer_id}"
        self.http = httpx.Client(
            base_url=loket.url, headers={"Accept": "application/json;version=2021-03-29"}, verify=False
        )
        self.sign_in()
        self.anouk = loket.add_employee(
            4711,
            fields={"personalDetails.lastName": "Vermeer", "address.street": "Main St", "address.houseNumber": 12},
            start_date="2024-01-01",
            wage=3000,
            bsn="123456782",
            iban="NL91ABNA0417164300",
        )
        self.job = loket.employment(4711)["id"]

    def sign_in(self) -> None:
        answer = self.token(grant_type="refresh_token", refresh_token=self.loket.tokens.refresh_token)
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def token(self, **form: str) -> httpx.Response:
        tokens = self.loket.tokens
        client = {"client_id": tokens.client_id, "client_secret": tokens.client_secret}
        return httpx.post(self.loket.token_url, data=client | form, verify=False)

    def get(self, path: str, **query: str) -> Any:
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def content(self, path: str) -> Any:
        return self.get(path)["content"]

    def items(self, path: str, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(path, **query)["_embedded"]
        return found

    def concept(self, **employee_data: Any) -> dict[str, Any]:
        details = {"lastName": "Bos"} | employee_data.pop("personalDetails", {})
        body = {"uniqueName": "Bos (5000)", "employeeData": {"personalDetails": details} | employee_data}
        answer = self.http.post(f"{self.employer}/conceptemployees", json=body)
        assert answer.status_code == 201, answer.text
        created: dict[str, Any] = answer.json()["content"]
        return created


def put_employee(desk: Desk, path: str, value: Any) -> httpx.Response:
    body = desk.content(f"{EE}/{desk.anouk}")
    _set(body, path, value)
    return desk.http.put(f"{EE}/{desk.anouk}", json=body)


def _set(body: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split(".")
    for part in above:
        body = body[part]
    body[name] = value
