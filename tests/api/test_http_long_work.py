"""What takes long is ordered, done beside the requests, and found again by its id, whatever became of the server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.http.app import create_app
from api.http.long_work import MOST_OF_ONE, LongWork
from domain.access import Role
from domain.errors import IncompleteRead
from domain.services.journal import Tools
from domain.values import LegalEntityId, RunId
from tests.support.http_api import Api, http_api
from tests.support.openid import Token, provider
from tests.support.world import World
from tests.support.world_in_process import InProcess

KINDS = ("drift-checks", "plans", "validations")


class Office:
    """The API over systems in memory that can be made to wait, or to fail."""

    def __init__(self, api: Api, world: World) -> None:
        self.api, self.world = api, world
        self.admin = api.key(Role.PAYROLL_ADMIN)
        self.opened = threading.Event()
        self.opened.set()
        self.fault: Exception | None = None
        self.orders = 0
        api.web.tools = self.tools  # type: ignore[method-assign, assignment]

    @contextmanager
    def tools(self) -> Iterator[Tools]:
        self.opened.wait()
        if self.fault is not None:
            raise self.fault
        with nullcontext(self.world.tools()) as tools:
            yield tools

    def order(self, kind: str, key: str = "") -> Any:
        self.orders += 1
        headers = {"Idempotency-Key": f"long-order-{self.orders}"}
        return self.api.post(f"/v1/legal-entities/170/{kind}", {}, key or self.admin, headers)

    def finish(self) -> None:
        for thread in self.api.web.runs:
            thread.join()

    def told(self, order: Any, key: str = "") -> Any:
        return self.api.get(order.json()["status_url"], key or self.admin)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr("api.http.long_work._BEGUN_WITHIN", 0.5)
    world = World(InProcess())
    world.employ("Sanne")
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        one = Office(api, world)
        yield one
        one.opened.set()
    world.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_came_of_an_order_is_found_by_its_id_on_every_server(office: Office, kind: str) -> None:
    order = office.order(kind)
    office.finish()
    told = office.told(order)
    web = office.api.web
    web.work = LongWork(web.access, web.store.clock, web.runs)  # as another server, or the same one after a restart
    office.api.app = create_app(web)

    assert order.status_code == 202
    assert order.headers["location"] == order.json()["status_url"]
    assert told.json()["status"] == "done"
    assert told.json()["report"]["legal_entity"] == "170"
    assert told.json() == office.told(order).json()
    assert told.headers["cache-control"] == "no-store"


def test_a_plan_and_a_validation_hold_no_legal_entity_and_write_nothing(office: Office) -> None:
    with office.world.tools().claims.claim(LegalEntityId("170"), RunId("20260315-093000-k3f9q2")):
        orders = [office.order(kind) for kind in ("plans", "validations")]
        checked = office.order("drift-checks")
        office.finish()

    assert [office.told(each).json()["status"] for each in orders] == ["done", "done"]
    assert (checked.status_code, checked.json()["held_by"]) == (409, "20260315-093000-k3f9q2")


def test_an_account_of_a_provider_has_so_many_at_once_and_another_account_its_own(office: Office) -> None:
    office.api.web.provider = provider()
    anja, bram = (Token(subject=name, roles=["payroll_admin"]).text() for name in ("anja", "bram"))
    office.opened.clear()
    of_anja = [office.order("plans", anja).status_code for _ in range(MOST_OF_ONE + 1)]
    of_bram = office.order("plans", bram).status_code
    office.opened.set()
    office.finish()

    assert (of_anja, of_bram) == ([202] * MOST_OF_ONE + [429], 202)


def test_a_key_has_so_many_at_once_and_another_key_its_own(office: Office) -> None:
    office.opened.clear()
    first = [office.order("plans").status_code for _ in range(MOST_OF_ONE)]
    one_too_many = office.order("plans")
    another = office.order("plans", office.api.key(Role.PAYROLL_ADMIN, None))
    office.opened.set()
    office.finish()

    assert first == [202] * MOST_OF_ONE
    assert (one_too_many.status_code, one_too_many.headers["retry-after"]) == (429, "30")
    assert another.status_code == 202
    assert office.order("plans").status_code == 202


def test_a_server_that_ends_before_its_work_leaves_it_broken_off(office: Office) -> None:
    office.opened.clear()
    order = office.order("plans")
    while_it_works = office.told(order).json()["status"]
    office.api.clock.instant += timedelta(seconds=61)  # in which nobody said that it still works on it
    later = office.told(order).json()

    assert while_it_works == "in_progress"
    assert (later["status"], later["problem"]["type"]) == ("broken_off", "broken-off")


def test_work_that_fails_tells_what_a_request_would_have_been_answered(office: Office) -> None:
    office.fault = IncompleteRead("Personio's list of Sanne does not come to an end")
    order = office.order("validations")
    office.finish()
    told = office.told(order)

    assert (told.json()["status"], told.json()["problem"]["status"]) == ("failed", 503)
    assert told.json()["problem"]["type"] == "system-unreadable"
    assert "Sanne" not in told.text


def test_nobody_else_finds_it_and_after_a_day_nobody_does(office: Office) -> None:
    order = office.order("plans")
    office.finish()
    url = order.json()["status_url"]
    asked = [
        office.told(order, office.api.key(Role.PAYROLL_ADMIN, ("171",))).status_code,
        office.told(order, office.api.key(Role.AUDITOR)).status_code,
        office.api.get(url.replace("/plans/", "/validations/"), office.admin).status_code,
        office.api.get("/v1/plans/plan-never", office.admin).status_code,
        office.told(order).status_code,
    ]
    office.api.clock.instant += timedelta(hours=24)

    assert asked == [404, 403, 404, 404, 200]
    assert office.told(order).status_code == 404


def test_values_in_it_are_masked(office: Office) -> None:
    from domain.attributes import Role as Attribute

    office.world.edit("Sanne", Attribute("street"), "Zijstraat")
    order = office.order("plans")
    office.finish()

    assert "•••" in office.told(order).text
    assert "Zijstraat" not in office.told(order).text
