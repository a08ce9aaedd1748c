"""Lists of Personio that are longer than a page: filters beside a cursor, pages that hide the next one, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from adapters.personio.client import PersonioClient
from adapters.simulators.personio.simulator import PersonioSimulator
from domain.attributes import Role
from domain.errors import IncompleteRead
from domain.settings import LegalEntity
from domain.snapshots import Compensation
from domain.values import NOT_OBSERVED, LegalEntityId
from tests.support.wire import Asked, Reply, ScriptedServer

TULP = LegalEntity(LegalEntityId("170"), "Tulp Logistiek B.V.", "employer", "administration")
NOON = datetime(2026, 3, 15, 11, tzinfo=UTC)
JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
EVERY_CURSOR = ("accepted", "refused", "needed")


@pytest.fixture
def personio() -> Iterator[PersonioSimulator]:
    """Six people of two legal entities, all with a raise in March, listed two to a page."""
    with PersonioSimulator() as simulator:
        simulator.set_clock(lambda: NOON)
        simulator.add_legal_entity("170", "Tulp Logistiek B.V.")
        simulator.add_legal_entity("171", "Tulip Logistics GmbH", country="DE")
        for number in range(6):
            entity = "170" if number % 2 else "171"
            one = simulator.add_person(first_name="Jan", last_name=f"Bakker{number}", legal_entity_id=entity)
            simulator.set_salary(one, "3000", "2024-01-01")
            simulator.set_salary(one, "3300", "2026-03-01")
        simulator.set_quirk("page_size", 2)
        yield simulator


@pytest.fixture
def client(personio: PersonioSimulator) -> Iterator[PersonioClient]:
    opened = PersonioClient(personio.url, "papi-simulated-client", "papi-simulated-secret", {}, now=lambda: NOON)
    yield opened
    opened.close()


def january(client: PersonioClient) -> tuple[Compensation, ...]:
    (window,) = client.pay(TULP, [JANUARY])
    return window.compensations


@pytest.mark.parametrize("beside_cursor", EVERY_CURSOR)
def test_the_filters_hold_to_the_last_page_whatever_personio_makes_of_them_beside_a_cursor(
    personio: PersonioSimulator, client: PersonioClient, beside_cursor: str
) -> None:
    personio.set_quirk("beside_cursor", beside_cursor)

    assert sorted(one.amount for one in january(client)) == [3000, 3000, 3000]
    assert len(client.read(TULP, today=date(2026, 3, 15)).people) == 3


def test_a_refused_filter_is_asked_for_once_and_then_left_to_the_link(
    personio: PersonioSimulator, client: PersonioClient
) -> None:
    personio.set_quirk("beside_cursor", "refused")
    personio.set_quirk("page_size", 1)

    january(client)

    asked = personio.log.select("GET", "/v2/compensations")
    assert [one.status for one in asked] == [200, 400, 200, 200]


def test_a_link_that_has_lost_the_filters_is_no_reason_to_take_other_pay_for_that_of_the_window(
    personio: PersonioSimulator, client: PersonioClient
) -> None:
    """Refused beside a cursor, and not carried by it either: the next page is one of another month."""
    personio.set_quirk("beside_cursor", "refused")
    personio.set_quirk("forgetful_cursor", True)

    with pytest.raises(IncompleteRead, match="forgot the filter"):
        january(client)


def test_a_page_without_its_paging_data_is_no_last_page(personio: PersonioSimulator, client: PersonioClient) -> None:
    personio.set_quirk("without_meta", True)

    with pytest.raises(IncompleteRead, match="without its paging data"):
        client.read(TULP, today=date(2026, 3, 15))


@pytest.mark.parametrize("told", ["seconds", "date", "nothing"])
def test_a_limit_that_only_a_429_tells_slows_all_workers_and_the_sweep_is_complete(
    personio: PersonioSimulator, client: PersonioClient, told: str
) -> None:
    for number in range(24):
        personio.add_person(first_name="Piet", last_name=f"Visser{number}", legal_entity_id="170")
    personio.set_quirk("page_size", 50)
    personio.set_quirk("rate_headers", False)
    personio.set_quirk("retry_after", told)
    personio.set_rate("employments", 12, 4)

    people = client.read(TULP, today=date(2026, 3, 15)).people

    statuses = [one.status for one in personio.log.select("GET", "/v2/persons/*/employments")]
    assert len(people) == 27
    assert statuses.count(200) == 30
    assert 1 <= statuses.count(429) <= 25  # each request for itself meets it more than fifty times


# --- what Personio lists twice ---

CITY = Role("city")


def answers(**lists: list[Any]) -> Callable[[Asked], Reply]:
    """By the last part of the path, one after the other; the last one from then on."""

    def script(asked: Asked) -> Reply:
        name = asked.path.rpartition("/")[2]
        if name == "token":
            return Reply(body={"access_token": "papi-token", "token_type": "Bearer", "expires_in": 86400})
        told = lists.get(name)
        if told is None:
            return Reply(404, {"errors": []})
        items = told.pop(0) if len(told) > 1 else told[0]
        return Reply(body={"_data": items, "_meta": {"links": {}}})

    return script


def lives_in(*cities: str | None) -> dict[str, Any]:
    return {"id": "1", "custom_attributes": [{"id": "dynamic_1013", "value": each} for each in cities]}


def earns(amount: int, hours: int = 40, since: str = "2026-01-01") -> dict[str, Any]:
    return {
        "id": "c",
        "person": {"id": 1},
        "type": {"id": "t", "name": "Salary", "category": "FIXED_SALARY"},
        "amount": {"value": amount, "currency": "EUR"},
        "interval": "MONTHLY",
        "effective_from": since,
        "weekly_working_hours": hours,
    }


EMPLOYED = [[{"id": "e", "status": "ACTIVE", "legal_entity": {"id": 170}}]]


def asking(server: ScriptedServer) -> PersonioClient:
    return PersonioClient(server.url, "papi-id", "papi-secret", {CITY: "dynamic_1013"}, now=lambda: NOON)


@pytest.mark.parametrize(
    ("reads", "city"),
    [
        ([[lives_in("Gouda"), lives_in("Gouda")]], "Gouda"),
        ([[lives_in("Gouda"), {**lives_in("Gouda"), "profile_picture": {"url": "https://x.test/?signed=2"}}]], "Gouda"),
        ([[lives_in("Gouda"), lives_in("Utrecht")], [lives_in("Utrecht")]], "Utrecht"),
    ],
)
def test_a_person_who_is_listed_twice_is_one_and_of_two_who_differ_the_list_is_read_again(
    reads: list[Any], city: str
) -> None:
    with ScriptedServer(answers(persons=reads, employments=EMPLOYED)) as server:
        (found,) = asking(server).read(TULP, today=date(2026, 3, 15)).people

    assert found.value(CITY) == city


def test_who_is_listed_twice_and_not_the_same_for_good_is_an_incomplete_read() -> None:
    twice = [[lives_in("Gouda"), lives_in("Utrecht")]]
    employments = [[*EMPLOYED[0], {**EMPLOYED[0][0], "status": "INACTIVE"}]]

    with (
        ScriptedServer(answers(persons=twice, employments=EMPLOYED)) as server,
        pytest.raises(IncompleteRead, match="twice in /v2/persons, and not the same"),
    ):
        asking(server).read(TULP, today=date(2026, 3, 15))
    with (
        ScriptedServer(answers(persons=[[lives_in()]], employments=employments)) as server,
        pytest.raises(IncompleteRead, match="twice in /v2/persons/1/employments"),
    ):
        asking(server).read(TULP, today=date(2026, 3, 15))


@pytest.mark.parametrize(
    ("reads", "amounts"),
    [
        ([[earns(3000)], [earns(3000, hours=32)]], [3000, 3000]),
        ([[earns(3000)], [earns(3300)], [earns(3300)]], [3300, 3300]),
        ([[earns(3000)], [earns(3300)], [earns(3000)], [earns(3300)]], None),
        ([[earns(3000)], [earns(3000, since="2026-02-01")], [earns(3300)], [earns(3300)]], [3300, 3300]),
        ([[earns(3000)], [earns(3300, since="2026-02-01")]] * 2, [3000, 3300]),
        ([[earns(3000), earns(3300, since="2026-01-15")], [earns(3300, since="2026-01-15")]] * 2, [3000, 3300, 3300]),
        ([[earns(3000)], [{**earns(3000), "type": {"id": "t", "name": "Salary", "category": "RECURRING"}}]] * 2, None),
        ([[earns(3000)], [{**earns(3000), "legal_entity": {"id": 170}}]] * 2, [3000, 3000]),
        ([[earns(3000)], [{**earns(3000), "type": {"id": "t", "category": "FIXED_SALARY"}}]] * 2, [3000, 3000]),
        ([[earns(3000)], [{**earns(3000), "type": {**earns(3000)["type"], "name": "Pay"}}]] * 2, None),
        ([[earns(3000)], [{**earns(3000), "person": {"id": 2}}]] * 2, None),
    ],
)
def test_pay_that_two_months_tell_apart_is_read_once_more(reads: list[Any], amounts: list[int] | None) -> None:
    """One id from two days is pay that was raised under its id, or was moved meanwhile: a second reading says which.

    What one of two months leaves out contradicts nothing.
    """
    spans = [JANUARY, (date(2026, 2, 1), date(2026, 2, 28))]
    with ScriptedServer(answers(compensations=reads)) as server:
        if amounts is None:
            with pytest.raises(IncompleteRead, match="in two months, and not the same"):
                asking(server).pay(TULP, spans)
        else:
            windows = asking(server).pay(TULP, spans)
            assert sorted(one.amount for window in windows for one in window.compensations) == amounts


@pytest.mark.parametrize(
    ("told", "city"),
    [(("Gouda", "Gouda"), "Gouda"), (("Gouda", "Utrecht"), NOT_OBSERVED), ((None, "Utrecht"), NOT_OBSERVED)],
)
def test_an_attribute_that_is_listed_twice_and_not_the_same_is_not_observed_and_was_shown(
    told: tuple[str | None, ...], city: object
) -> None:
    with ScriptedServer(answers(persons=[[lives_in(*told)]], employments=EMPLOYED)) as server:
        read = asking(server).read(TULP, today=date(2026, 3, 15))

    assert read.people[0].values[CITY] == city
    assert read.sightings.attributes[CITY].valued == 1


def test_of_two_attributes_with_one_id_nobody_is_told_which_it_is() -> None:
    def script(asked: Asked) -> Reply:
        if asked.path.endswith("/attributes"):
            return Reply(body={"data": [{"key": "dynamic_1", "label": "City"}, {"key": "dynamic_1", "label": label}]})
        return answers()(asked)

    label = "City"
    with ScriptedServer(script) as server:
        assert [one.label for one in asking(server).attributes()] == ["City"]
        label = "IBAN"
        with pytest.raises(IncompleteRead):
            asking(server).attributes()
