"""A Personio that answers 200 and shows a part: what a credential, a cursor or a limit may keep from a reader.

Each test names the section of the API document, or the published observation, that it holds the simulator to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from adapters.simulators.personio.attributes import DEFAULT_IDS, HASHED_IDS
from adapters.simulators.personio.simulator import PersonioSimulator

TERMINATED = ("termination_date", "last_working_day", "terminated_at", "type", "reason")


@pytest.fixture
def personio(request: pytest.FixtureRequest) -> Iterator[PersonioSimulator]:
    """With one person, Sanne; `request.param` are other attribute ids."""
    with PersonioSimulator(attribute_ids=getattr(request, "param", None)) as simulator:
        simulator.travel_to("2026-03-15T12:00:00+01:00")
        simulator.add_legal_entity("170", "Tulp Logistiek B.V.")
        simulator.add_legal_entity("999", "Elders B.V.")
        sanne = simulator.add_person(
            person_id="3007",
            first_name="Sanne",
            last_name="Visser",
            legal_entity_id="170",
            start_date="2024-02-01",
            attributes={"street": "Main St", "personal_email": ""},
        )
        simulator.set_salary(sanne, "3200", "2024-02-01")
        yield simulator


@pytest.fixture
def api(personio: PersonioSimulator) -> Iterator[httpx.Client]:
    form = {"grant_type": "client_credentials", "client_id": "papi-simulated-client"}
    form |= {"client_secret": "papi-simulated-secret"}
    token = httpx.post(personio.url + "/v2/auth/token", data=form, verify=False).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=personio.url, headers=headers, verify=False) as client:
        yield client


def sanne(api: httpx.Client) -> dict[str, Any]:
    shown: dict[str, Any] = api.get("/v2/persons/3007").json()
    return shown


def custom(api: httpx.Client) -> dict[str, Any]:
    return {one["id"]: one["value"] for one in sanne(api)["custom_attributes"]}


def of_v1(api: httpx.Client) -> dict[str, Any]:
    listed = api.get("/v1/company/employees/3007").json()["data"]["attributes"]
    return {key: one["value"] for key, one in listed.items()}


# --- 4.6: an empty attribute, in three forms, and beside them the null of v1


@pytest.mark.parametrize(("form", "shown"), [("omitted", "absent"), ("null", None), ("text", "")])
def test_4_6_an_empty_attribute_is_left_out_null_or_an_empty_text(
    personio: PersonioSimulator, api: httpx.Client, form: str, shown: str | None
) -> None:
    personio.empty_as(form)

    assert custom(api).get(DEFAULT_IDS["personal_email"], "absent") == shown
    assert of_v1(api)[DEFAULT_IDS["personal_email"]] is None


# --- 4.6: the credential's list of attributes; the keys of v1 and the ids of v2


def test_4_6_a_credential_shows_only_the_attributes_that_were_picked_for_it(
    personio: PersonioSimulator, api: httpx.Client
) -> None:
    personio.limit_attributes_to(["last_name", "street"])

    listed = {one["key"] for one in api.get("/v1/company/employees/attributes").json()["data"]}

    assert listed == {"last_name", DEFAULT_IDS["street"]}
    assert ({"first_name", "email"} & sanne(api).keys(), "last_name" in sanne(api)) == (set(), True)
    assert custom(api) == {DEFAULT_IDS["street"]: "Main St"}
    assert of_v1(api) == {"id": "3007", "last_name": "Visser", DEFAULT_IDS["street"]: "Main St"}


@pytest.mark.parametrize(
    ("personio", "key", "shown"),
    [(DEFAULT_IDS, "dynamic_1009", "dynamic_1009"), (HASHED_IDS, "dynamic_1009", HASHED_IDS["street"])],
    indirect=["personio"],
)
def test_4_6_the_key_of_v1_may_differ_from_the_id_of_v2(
    personio: PersonioSimulator,
    api: httpx.Client,
    key: str,
    shown: str,
) -> None:
    listed = {one["key"]: one["label"] for one in api.get("/v1/company/employees/attributes").json()["data"]}

    assert listed[key] == "Street"
    assert custom(api)[shown] == "Main St"
    assert of_v1(api)[key] == "Main St"


# --- 4.7: the people of v1


def test_4_7_v1_pages_by_rows_and_never_gives_more_than_a_hundred(
    personio: PersonioSimulator, api: httpx.Client
) -> None:
    for number in range(119):
        personio.add_person(first_name="Jan", last_name=f"Bakker{number}", legal_entity_id="170")

    pages = [api.get("/v1/company/employees", params={"limit": "200", "offset": at}).json() for at in ("0", "100")]
    unasked = api.get("/v1/company/employees").json()

    assert [len(one["data"]) for one in (*pages, unasked)] == [100, 20, 50]
    assert pages[0]["metadata"] == {"total_elements": 120, "current_page": 0, "total_pages": 2}


def test_4_7_v1_tells_the_salary_of_today_without_its_date_and_the_hours_as_text(api: httpx.Client) -> None:
    shown = of_v1(api)

    assert (shown["fix_salary"], shown["fix_salary_interval"], shown["hourly_salary"]) == (3200, "monthly", None)
    assert (shown["weekly_working_hours"], shown["status"]) == ("40", "active")


# --- 4.2: employments that show a part


def test_4_2_a_credential_made_before_the_fix_never_shows_how_an_employment_ended(
    personio: PersonioSimulator, api: httpx.Client
) -> None:
    """Changelog "Fixed missing termination fields": only credentials made anew show them."""
    personio.terminate("3007", "2026-03-31")
    seen = []
    for old in (True, False):
        personio.use_old_credential(old=old)
        seen.append(api.get("/v2/persons/3007/employments").json()["_data"][0]["termination"].keys())

    assert seen == [{"termination_date", "terminated_at"}, set(TERMINATED)]


def test_4_2_a_key_may_be_absent_from_every_employment(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Forum reports of `legal_entity` missing from all employments; absent, not null."""
    personio.hide_in_employments("legal_entity", "weekly_working_hours")

    shown = api.get("/v2/persons/3007/employments").json()["_data"][0]

    assert shown.keys().isdisjoint({"legal_entity", "weekly_working_hours"})
    assert shown["status"] == "ACTIVE"


# --- 4.3: the credential's legal entities


@pytest.mark.parametrize(("limited", "asked", "seen"), [(None, "170", 1), (["999"], "170", 0), (["170"], "999", 1)])
def test_4_3_a_limit_of_the_credential_takes_the_place_of_the_entity_asked_for(
    personio: PersonioSimulator, api: httpx.Client, limited: list[str] | None, asked: str, seen: int
) -> None:
    """Changelog "Legal Entity Filtering on UI": it overrides the query, and nothing in the answer says so."""
    personio.limit_pay_to(limited)

    answer = api.get("/v2/compensations", params={"legal_entity.id": asked})

    assert (answer.status_code, len(answer.json()["_data"])) == (200, seen)


# --- 3.1: cursors, filters, pages without paging data


def second_page(api: httpx.Client, *, resend: bool) -> httpx.Response:
    """Two legal entities with pay: is the second page still that of the one asked for?"""
    filters = {"legal_entity.id": "170", "limit": "1"}
    href = api.get("/v2/compensations", params=filters).json()["_meta"]["links"]["next"]["href"]
    cursor = httpx.URL(href).query.decode().partition("cursor=")[2]
    repeated = "&legal_entity.id=170" if resend else ""
    return api.get(f"/v2/compensations?limit=1&cursor={cursor}{repeated}")


@pytest.mark.parametrize(
    ("mode", "resend", "status", "entity"),
    [
        ("accepted", True, 200, "170"),
        ("accepted", False, 200, "170"),
        ("refused", True, 400, None),
        ("refused", False, 200, "170"),
        ("needed", True, 200, "170"),
        ("needed", False, 200, "999"),
    ],
)
def test_3_1_filters_beside_a_cursor_are_taken_refused_or_needed(
    personio: PersonioSimulator, api: httpx.Client, mode: str, resend: bool, status: int, entity: str | None
) -> None:
    """Section 8: whether filters survive a cursor is unknown, so each of the three readings can be had."""
    for where in ("999", "170"):
        one = personio.add_person(first_name="Jan", last_name="Bakker", legal_entity_id=where)
        personio.set_salary(one, "2000", "2024-01-01")
    personio.set_quirk("beside_cursor", mode)

    answer = second_page(api, resend=resend)

    listed = answer.json().get("_data", [])
    assert (answer.status_code, [one["legal_entity"]["id"] for one in listed]) == (status, [entity] if entity else [])


def test_3_1_a_page_may_come_without_its_paging_data(personio: PersonioSimulator, api: httpx.Client) -> None:
    """Section 6.13: such a page looks like the last one and is not."""
    personio.add_person(first_name="Jan", last_name="Bakker", legal_entity_id="170")
    personio.set_quirk("without_meta", True)

    body = api.get("/v2/persons", params={"limit": "1"}).json()

    assert (body.keys(), len(body["_data"])) == ({"_data"}, 1)


# --- 3.4: limits


@pytest.mark.parametrize("form", ["nothing", "seconds", "date"])
def test_3_4_a_429_tells_when_to_come_back_in_seconds_as_a_date_or_not_at_all(
    personio: PersonioSimulator, api: httpx.Client, form: str
) -> None:
    """Observed: no Retry-After. RFC 9110, 10.2.3 allows seconds and a date."""
    personio.set_rate("persons", 0.25, 1)
    personio.set_quirk("retry_after", form)

    before = datetime.now(UTC).replace(microsecond=0)
    answers = [api.get("/v2/persons") for _ in range(2)]

    told = answers[1].headers.get("retry-after")
    assert [one.status_code for one in answers] == [200, 429]
    if form == "date":
        waits = parsedate_to_datetime(told or "") - before
        assert timedelta(seconds=3) <= waits <= timedelta(seconds=6)
    else:
        assert told == (None if form == "nothing" else "4")


@pytest.mark.parametrize("shown", [True, False])
def test_3_4_the_undocumented_headers_of_a_limit_can_be_missing(
    personio: PersonioSimulator, api: httpx.Client, shown: bool
) -> None:
    personio.set_quirk("rate_headers", shown)

    assert ("x-ratelimit-remaining" in api.get("/v2/persons").headers) is shown
