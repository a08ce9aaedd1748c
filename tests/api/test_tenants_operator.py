"""What the operator asks of a server of many: answered whoever else asks how often, and whatever a tenant is at."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.metrics_core import Metric
from starlette.types import ASGIApp

from api.config.tenants import OperatorSettings
from api.http.middleware import Rates
from api.tenants import operation as operating
from api.tenants.house import Room
from api.tenants.opened import Working
from api.tenants.operation import operation
from domain.errors import QueueUnavailable
from domain.fairness import InQueue
from tests.support.bureau import MINE, OTHER, TOKEN, Bureau, bureau

SHOWN = {"Authorization": f"Bearer {TOKEN}"}


class NoTenants:
    """A house in which nobody is."""

    operator = OperatorSettings(token=TOKEN)  # type: ignore[arg-type]
    troubles: dict[str, str] = {}  # noqa: RUF012
    behind: dict[str, str] = {}  # noqa: RUF012

    def open(self) -> tuple[()]:
        return ()


def told_by(app: ASGIApp, house: Bureau, address: str, path: str, headers: dict[str, str]) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(address, 4711))
        async with httpx.AsyncClient(transport=transport, trust_env=False) as client:
            return await client.get(f"http://127.0.0.1{path}", headers=headers)

    return house.loop.run(asked())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    with bureau(tmp_path_factory.mktemp("operator"), MINE, OTHER) as one:
        yield one


class NothingWaits:
    away = ""

    def standings(self) -> Sequence[InQueue]:
        return ()


class Away:
    away = "the queue's database did not answer"

    def standings(self) -> Sequence[InQueue]:
        raise QueueUnavailable(self.away)


def test_strangers_at_the_same_address_use_nothing_of_the_operators_rate_up(house: Bureau) -> None:
    nobody_in: Any = NoTenants()
    app = operation(nobody_in, NothingWaits(), Rates(5))
    guesses = [
        told_by(app, house, "10.0.0.1", path, {"Authorization": f"Bearer {number}"}).status_code
        for number in range(4)
        for path in ("/metrics", "/queue")
    ]

    assert guesses == [404] * 5 + [429] * 3
    asked = [told_by(app, house, "10.0.0.1", path, SHOWN).status_code for path in ("/metrics", "/queue") * 8]
    assert asked == [200] * 16
    assert told_by(app, house, "10.0.0.1", "/healthz", {}).status_code == 200


def test_strangers_behind_a_trusted_proxy_are_counted_one_by_one(house: Bureau) -> None:
    nobody_in: Any = NoTenants()
    counted = {}
    for proxies in ((), ("10.0.0.0/8",)):
        app = operation(nobody_in, NothingWaits(), Rates(5), proxies)
        counted[proxies] = [
            told_by(app, house, "10.0.0.1", "/metrics", {"X-Forwarded-For": f"203.0.113.{number}"}).status_code
            for number in range(8)
        ]

    assert counted == {(): [404] * 5 + [429] * 3, ("10.0.0.0/8",): [404] * 8}


def test_a_queue_that_does_not_answer_takes_no_other_figure_along(house: Bureau) -> None:
    nobody_in: Any = NoTenants()
    app = operation(nobody_in, Away(), Rates(5))
    paths = ("/metrics", "/queue", "/readyz")
    metrics, queue, ready = (told_by(app, house, "10.0.0.1", path, SHOWN) for path in paths)

    assert (metrics.status_code, queue.status_code, ready.status_code) == (200, 503, 200)
    assert ready.json() == {"status": "ok", "queue": "away"}  # every page is answered
    assert 'tweeluik_tenants{state="open"} 0' in metrics.text
    assert re.findall("^tweeluik_queue.*", metrics.text, re.M) == ["tweeluik_queue_answers 0.0"]


def test_a_tenant_whose_database_hangs_holds_up_no_other_figure_and_not_the_next_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, asked, measure = threading.Event(), list[str](), operating._of_one

    def measured(name: str, working: Working) -> Sequence[Metric]:
        asked.append(name)
        if name == MINE:
            goes_on.wait(60)
        return measure(name, working)

    monkeypatch.setattr(operating, "_of_one", measured)
    monkeypatch.setattr(operating, "PATIENCE", 0.5)
    with bureau(tmp_path, MINE, OTHER) as house:
        for name in (MINE, OTHER):
            house.web(name)
        first, second = (house.ask("GET", "/metrics", SHOWN).text for _ in range(2))
        goes_on.set()

    for told in (first, second):
        assert f'tweeluik_tenant_measured{{tenant="{MINE}"}} 0.0' in told
        assert f'tweeluik_log_events{{tenant="{MINE}"}}' not in told
        assert f'tweeluik_log_events{{tenant="{OTHER}"}}' in told
    assert sorted(asked) == sorted([MINE, OTHER, OTHER])


def test_a_tenant_that_closes_or_breaks_while_it_is_measured_keeps_no_other_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bureau(tmp_path, MINE, OTHER) as house:
        rooms, web = house.serving.house, house.web(OTHER)
        closed, room = list[str](), rooms.room(OTHER)
        assert room is not None
        leave = Room.leave

        def is_left(left: Room, **how: bool) -> None:
            closed.append(f"{left.name} is left with {left.asking}")
            leave(left, **how)

        def breaks() -> None:
            closed.append("a look")
            raise RuntimeError("the pool is closed")

        monkeypatch.setattr(Room, "leave", is_left)
        monkeypatch.setattr(web.store.views, "catch_up", breaks)
        answer = house.ask("GET", "/metrics", SHOWN)

        assert answer.status_code == 200
        assert 'tweeluik_log_events{tenant="tulp"}' in answer.text
        assert 'tweeluik_log_events{tenant="roos"}' not in answer.text
        assert "a look" in closed
        assert "roos is left with 1" in closed[closed.index("a look") :]
        room.leaving = True
        assert 'tweeluik_tenant_measured{tenant="roos"} 0.0' in house.ask("GET", "/metrics", SHOWN).text
        assert closed.count("a look") == 1
        room.leaving = False


def test_what_describes_the_api_of_a_tenant_says_where_it_begins(house: Bureau) -> None:
    described = house.ask("GET", "/t/tulp/openapi.json").json()

    assert described["servers"] == [{"url": "/t/tulp"}]
    assert "<code>GET /t/tulp/v1/rules</code>" in house.ask("GET", "/t/tulp/docs").text
    assert house.ask("GET", "/t/eik/openapi.json").json()["servers"] == [{"url": "/t/eik"}]
