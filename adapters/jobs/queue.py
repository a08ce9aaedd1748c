"""Due jobs shared by any number of workers: procrastinate in the log's PostgreSQL, in a schema of its own.

The queue only hands out work, each legal entity to one worker at a time. It holds no fact: what was done is in the log,
and the whole schema may be dropped while nothing runs. What is lost with it, or with a worker, is found due again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from typing import Any, Final

import psycopg
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from psycopg import sql

from adapters.jobs.lasting import LastingJobs, work_off
from adapters.postgres.pool import connected, parameters, why
from domain.errors import LogUnavailable, Misconfigured

SCHEMA: Final = "tweeluik_work"
_MAKING: Final = 0x776F726B  # one maker of the tables at a time
_TASK: Final = "attend"
_QUEUE: Final = "schedule"
_TO_DO: Final = Status.TODO.value

Do = Callable[[str, str], None]
"""Called as do(legal entity, what)."""


class WorkQueue:
    """Hands due jobs to workers; `close` at the end."""

    def __init__(self, url: str) -> None:
        prepare(url)
        self._app = _app(SyncPsycopgConnector(**queue_parameters(url), min_size=1, max_size=2))
        self._app.open()

    def close(self) -> None:
        self._app.close()

    def defer(self, entity: str, what: str) -> bool:
        """Put it in the queue, unless it waits there already."""
        task = self._app.configure_task(_TASK, queue=_QUEUE, lock=f"entity:{entity}", queueing_lock=f"{entity}:{what}")
        try:
            task.defer(entity=entity, what=what)
        except AlreadyEnqueued:
            return False
        except ConnectorException as cause:
            raise LogUnavailable("the queue's database does not answer") from cause
        return True

    def waiting(self) -> int:
        """How many jobs nobody has begun."""
        return sum(1 for _ in self._app.job_manager.list_jobs(queue=_QUEUE, status=_TO_DO))


def work(url: str, do: Do, *, concurrency: int, ends_when_empty: bool = False) -> None:
    """Take jobs until stopped by SIGTERM or SIGINT, finishing those that were begun."""
    asyncio.run(_work(url, do, concurrency, ends_when_empty))


async def _work(url: str, do: Do, concurrency: int, ends_when_empty: bool) -> None:
    connection = queue_parameters(url)
    connector = PsycopgConnector(**connection, min_size=1, max_size=concurrency + 3)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(concurrency, "work"))
    await work_off(
        _app(connector, do),
        LastingJobs(connector),
        partial(prepare, url),
        connection["kwargs"],
        queue=_QUEUE,
        ends_when_empty=ends_when_empty,
        concurrency=concurrency,
    )


def _app(connector: Any, do: Do | None = None) -> App:
    app = App(connector=connector)

    @app.task(name=_TASK, queue=_QUEUE)
    def attend(entity: str, what: str) -> None:
        if do is not None:
            do(entity, what)

    return app


def prepare(url: str) -> None:
    """Make the queue's tables where there are none. Raises Misconfigured when another version made them."""
    made_by = f"procrastinate {version('procrastinate')}"
    try:
        with connected(url) as db:
            found = _comment(db)
            if found is None:
                db.execute("SELECT pg_advisory_xact_lock(%s)", (_MAKING,))
                found = _comment(db)
            if found is None:
                _make(db, made_by)
            elif found != made_by:
                raise Misconfigured(
                    f"the queue was made by {found} and this is {made_by}: stop every worker, then DROP SCHEMA "
                    f"{SCHEMA} CASCADE; no fact is in it"
                )
    except psycopg.OperationalError as cause:
        raise LogUnavailable(f"the queue's database did not answer: {why(cause)}") from cause
    except psycopg.errors.InsufficientPrivilege as cause:
        raise Misconfigured(
            f"the role may not make the schema {SCHEMA}: let a role that may CREATE in this database run `tweeluik "
            "worker` once, and give this one USAGE and all rights on the tables, sequences and functions in it"
        ) from cause


def _comment(db: psycopg.Connection[Any]) -> str | None:
    row = db.execute(
        "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = %s", (SCHEMA,)
    ).fetchone()
    return None if row is None else str(row[0])


def _make(db: psycopg.Connection[Any], made_by: str) -> None:
    name = sql.Identifier(SCHEMA)
    db.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    db.execute(sql.SQL("SET LOCAL search_path = {}").format(name))
    db.execute(SchemaManager.get_schema(), prepare=False)
    db.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(made_by)))


def queue_parameters(url: str) -> dict[str, Any]:
    """libpq's parameters with the queue's schema first, whatever options the URL has."""
    given = parameters(url)
    options = f"{given.pop('options', '')} -c search_path={SCHEMA}".strip()
    return {"kwargs": {**given, "options": options}}
