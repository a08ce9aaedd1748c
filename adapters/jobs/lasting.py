"""A worker that outlives its database: it begins anew when that is there again, and no job that ended stays begun."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final

import psycopg
import structlog
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.signals import on_stop

AGAIN_AFTER: Final = 1.0  # seconds
_TRIED: Final = 300  # times, until a job is left to whoever rescues those of workers that are gone
_log = structlog.get_logger(__name__)


class LastingJobs(JobManager):
    """procrastinate's, but for the end of a job: told until the database has heard it.

    A job that it takes for begun by a worker that lives would hold its legal entity for as long.
    """

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        for left in reversed(range(_TRIED)):
            try:
                await super().finish_job(job, status, delete_job)
            except ConnectorException as reason:
                if not isinstance(reason.__cause__, psycopg.OperationalError) or not left:
                    raise
                await asyncio.sleep(AGAIN_AFTER)
            else:
                return


async def work_off(app: App, *, queue: str | None, ends_when_empty: bool, **how: Any) -> None:
    """Until SIGTERM or SIGINT, finishing what was begun; or until nothing waits."""
    how["queues"] = None if queue is None else [queue]
    if not ends_when_empty:
        await _until_stopped(partial(app.run_worker_async, install_signal_handlers=False, **how))
        return
    while True:
        await app.run_worker_async(wait=False, **how)
        if not list(await app.job_manager.list_jobs_async(queue=queue, status=Status.TODO.value)):
            return
        await asyncio.sleep(0.1)  # what waits is of a tenant or legal entity that is being worked at


async def _until_stopped(run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """The library's worker ends when the database goes away, in order or not, as if it had been told to."""
    stopped = asyncio.Event()
    with on_stop(stopped.set):
        while not stopped.is_set():
            working, stopping = asyncio.create_task(run()), asyncio.create_task(stopped.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stopped.is_set():
                working.cancel()  # which lets it finish what it began
            try:
                with suppress(asyncio.CancelledError):
                    await working
                cause = ""
            except (ConnectorException, psycopg.Error, OSError) as reason:
                cause = type(reason).__name__
            stopping.cancel()
            if not stopped.is_set():
                _log.warning("the queue's database went away: the worker begins anew", cause=cause)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), AGAIN_AFTER)
