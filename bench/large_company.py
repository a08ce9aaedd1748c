"""A log of a large company with something on every page, made once and kept in build/bench for the next time."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from adapters.log.mapper import Row, stored
from bench import audit_queries
from bench.logs import console, database_url
from domain.events.alert import AlertKind, AlertRaised, Condition
from domain.events.drift import Cause, DriftChecked, DriftOpened
from domain.events.findings import FindingOpened, LookedBy
from domain.events.loket import LinkObserved, LinkState, TerminationObserved
from domain.events.personio import GatesObserved
from domain.events.runs import OutcomeRecorded, OutcomesRecorded, RunCompleted, RunStarted, Unmoved
from domain.log import Fact, Meta, StreamId
from domain.personal import Sealed
from domain.values import Actor
from tests.support.http_api import http_api

KEPT: Final = Path(__file__).parents[1] / "build" / "bench"
NEWEST: Final = "run-newest"
"""A run of legal entity 170 that told of everybody."""

_TOGETHER: Final = 100
_AT: Final = datetime(2026, 3, 1, 9, tzinfo=UTC)
_BOX: Final = Sealed("0123456789abcdef", "A" * 80)
_WHOLE: Final = "whole"  # a file that is there once everything is


@contextmanager
def large_company(database: str, events: int, people: int) -> Iterator[tuple[str, Path]]:
    """The database's URL and the folder of its keys."""
    made_by = b"".join(Path(str(each)).read_bytes() for each in (__file__, audit_queries.__file__))
    folder = KEPT / f"company-{database}-{events}-{people}-{hashlib.sha256(made_by).hexdigest()[:12]}"
    if not (folder / _WHOLE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    with database_url(database, folder) as url:
        if not (folder / _WHOLE).exists():
            _make(url, folder, events, people)
            (folder / _WHOLE).touch()
        yield url, folder


def _make(url: str, folder: Path, events: int, people: int) -> None:
    with http_api(url, folder) as api:
        versions = audit_queries.fill(api, events)
        recorder, macs = api.web.store.log.recorder, api.web.store.log.macs
        with console.status(f"{people:,} people"):
            batch: list[Row] = []
            for row in _rows(people, versions):
                batch.append(macs.sealed(row))
                if len(batch) == _TOGETHER:
                    recorder.append(batch)
                    batch = []
            recorder.append(batch)
            api.web.store.views.catch_up()


def _rows(people: int, versions: dict[str, int]) -> Iterator[Row]:
    for stream, fact in (*_ends(versions), *_everybody(people)):
        version = versions.get(stream, 0)
        versions[stream] = version + 1
        run = stream.removeprefix("run:") if stream.startswith("run:") else "bench"
        yield stored(StreamId(stream), version, Meta(recorded_at=_AT, actor=Actor("bench"), correlation=run), fact)


def _ends(versions: dict[str, int]) -> Iterator[tuple[str, Fact]]:
    """No run goes on: that is told on every page, and asked for."""
    for stream in sorted(versions):
        if stream.startswith("run:"):
            yield stream, RunCompleted(counts={"updated": 333}, with_errors=False)


def _everybody(people: int) -> Iterator[tuple[str, Fact]]:
    """All are members and linked; of a hundred, one each has a task, a difference, and a notice of the newest run."""
    mine = [nth for nth in range(people) if nth % 2 == 0]
    for nth in range(people):
        yield from _of_one(nth)
    run = f"run:{NEWEST}"
    yield run, RunStarted(legal_entity="170", business_date=date(2026, 3, 1))
    noticed = [nth for nth in mine if nth % 100 == 4]
    for nth in noticed:
        yield run, OutcomeRecorded(
            person_id=str(30_000 + nth), employee_number=10_000 + nth, outcome="updated", reason="EDIT-1",
            notices=("BSN_BLANK",), details=("",),
        )  # fmt: skip
    quiet = [nth for nth in mine if nth not in set(noticed)]
    for first in range(0, len(quiet), _TOGETHER):
        together = tuple(Unmoved(str(30_000 + nth), 10_000 + nth) for nth in quiet[first : first + _TOGETHER])
        yield run, OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=together)
    yield run, RunCompleted(counts={"updated": len(noticed), "unchanged": len(quiet)}, with_errors=False)
    yield "check:check-newest", DriftChecked(
        legal_entity="170", personio_read_at=_AT, loket_read_at=_AT, compared=len(mine), drift=len(mine) // 50,
        pending=0, accepted=0, not_compared=0, left_out=0,
    )  # fmt: skip
    ended = tuple(
        Condition(AlertKind.TERMINATION_DISAGREEMENT, f"ended in Loket/{30_000 + nth}", "END-2")
        for nth in mine
        if nth % 500 == 6
    )
    yield (
        "alerts:170:systems",
        AlertRaised(alert="170-systems-1", legal_entity="170", about=NEWEST, opened=ended, targets=("payroll",)),
    )


def _of_one(nth: int) -> Iterator[tuple[str, Fact]]:
    entity, person, number = ("170", "171")[nth % 2], str(30_000 + nth), 10_000 + nth
    loket = f"loket:{entity}:{number}"
    yield (
        f"person:{person}",
        GatesObserved(legal_entity=entity, employee_number=number, status="ACTIVE", considered="yes", income_number=1),
    )
    state = LinkState.CONCEPT if nth % 500 == 0 else LinkState.FINAL
    yield loket, LinkObserved(state=state, person_id=person, loket_id=f"loket-{nth}", rule="MATCH-1")
    if nth % 100 == 0:
        yield f"finding:{entity}:{person}:POSTCODE_FORMAT:address.city", FindingOpened(
            legal_entity=entity, person_id=person, employee_number=number, code="POSTCODE_FORMAT", field="address.city",
            seen_by=LookedBy.VALIDATION, rule="CHECK-5",
        )  # fmt: skip
    if nth % 100 == 2:
        yield (
            f"drift:{entity}:{number}:address.city",
            DriftOpened(
                person_id=person,
                subject="s",
                field="address.city",
                cause=Cause.CHANGED_IN_LOKET,
                personio=_BOX,
                loket=_BOX,
            ),
        )
    if nth % 100 == 6:
        yield loket, TerminationObserved(employment_id=f"e-{nth}", income_number=1, effective_on=date(2026, 2, 28))
