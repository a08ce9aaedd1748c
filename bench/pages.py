"""What every page costs, on a large log, beside the route of the API that gives the same data, and how much it asks.

python -m bench.pages [--events 1000000] [--databases sqlite postgres] [--people 5000] [--asked "today|runs"]

Every page goes through the whole server: session, permission, record of the reading, views, log, template. CPU time of
this process, which a busy machine does not change much. Exit code 1 over a limit: p95 of 25 ms, six questions of a
page's own (heard of SQLite only), 100 kB with style sheet and script. The log is kept in build/bench for the next time.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import httpx
from fastapi import FastAPI
from rich.table import Table

from adapters.logs import configure_logs
from api.http.connections import settled
from api.pages.asking import Site
from api.pages.site import application
from bench.large_company import NEWEST, large_company
from bench.logs import arguments, console
from domain.access import Role
from domain.values import LegalEntityId
from domain.views.overwritten_fields import OverwrittenFilters
from tests.support.http_api import http_api
from tests.support.questions import OWN, questions

REACH: Final = 25.0  # ms
OWN_QUESTIONS: Final = 6
LARGEST: Final = 100.0  # kB
ASKED: Final = 100
ORIGIN: Final = "http://bench"
_V1: Final = "/v1/legal-entities/170"
_THEN: Final = "2026-02-15"
_ONE: Final = 10_008


class Page(NamedTuple):
    """A page, and where the API gives the same data; None where that is in no one place."""

    address: str
    route: str | None = None
    role: Role = Role.PAYROLL_ADMIN


PAGES: Final = {
    "today, every legal entity": Page("/", "/v1/legal-entities"),
    "today": Page("/e/170", "/v1/legal-entities"),
    "tasks": Page("/e/170/tasks", f"{_V1}/tasks"),
    "tasks that ended": Page("/e/170/tasks?ended=true", f"{_V1}/tasks?ended=true"),
    "tasks of a past day": Page(f"/e/170/tasks?as_at={_THEN}", f"{_V1}/tasks?as_at={_THEN}T22:59:59Z"),
    "people": Page("/e/170/people", f"{_V1}/employees"),
    "people by outcome": Page("/e/170/people?outcome=unchanged", f"{_V1}/employees?outcome=unchanged"),
    "people by rule": Page("/e/170/people?reason=EDIT-1", f"{_V1}/employees?reason=EDIT-1"),
    "people by link": Page("/e/170/people?link=concept", f"{_V1}/employees?link=concept"),
    "people with news": Page("/e/170/people?new=true", f"{_V1}/employees?new=true"),
    "people of a past day": Page("/e/170/people?as_at=2026-03-02", f"{_V1}/employees?as_at=2026-03-02T22:59:59Z"),
    "one person": Page(f"/e/170/people/{_ONE}", f"{_V1}/employees/{_ONE}/history"),
    "one person of a past day": Page(
        f"/e/170/people/{_ONE}?as_at={_THEN}&on={_THEN}", f"{_V1}/employees/{_ONE}/state?as_at={_THEN}T22:59:59Z"
    ),
    "names": Page("/e/170/names"),
    "plan": Page("/e/170/plan"),
    "runs": Page("/e/170/runs", "/v1/sync-runs?legal_entity=170"),
    "one run": Page(f"/e/170/runs/{NEWEST}", f"/v1/sync-runs/{NEWEST}"),
    "one run that overwrote": Page("/e/170/runs/run-8", "/v1/sync-runs/run-8"),
    "differences": Page("/e/170/differences", "/v1/drift?legal_entity=170"),
    "differences of a past day": Page(
        "/e/170/differences?as_at=2026-03-02", "/v1/drift?legal_entity=170&as_at=2026-03-02T22:59:59Z"
    ),
    "decide on a difference": Page("/e/170/differences/10002/keep?field=address.city"),
    "leavers": Page("/e/170/leavers", "/v1/terminations?legal_entity=170"),
    "leavers of a past day": Page(
        "/e/170/leavers?as_at=2026-03-02", "/v1/terminations?legal_entity=170&as_at=2026-03-02T22:59:59Z"
    ),
    "ahead": Page("/e/170/ahead"),
    "handover sheet": Page("/e/170/handover", f"{_V1}/handover"),
    "overwritten": Page(
        "/e/170/overwritten", "/v1/overwritten-fields?legal_entity=170&since=2020-01-01&until=2026-12-31"
    ),
    "overwritten, one field": Page(
        "/e/170/overwritten?field=address.city",
        "/v1/overwritten-fields?legal_entity=170&since=2020-01-01&until=2026-12-31&field=address.city",
    ),
    "totals of overwritten": Page("/e/170/overwritten/totals"),
    "one overwritten field": Page("/e/170/people/{row}", f"{_V1}/employees/{_ONE}/history"),
    "reports": Page("/e/170/reports", f"{_V1}/reports"),
    "more people": Page("/e/170/more-people"),
    "log": Page("/log", "/v1/events?newest_first=true"),
    "log of one rule": Page("/log?rule=EDIT-1", "/v1/events?newest_first=true&rule=EDIT-1"),
    "is the log sound": Page("/proof"),
    "one event": Page("/proof/1000", "/v1/log/events/1000/proof"),
    "rules": Page("/rules", "/v1/rules"),
    "one rule": Page("/rules/EDIT-1", "/v1/rules"),
    "access": Page("/access", None, Role.PRIVACY_OFFICER),
    "erasures": Page("/erasures", None, Role.PRIVACY_OFFICER),
    "operation": Page("/operation", "/v1/schedule"),
    "me": Page("/me", "/v1/me"),
}
"""Every page but those of something under way, and those of signing in."""


class Cost(NamedTuple):
    """Of so many times: milliseconds of CPU at the middle and at the 95th, and bytes of one answer."""

    middle: float
    p95: float
    size: int


def main() -> None:
    configure_logs()
    chosen = arguments(__doc__ or "", 1_000_000, _more)
    missed = [one for each in chosen.databases for one in measured(each, chosen.events, chosen.people, chosen.asked)]
    console.print("missed by", missed or "none")
    sys.exit(1 if missed else 0)


def _more(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--asked", default="", help="of the pages whose name has it")


def measured(database: str, events: int, people: int, asked: str) -> Iterator[str]:
    """Each limit that is missed, after the table of all."""
    limits = f"reach: p95 of {REACH:.0f} ms, {OWN_QUESTIONS} own questions, {LARGEST:.0f} kB with style and script"
    table = Table(title=f"{database}, {events:,} events, ms of CPU", caption=limits)
    for column in ("page", "p50", "p95", "route p50", "route p95", "kB", "own questions", "all questions"):
        table.add_column(column, justify="left" if column == "page" else "right")
    with large_company(database, events, people) as (url, folder):
        wanted = {name: page for name, page in PAGES.items() if re.search(asked, name)}
        told = asyncio.run(counted(url, folder, wanted)) if database == "sqlite" else {}
        for name, (cost, route) in asyncio.run(costs(url, folder, wanted)).items():
            size = cost.size / 1000
            own, every = told.get(name, (None, None))
            figures = [f"{each:.1f}" for each in (cost.middle, cost.p95)]
            figures += [f"{each:.1f}" for each in (route.middle, route.p95)] if route else ["–", "–"]
            table.add_row(name, *figures, f"{size:.1f}", *("–" if each is None else str(each) for each in (own, every)))
            for over, what in (
                (cost.p95 > REACH, f"{cost.p95:.1f} ms"),
                (own is not None and own > OWN_QUESTIONS, f"{own} questions"),
                (size > LARGEST, f"{size:.0f} kB"),
            ):
                if over:
                    yield f"{database}: {name}, {what}"
    console.print(table)


async def counted(url: str, folder: Path, pages: Mapping[str, Page]) -> dict[str, tuple[int, int]]:
    """How many questions each page asks, of its own and in all; listening costs time, so nothing is timed meanwhile."""
    told = {}
    with questions() as heard, served(url, folder) as (app, keys, row):
        for name, page in pages.items():
            async with signed_in(app, keys[page.role]) as browser:
                await asked(browser, page.address.format(row=row))
                heard.forget()
                await asked(browser, page.address.format(row=row))
                told[name] = (heard.counted()[OWN], len(heard.asked))
    return told


async def costs(url: str, folder: Path, pages: Mapping[str, Page]) -> dict[str, tuple[Cost, Cost | None]]:
    """Of each page, and of its route."""
    told = {}
    with served(url, folder) as (app, keys, row):
        for name, page in pages.items():
            async with signed_in(app, keys[page.role]) as browser:
                cost = await _cost(browser, page.address.format(row=row))
                first = (await asked(browser, page.address.format(row=row))).text
                around = [await asked(browser, each) for each in sorted(set(_FILES.findall(first)))]
            cost = cost._replace(size=cost.size + sum(len(each.content) for each in around))
            route = None
            if page.route is not None:
                async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as client:
                    client.headers["Authorization"] = f"Bearer {keys[page.role]}"
                    route = await _cost(client, page.route)
            told[name] = (cost, route)
    return told


_FILES: Final = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@contextmanager
def served(url: str, folder: Path) -> Iterator[tuple[FastAPI, Mapping[Role, str], str]]:
    """The whole server, a key of each role, and the place of an overwritten field."""
    with http_api(url, folder) as api:
        serve = api.web.settings.serve.model_copy(update={"requests_per_minute": 10_000_000})
        api.web.settings = api.web.settings.model_copy(update={"serve": serve})
        app = application(api.web, Site(ORIGIN))
        keys = {role: api.key(role, None, until=date(2040, 12, 31)) for role in {one.role for one in PAGES.values()}}
        api.web.store.views.catch_up()
        filters = OverwrittenFilters(entities=(LegalEntityId("170"),), since=date.min, until=date.max)
        (first,) = api.web.store.views.overwritten_fields.rows(filters, below=2**62, limit=1)
        settled()
        yield app, keys, f"{first.employee_number}/overwritten/{first.position}"


@asynccontextmanager
async def signed_in(app: FastAPI, key: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ORIGIN) as browser:
        signed = await browser.post("/sign-in", data={"key": key}, headers={"Sec-Fetch-Site": "same-origin"})
        assert signed.status_code == 303, signed.text
        yield browser


async def asked(client: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
    return answer


async def _cost(client: httpx.AsyncClient, path: str) -> Cost:
    spent = []
    gc.collect()
    for _ in range(ASKED):
        began = time.process_time()
        answer = await asked(client, path)
        spent.append((time.process_time() - began) * 1000)
    spent.sort()
    return Cost(spent[ASKED // 2], spent[ASKED * 95 // 100], len(answer.content))


if __name__ == "__main__":
    main()
