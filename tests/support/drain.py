"""Many legal entities with two jobs due each, drained by worker processes on one PostgreSQL: who did what, and when."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.jobs.queue import WorkQueue, work
from api.bootstrap import Store, open_store
from api.config.log import LogSection
from domain.events.schedule import JobPlanned, OccurrenceDone
from domain.log import Meta, Pending, StreamAppend
from domain.planning.business_date import AMSTERDAM
from domain.schedule import Job, Key, Planned, schedule_stream, timetable
from domain.services.journal import Tools
from domain.services.keep_schedule import Concluded, Keeper
from domain.values import LegalEntityId
from tests.support.waiting import let_pass

JOBS: Final = (Job.DRIFT_CHECK, Job.RETENTION)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Site:
    """As much of a configuration as a store needs."""

    log: LogSection

    @classmethod
    def at(cls, url: str, folder: Path) -> Site:
        return cls(LogSection(url=url, keys=url, checkpoints=str(folder / "checkpoints")))


@dataclass(frozen=True, slots=True)
class Drained:
    seconds: float
    done: Counter[Key]  # how often the log says it was done
    spans: dict[str, list[tuple[float, float]]]  # when each entity was worked at, by any worker

    @property
    def together(self) -> int:
        """How often two pieces of work at one entity overlapped."""
        return sum(
            one[1] > other[0]
            for spans in self.spans.values()
            for one, other in zip(sorted(spans), sorted(spans)[1:], strict=False)
        )


def drain(site: Site, folder: Path, *, entities: int, workers: int, concurrency: int, takes: float) -> Drained:
    """Every job takes `takes` seconds; each is handed out twice, as by two schedulers."""
    plan = _plan(entities)
    with open_store(site) as store:
        _put_on_record(store, plan)
    started = time.perf_counter()
    with closing(WorkQueue(site.log.url)) as queue:
        for one in plan:
            queue.defer(*one.key)
    forking = multiprocessing.get_context("spawn")
    arguments = [(site, folder / f"worker-{n}.jsonl", entities, concurrency, takes) for n in range(workers)]
    processes = [forking.Process(target=_worker, args=each) for each in arguments]
    for process in processes:
        process.start()
    with closing(WorkQueue(site.log.url)) as queue:
        for one in plan:
            queue.defer(*one.key)  # once more: what is done by now is found not to be due
    for process in processes:
        process.join()
        assert process.exitcode == 0
    seconds = time.perf_counter() - started
    with open_store(site) as store:
        facts = [event.fact for event in store.log.replay() if isinstance(event.fact, OccurrenceDone)]
    done = Counter((LegalEntityId(one.legal_entity), Job(one.job)) for one in facts)
    return Drained(seconds, done, _spans(folder))


def _plan(entities: int) -> tuple[Planned, ...]:
    """Due twelve hours ago, and again in twelve."""
    hour = (datetime.now(AMSTERDAM).hour + 12) % 24
    daily = timetable(f"0 {3 if hour == 2 else hour} * * *")
    return tuple(Planned(LegalEntityId(str(10_000 + n)), job, daily) for n in range(entities) for job in JOBS)


def _put_on_record(store: Store, plan: Sequence[Planned]) -> None:
    meta = Meta(recorded_at=datetime.now(UTC) - timedelta(days=1), actor=Job.VERIFY.actor, correlation="drain")
    appends = [
        StreamAppend(
            schedule_stream(*one.key),
            0,
            [Pending(JobPlanned(legal_entity=one.entity, job=one.job, timetable=one.timetable.text))],
        )
        for one in plan
    ]
    for start in range(0, len(appends), _AT_ONCE):
        store.log.append(appends[start : start + _AT_ONCE], meta=meta)


def _worker(site: Site, told: Path, entities: int, concurrency: int, takes: float) -> None:
    plan = {one.key: one for one in _plan(entities)}
    with open_store(site) as store, told.open("w", buffering=1) as out:

        def worked(planned: Planned) -> Concluded:
            began = time.monotonic()
            let_pass(takes)
            out.write(json.dumps([planned.entity, began, time.monotonic()]) + "\n")
            return Concluded("done")

        tools = Tools(
            clock=store.clock, log=store.log, vault=store.vault, claims=store.claims, views=store.views,
            personio=None, loket=None,  # type: ignore[arg-type]  # nobody is asked
        )  # fmt: skip
        keeper = Keeper(tools=tools, grace=timedelta(days=2), work=worked)

        def do(entity: str, what: str) -> None:
            keeper.run(plan[LegalEntityId(entity), Job(what)])

        work(site.log.url, do, concurrency=concurrency, ends_when_empty=True)


def _spans(folder: Path) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}
    for file in folder.glob("worker-*.jsonl"):
        for line in file.read_text().splitlines():
            entity, began, ended = json.loads(line)
            found.setdefault(entity, []).append((began, ended))
    return found
