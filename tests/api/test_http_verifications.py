"""Verifying over HTTP and on the pages: ordered, done beside the requests, and the log's verdict from then on."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.pages.asking import Site
from api.pages.site import application
from domain.access import Role
from domain.log import StreamId
from tests.support.http_api import Api, http_api
from tests.support.log_site import gates
from tests.support.raw_sql import execute

OURS = {"Sec-Fetch-Site": "same-origin"}
ORIGIN = "http://tweeluik"


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as one:
        one.scribe.write(StreamId("person:3007"), gates(4711), gates(4712))
        one.web.seal()
        one.app = application(one.web, Site(ORIGIN))
        yield one


def verified(api: Api, role: Role = Role.AUDITOR, entities: tuple[str, ...] | None = None) -> httpx.Response:
    """What came of an order, as the one who gave it is told."""
    key = api.key(role, entities)
    order = api.post("/v1/log/verifications", {}, key, {"Idempotency-Key": secrets.token_hex(8)})
    assert order.status_code == 202, order.text
    for thread in list(api.web.runs):
        thread.join()
    return api.get(order.json()["status_url"], key)


def tamper(api: Api, old: str, new: str) -> None:
    """One byte of an event, past every adapter."""
    url, text = api.web.settings.log.url, f"replace(CAST(state AS TEXT), '{old}', '{new}')"
    execute(url, "DROP TRIGGER IF EXISTS stored_events_no_update")
    execute(url, f"UPDATE stored_events SET state = CAST({text} AS BLOB) WHERE rowid = 2")


def test_a_verification_is_the_verdict_that_everybody_is_told(api: Api) -> None:
    before = api.get("/v1/log/verdict", api.key(Role.PRIVACY_OFFICER)).json()

    told = verified(api, Role.OPERATOR).json()

    after = api.get("/v1/log/verdict", api.key(Role.PRIVACY_OFFICER)).json()
    assert (before["verdict"], before["by"]) == (None, None)
    assert (told["status"], told["report"]["verdict"], told["legal_entity"]) == ("done", "OK", "")
    assert (after["verdict"], after["by"], after["position"]) == ("OK", "Anja (operator)", None)
    assert after["sound_up_to"] == told["report"]["size"]
    auditor = api.key(Role.AUDITOR, None)
    (event,) = api.get("/v1/events", auditor, kind="custody.log_verified.v1", newest_first=True).json()["items"]
    assert event["actor"] == "Anja (operator)"


@pytest.mark.parametrize("role", [Role.HR, Role.PRIVACY_OFFICER])
def test_who_has_nothing_to_do_with_it_orders_none(api: Api, role: Role) -> None:
    order = api.post("/v1/log/verifications", {}, api.key(role), {"Idempotency-Key": "an-order-of-mine"})

    assert order.status_code == 403


def test_whoever_sees_some_legal_entities_is_not_told_of_rows_of_others(api: Api) -> None:
    of_all, of_one = (verified(api, Role.AUDITOR, whose).json()["report"] for whose in (None, ("170",)))

    assert of_all.keys() - of_one.keys() == {"keys", "views", "reason"}
    assert of_one["verdict"] == "OK"


def test_one_byte_changed_is_found_said_on_the_pages_and_found_right_again(api: Api) -> None:
    with signed_in(api) as pages:
        api.key(Role.AUDITOR, None)  # a log that is not believed takes no new one
        pages.ask("/e/170")  # and the views have seen the event as it was
        tamper(api, "4712", "4713")

        found = verified(api).json()["report"]

        assert (found["verdict"], found["position"]) == ("TAMPERED", 1)
        for path in ("/proof", "/e/170", "/e/170/plan"):
            page = pages.ask(path)
            assert 'class="banner stop" role="alert"' in page
            acts = re.findall('<form method="post" action="(/(?:e|proof)/[^"]*)"', page.partition("<main")[2])
            assert acts == (["/proof/verifications"] if path == "/proof" else [])
        assert "The log was tampered with, at event #1" in pages.ask("/proof")
        assert pages.post("/e/170/checks", idempotency_key=secrets.token_hex(16)).status_code == 503

        tamper(api, "4713", "4712")
        onward = pages.post("/proof/verifications", idempotency_key=secrets.token_hex(16)).headers["location"]
        for thread in list(api.web.runs):
            thread.join()
        assert "The log is sound: every event is as it was signed" in pages.ask(onward)
        assert 'class="banner stop"' not in pages.ask("/proof")


def test_a_verdict_that_cannot_be_read_is_told_as_such_and_found_anew(api: Api) -> None:
    with signed_in(api) as pages:
        verified(api)
        Path(api.web.settings.log.checkpoints or "", "verdict.json").write_text("{")

        page = pages.ask("/proof")

        assert "What the last verification found cannot be read any more" in page
        assert 'class="banner stop" role="alert"' in page
        assert verified(api).json()["report"]["verdict"] == "OK"
        assert api.get("/v1/log/verdict").json()["verdict"] == "OK"


class Pages:
    def __init__(self, api: Api) -> None:
        self.api, self.cookie = api, ""

    def post(self, path: str, **fields: str) -> httpx.Response:
        headers = {**OURS, "Cookie": self.cookie, "Accept-Language": "en"}
        return self.api.ask("POST", path, None, headers, data=fields)

    def ask(self, path: str) -> str:
        return self.api.ask("GET", path, None, {"Cookie": self.cookie, "Accept-Language": "en"}).text

    def __enter__(self) -> Pages:
        answer = self.post("/sign-in", key=self.api.key(Role.PAYROLL_ADMIN, None), lang="en")
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return self

    def __exit__(self, *_: Any) -> None:
        self.post("/sign-out")


def signed_in(api: Api) -> Pages:
    return Pages(api)
