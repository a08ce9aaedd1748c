"""The first and the thousandth page of `/v1/events` under every filter, on a large log, on both databases.

python -m bench.audit_queries [--events 1000000] [--databases sqlite postgres]

Every question goes through the whole API: key, record of the reading, view, log, sentences, JSON. Reach: p99 of 50 ms.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
from rich.table import Table

from adapters.log.mapper import Row, stored
from api.logs import configure_logs
from bench.logs import arguments, console, database_url
from domain.access import Role
from domain.events import AttributeChanged, FieldOverwritten, OutcomeRecorded, RunStarted
from domain.log import Fact, Meta, StreamId
from domain.personal import Sealed
from domain.values import Actor
from tests.support.http_api import Api, http_api

REACH: Final = 0.050
PAGE, DEEP = 50, 1_000
ASKED: Final = 100
_BATCH: Final = 500
_RUN: Final = 1_000  # events
_START: Final = datetime(2020, 1, 1, tzinfo=UTC)
_BOX: Final = Sealed("0123456789abcdef", "A" * 80)
_FIELDS: Final = ("address.street", "address.city", "contactInformation.phoneNumber", "personalDetails.lastName")

FILTERS: Final[dict[str, dict[str, Any]]] = {
    "none": {},
    "legal entity": {"legal_entity": "170"},
    "person": {"person_id": "30007"},
    "employee number": {"employee_number": 10007},
    "run": {"run": "run-7"},
    "actor": {"actor": "schedule:nightly"},
    "kind": {"kind": "loket_record.field_overwritten.v1"},
    "field": {"field": "address.street"},
    "rule": {"rule": "END-2"},
    "recorded dates": {"recorded_from": "2020-03-01T00:00:00Z", "recorded_until": "2021-06-30T00:00:00Z"},
    "effective dates": {"effective_from": "2020-02-01", "effective_until": "2020-12-31"},
    "kind and a rare actor": {"kind": "loket_record.field_overwritten.v1", "actor": "Fatima"},
    "entity, field and dates": {
        "legal_entity": "170",
        "field": "address.city",
        "recorded_from": "2020-06-01T00:00:00Z",
    },
}


def main() -> None:
    configure_logs()
    chosen = arguments(__doc__ or "", 1_000_000)
    table = Table(title=f"p50 and p99 in ms, {ASKED} questions each", caption=f"reach: p99 of {REACH * 1000:.0f} ms")
    for column in ("filter", "database", "first p50", "first p99", f"page {DEEP} p50", f"page {DEEP} p99"):
        table.add_column(column, justify="right" if "p" in column else "left")
    for database in chosen.databases:
        with (
            tempfile.TemporaryDirectory() as name,
            database_url(database, Path(name)) as url,
            http_api(url, Path(name)) as api,
        ):
            fill(api, chosen.events)
            for filtered, query in FILTERS.items():
                row = (filtered, database, *asyncio.run(measured(api, query)))
                table.add_row(*row)
                console.print(*row)
    console.print(table)


def fill(api: Api, events: int) -> None:
    """Rows as the log stores them, without the sealing of their values, which no question opens."""
    recorder = api.web.store.log.recorder
    versions: dict[str, int] = {}
    with console.status(f"appending {events:,} events"):
        for first in range(0, events, _BATCH):
            recorder.append([_row(at, versions) for at in range(first, min(first + _BATCH, events))])
    serve = api.web.settings.serve.model_copy(update={"requests_per_minute": 10_000_000})
    api.web.settings = api.web.settings.model_copy(update={"serve": serve})
    api.__post_init__()
    began = time.perf_counter()
    with console.status("folding the views"):
        api.web.store.views.catch_up()
    console.print(f"{events:,} events folded into every view in {time.perf_counter() - began:.0f} s")


def _row(at: int, versions: dict[str, int]) -> Row:
    run, step = divmod(at, _RUN)
    entity = ("170", "171")[run % 2]
    nth = at * 7919 % 5_000
    stream, fact = next(_fact(at, step, run, entity, nth))
    version = versions.get(stream, 0)
    versions[stream] = version + 1
    meta = Meta(
        recorded_at=_START + timedelta(hours=12 * run, seconds=step),
        actor=Actor("Fatima" if run % 97 == 0 else "schedule:nightly"),
        correlation=f"run-{run}",
    )
    return stored(StreamId(stream), version, meta, fact)


def _fact(at: int, step: int, run: int, entity: str, nth: int) -> Iterator[tuple[str, Fact]]:
    person, number, field = str(30_000 + nth), 10_000 + nth, _FIELDS[at % len(_FIELDS)]
    if step == 0:
        yield f"run:run-{run}", RunStarted(legal_entity=entity, business_date=_day(run))
    elif at % 3 == 0:
        yield (
            f"person:{person}",
            AttributeChanged(
                subject="s", field=field, before=_BOX, after=_BOX, previously_observed_at=_START,
                effective_on=_day(run) if at % 2 else None,
            ),
        )  # fmt: skip
    elif at % 3 == 1:
        yield (
            f"loket:{entity}:{number}",
            FieldOverwritten(
                run_id=f"run-{run}", intent="i", person_id=person, subject="s", field=field, before=_BOX, after=_BOX,
                rule="EDIT-1",
            ),
        )  # fmt: skip
    else:
        reason = "END-2" if at % 20 == 0 else "EDIT-1"
        yield (
            f"run:run-{run}",
            OutcomeRecorded(
                person_id=f"{person}-{step}", employee_number=number, outcome="updated", reason=reason, rule=reason
            ),
        )


def _day(run: int) -> date:
    return (_START + timedelta(hours=12 * run)).date()


async def measured(api: Api, query: dict[str, Any]) -> list[str]:
    """First page and thousandth; where there are fewer, the last."""
    key = api.key(Role.AUDITOR, None)
    transport = httpx.ASGITransport(api.app)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers=headers) as client:

        async def ask(**more: Any) -> dict[str, Any]:
            answer = await client.get("/v1/events", params={**query, **more})
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
            return found

        cursor, passed = None, 0
        while passed < PAGE * (DEEP - 1):
            page = await ask(limit=500, **({"cursor": cursor} if cursor else {}))
            passed += len(page["items"])
            if not page["more"]:
                break
            cursor = page["next"]
        told = []
        for deep in ({}, {"cursor": cursor} if cursor else {}):
            took = []
            gc.collect()
            for _ in range(ASKED):
                began = time.perf_counter()
                await ask(limit=PAGE, **deep)
                took.append(time.perf_counter() - began)
            took.sort()
            told += [f"{took[ASKED // 2] * 1000:.1f}", f"{took[ASKED * 99 // 100] * 1000:.1f}"]
        return told


if __name__ == "__main__":
    main()
