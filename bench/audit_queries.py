"""What auditors ask, on a large log, on both databases: first page and thousandth, cold and warm, under every filter.

python -m bench.audit_queries [--events 1000000] [--databases sqlite postgres] [--asked "overwritten|person"]

Every question goes through the whole API: key, record of the reading, view, log, sentences, JSON. Reach: p99 of 50 ms.
The most CPU time that a question took in this process, in ms, tells on a busy machine what the clock cannot; so does
what a cold question reads of SQLite's file, in pages of 4 kB (a server of PostgreSQL's reads for itself).
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product
from pathlib import Path
from typing import Any, Final

import httpx
from rich.table import Table

from adapters.log.mapper import Row, stored
from adapters.logs import configure_logs
from bench.logs import arguments, console, database_url
from domain.access import Role
from domain.events.loket import FieldOverwritten
from domain.events.personio import AttributeChanged
from domain.events.runs import OutcomeRecorded, RunStarted
from domain.log import Fact, Meta, StreamId
from domain.personal import Sealed
from domain.values import Actor
from tests.support.http_api import Api, http_api

REACH: Final = 50.0  # ms
PAGE, DEEP = 50, 1_000
ASKED: Final = 100
_BATCH: Final = 500
_RUN: Final = 1_000  # events
_START: Final = datetime(2020, 1, 1, tzinfo=UTC)
_BOX: Final = Sealed("0123456789abcdef", "A" * 80)
_FIELDS: Final = ("address.street", "address.city", "contactInformation.phoneNumber", "personalDetails.lastName")

EVENTS: Final = "/v1/events"
SINGLE: Final[dict[str, dict[str, Any]]] = {
    "legal entity": {"legal_entity": "170"},
    "person": {"person_id": "30007"},
    "employee number": {"employee_number": 10007},
    "run": {"run": "run-7"},
    "actor": {"actor": "schedule:nightly"},
    "kind": {"kind": "loket_record.field_overwritten.v1"},
    "field": {"field": "address.street"},
    "rule": {"rule": "EDIT-1"},
    "recorded": {"recorded_from": "2020-03-01T00:00:00Z", "recorded_until": "2021-03-01T00:00:00Z"},
    "effective": {"effective_from": "2020-02-01", "effective_until": "2020-12-31"},
}
RARE: Final[dict[str, dict[str, Any]]] = {
    "actor, 1 run in 97": {"actor": "Fatima"},
    "actor at the very end": {"actor": "Zoë"},
    "rule, 1 in 60": {"rule": "END-2"},
    "kind, 1 in 1,000": {"kind": "sync_run.started.v1"},
    "effective, one day": {"effective_from": "2021-03-01", "effective_until": "2021-03-01"},
    "recorded, one minute": {"recorded_from": "2021-04-01T00:05:00Z", "recorded_until": "2021-04-01T00:06:00Z"},
    "recorded, six years": {"recorded_from": "2019-01-01T00:00:00Z", "recorded_until": "2025-01-01T00:00:00Z"},
    "nothing": {"actor": "Nobody"},
    "no such day": {"effective_from": "2031-01-01"},
    "no such hour": {"recorded_from": "2031-01-01T00:00:00Z"},
}
_OVERWRITTEN: Final = {"legal_entity": "170", "since": "2020-01-01", "until": "2022-12-31"}
_ONE: Final = "/v1/legal-entities/170/employees/10008"
OTHERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "overwritten fields": ("/v1/overwritten-fields", _OVERWRITTEN),
    "overwritten, one number": ("/v1/overwritten-fields", {**_OVERWRITTEN, "employee_number": 10008}),
    "overwritten, one field": ("/v1/overwritten-fields", {**_OVERWRITTEN, "field": "address.city"}),
    "overwritten, one run": ("/v1/overwritten-fields", {**_OVERWRITTEN, "run": "run-8"}),
    "overwritten, a rule without any": ("/v1/overwritten-fields", {**_OVERWRITTEN, "rule": "EDIT-2"}),
    "overwritten, cleared without any": ("/v1/overwritten-fields", {**_OVERWRITTEN, "cleared": True}),
    "overwritten, one week": ("/v1/overwritten-fields", {**_OVERWRITTEN, "since": "2020-06-01", "until": "2020-06-07"}),
    "history of one": (f"{_ONE}/history", {}),
    "state of one": (f"{_ONE}/state", {}),
    "state of one, back then": (f"{_ONE}/state", {"as_at": "2020-06-01T00:00:00Z", "on": "2020-05-01"}),
}


def questions() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(what is asked, path, query): every offered filter, any two of them, the rare beside the common, and the rest."""
    yield "no filter", EVENTS, {}
    for name, query in (*SINGLE.items(), *RARE.items()):
        yield name, EVENTS, query
    for (one, first), (other, second) in combinations(SINGLE.items(), 2):
        yield f"{one} + {other}", EVENTS, first | second
    for (rare, first), (common, second) in product(RARE.items(), SINGLE.items()):
        if not first.keys() & second.keys():
            yield f"{rare} + {common}", EVENTS, first | second
    for name, (path, query) in OTHERS.items():
        yield name, path, query


def main() -> None:
    configure_logs()
    chosen = arguments(__doc__ or "", 1_000_000, lambda parser: parser.add_argument("--asked", default=""))
    for database in chosen.databases:
        table = Table(title=f"{database}, ms; {ASKED} questions each", caption=f"reach: p99 of {REACH:.0f} ms")
        for column in (
            "asked",
            "read",
            "cold",
            "first p50",
            "first p99",
            f"page {DEEP} p50",
            f"page {DEEP} p99",
            "most CPU",
        ):
            table.add_column(column, justify="left" if column == "asked" else "right")
        with tempfile.TemporaryDirectory() as name, database_url(database, Path(name)) as url:
            with http_api(url, Path(name)) as api:
                fill(api, chosen.events)
            worst = []
            for asked, path, query in questions():
                if not re.search(chosen.asked, asked):
                    continue
                cold, pages = forgotten(url, Path(name), path, query)
                with serving(url, Path(name)) as api:
                    took = [cold, *asyncio.run(measured(api, path, query))]
                worst.append((max(took[:-1]), asked))
                figures = (f"{pages:,}" if database == "sqlite" else "–", *(f"{each:.1f}" for each in took))
                table.add_row(asked, *figures)
                console.print(database, asked, *figures)
        console.print(table)
        console.print(f"{database}: missed by", [each for each in sorted(worst, reverse=True) if each[0] > REACH])


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Api]:
    with http_api(url, folder) as api:
        serve = api.web.settings.serve.model_copy(update={"requests_per_minute": 10_000_000})
        api.web.settings = api.web.settings.model_copy(update={"serve": serve})
        api.__post_init__()
        yield api


def forgotten(url: str, folder: Path, path: str, query: dict[str, Any]) -> tuple[float, int]:
    """Milliseconds of one question on new connections, with the database's files out of the machine's memory, and pages
    of 4 kB that this process reads for it.

    A PostgreSQL server keeps what it has in its own shared buffers: 128 MB of a log of more than 2 GB.
    """
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    with serving(url, folder) as api:
        key = api.key(Role.AUDITOR, None)
        api.get("/healthz", key)  # what a first request of any kind costs is not the question's
        before, began = _read(), time.perf_counter()
        api.get(path, key, **query).raise_for_status()
        return (time.perf_counter() - began) * 1000, (_read() - before) // 4096


def _read() -> int:
    """Bytes that this process has read so far."""
    return int(Path("/proc/self/io").read_text().partition("rchar: ")[2].split()[0])


def fill(api: Api, events: int) -> dict[str, int]:
    """Rows as the log stores them, without the sealing of their values, which no question opens.

    Answers how many events each stream has.
    """
    recorder, macs = api.web.store.log.recorder, api.web.store.log.macs
    versions: dict[str, int] = {}
    with console.status(f"appending {events:,} events"):
        for first in range(0, events, _BATCH):
            rows = [_row(at, versions) for at in range(first, min(first + _BATCH, events))]
            recorder.append([macs.sealed(row) for row in rows])
    began = time.perf_counter()
    with console.status("folding the views"):
        api.web.store.views.catch_up()
    console.print(f"{events:,} events folded into every view in {time.perf_counter() - began:.0f} s")
    return versions


def _row(at: int, versions: dict[str, int]) -> Row:
    run, step = divmod(at, _RUN)
    entity = ("170", "171")[run % 2]
    nth = at * 7919 % 5_000
    stream, fact = next(_fact(at, step, run, entity, nth))
    version = versions.get(stream, 0)
    versions[stream] = version + 1
    meta = Meta(
        recorded_at=_START + timedelta(hours=12 * run, seconds=step),
        actor=Actor("Zoë" if at >= 999_990 else "Fatima" if run % 97 == 0 else "schedule:nightly"),
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


async def measured(api: Api, path: str, query: dict[str, Any]) -> list[float]:
    """First page and thousandth; where there are fewer, the last."""
    key = api.key(Role.AUDITOR, None)
    transport = httpx.ASGITransport(api.app)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers=headers) as client:

        async def ask(**more: Any) -> dict[str, Any]:
            answer = await client.get(path, params={**query, **more})
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
            return found

        page_of = {} if path.endswith("/state") else {"limit": PAGE}
        cursor, passed = None, DEEP * PAGE if not page_of else 0
        while passed < PAGE * (DEEP - 1):
            page = await ask(limit=500, **({"cursor": cursor} if cursor else {}))
            passed += len(page.get("items", ()))
            if not page.get("more"):
                break
            cursor = page["next"]
        told: list[float] = []
        busy: list[float] = []
        for deep in ({}, {"cursor": cursor} if cursor else {}):
            took = []
            gc.collect()
            for _ in range(ASKED):
                began, spent = time.perf_counter(), time.process_time()
                await ask(**page_of, **deep)
                took.append(time.perf_counter() - began)
                busy.append(time.process_time() - spent)
            took.sort()
            told += [took[ASKED // 2] * 1000, took[ASKED * 99 // 100] * 1000]
        return [*told, max(busy) * 1000]


if __name__ == "__main__":
    main()
