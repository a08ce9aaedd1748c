"""Personio API 2: tokens, rights and scopes."""

from typing import Any

import httpx
import pytest

from adapters.simulators.personio.simulator import PersonioSimulator
from tests.contract.personio_simulator.tenant import CONSIDERED, IBAN, STREET, Clock, token_of


def test_a_token_lasts_24_hours_and_serves_any_number_of_calls(
    personio: PersonioSimulator, api: httpx.Client, clock: Clock
) -> None:
    """Personio API 2.1."""
    body = token_of(personio).json()
    assert body["access_token"].startswith("papi-")
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 86400)
    assert "personio:persons:read" in body["scope"].split()
    clock.set("2026-03-16T10:59:59+00:00")
    assert [api.get("/v2/persons").status_code for _ in range(3)] == [200, 200, 200]
    clock.set("2026-03-16T11:00:00+00:00")
    assert api.get("/v2/persons").status_code == 401


REFUSED_TOKENS = [
    ("wrong secret", {"client_secret": "papi-other"}, "invalid_client"),
    ("wrong client", {"client_id": "papi-other"}, "invalid_client"),
    ("another grant", {"grant_type": "password"}, "invalid_grant"),
    ("a scope the credential lacks", {"scope": "personio:attendances:read"}, "unauthorized_client"),
]


@pytest.mark.parametrize(("case", "form", "error"), REFUSED_TOKENS, ids=[row[0] for row in REFUSED_TOKENS])
def test_a_refused_token_request_says_why(personio: PersonioSimulator, case: str, form: Any, error: str) -> None:
    """Personio API 2.1: 400 problem+json with error, error_description, error_uri, timestamp, trace_id, meta."""
    response = token_of(personio, **form)
    assert (response.status_code, response.headers["content-type"]) == (400, "application/problem+json")
    assert response.json()["error"] == error
    assert response.json().keys() >= {"error_description", "error_uri", "timestamp", "trace_id", "meta"}


def test_credentials_count_in_a_form_body_only(personio: PersonioSimulator) -> None:
    """Personio API 2.1 and 2.2: never in the address, and v2 takes a form, no JSON."""
    form = {"grant_type": "client_credentials", "client_id": "papi-id", "client_secret": "papi-secret"}
    assert httpx.post(personio.url + "/v2/auth/token", params=form).status_code == 400
    assert httpx.post(personio.url + "/v2/auth/token", json=form).status_code == 400


def test_the_151st_token_request_of_a_minute_is_refused(personio: PersonioSimulator) -> None:
    """Personio API 2.1: 150 a minute, then one a second."""
    with httpx.Client() as client:
        form = {"grant_type": "client_credentials", "client_id": "papi-id", "client_secret": "papi-secret"}
        statuses = [client.post(personio.url + "/v2/auth/token", data=form).status_code for _ in range(152)]
    assert statuses == [200] * 150 + [429] * 2


def test_a_revoked_token_is_dead(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 2.1: revoke, form field token."""
    token = api.headers["authorization"].removeprefix("Bearer ")
    assert api.post("/v2/auth/revoke", data={"token": token}).status_code == 200
    assert api.get("/v2/persons").status_code == 401


def test_a_dead_token_and_a_missing_right_look_the_same(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 3.3: 401 on /v2/persons has two meanings."""
    dead = httpx.get(personio.url + "/v2/persons", headers={"Authorization": "Bearer papi-dead"})
    personio.withdraw_right("persons")
    missing = api.get("/v2/persons")
    assert (dead.status_code, missing.status_code) == (401, 401)
    assert dead.json()["errors"] == missing.json()["errors"]


def test_a_missing_right_may_also_be_a_403(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 3.3: also seen. A right that is back answers again."""
    personio.set_quirk("missing_right_status", 403)
    personio.withdraw_right("legal-entities")
    assert api.get("/v2/legal-entities").status_code == 403
    assert api.get("/v2/persons").status_code == 200
    personio.restore_right("legal-entities")
    assert api.get("/v2/legal-entities").status_code == 200


SCOPES = [
    ("/v2/persons", "personio:persons:read"),
    ("/v2/compensations", "personio:compensations:read"),
    ("/v2/compensations/types", "personio:compensations:read"),
    ("/v2/webhooks", "personio:webhooks:read"),
]


@pytest.mark.parametrize(("path", "scope"), SCOPES)
def test_a_path_needs_its_scope(personio: PersonioSimulator, path: str, scope: str) -> None:
    """Personio API 2.4; scope is asked for with the token, all of them when left out."""
    for asked, status in ((scope, 200), (next(other for _, other in SCOPES if other != scope), 401)):
        token = token_of(personio, scope=asked).json()["access_token"]
        response = httpx.get(personio.url + path, headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == status


def test_v1_login_takes_json_or_form_and_lists_the_readable_attributes(personio: PersonioSimulator) -> None:
    """Personio API 2.2 and 4.6: exactly what the credential may read, list options included."""
    credential = {"client_id": "papi-id", "client_secret": "papi-secret"}
    address = personio.url + "/v1/auth"
    answers = [httpx.post(address, json=credential).json(), httpx.post(address, data=credential).json()]
    assert all(each["success"] and each["data"]["expires_in"] == 86400 for each in answers)
    personio.hide("street")
    personio.hide("bsn", ["3007"])
    headers = {"Authorization": "Bearer " + answers[0]["data"]["token"]}
    listed = httpx.get(personio.url + "/v1/company/employees/attributes", headers=headers).json()
    by_key = {each["key"]: each for each in listed["data"]}
    assert STREET not in by_key
    assert "dynamic_1018" in by_key  # hidden for one person only: still readable in general
    assert by_key[CONSIDERED]["options"] == ["Yes", "No"]
    assert (by_key[CONSIDERED]["type"], by_key[IBAN]["universal_id"]) == ("list", "iban")
    refused = httpx.get(personio.url + "/v1/company/employees/attributes")
    assert refused.json() == {"success": False, "error": {"message": "Unauthorized Request", "code": 401}}
