"""The Personio simulator held against the API document, section by section, with raw requests and no client of ours."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

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


def token_of(personio: PersonioSimulator, **more: str) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": "papi-id", "client_secret": "papi-secret"} | more
    return httpx.post(personio.url + "/v2/auth/token", data=form, verify=False)  # no certificates are loaded


@pytest.fixture
def api(personio: PersonioSimulator) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {token_of(personio).json()['access_token']}"}
    with httpx.Client(base_url=personio.url, headers=headers, verify=False) as client:
        yield client


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


# --- 2. Authentication


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


# --- 3. Common conventions

LIMITS = [
    ("4.1", "/v2/persons", 50, 200),
    ("4.1", "/v2/persons", 51, 400),
    ("4.1", "/v2/persons", 0, 400),
    ("4.2", "/v2/persons/3007/employments", 50, 200),
    ("4.2", "/v2/persons/3007/employments", 51, 400),
    ("4.3", "/v2/compensations", 100, 200),
    ("4.3", "/v2/compensations", 101, 400),
    ("4.3", "/v2/compensations/types", 101, 400),
    ("4.4", "/v2/legal-entities", 100, 200),
]


@pytest.mark.parametrize(("section", "path", "limit", "status"), LIMITS)
@pytest.mark.usefixtures("sanne")
def test_each_list_has_its_own_limit(api: httpx.Client, section: str, path: str, limit: int, status: int) -> None:
    """Personio API 3.1 and the section named."""
    assert api.get(path, params={"limit": limit}).status_code == status


def test_persons_come_ten_at_a_time_and_only_next_tells_that_there_is_more(
    personio: PersonioSimulator, api: httpx.Client
) -> None:
    """Personio API 3.1: the cursor is in _meta.links.next.href and nowhere else; no next is the last page."""
    ids = crowd(personio, 23)
    first = api.get("/v2/persons").json()
    assert first.keys() == {"_data", "_meta"}
    assert len(first["_data"]) == 10
    assert "cursor=" in first["_meta"]["links"]["next"]["href"]
    assert [each["id"] for each in sweep(api, "/v2/persons")] == ids
    assert "next" not in api.get("/v2/persons?limit=23").json()["_meta"]["links"]


def test_a_cursor_must_come_back_unchanged(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 3.1: cursors may be base64, a plus is no space."""
    crowd(personio, 3)
    href = api.get("/v2/persons?limit=1").json()["_meta"]["links"]["next"]["href"]
    cursor = href.partition("cursor=")[2]
    assert "+" in cursor
    assert api.get("/v2/persons", params={"cursor": cursor}).status_code == 200
    assert api.get("/v2/persons?cursor=" + cursor).status_code == 200
    assert api.get("/v2/persons?cursor=" + cursor.replace("+", "%20")).status_code == 400
    assert api.get("/v2/compensations", params={"cursor": cursor}).status_code == 400


NEXT_LINKS = [
    ("wrong_path", "/v2/elsewhere?"),
    ("relative", "/v2/persons?"),
    ("foreign_host", "https://personio.example/v2/persons?"),
]


@pytest.mark.parametrize(("kind", "start"), NEXT_LINKS)
def test_a_next_link_may_point_astray_while_its_cursor_is_right(
    personio: PersonioSimulator, api: httpx.Client, kind: str, start: str
) -> None:
    """Personio API 3.1: take the cursor value, never the path or the host."""
    ids = crowd(personio, 12)
    personio.point_next_to(kind, "/v2/persons")
    href = api.get("/v2/persons").json()["_meta"]["links"]["next"]["href"]
    assert href.removeprefix(personio.url).startswith(start)
    assert [each["id"] for each in sweep(api, "/v2/persons")] == ids


def test_a_page_may_point_at_itself(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 3.1: a next link with the cursor of its own page was reported."""
    crowd(personio, 12)
    personio.point_next_to("repeated_cursor")
    first = api.get("/v2/persons").json()["_meta"]["links"]["next"]["href"]
    second = api.get(first).json()["_meta"]["links"]["next"]["href"]
    assert second.partition("cursor=")[2] == first.partition("cursor=")[2]


@pytest.mark.parametrize(("shift", "seen_on_both", "lost"), [(-1, 1, 0), (1, 0, 1)])
def test_an_item_may_shift_between_two_pages(
    personio: PersonioSimulator, api: httpx.Client, shift: int, seen_on_both: int, lost: int
) -> None:
    """Personio API 6, point 14."""
    ids = crowd(personio, 12)
    personio.set_quirk("page_shift", shift)
    seen = [each["id"] for each in sweep(api, "/v2/persons")]
    assert len(seen) - len(set(seen)) == seen_on_both
    assert len(set(ids) - set(seen)) == lost


def test_pages_may_be_shorter_than_asked(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 6, point 13: a short page is not the last one."""
    ids = crowd(personio, 5)
    personio.set_quirk("page_size", 2)
    assert len(api.get("/v2/persons?limit=50").json()["_data"]) == 2
    assert [each["id"] for each in sweep(api, "/v2/persons?limit=50")] == ids


FILTERS = [
    ("id=3007,3008", {"3007"}),
    ("email=sanne@example.org", {"3007"}),
    ("email=nobody@example.org", set()),
    ("first_name=Sanne&last_name=Visser", {"3007"}),
    ("first_name=Sanne&last_name=Other", set()),
    ("status=ACTIVE", {"3007"}),
    ("status=INACTIVE", set()),
    ("updated_at.gt=2026-03-15", {"3007"}),
    ("updated_at.gt=2026-03-15T11:00:00Z", set()),
    ("updated_at.lt=2026-03-15T11:00:01Z", {"3007"}),
    ("created_at.gt=2026-03-16", set()),
]


@pytest.mark.parametrize(("query", "found"), FILTERS)
@pytest.mark.usefixtures("sanne")
def test_persons_can_be_filtered(api: httpx.Client, query: str, found: set[str]) -> None:
    """Personio API 4.1 and 3.2: AND-combined, lists comma separated."""
    assert {each["id"] for each in api.get("/v2/persons?" + query).json()["_data"]} == found


UNKNOWN_FILTERS = ["legal_entity.id=170", "updated_at.gte=2026-03-15", "department=1", "dynamic_1001=Yes"]


@pytest.mark.parametrize("query", UNKNOWN_FILTERS)
def test_a_filter_that_does_not_exist_is_refused(api: httpx.Client, query: str) -> None:
    """Personio API 4.1: none by legal entity, department or custom attribute; 3.2: no .gte on persons."""
    assert api.get("/v2/persons?" + query).status_code == 400


@pytest.mark.usefixtures("sanne")
def test_a_tenant_may_take_only_plain_dates_in_filters(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 3.2: a 400 on a filter means that the format was rejected."""
    personio.set_quirk("plain_dates_only", True)
    assert api.get("/v2/persons?updated_at.gt=2026-03-14T00:00:00Z").status_code == 400
    assert len(api.get("/v2/persons?updated_at.gt=2026-03-14").json()["_data"]) == 1


def test_an_error_is_a_problem_with_a_trace_id(api: httpx.Client) -> None:
    """Personio API 3.3."""
    response = api.get("/v2/persons/9999")
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")
    body = response.json()
    assert body.keys() == {"personio_trace_id", "timestamp", "errors"}
    assert body["errors"][0].keys() == {"title", "detail", "type", "_meta"}
    assert body["errors"][0]["type"].endswith("#common.resource_not_found")


ERROR_SHAPES = [
    ("message", lambda response: response.json()["error"]["message"]),
    ("success_false", lambda response: response.json()["success"] is False and response.json()["error"]["message"]),
    ("text", lambda response: response.text),
]


@pytest.mark.parametrize(("shape", "detail"), ERROR_SHAPES)
def test_an_error_may_come_in_another_shape(
    personio: PersonioSimulator, api: httpx.Client, shape: str, detail: Any
) -> None:
    """Personio API 3.3: also seen."""
    personio.set_quirk("error_shape", shape)
    assert detail(api.get("/v2/persons/9999")) == "person was not found"


def test_every_answer_carries_the_token_bucket_and_an_empty_one_refuses_without_retry_after(
    personio: PersonioSimulator, api: httpx.Client
) -> None:
    """Personio API 3.4: x-ratelimit headers per endpoint; 3.3: 429 without Retry-After."""
    personio.set_rate("persons", rate=0.001, capacity=2)
    answers = [api.get("/v2/persons") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert [each.headers["x-ratelimit-remaining"] for each in answers] == ["1", "0", "0"]
    assert answers[0].headers["x-ratelimit-burst-capacity"] == "2"
    assert answers[0].headers["x-ratelimit-requested-tokens"] == "1"
    assert float(answers[0].headers["x-ratelimit-replenish-rate"]) == 0.001
    assert "retry-after" not in answers[2].headers
    assert api.get("/v2/compensations").status_code == 200  # each endpoint has its own


def test_a_single_429_has_no_retry_after_and_the_next_request_succeeds(
    personio: PersonioSimulator, api: httpx.Client
) -> None:
    """Personio API 3.3 and 3.4."""
    personio.faults.add("rate_limited", path="/v2/persons")
    first, second = api.get("/v2/persons"), api.get("/v2/persons")
    assert (first.status_code, second.status_code) == (429, 200)
    assert "retry-after" not in first.headers


# --- 4.1 Persons and 4.6 custom attributes


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
    """Personio API 4.6: which of them Personio does is unknown."""
    personio.edit(sanne, "street", entered)
    personio.empty_as(form, "street")
    assert street(api) == shown
    assert attribute(api.get("/v2/persons/3007").json(), "dynamic_1005") == {
        "id": "dynamic_1005",
        "type": "string",
        "value": None,
    }


def test_a_hidden_attribute_is_absent_without_a_word(
    personio: PersonioSimulator, api: httpx.Client, sanne: str
) -> None:
    """Personio API 1, fact 6: a field the credential may not read is simply absent."""
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
    personio.terminate(sanne, "2026-02-28")
    personio.rehire(sanne, "2026-03-01")
    old, new = api.get("/v2/persons").json()["_data"]
    assert (old["status"], new["status"]) == ("INACTIVE", "ACTIVE")
    assert new["id"] != old["id"]
    assert new["email"] == "sanne@example.org"
    assert old["email"].startswith("sanne_")
    assert [attribute(new, each)["value"] for each in (STREET, NUMBER)] == ["Main St", None]  # type: ignore[index]


# --- 4.2 Employments, effective dates


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
    assert "legal_entity" not in api.get(f"/v2/persons/{drifter}/employments").json()["_data"][0]


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


# --- 4.3 Compensations


def test_a_compensation_has_a_start_and_no_end(personio: PersonioSimulator, api: httpx.Client, sanne: str) -> None:
    """Personio API 4.3; amounts are JSON numbers with their own digits."""
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


# --- 4.4 Legal entities


def test_legal_entities_come_newest_first(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Personio API 4.4: filters id and country; an empty list if none."""
    personio.add_legal_entity("172", "Nergens", country=None)
    assert [each["id"] for each in api.get("/v2/legal-entities").json()["_data"]] == ["172", "171", "170"]
    assert api.get("/v2/legal-entities?id=170,171&country=NL").json()["_data"] == [
        {"id": "170", "name": "Tulp Logistiek B.V.", "country": "NL"}
    ]
    assert api.get("/v2/legal-entities?country=FR").json()["_data"] == []
    assert api.get("/v2/legal-entities/172").json() == {"id": "172", "name": "Nergens"}
    assert api.get("/v2/legal-entities/9170").status_code == 404


# --- 4.8 Webhooks


class Receiver:
    """A real HTTP receiver that answers what a test tells it to."""

    def __init__(self) -> None:
        self.received: list[tuple[str | None, dict[str, Any]]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.received.append((self.headers.get("authorization"), json.loads(body)))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def names(self) -> list[str]:
        return [body["event_name"] for _, body in self.received]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def webhook(api: httpx.Client, receiver: Receiver) -> str:
    events = ["person.updated", "person.deleted", "employment.updated", "employment.terminated"]
    body = {"url": receiver.url, "token": "s3cret", "status": "ENABLED", "enabled_events": events}
    return str(api.post("/v2/webhooks", json=body).json()["id"])


def test_a_webhook_is_created_disabled_with_a_token_that_is_never_shown(api: httpx.Client) -> None:
    """Personio API 4.8: defaults DISABLED and TOKEN."""
    created = api.post("/v2/webhooks", json={"url": "https://hooks.example/personio", "token": "s3cret"})
    assert created.status_code == 201
    assert (created.json()["status"], created.json()["auth_type"]) == ("DISABLED", "TOKEN")
    path = "/v2/webhooks/" + created.json()["id"]
    assert api.patch(path, json={"status": "ENABLED"}).json()["status"] == "ENABLED"
    assert api.get("/v2/webhooks").json()["_data"] == [api.get(path).json()]
    assert "s3cret" not in api.get(path).text
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


REFUSED_WEBHOOKS = [
    ({"url": "http://hooks.example/x", "token": "t"}, 422),
    ({"url": "https://hooks.example/x"}, 422),
    ({"url": "https://hooks.example/x", "auth_type": "CUSTOM", "custom_headers": {"Host": "x"}}, 422),
    ({"url": "https://hooks.example/x", "auth_type": "CUSTOM", "custom_headers": dict.fromkeys("abcd", "x")}, 422),
    ({"url": "https://hooks.example/x", "token": "t", "enabled_events": ["person.promoted"]}, 422),
    ({"url": 5, "token": "t"}, 400),
    (["no object"], 400),
]


@pytest.mark.parametrize(("body", "status"), REFUSED_WEBHOOKS)
def test_a_webhook_that_cannot_be_is_refused(api: httpx.Client, body: Any, status: int) -> None:
    """Personio API 4.8: https, at most 3 custom headers, some barred, known events."""
    assert api.post("/v2/webhooks", json=body).status_code == status


def test_the_same_address_twice_is_a_conflict(api: httpx.Client) -> None:
    """Personio API 4.8: 409."""
    body = {"url": "https://hooks.example/personio", "auth_type": "NONE"}
    assert [api.post("/v2/webhooks", json=body).status_code for _ in range(2)] == [201, 409]


@pytest.mark.usefixtures("webhook")
def test_a_delivery_names_a_person_and_no_data(personio: PersonioSimulator, receiver: Receiver, sanne: str) -> None:
    """Personio API 4.8 and 1, facts 1 to 3: no signature, no data, no event id; the token as it is, without Bearer."""
    personio.edit(sanne, "street", "Central Ave")
    personio.deliver_webhooks()
    assert receiver.received == [
        (
            "s3cret",
            {
                "company_id": "42",
                "event_name": "person.updated",
                "occurred_at": "2026-03-15T11:00:00Z",
                "payload": {"person_id": "3007"},
                "meta": {},
            },
        )
    ]


@pytest.mark.usefixtures("webhook")
def test_deliveries_may_come_twice_in_reverse_and_with_a_wrong_token(
    personio: PersonioSimulator, receiver: Receiver, sanne: str
) -> None:
    """Personio API 6, points 21 and 22."""
    personio.edit(sanne, "street", "Central Ave")
    personio.delete_person(sanne)
    personio.deliver_webhooks(copies=2, reverse=True, token="guessed")
    assert receiver.names() == ["person.deleted"] * 2 + ["person.updated"] * 2
    assert {token for token, _ in receiver.received} == {"guessed"}


def test_a_webhook_may_carry_custom_headers_instead(
    personio: PersonioSimulator, api: httpx.Client, receiver: Receiver, sanne: str
) -> None:
    """Personio API 4.8: auth_type CUSTOM; then no Authorization comes unless it is one of them."""
    body = {"url": receiver.url, "status": "ENABLED", "enabled_events": ["person.updated"], "auth_type": "CUSTOM"}
    api.post("/v2/webhooks", json=body | {"custom_headers": {"Authorization": "mine"}}).raise_for_status()
    personio.edit(sanne, "street", "Central Ave")
    personio.deliver_webhooks()
    assert [token for token, _ in receiver.received] == ["mine"]


def test_a_tenant_left_alone_delivers_by_itself(receiver: Receiver) -> None:
    """For a simulator in another process nobody calls `deliver_webhooks`."""
    with PersonioSimulator(deliver_every=0.01) as personio:
        personio.add_legal_entity("170", "Tulp Logistiek B.V.")
        headers = {"Authorization": "Bearer " + token_of(personio, **DEFAULT_CREDENTIAL).json()["access_token"]}
        body = {"url": receiver.url, "status": "ENABLED", "auth_type": "NONE", "enabled_events": ["person.created"]}
        httpx.post(personio.url + "/v2/webhooks", json=body, headers=headers).raise_for_status()
        personio.add_person(first_name="Sanne", last_name="Visser", legal_entity_id="170")
        deadline = time.monotonic() + 10
        while not receiver.received and time.monotonic() < deadline:
            time.sleep(0.01)
    assert receiver.names() == ["person.created"]


RETRIED = [(500, True), (503, True), (501, False), (400, False), (404, False), (302, False), (204, False)]


@pytest.mark.parametrize(("status", "retried"), RETRIED)
@pytest.mark.usefixtures("webhook")
def test_only_a_5xx_but_not_501_is_tried_again(
    personio: PersonioSimulator, receiver: Receiver, sanne: str, status: int, retried: bool
) -> None:
    """Personio API 4.8: 4xx and 501 are final; at most 14 requests."""
    receiver.status = status
    personio.edit(sanne, "street", "Central Ave")
    for _ in range(20):
        personio.deliver_webhooks()
    assert len(receiver.received) == (14 if retried else 1)


@pytest.mark.usefixtures("webhook")
def test_pay_and_scheduled_changes_make_no_event_and_a_termination_makes_one_on_its_day(
    personio: PersonioSimulator, receiver: Receiver, sanne: str, clock: Clock
) -> None:
    """Personio API 4.8 and 6, point 25: blind spots; employment.terminated comes on the effective date."""
    personio.set_salary(sanne, "3000", "2026-03-01")
    personio.edit(sanne, "street", "Central Ave", "2026-03-16")
    personio.terminate(sanne, "2026-03-16")
    personio.deliver_webhooks()
    assert receiver.names() == ["employment.updated"]
    clock.set("2026-03-17T00:00:00+00:00")
    personio.deliver_webhooks()
    assert receiver.names() == ["employment.updated", "employment.terminated"]


def test_what_a_disabled_webhook_missed_can_be_listed_and_redelivered(
    personio: PersonioSimulator, api: httpx.Client, receiver: Receiver, webhook: str, sanne: str
) -> None:
    """Personio API 4.8: /events and /activity for 30 days; redelivery needs a bound."""
    path = "/v2/webhooks/" + webhook
    api.patch(path, json={"status": "DISABLED"})
    personio.edit(sanne, "street", "Central Ave")
    personio.deliver_webhooks()
    assert receiver.received == []
    assert [each["event_name"] for each in api.get(path + "/events").json()["_data"]] == ["person.updated"]
    assert api.post(path + "/redelivery", json={}).status_code == 400
    assert api.post(path + "/redelivery", json={"occurred_at.gte": "2026-03-15T00:00:00Z"}).status_code == 202
    personio.deliver_webhooks()
    assert receiver.names() == ["person.updated"]
    assert [each["status_code"] for each in api.get(path + "/activity").json()["_data"]] == [200]


def test_events_are_kept_for_30_days(
    personio: PersonioSimulator, api: httpx.Client, webhook: str, sanne: str, clock: Clock
) -> None:
    """Personio API 4.8: after more than 30 days only a full sweep helps."""
    personio.edit(sanne, "street", "Central Ave")
    clock.set("2026-04-15T12:00:00+00:00")
    headers = {"Authorization": f"Bearer {token_of(personio).json()['access_token']}"}
    assert api.get(f"/v2/webhooks/{webhook}/events", headers=headers).json()["_data"] == []


def test_a_redelivery_takes_at_most_100_events(
    personio: PersonioSimulator, api: httpx.Client, webhook: str, sanne: str
) -> None:
    """Personio API 3.4: 100 a request and 500 an hour."""
    for _ in range(120):
        personio.announce("person.updated", sanne)
    path, body = f"/v2/webhooks/{webhook}/redelivery", {"occurred_at.gte": "2026-03-15T00:00:00Z"}
    assert [api.post(path, json=body).status_code for _ in range(6)] == [202] * 5 + [429]


def test_a_ping_reaches_the_receiver(
    personio: PersonioSimulator, api: httpx.Client, receiver: Receiver, webhook: str
) -> None:
    """Personio API 4.8."""
    assert api.post(f"/v2/webhooks/{webhook}/ping").status_code == 202
    assert api.post(f"/v2/webhooks/{webhook}/test-event", json={"event_name": "person.created"}).status_code == 202
    personio.deliver_webhooks()
    assert receiver.names() == ["ping", "person.created"]


# --- the steering wheel


def test_another_process_can_steer_the_tenant_over_http(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Every action of the object is one under /_control, with ISO dates; neither recorded nor part of the API."""

    def act(name: str, **arguments: Any) -> Any:
        response = httpx.post(f"{personio.url}/_control/actions/{name}", json=arguments)
        return response.raise_for_status().json()["result"]

    person = act("add_person", first_name="Sanne", last_name="Visser", legal_entity_id="170", person_id="3007")
    act("edit", person_id=person, attribute="street", value="Central Ave", effective_on="2026-03-20")
    act("set_salary", person_id=person, amount="3000.00", effective_from="2026-01-01")
    assert street(api) is None
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
