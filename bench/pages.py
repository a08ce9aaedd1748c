"""What a page costs, on a large log, beside the route of the API that gives the same data, and how much it asks.

python -m bench.pages [--events 1000000] [--databases sqlite postgres] [--people 5000]

Every page goes through the whole server: session, permission, record of the reading, views, log, template. CPU time of
this process, which a busy machine does not change much. Reach: p95 of 25 ms, and six questions of a page's own.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NamedTuple

import httpx
from fastapi import FastAPI
from rich.table import Table

from adapters.log.mapper import Row, stored
from api.logs import configure_logs
from api.pages.asking import Site
from api.pages.site import application
from bench.audit_queries import fill
from bench.logs import arguments, console, database_url
from domain.access import Role
from domain.events.findings import FindingOpened, LookedBy
from domain.events.loket import LinkObserved, LinkState
from domain.events.personio import GatesObserved
from domain.events.runs import RunCompleted
from domain.log import Fact, Meta, StreamId
from domain.values import Actor
from tests.support.http_api import Api, http_api
from tests.support.questions import OWN, Questions, questions

REACH: Final = 25.0  # ms
ASKED: Final = 100
_BATCH: Final = 100
ORIGIN: Final = "http://bench"
_AT: Final = datetime(2026, 3, 1, 9, tzinfo=UTC)
_V1: Final = "/v1/legal-entities/170"
PAGES: Final = {
    "today, every legal entity": ("/", "/v1/legal-entities"),
    "today": ("/e/170", "/v1/legal-entities"),
    "tasks": ("/e/170/tasks", f"{_V1}/tasks"),
    "people": ("/e/170/people", f"{_V1}/employees"),
    "one person": ("/e/170/people/10008", f"{_V1}/employees/10008/history"),
    "runs": ("/e/170/runs", "/v1/sync-runs?legal_entity=170"),
    "one run": ("/e/170/runs/run-8", "/v1/sync-runs/run-8"),
    "differences": ("/e/170/differences", "/v1/drift?legal_entity=170"),
    "log": ("/log", "/v1/events?newest_first=true"),
    "log of one rule": ("/log?rule=EDIT-1", "/v1/events?newest_first=true&rule=EDIT-1"),
    "one event": ("/proof/1000", "/v1/log/events/1000/proof"),
    "leavers": ("/e/170/leavers", "/v1/terminations?legal_entity=170"),
}
"""Each with its address, and that of the route."""


class Cost(NamedTuple):
    """Of so many times: milliseconds of CPU at the middle and at the 95th, and bytes of one answer."""

    middle: float
    p95: float
    size: int


def main() -> None:
    configure_logs()
    chosen = arguments(__doc__ or "", 20_000, lambda one: one.add_argument("--people", type=int, default=5_000))
    for database in chosen.databases:
        table = Table(title=f"{database}, {chosen.events:,} events, ms of CPU", caption=f"reach: p95 of {REACH:.0f} ms")
        for column in ("page", "p50", "p95", "route p50", "route p95", "kB", "own questions", "all questions"):
            table.add_column(column, justify="left" if column == "page" else "right")
        missed = []
        for page, cost, route, asked in measured(database, chosen.events, chosen.people):
            figures = (cost.middle, cost.p95, route.middle, route.p95, cost.size / 1000)
            counted = (str(asked.counted()[OWN]), str(len(asked.asked))) if asked.asked else ("–", "–")
            table.add_row(page, *(f"{each:.1f}" for each in figures), *counted)
            missed += [page] if cost.p95 > REACH else []
        console.print(table)
        console.print(f"{database}: missed by", missed)


def measured(database: str, events: int, people: int) -> Iterator[tuple[str, Cost, Cost, Questions]]:
    """What is asked is heard of SQLite only."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        url = opened.enter_context(database_url(database, folder))
        heard = opened.enter_context(questions())
        api = opened.enter_context(http_api(url, folder))
        everyone(api, people, fill(api, events))
        serve = api.web.settings.serve.model_copy(update={"requests_per_minute": 10_000_000})
        api.web.settings = api.web.settings.model_copy(update={"serve": serve})
        app = application(api.web, Site(ORIGIN))
        key = api.key(Role.PAYROLL_ADMIN, None, until=date(2040, 12, 31))
        for page, (address, route) in PAGES.items():
            yield page, *asyncio.run(costs(app, key, address, route, heard)), heard


def everyone(api: Api, people: int, versions: dict[str, int]) -> None:
    """They are members, linked, and some of them have tasks."""
    recorder, macs = api.web.store.log.recorder, api.web.store.log.macs
    with console.status(f"{people:,} people"):
        for first in range(0, people, _BATCH):
            rows = (row for nth in range(first, min(first + _BATCH, people)) for row in _of_one(nth, versions))
            recorder.append([macs.sealed(row) for row in rows])
        ends = [stored(*_end(stream, versions)) for stream in sorted(versions) if stream.startswith("run:")]
        recorder.append([macs.sealed(row) for row in ends])
        api.web.store.views.catch_up()


def _end(stream: str, versions: dict[str, int]) -> tuple[StreamId, int, Meta, Fact]:
    """No run goes on: that is told on every page, and asked for."""
    counts = {"updated": 333}
    run = stream.removeprefix("run:")
    return StreamId(stream), versions[stream], _meta(run), RunCompleted(counts=counts, with_errors=False)


def _meta(correlation: str) -> Meta:
    return Meta(recorded_at=_AT, actor=Actor("bench"), correlation=correlation)


def _of_one(nth: int, versions: dict[str, int]) -> Iterator[Row]:
    entity, person, number = ("170", "171")[nth % 2], str(30_000 + nth), 10_000 + nth
    state = LinkState.CONCEPT if nth % 500 == 0 else LinkState.FINAL
    gates = GatesObserved(
        legal_entity=entity, employee_number=number, status="ACTIVE", considered="yes", income_number=1
    )
    link = LinkObserved(state=state, person_id=person, loket_id=f"loket-{nth}", rule="MATCH-1")
    facts: list[tuple[str, Fact]] = [(f"person:{person}", gates), (f"loket:{entity}:{number}", link)]
    if nth % 100 == 0:
        task = FindingOpened(
            legal_entity=entity, person_id=person, employee_number=number, code="POSTCODE_FORMAT", field="address.city",
            seen_by=LookedBy.VALIDATION, rule="CHECK-5",
        )  # fmt: skip
        facts.append((f"finding:{entity}:{person}:POSTCODE_FORMAT:address.city", task))
    for stream, fact in facts:
        version = versions.get(stream, 0)
        versions[stream] = version + 1
        yield stored(StreamId(stream), version, _meta("bench"), fact)


async def costs(app: FastAPI, key: str, page: str, route: str, heard: Questions) -> tuple[Cost, Cost]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        signed = await browser.post("/sign-in", data={"key": key}, headers={"Sec-Fetch-Site": "same-origin"})
        assert signed.status_code == 303, signed.text
        of_page = await _cost(browser, page)
        heard.forget()
        await browser.get(page)
        asked = list(heard.asked)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        of_route = await _cost(client, route)
    heard.asked[:] = asked
    return of_page, of_route


async def _cost(client: httpx.AsyncClient, path: str) -> Cost:
    spent = []
    gc.collect()
    for _ in range(ASKED):
        began = time.process_time()
        answer = await client.get(path)
        spent.append((time.process_time() - began) * 1000)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:200])
    spent.sort()
    return Cost(spent[ASKED // 2], spent[ASKED * 95 // 100], len(answer.content))


if __name__ == "__main__":
    main()
