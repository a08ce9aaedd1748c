"""Due jobs of many tenants shared by any number of workers: one queue in a PostgreSQL database of the operator's.

It holds names of tenants, ids of legal entities and kinds of jobs, and nothing else. Like `adapters.jobs.queue` it only
hands out work and holds no fact; whose turn it is says `domain.fairness`, asked by one worker at a time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from math import inf
from typing import Any, Final

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.sql import queries
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool

from adapters.jobs.lasting import LastingJobs, work_off
from adapters.jobs.queue import prepare, queue_parameters
from adapters.jobs.reaching import Reaching
from adapters.postgres.pool import why
from domain.errors import LogUnavailable, QueueUnavailable
from domain.fairness import (
    ALERTS,
    HALF_LIFE,
    LONGEST_HALF_LIFE,
    Given,
    Had,
    InQueue,
    Queued,
    Urgency,
    next_in_turn,
    urgency,
)

_WAIT: Final = 5.0  # seconds for a connection of the pool
LOOKS_AGAIN_AFTER: Final = 1.0  # seconds: a place that another worker's job held tells nobody when it is free
_TASK: Final = "attend_tenant"
_CHOOSING: Final = 0x74656E61  # one worker at a time says whose turn it is

Do = Callable[[str, str, str], None]
"""Called as do(tenant, legal entity, what)."""

Shares = Callable[[], Mapping[str, float]]
"""By tenant, as they are now."""

Mine = Callable[[], Collection[str]]
"""The tenants that this worker can work for now."""

_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS tenant_work (tenant text PRIMARY KEY, seconds double precision NOT NULL,
        at timestamptz NOT NULL);
    ALTER TABLE tenant_work ADD COLUMN IF NOT EXISTS longest double precision;
    CREATE TABLE IF NOT EXISTS tenant_looks (tenant text PRIMARY KEY, at timestamptz NOT NULL);
    ALTER TABLE tenant_looks ADD COLUMN IF NOT EXISTS quiet double precision NOT NULL DEFAULT 0,
        ADD COLUMN IF NOT EXISTS stirred timestamptz NOT NULL DEFAULT '-infinity',
        ADD COLUMN IF NOT EXISTS changed timestamptz NOT NULL DEFAULT '-infinity';
    CREATE TABLE IF NOT EXISTS host_tokens (host text PRIMARY KEY, tokens double precision NOT NULL,
        at timestamptz NOT NULL);
"""
_READY: Final = """
    SELECT queue_name AS tenant, priority AS urgency,
           extract(epoch FROM clock_timestamp())::float - min((args->>'at')::float) AS waited,
           (array_agg(id ORDER BY (args->>'at')::float, id))[1] AS oldest
      FROM procrastinate_jobs AS job
     WHERE status = 'todo' AND args ? 'at'
       AND NOT EXISTS (SELECT FROM procrastinate_jobs AS busy WHERE busy.lock = job.lock AND busy.status = 'doing')
     GROUP BY queue_name, priority
"""
_FIRST: Final = "UPDATE procrastinate_jobs SET priority = %(first)s WHERE id = %(job)s AND status = 'todo'"
_WAITING: Final = """
    SELECT queue_name AS tenant, count(*) AS waiting,
           extract(epoch FROM clock_timestamp())::float - min((args->>'at')::float) AS oldest
      FROM procrastinate_jobs WHERE status = 'todo' AND args ? 'at' GROUP BY queue_name
"""
_RUNNING: Final = """
    SELECT job.queue_name AS tenant, count(*) AS running,
           sum(greatest(0, extract(epoch FROM clock_timestamp() - event.at)))::float AS seconds,
           max(greatest(0, extract(epoch FROM clock_timestamp() - event.at)))::float AS longest
      FROM procrastinate_jobs AS job
      JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'started'
     WHERE job.status = 'doing' GROUP BY job.queue_name
"""
_HAD: Final = """
    SELECT tenant, seconds, longest, extract(epoch FROM clock_timestamp() - at)::float AS ago FROM tenant_work
"""
_WORKERS: Final = "SELECT count(*) AS workers FROM procrastinate_workers"
_GAVE: Final = """
    INSERT INTO tenant_work AS had (tenant, seconds, at, longest)
    VALUES (%(tenant)s, %(seconds)s, clock_timestamp(), %(seconds)s)
    ON CONFLICT (tenant) DO UPDATE SET at = clock_timestamp(),
        seconds = %(seconds)s + had.seconds
                  * 0.5 ^ (greatest(0, extract(epoch FROM clock_timestamp() - had.at)) / %(half_life)s),
        longest = greatest(%(seconds)s, had.longest
                  * 0.5 ^ (greatest(0, extract(epoch FROM clock_timestamp() - had.at)) / %(longest_half_life)s))
"""
_LOOKED: Final = """
    INSERT INTO tenant_looks (tenant, at, quiet) VALUES (%s, clock_timestamp() - make_interval(secs => %s), %s)
    ON CONFLICT (tenant) DO UPDATE SET at = excluded.at, quiet = excluded.quiet
"""
_LOOKED_LATELY: Final = """
    SELECT EXISTS (SELECT FROM tenant_looks WHERE tenant = %s AND at BETWEEN changed AND clock_timestamp()
        AND (at > clock_timestamp() - make_interval(secs => %s)
             OR at > stirred AND at > clock_timestamp() - make_interval(secs => quiet)))
"""
_STIRRED: Final = """
    INSERT INTO tenant_looks (tenant, at, stirred)
    SELECT one, '-infinity'::timestamptz, clock_timestamp() FROM unnest(%s::text[]) AS one GROUP BY one
    ON CONFLICT (tenant) DO UPDATE SET stirred = excluded.stirred
"""
_CHANGED: Final = """
    INSERT INTO tenant_looks (tenant, at, changed) VALUES (%s, '-infinity', clock_timestamp())
    ON CONFLICT (tenant) DO UPDATE SET changed = excluded.changed
"""
_TAKE: Final = """
    INSERT INTO host_tokens AS held VALUES (%(host)s, %(most)s - 1, clock_timestamp())
    ON CONFLICT (host) DO UPDATE SET at = clock_timestamp(), tokens = least(%(most)s,
        held.tokens + greatest(0, extract(epoch FROM clock_timestamp() - held.at)) * %(rate)s) - 1
    RETURNING tokens
"""


class SharedQueue:
    """Puts jobs of any tenant into the queue, and tells how they stand; `close` at the end. Shared by threads.

    Its database may be away, also at the start. Raises Misconfigured where it is there and cannot be used.
    """

    def __init__(self, url: str) -> None:
        self._reaching = Reaching(partial(prepare_shared, url))
        with suppress(QueueUnavailable):
            self._reaching.reach()
        self._pool = ConnectionPool(
            **queue_parameters(url), min_size=0, max_size=4, timeout=_WAIT, check=ConnectionPool.check_connection,
            open=True,
        )  # fmt: skip
        self._app = _app(SyncPsycopgConnector())
        self._app.open(self._pool)

    def close(self) -> None:
        self._pool.close()

    @property
    def away(self) -> str:
        """In one line why it hands out nothing; empty while it does."""
        return self._reaching.away

    @contextmanager
    def _asked(self) -> Iterator[psycopg.Connection[Any]]:
        """Raises QueueUnavailable."""
        with self._reaching.asked(), self._pool.connection() as db:
            yield db

    def defer(self, tenant: str, entity: str, what: str) -> bool:
        """Put it in the queue, unless it waits there already. Raises QueueUnavailable."""
        task = self._app.configure_task(
            _TASK, queue=tenant, lock=f"{tenant}/{entity}", queueing_lock=f"{tenant}/{entity}/{what}",
            priority=int(urgency(what)),
        )  # fmt: skip
        try:
            with self._reaching.asked():
                task.defer(tenant=tenant, entity=entity, what=what, at=time.time())
        except AlreadyEnqueued:
            return False
        return True

    def forget(self, tenant: str) -> None:
        """What nobody has begun of a tenant that has gone or was changed; what is due of it is found again."""
        with suppress(QueueUnavailable), self._asked() as db:
            db.execute("DELETE FROM procrastinate_jobs WHERE queue_name = %s AND status = 'todo'", (tenant,))
            db.execute(_CHANGED, (tenant,))

    def standings(self) -> Sequence[InQueue]:
        """Raises QueueUnavailable."""
        with self._asked() as db, db.cursor(row_factory=dict_row) as asked:
            waiting = {one["tenant"]: one for one in asked.execute(_WAITING).fetchall()}
            given = given_of(asked.execute(_RUNNING).fetchall(), asked.execute(_HAD).fetchall())
        return [_standing(one, waiting.get(one), given.get(one, Given())) for one in sorted({*waiting, *given})]

    def looked_lately(self, tenant: str, seconds: float) -> bool:
        """Whether any process had a look at what is due of it that began in the last so many seconds.

        Or lately enough, where that found that nothing more would be due, and no work was done for it since. A look
        that began before its file was changed, or has not come by the database's clock, is none.
        """
        with suppress(QueueUnavailable), self._asked() as db:
            row = db.execute(_LOOKED_LATELY, (tenant, seconds)).fetchone()
            return row is not None and bool(row[0])
        return False

    def looked(self, tenant: str, ago: float, quiet: float) -> None:
        """A look that began so many seconds ago: nothing more will be due for so many, unless work is done for it."""
        with suppress(QueueUnavailable), self._asked() as db:
            db.execute(_LOOKED, (tenant, ago, quiet))

    def gave(self, tenant: str, what: str, seconds: float) -> None:
        """So much work was done for it, after which there may be something to tell, or to do once more."""
        with suppress(QueueUnavailable), self._asked() as db:
            lives = {"half_life": HALF_LIFE, "longest_half_life": LONGEST_HALF_LIFE}
            db.execute(_GAVE, {"tenant": tenant, "seconds": seconds, **lives})
            if what != ALERTS:
                db.execute(_STIRRED, ([tenant],))

    def take(self, host: str, per_second: float) -> float:
        """`adapters.limits.Buckets`, of all processes: the database's clock counts. Raises QueueUnavailable."""
        most = max(1.0, per_second)
        with self._asked() as db:
            row = db.execute(_TAKE, {"host": host, "rate": per_second, "most": most}).fetchone()
        assert row is not None
        return max(0.0, -float(row[0]) / per_second)


def prepare_shared(url: str) -> None:
    """As `prepare`, with the tables that say what each tenant had. Raises Misconfigured or LogUnavailable."""
    prepare(url)
    try:
        with psycopg.connect(**queue_parameters(url)["kwargs"]) as db:
            db.execute("SELECT pg_advisory_xact_lock(%s)", (_CHOOSING,))
            db.execute(_TABLES)
    except psycopg.Error as cause:
        raise LogUnavailable(f"the queue's database did not answer: {why(cause)}") from cause


def _standing(tenant: str, waiting: Mapping[str, Any] | None, given: Given) -> InQueue:
    return InQueue(tenant, waiting["waiting"] if waiting else 0, waiting["oldest"] if waiting else 0.0, given)


def given_of(running: Iterable[Mapping[str, Any]], had: Iterable[Mapping[str, Any]]) -> dict[str, Given]:
    """What every tenant had: by what it was given lately, and by what is being done for it."""
    given = {one["tenant"]: Had(0.0, one["seconds"], one["longest"]).given(one["ago"]) for one in had}
    for one in running:
        before = given.get(one["tenant"], Given())
        given[one["tenant"]] = before.beside(one["running"], one["seconds"], one["longest"])
    return given


class _FairJobs(LastingJobs):
    """procrastinate's, but for one thing: the job whose turn it is of the tenants that are here, and not the oldest."""

    def __init__(self, connector: PsycopgConnector, mine: Mine | None, shares: Shares, concurrency: int) -> None:
        super().__init__(connector)
        self._fair, self._mine, self._shares, self._concurrency = connector, mine, shares, concurrency
        self.ended: dict[str, float] = {}
        """By tenant, when its last job in this process ended: no other has open what it needs."""

    async def chosen(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:  # noqa: ARG002  all of them
        async with (
            self._fair.pool.connection() as db,
            db.transaction(),
            db.cursor(row_factory=dict_row) as asked,
        ):
            await asked.execute("SELECT pg_advisory_xact_lock(%s)", (_CHOOSING,))
            mine = None if self._mine is None else self._mine()
            ready = {
                Queued(one["tenant"], one["urgency"], one["waited"]): one["oldest"]
                for one in await (await asked.execute(_READY)).fetchall()
                if mine is None or one["tenant"] in mine
            }
            running = await (await asked.execute(_RUNNING)).fetchall()
            given = self._here(given_of(running, await (await asked.execute(_HAD)).fetchall()))
            (workers,) = await (await asked.execute(_WORKERS)).fetchall()
            places = max(1, workers["workers"]) * self._concurrency
            chosen = next_in_turn(ready, given, self._shares(), places)
            if chosen is None:
                return None
            await asked.execute(_FIRST, {"first": Urgency.PAYROLL_WAITS + 1, "job": ready[chosen]})
            await asked.execute(queries["fetch_job"], {"queues": [chosen.tenant], "worker_id": worker_id})
            row = await asked.fetchone()
        return None if row is None or row["id"] is None else Job.from_row(row)

    def _here(self, given: Mapping[str, Given]) -> dict[str, Given]:
        now = time.monotonic()
        return {name: replace(one, rested=now - self.ended.get(name, -inf)) for name, one in given.items()}


def work_shared(
    url: str,
    queue: SharedQueue,
    do: Do,
    *,
    mine: Mine | None = None,
    shares: Shares = dict,
    concurrency: int,
    ends_when_empty: bool = False,
) -> None:
    """Take jobs of these tenants, or of all, until stopped by SIGTERM or SIGINT, finishing those that were begun."""
    asyncio.run(_work(url, queue, do, mine, shares, concurrency, ends_when_empty))


async def _work(
    url: str, queue: SharedQueue, do: Do, mine: Mine | None, shares: Shares, concurrency: int, ends_when_empty: bool
) -> None:
    connection = queue_parameters(url)
    connector = PsycopgConnector(**connection, min_size=1, max_size=concurrency + 3)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency, "work"))
    jobs = _FairJobs(connector, mine, shares, concurrency)

    def done(tenant: str, entity: str, what: str) -> None:
        began = time.monotonic()
        try:
            do(tenant, entity, what)
        finally:
            jobs.ended[tenant] = ended = time.monotonic()
            queue.gave(tenant, what, ended - began)

    await work_off(
        _app(connector, done),
        jobs,
        partial(prepare_shared, url),
        connection["kwargs"],
        queue=None,
        taken_out=_STIRRED,
        ends_when_empty=ends_when_empty,
        concurrency=concurrency,
        fetch_job_polling_interval=LOOKS_AGAIN_AFTER,
    )


def _app(connector: Any, do: Do | None = None) -> App:
    app = App(connector=connector)

    @app.task(name=_TASK)
    def attend(tenant: str, entity: str, what: str, at: float) -> None:  # noqa: ARG001  read by the queue
        if do is not None:
            do(tenant, entity, what)

    return app
