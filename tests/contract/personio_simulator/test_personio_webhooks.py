"""Personio API 4.8: webhooks."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from adapters.simulators.personio.simulator import PersonioSimulator
from tests.contract.personio_simulator.tenant import (
    DEFAULT_CREDENTIAL,
    Clock,
    token_of,
)
from tests.support.waiting import until


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
        until(lambda: receiver.received, "a delivery")
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
