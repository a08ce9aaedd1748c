"""Personio API 3: pages, filters, errors and limits."""

from typing import Any

import httpx
import pytest

from adapters.simulators.personio.simulator import PersonioSimulator
from tests.contract.personio_simulator.tenant import crowd, sweep

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
