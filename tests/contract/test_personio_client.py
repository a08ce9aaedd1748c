"""The Personio client against what the API document says an integration must defend against (Personio API 6)."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from adapters.personio import mapping
from adapters.personio.client import PersonioClient
from adapters.simulators.personio.simulator import PersonioSimulator
from domain.attributes import IBAN, Role
from domain.errors import IncompleteRead, Misconfigured, RightMissing, Unreachable
from domain.planning import departures
from domain.planning.employments import judged_in, other_entities
from domain.settings import LegalEntity
from domain.snapshots import Compensation, CompensationCategory, UnreadablePay
from domain.values import BLANK, NOT_OBSERVED, LegalEntityId, Observed, PersonId
from tests.support.waiting import PATIENCE
from tests.support.wire import Asked, FakeTime, Reply, ScriptedServer

TODAY = date(2026, 3, 15)
NOON = datetime(2026, 3, 15, 11, tzinfo=UTC)
TULP = LegalEntity(LegalEntityId("170"), "Tulp Logistiek B.V.", "employer", "administration")
STREET, CITY, NUMBER = Role("street"), Role("city"), Role("employee_number_loket")
ROLES = {STREET: "dynamic_1009", CITY: "dynamic_1013", NUMBER: "dynamic_1002", IBAN: "dynamic_1019"}
SECRET = "papi-secret"

PHONE: dict[str, Any] = {
    "id": "c1",
    "person": {"id": 3007},
    "type": {"id": "t1", "name": "Phone", "category": "recurring"},
    "amount": {"value": 45.5, "currency": "EUR"},
    "effective_from": "2026-02-01",
}

Connect = Callable[..., PersonioClient]


@pytest.fixture(scope="module")
def server() -> Iterator[PersonioSimulator]:
    with PersonioSimulator(client_id="papi-id", client_secret=SECRET) as simulator:
        yield simulator


@pytest.fixture
def personio(server: PersonioSimulator) -> PersonioSimulator:
    server.reset()
    server.empty_as("null")
    server.set_clock(lambda: NOON)
    server.add_legal_entity("170", "Tulp Logistiek B.V.")
    server.add_legal_entity("171", "Tulip Logistics GmbH", country="DE")
    return server


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def connect(time: FakeTime) -> Iterator[Connect]:
    opened: list[PersonioClient] = []

    def open_client(url: str, secret: str = SECRET, *, lists_attributes: bool = False) -> PersonioClient:
        client = PersonioClient(
            url,
            "papi-id",
            secret,
            ROLES,
            lists_attributes,
            sleep=time.sleep,
            monotonic=time.monotonic,
            now=lambda: NOON,
        )
        opened.append(client)
        return client

    yield open_client
    for client in opened:
        client.close()


def hire(personio: PersonioSimulator, person_id: str, **attributes: Any) -> str:
    return personio.add_person(
        person_id=person_id,
        first_name="Sanne",
        last_name="Visser",
        gender="FEMALE",
        legal_entity_id="170",
        start_date="2024-02-01",
        attributes=attributes,
    )


# --- meaning -----------------------------------------------------------------------------------------------------


def test_a_value_the_credential_may_not_read_is_not_observed_and_an_empty_one_is_blank(
    personio: PersonioSimulator, connect: Connect
) -> None:
    hire(personio, "3007", street="Main St", city=None, iban="NL91ABNA0417164300")
    hire(personio, "3008", street="Main St", city="Utrecht")
    personio.hide("iban")
    personio.hide("street", ["3008"])

    people = {one.id: one for one in connect(personio.url).read(TULP, today=TODAY).people}

    sanne, other = people[PersonId("3007")], people[PersonId("3008")]
    assert sanne.value(STREET) == "Main St"
    assert sanne.value(CITY) is BLANK
    assert sanne.value(IBAN) is NOT_OBSERVED
    assert other.value(STREET) is NOT_OBSERVED
    assert sanne.value(Role("gender")) == "FEMALE"


@pytest.mark.parametrize("form", ["null", "text"])
def test_an_empty_attribute_is_blank_in_either_form(personio: PersonioSimulator, connect: Connect, form: str) -> None:
    hire(personio, "3007", city=None)
    personio.empty_as(form)
    assert connect(personio.url).read(TULP, today=TODAY).people[0].value(CITY) is BLANK


def test_an_omitted_attribute_is_not_observed_and_the_list_of_readable_ones_says_which_may_be_read(
    personio: PersonioSimulator, connect: Connect
) -> None:
    hire(personio, "3007", street="Main St", city=None)
    personio.empty_as("omitted")
    personio.hide("iban")

    plain = connect(personio.url).read(TULP, today=TODAY)
    asked = connect(personio.url, lists_attributes=True).read(TULP, today=TODAY)

    assert CITY not in plain.people[0].values
    assert plain.listed == frozenset()
    assert asked.listed == {STREET, CITY, NUMBER}


def test_half_a_character_is_not_observed_and_never_blank(connect: Connect) -> None:
    person = '{"id": 1, "custom_attributes": [{"id": "dynamic_1013", "value": "Utrecht \\ud83d"}]}'
    employment = '{"id": "e", "status": "active", "legal_entity": {"id": "170"}}'
    with ScriptedServer(company([person], employment)) as server:
        (found,) = connect(server.url).read(TULP, today=TODAY).people
    assert found.value(CITY) is NOT_OBSERVED
    assert CITY in found.values  # shown: it must not be taken for one that was left out


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("employment_start_date", '"0000-00-00"'),
        ("employment_end_date", '"31.12.2026"'),
        ("employment_end_date", "1798675200"),
        ("weekly_working_hours", '"38,5"'),
    ],
)
def test_a_value_that_makes_no_sense_is_told_by_its_key_and_stops_nobody(
    connect: Connect, key: str, value: str
) -> None:
    employment = f'{{"id": "e", "status": "active", "legal_entity": {{"id": "170"}}, "{key}": {value}}}'
    with ScriptedServer(company(['{"id": 1}'], employment)) as server:
        (found,) = connect(server.url).read(TULP, today=TODAY).people
    assert found.employment is not None
    assert found.employment.unreadable == (key,)


@pytest.mark.parametrize(
    ("told", "unreadable"),
    [
        ("soon", ("termination_date",)), (1798675200, ("termination_date",)),
        ({"termination_date": {"date": "2026-12-31"}}, ("termination_date",)),
        (None, ()), ("", ()), ([], ()), ({}, ()), ({"termination_date": None}, ()),
    ],
)  # fmt: skip
def test_a_termination_is_a_day_or_none_or_told(told: Any, unreadable: tuple[str, ...]) -> None:
    read = mapping.employment({"id": "e", "termination": told})

    assert (read.end, read.unreadable) == (None, unreadable)


def test_a_legal_entity_is_told_shown_to_be_none_or_not_shown(personio: PersonioSimulator, connect: Connect) -> None:
    hire(personio, "3007")
    hire(personio, "3008")
    hire(personio, "3009")
    personio.edit_employment("3008", "legal_entity_id", None)
    personio.hide_key("legal_entity", personio.tenant.people["3009"].newest_first()[0].id)

    snapshot = connect(personio.url).read(TULP, today=TODAY)

    assert [one.id for one in snapshot.people] == ["3007"]
    assert snapshot.elsewhere == {"3008": None}
    assert [one.id for one in snapshot.unplaced] == ["3009"]
    assert any("does not show the legal entity of 1 person" in note for note in snapshot.notes)


def test_who_is_asked_for_is_there_or_answers_404(personio: PersonioSimulator, connect: Connect) -> None:
    hire(personio, "3007")
    found = connect(personio.url).ask([PersonId("3007"), PersonId("9999")], today=TODAY)
    assert found[PersonId("9999")] is None
    there = found[PersonId("3007")]
    assert there is not None
    assert there.employment is not None
    assert there.employment.legal_entity == "170"


def test_a_page_without_its_paging_data_is_an_incomplete_read(personio: PersonioSimulator, connect: Connect) -> None:
    hire(personio, "3007")
    personio.set_quirk("without_meta", True)
    with pytest.raises(IncompleteRead, match="paging data"):
        connect(personio.url).read(TULP, today=TODAY)


def test_a_sweep_counts_of_how_many_people_each_key_was_shown_and_with_a_value(
    personio: PersonioSimulator, connect: Connect
) -> None:
    personio.set_quirk("empty_as", "null")
    for name, entity, street in (("Ada", "170", "Main St"), ("Bo", "170", "Main St"), ("Cy", "170", None)):
        attributes = {"dynamic_1009": street, "dynamic_1013": "Utrecht"}
        personio.add_person(first_name=name, last_name="Vos", legal_entity_id=entity, attributes=attributes)
    personio.add_person(
        first_name="Di", last_name="Vos", legal_entity_id="171", attributes={"dynamic_1009": "Elsewhere"}
    )
    personio.hide("dynamic_1013")

    seen = connect(personio.url).read(TULP, today=TODAY).sightings

    assert seen.swept == 4
    assert (seen.attributes[STREET].shown, seen.attributes[STREET].valued) == (4, 3)
    assert (seen.attributes[CITY].shown, seen.attributes[CITY].key) == (0, "dynamic_1013")
    assert (seen.own["legal_entity"].valued, seen.own["last_name"].shown) == (4, 4)


def test_without_the_list_of_readable_attributes_none_is_known_to_be_readable(
    personio: PersonioSimulator, connect: Connect
) -> None:
    hire(personio, "3007", street="Main St", city=None)
    personio.empty_as("omitted")
    personio.withdraw_right("attributes")

    snapshot = connect(personio.url, lists_attributes=True).read(TULP, today=TODAY)

    assert snapshot.listed == frozenset()
    assert any("readable attributes" in note for note in snapshot.notes)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ('"  12 "', "  12 "),
        ("156", "156"),
        ("3200.10", "3200.10"),
        ("true", "true"),
        ("false", "false"),
        ('["Dutch", "German"]', "Dutch, German"),
        ('[{"id": 1, "value": "Yes"}]', "Yes"),
        ("1.0", "1"),
        ("[]", BLANK),
        ('" "', BLANK),
        ("null", BLANK),
        ('{"unheard": "of"}', NOT_OBSERVED),
        (f'"{"x" * 1000}"', "x" * 1000),
        (f'"{"x" * 1001}"', NOT_OBSERVED),
        (f'"{"é" * 501}"', NOT_OBSERVED),
        ("1e999999", NOT_OBSERVED),
        ('[{"value": {"value": "Yes"}}]', "Yes"),
        ('{"value":' * 400 + '"Yes"' + "}" * 400, NOT_OBSERVED),
        ("[" * 400 + '"Yes"' + "]" * 400, NOT_OBSERVED),
        (r'"[\"Dutch\", \"German\"]"', "Dutch, German"),
        (r'"{\"id\": 1, \"value\": \"Yes\"}"', "Yes"),
        (r'"[\"\"]"', NOT_OBSERVED),
        (r'"{\"unheard\": \"of\"}"', NOT_OBSERVED),
        (r'"[\"Dutch"', '["Dutch'),
        ('"[extern] Jan"', "[extern] Jan"),
        ('"{a} Jan"', "{a} Jan"),
        ('" [] "', NOT_OBSERVED),
        ('"{}"', NOT_OBSERVED),
        ('"[null]"', NOT_OBSERVED),
        ('"[1, {}]"', NOT_OBSERVED),
        ('"[1]"', "1"),
        ('"[1.50]"', "1.50"),
        ('"[true]"', "true"),
        (r'" [ \"a\"]"', "a"),
        (r'"\u200b[\"a\"]"', "a"),
        (r'"[[\"a\"]]"', "a"),
        (r'"{ \"name\": \"a\" }"', "a"),
        (r'"{\"value\": {\"value\": \"' + "x" * 1000 + r'\"}}"', NOT_OBSERVED),
    ],
)
def test_every_form_of_a_custom_value_is_read_and_an_unknown_one_is_never_empty(
    connect: Connect, shown: str, said: object
) -> None:
    person = '{"id": "1", "custom_attributes": [{"id": "dynamic_1009", "type": "string", "value": ' + shown + "}]}"
    with ScriptedServer(company([person])) as server:
        found = connect(server.url).read(TULP, today=TODAY).people[0]
    assert found.value(STREET) == said
    assert found.value(Role("last_name")) is NOT_OBSERVED


def test_the_employment_decides_the_status_though_the_person_says_active(
    personio: PersonioSimulator, connect: Connect
) -> None:
    hire(personio, "3007")
    personio.set_status("3007", "LEAVE")
    employment = connect(personio.url).read(TULP, today=TODAY).people[0].employment
    assert employment
    assert employment.status == "LEAVE"


def test_an_employment_in_each_of_two_entities_is_read_by_both(personio: PersonioSimulator, connect: Connect) -> None:
    hire(personio, "3007")
    personio.add_legal_entity("172", "Tulp Winkels")
    personio.add_employment("3007", "2026-03-01", legal_entity_id="172")

    here = connect(personio.url).read(TULP, today=TODAY)
    there = connect(personio.url).read(replace(TULP, personio_id=LegalEntityId("172")), today=TODAY)
    (asked,) = connect(personio.url).people([PersonId("3007")], today=TODAY)

    shown = [one.employment.legal_entity for each in (here, there) for one in each.people if one.employment]
    assert shown == ["170", "172"]
    assert (here.elsewhere, there.elsewhere) == ({}, {})
    assert {other_entities(judged_in(asked, LegalEntityId(each))) for each in ("170", "172")} == {
        frozenset({"172"}),
        frozenset({"170"}),
    }


def test_people_of_other_entities_or_none_leave_nothing_but_id_and_entity(
    personio: PersonioSimulator, connect: Connect
) -> None:
    hire(personio, "3007")
    personio.add_person(person_id="3100", first_name="Jo", last_name="Bond", legal_entity_id="171")
    personio.add_person(person_id="3101", first_name="Al", last_name="Free", legal_entity_id=None, employed=False)

    snapshot = connect(personio.url).read(TULP, today=TODAY)

    assert [one.id for one in snapshot.people] == ["3007"]
    assert snapshot.elsewhere == {"3100": "171"}
    assert [one.id for one in snapshot.unplaced] == ["3101"]
    assert departures.placed(snapshot, []).elsewhere == {"3100": "171", "3101": None}


def test_a_deprecated_sub_company_is_not_the_legal_entity(connect: Connect) -> None:
    employment = '{"id": "e", "status": "active", "sub_company": {"id": "170"}}'
    with ScriptedServer(company(['{"id": 1}'], employment)) as server:
        snapshot = connect(server.url).read(TULP, today=TODAY)
    assert snapshot.elsewhere == {}
    assert [one.id for one in snapshot.unplaced] == ["1"]


def test_a_country_that_is_known_and_not_dutch_stops_and_one_that_is_not_shown_is_noted(
    personio: PersonioSimulator, connect: Connect
) -> None:
    german = LegalEntity(LegalEntityId("171"), "Tulip Logistics GmbH", "employer", "administration")
    with pytest.raises(Misconfigured, match="171 is in DE"):
        connect(personio.url).read(german, today=TODAY)
    personio.withdraw_right("legal-entities")
    assert "170" in connect(personio.url).read(TULP, today=TODAY).notes[0]


# --- sweeps ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["wrong_path", "relative", "foreign_host"])
def test_only_the_cursor_of_a_next_link_is_followed(personio: PersonioSimulator, connect: Connect, link: str) -> None:
    for number in range(60):
        hire(personio, str(3000 + number))
    personio.point_next_to(link, "/v2/persons")
    assert len(connect(personio.url).read(TULP, today=TODAY).people) == 60


def test_a_repeated_cursor_is_an_incomplete_read(personio: PersonioSimulator, connect: Connect) -> None:
    for number in range(120):
        hire(personio, str(3000 + number))
    personio.point_next_to("repeated_cursor", "/v2/persons")
    with pytest.raises(IncompleteRead, match="repeats"):
        connect(personio.url).read(TULP, today=TODAY)


def test_a_base64_cursor_keeps_its_plus_sign(connect: Connect) -> None:
    cursors: list[str] = []

    def script(asked: Asked) -> Reply:
        if asked.path != "/v2/persons":
            return company([])(asked)
        if "cursor" not in asked.query:
            return Reply(body={"_data": [], "_meta": {"links": {"next": {"href": "/v2/persons?cursor=a+b=="}}}})
        cursors.append(asked.query["cursor"])
        return Reply(body={"_data": [], "_meta": {"links": {}}})

    with ScriptedServer(script) as server:
        connect(server.url).read(TULP, today=TODAY)
    assert cursors == ["a+b=="]


def test_a_partial_answer_is_an_incomplete_read(connect: Connect) -> None:
    def script(asked: Asked) -> Reply:
        whole = company([])(asked)
        return replace(whole, status=206) if asked.path == "/v2/persons" else whole

    with ScriptedServer(script) as server, pytest.raises(IncompleteRead, match="206"):
        connect(server.url).read(TULP, today=TODAY)


def test_a_person_who_slips_to_the_next_page_is_counted_once(personio: PersonioSimulator, connect: Connect) -> None:
    for number in range(60):
        hire(personio, str(3000 + number))
    personio.set_quirk("page_shift", -1)
    people = connect(personio.url).read(TULP, today=TODAY).people
    assert len({one.id for one in people}) == len(people) == 60


def test_a_failed_first_page_is_unreachable_and_a_failed_later_page_an_incomplete_read(
    personio: PersonioSimulator, connect: Connect
) -> None:
    for number in range(60):
        hire(personio, str(3000 + number))
    personio.faults.add("server_error_before", path="/v2/persons", nth=2, times=0)
    with pytest.raises(IncompleteRead, match="a later page of /v2/persons"):
        connect(personio.url).read(TULP, today=TODAY)
    with pytest.raises(Unreachable, match="HTTP 500"):
        connect(personio.url).read(TULP, today=TODAY)


@pytest.mark.parametrize("still_there", [True, False])
def test_a_person_deleted_during_the_sweep_is_gone_and_one_who_is_still_there_is_read_again(
    connect: Connect, still_there: bool
) -> None:
    missed: list[str] = []

    def script(asked: Asked) -> Reply:
        if asked.path == "/v2/persons/1/employments" and not (still_there and missed):
            missed.append(asked.path)
            return Reply(404, {"errors": []})
        if asked.path == "/v2/persons/1":
            return Reply(200, {"id": "1"}) if still_there else Reply(404, {"errors": []})
        return company(['{"id": 1}', '{"id": 2}'])(asked)

    with ScriptedServer(script) as server:
        people = connect(server.url).read(TULP, today=TODAY).people
    assert [one.id for one in people] == (["1", "2"] if still_there else ["2"])


@pytest.mark.parametrize("body", ['{"data": 1}', "[]", '{"_data": [{"name": "nobody"}]}', '{"_data": ["x"]}'])
def test_an_answer_that_is_no_list_of_people_is_an_incomplete_read(connect: Connect, body: str) -> None:
    def script(asked: Asked) -> Reply:
        return Reply(body=body) if asked.path == "/v2/persons" else company([])(asked)

    with ScriptedServer(script) as server, pytest.raises(IncompleteRead):
        connect(server.url).read(TULP, today=TODAY)


# --- transport ---------------------------------------------------------------------------------------------------


def test_one_token_serves_every_request_and_is_fetched_again_a_minute_before_it_ends(
    personio: PersonioSimulator, connect: Connect, time: FakeTime
) -> None:
    for number in range(30):
        hire(personio, str(3000 + number))
    client = connect(personio.url)

    client.read(TULP, today=TODAY)
    client.read(TULP, today=TODAY)
    assert personio.log.count("POST", "/v2/auth/token") == 1

    time.now += 86_400 - 59
    client.read(TULP, today=TODAY)
    assert personio.log.count("POST", "/v2/auth/token") == 2


def test_a_dead_token_is_renewed_once_for_all_and_a_missing_right_ends_the_read(
    personio: PersonioSimulator, connect: Connect
) -> None:
    for number in range(30):
        hire(personio, str(3000 + number))
    client = connect(personio.url)
    client.read(TULP, today=TODAY)
    personio.expire_tokens()
    client.read(TULP, today=TODAY)
    assert personio.log.count("POST", "/v2/auth/token") == 2

    personio.withdraw_right("persons")
    personio.log.clear()
    with pytest.raises(RightMissing, match="/v2/persons"):
        client.read(TULP, today=TODAY)
    assert personio.log.count("GET", "/v2/persons") == 2


def test_many_requests_that_meet_a_dead_token_fetch_one_new_one(connect: Connect) -> None:
    given: list[str] = []
    all_at_once = threading.Barrier(8)

    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/token"):
            given.append(f"papi-{len(given)}")
            return Reply(body={"access_token": given[-1], "expires_in": 86400})
        if asked.path.endswith("/employments") and asked.headers["authorization"] == "Bearer papi-0":
            all_at_once.wait(PATIENCE)
            return Reply(401, {"errors": []})
        return company([f'{{"id": {number}}}' for number in range(40)])(asked)

    with ScriptedServer(script) as server:
        assert len(connect(server.url).read(TULP, today=TODAY).people) == 40
    assert len(given) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_missing_right_to_employments_is_told_as_such(
    personio: PersonioSimulator, connect: Connect, status: int
) -> None:
    hire(personio, "3007")
    personio.set_quirk("missing_right_status", status)
    personio.withdraw_right("employments")
    with pytest.raises(RightMissing, match="employments"):
        connect(personio.url).read(TULP, today=TODAY)


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        ({"kind": "rate_limited"}, [(0.375, 0.625)]),
        ({"kind": "rate_limited", "retry_after": 7}, [(7, 7)]),
        ({"kind": "rate_limited", "retry_after": 600}, [(30, 30)]),
        ({"kind": "server_error_before", "times": 3}, [(0.375, 0.625), (0.75, 1.25), (1.5, 2.5)]),
        ({"kind": "reset_before"}, [(0.375, 0.625)]),
        ({"kind": "truncated"}, [(0.375, 0.625)]),
        ({"kind": "not_json"}, [(0.375, 0.625)]),
    ],
)
def test_a_read_that_fails_is_repeated_after_a_wait(
    personio: PersonioSimulator,
    connect: Connect,
    time: FakeTime,
    fault: dict[str, Any],
    waits: list[tuple[float, float]],
) -> None:
    hire(personio, "3007")
    personio.faults.add(path="/v2/persons/*/employments", **fault)
    assert connect(personio.url).read(TULP, today=TODAY).people
    assert len(time.slept) == len(waits)
    assert all(least <= slept <= most for slept, (least, most) in zip(time.slept, waits, strict=True))


def test_waiting_for_one_request_ends_after_a_minute_or_six_attempts(
    personio: PersonioSimulator, connect: Connect, time: FakeTime
) -> None:
    personio.faults.add("rate_limited", path="/v2/persons", times=0, retry_after=25)
    with pytest.raises(Unreachable, match="HTTP 429"):
        connect(personio.url).read(TULP, today=TODAY)
    assert time.slept == [25, 25]

    personio.faults.clear()
    personio.log.clear()
    personio.faults.add("server_error_before", path="/v2/persons", times=0)
    with pytest.raises(Unreachable):
        connect(personio.url).read(TULP, today=TODAY)
    assert personio.log.count("GET", "/v2/persons") == 6


def test_three_refused_connections_mean_unreachable(connect: Connect, time: FakeTime) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable, match="no connection"):
            connect(f"http://127.0.0.1:{unused.getsockname()[1]}").read(TULP, today=TODAY)
    assert len(time.slept) == 2


def test_requests_keep_to_the_rate_that_the_answers_name(connect: Connect, time: FakeTime) -> None:
    limit = {"x-ratelimit-replenish-rate": "10", "x-ratelimit-burst-capacity": "10", "x-ratelimit-remaining": "0"}

    def script(asked: Asked) -> Reply:
        reply = company([f'{{"id": {number}}}' for number in range(11)])(asked)
        named = limit if asked.path.endswith("/employments") else {}
        return Reply(reply.status, reply.body, named)

    with ScriptedServer(script) as server:
        connect(server.url).read(TULP, today=TODAY)
    assert sum(time.slept) >= 0.1 * 2  # eight leave at once before the limit is known, the others wait for theirs


def test_secrets_are_in_the_form_only_and_in_no_message(personio: PersonioSimulator, connect: Connect) -> None:
    with pytest.raises(Misconfigured) as refused:
        connect(personio.url, secret="papi-wrong").read(TULP, today=TODAY)
    assert "papi-wrong" not in str(refused.value)
    (request,) = personio.log.select("POST", "/v2/auth/token")
    assert b"client_secret=papi-wrong" in request.body
    assert not request.query


# --- compensations -----------------------------------------------------------------------------------------------


def test_compensations_are_those_in_force_on_the_day_with_exact_amounts(
    personio: PersonioSimulator, connect: Connect
) -> None:
    hire(personio, "3007")
    personio.set_salary("3007", "3000.00", "2024-02-01")
    personio.set_salary("3007", "3200.10", "2026-03-01")
    personio.add_person(person_id="3100", first_name="Jo", last_name="Bond", legal_entity_id="171")
    personio.set_salary("3100", "9999", "2024-02-01")

    days = (date(2026, 2, 28), date(2026, 3, 1))
    before, after = (connect(personio.url).compensations(TULP, on=day).compensations for day in days)

    assert [one.amount for one in before] == [Decimal("3000.00")]
    (salary,) = after
    assert (salary.person, salary.category, salary.amount) == (
        "3007",
        CompensationCategory.FIXED_SALARY,
        Decimal("3200.10"),
    )
    assert (salary.interval, salary.effective_from, salary.weekly_hours) == ("MONTHLY", date(2026, 3, 1), Decimal(40))


def test_a_refused_entity_filter_is_left_out_and_the_items_filtered_here(connect: Connect) -> None:
    def script(asked: Asked) -> Reply:
        if "legal_entity.id" in asked.query:
            return Reply(400, {"errors": [{"title": "Parameter [legal_entity.id] is invalid"}]})
        items = [
            {**PHONE, "id": str(place), "person": {"id": place}, "legal_entity": {"id": entity}}
            for place, entity in enumerate(["170", "171"])
        ]
        return (
            Reply(body={"_data": items, "_meta": {"links": {}}})
            if asked.path == "/v2/compensations"
            else company([])(asked)
        )

    with ScriptedServer(script) as server:
        found = connect(server.url).compensations(TULP, on=TODAY).compensations
    assert [(one.person, one.amount) for one in found] == [("0", Decimal("45.5"))]


@pytest.mark.parametrize(
    ("shown", "faults"),
    [
        ({"amount": {"value": "3,000"}}, ("amount",)),
        *(({"amount": told}, ("amount",)) for told in (None, True, [3000], {"value": "3_000"}, {"value": "٣٠٠٠"})),
        ({"effective_from": "2026-02-30"}, ("effective_from",)),
        *(({"effective_from": told}, ("effective_from",)) for told in (None, "", 1700000000, {"date": "2026-02-01"})),
        *(({"effective_from": told}, ("effective_from",)) for told in ("20260201", "2026-W05-1", "٢٠٢٦-٠٢-٠١")),
        ({"weekly_working_hours": "38,5"}, ("weekly_working_hours",)),
        ({"weekly_working_hours": True}, ("weekly_working_hours",)),
        (
            {"amount": {}, "full_time_weekly_working_hours": "NaN"},
            ("amount", "full_time_weekly_working_hours"),
        ),
    ],
)
def test_pay_that_makes_no_sense_is_told_by_its_keys_and_stops_nobody(
    shown: dict[str, object], faults: tuple[str, ...]
) -> None:
    read = mapping.compensation({**PHONE, **shown})

    assert read == UnreadablePay(PersonId("3007"), "t1", CompensationCategory.RECURRING, "Phone", faults)


@pytest.mark.parametrize(
    ("of", "type_id"),
    [
        (None, ""), ("RECURRING", ""), ({}, ""), ({"id": "t1"}, "t1"), ({"id": "t1", "category": None}, "t1"),
        ({"id": "t1", "category": " "}, "t1"), ({"id": "t1", "category": ["RECURRING"]}, "t1"),
    ],
)  # fmt: skip
def test_pay_whose_category_is_not_told_may_be_any(of: Any, type_id: str) -> None:
    read = mapping.compensation({**PHONE, "type": of})

    assert read == UnreadablePay(PersonId("3007"), type_id, CompensationCategory.OTHER, "", ("type",))
    assert read.may_be_salary


def test_a_category_that_nobody_documents_is_that_of_other_pay() -> None:
    read = mapping.compensation({**PHONE, "type": {"id": "t9", "name": "Share plan", "category": "EQUITY"}})

    assert isinstance(read, Compensation)
    assert (read.category, read.type_name) == (CompensationCategory.OTHER, "Share plan")


@pytest.mark.parametrize(
    ("shown", "entity"),
    [({"legal_entity": {"id": 170}}, "170"), ({"legal_entity": None}, BLANK), ({}, NOT_OBSERVED)],
)
def test_whose_pay_it_is_is_read_from_the_pay(shown: dict[str, object], entity: Observed) -> None:
    read = mapping.compensation({**PHONE, **shown})

    assert isinstance(read, Compensation)
    assert read.legal_entity == entity


# --- a company by script -----------------------------------------------------------------------------------------


def company(
    persons: list[str], employment: str = '{"id": "e", "status": "ACTIVE", "legal_entity": {"id": 170}}'
) -> Callable[[Asked], Reply]:
    """These persons, each with this employment, as JSON text."""

    def script(asked: Asked) -> Reply:
        match asked.path.rpartition("/")[2]:
            case "token":
                return Reply(body={"access_token": "papi-token", "token_type": "Bearer", "expires_in": 86400})
            case "persons":
                return Reply(body='{"_meta": {"links": {}}, "_data": [' + ", ".join(persons) + "]}")
            case "employments":
                return Reply(body='{"_meta": {"links": {}}, "_data": [' + employment + "]}")
            case _:
                return Reply(404, {"errors": []})

    return script
