"""A worker that outlives its database: it begins anew when that is there again, and no job that ended stays begun."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, Final

import psycopg
from procrastinate import App, BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.signals import on_stop

from adapters.jobs.rescue import GONE_AFTER, HEARTBEAT, rescue
from adapters.logs import logger
from domain.errors import LogUnavailable

_HERE_AGAIN: Final = """
    INSERT INTO procrastinate_workers (id) OVERRIDING SYSTEM VALUE VALUES (%(worker)s) ON CONFLICT DO NOTHING"""
AGAIN_AFTER: Final = 1.0  # seconds
SELDOM: Final = 15.0  # seconds between two tries, at the most
TOLD_FOR: Final = 300.0  # seconds, until a job is left to whoever rescues those of workers that are gone
STOPPED_FOR: Final = 10.0  # seconds, instead, from when the worker was told to stop
_log = logger(__name__)


class LastingJobs(JobManager):
    """procrastinate's, but for the end of a job: told until the database has heard it, or for some minutes.

    A job that it takes for begun by a worker that lives would hold its legal entity for as long.
    """

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self.in_hand: dict[int, int] = {}
        """By job that this process has begun, as which worker."""
        self._away = False
        self._patience = TOLD_FOR
        self._telling = set[asyncio.Timeout]()

    def stop(self) -> None:
        """Whoever stops it waits for the jobs that were begun, and not for a database that is away."""
        self._patience, until = STOPPED_FOR, asyncio.get_running_loop().time() + STOPPED_FOR
        for one in (each for each in self._telling if not each.expired()):
            one.reschedule(min(until, one.when() or until))

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """Whoever was silent for so long that others took it for gone is a worker again, and asks once more later."""
        try:
            job = await self.chosen(queues, worker_id)
        except (psycopg.Error, ConnectorException) as reason:
            if self._passes(reason):
                return None
            if not isinstance(reason.__cause__ or reason, psycopg.errors.ForeignKeyViolation):
                raise
            _log.warning("this worker was taken for gone: it goes on", worker=worker_id)
            await self.connector.execute_query_async(_HERE_AGAIN, worker=worker_id)
            return None
        if self._away:
            _log.warning("the queue's database is there")
        self._away = False
        if job is not None and job.id is not None:
            self.in_hand[job.id] = worker_id
        return job

    def _passes(self, reason: BaseException) -> bool:
        """Of a database that is away while jobs are done here: a worker that ended would begin none until they have.

        One that has nothing to do ends, and begins anew.
        """
        away = isinstance(reason.__cause__ or reason, psycopg.OperationalError) and bool(self.in_hand)
        if away and not self._away:
            _log.warning("the queue's database is away: what was begun goes on", jobs=len(self.in_hand))
        self._away = self._away or away
        return away

    async def update_heartbeat(self, worker_id: int) -> None:
        try:
            await super().update_heartbeat(worker_id)
        except ConnectorException as reason:
            if not self._passes(reason):
                raise

    async def listen_for_jobs(self, **how: Any) -> None:
        while True:
            try:
                return await super().listen_for_jobs(**how)
            except ConnectorException as reason:
                if not self._passes(reason):
                    raise
            await asyncio.sleep(AGAIN_AFTER)

    async def chosen(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The one to begin next, which is begun by that."""
        return await super().fetch_job(queues, worker_id)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        until = asyncio.timeout(self._patience)
        try:
            async with until:
                self._telling.add(until)
                while not await self._heard(job, status, delete_job):
                    await asyncio.sleep(AGAIN_AFTER)
        except TimeoutError:
            _log.warning(
                "the queue's database was not told that a job ended: another worker will let it go", job=job.id
            )
        finally:
            self._telling.discard(until)
            self.in_hand.pop(job.id or 0, None)

    async def _heard(self, job: Job, status: Status, delete_job: bool) -> bool:
        """Also of a job that the queue has let go meanwhile, or that went with its tables: nobody waits for its end."""
        try:
            await super().finish_job(job, status, delete_job)
        except ConnectorException as reason:
            cause = reason.__cause__
            if isinstance(cause, psycopg.OperationalError):
                return False
            if not isinstance(cause, psycopg.errors.RaiseException | psycopg.errors.UndefinedFunction):
                raise
            _log.warning("a job ended that the queue had let go", job=job.id)
        return True

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:  # noqa: ARG002  not by this
        """Nobody yet: a worker that begins does not know whether the others were silent, or the database away."""
        return []

    async def unregister_worker(self, worker_id: int) -> None:
        async with asyncio.timeout(STOPPED_FOR):
            await super().unregister_worker(worker_id)


async def work_off(
    app: App, jobs: LastingJobs, prepare: Callable[[], None], connection: dict[str, Any], *,
    queue: str | None, ends_when_empty: bool, taken_out: str | None = None, **how: Any,
) -> None:  # fmt: skip
    """Until SIGTERM or SIGINT, finishing what was begun; or until nothing waits.

    `prepare` makes the queue's tables where they are not, `connection` is libpq's parameters. `taken_out` is a
    statement that follows where jobs of workers that are gone were taken out, and is given their queues.
    """
    app.job_manager = jobs
    how |= {"queues": None if queue is None else [queue], "delete_jobs": "always"}
    how |= {"update_heartbeat_interval": HEARTBEAT, "stalled_worker_timeout": GONE_AFTER}
    rescuing = asyncio.create_task(rescue(connection, jobs.in_hand, queue, and_then=taken_out))
    try:
        if ends_when_empty:
            await asyncio.to_thread(prepare)
            async with app.open_async():
                await _until_empty(app, queue, how)
        else:
            await _until_stopped(partial(_anew, app, prepare, how), jobs.stop)
    finally:
        rescuing.cancel()


async def _until_empty(app: App, queue: str | None, how: dict[str, Any]) -> None:
    while True:
        await app.run_worker_async(wait=False, **how)
        if not list(await app.job_manager.list_jobs_async(queue=queue, status=Status.TODO.value)):
            return
        await asyncio.sleep(0.1)  # what waits is of a tenant or legal entity that is being worked at


async def _anew(app: App, prepare: Callable[[], None], how: dict[str, Any], reached: Callable[[], None]) -> None:
    """Each time with its tables, which may have been dropped meanwhile. Raises Misconfigured."""
    await asyncio.to_thread(prepare)
    try:
        await app.open_async()
        reached()
        await app.run_worker_async(install_signal_handlers=False, **how)
    finally:
        await app.close_async()  # also where it failed to open: the library takes it for open until then


def pauses() -> Iterator[float]:
    """Seconds until each next try of a database that is away."""
    seconds = AGAIN_AFTER
    while True:
        yield min(seconds, SELDOM)
        seconds *= 2


async def _until_stopped(
    run: Callable[[Callable[[], None]], Coroutine[Any, Any, None]], stop: Callable[[], None] = lambda: None
) -> None:
    """The library's worker ends when the database goes away, in order or not, as if it had been told to.

    `run` says when it has reached the database.
    """
    stopped, tried, away = asyncio.Event(), pauses(), False

    def reached() -> None:
        nonlocal tried, away
        if away:
            _log.warning("the queue's database is there: the worker works again")
        tried, away = pauses(), False

    with on_stop(stopped.set):
        while not stopped.is_set():
            working, stopping = asyncio.create_task(run(reached)), asyncio.create_task(stopped.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if stopped.is_set():
                stop()
                working.cancel()  # which lets it finish what it began
            try:
                with suppress(asyncio.CancelledError):
                    await working
                cause = ""
            except (ConnectorException, LogUnavailable, psycopg.Error, OSError) as reason:
                cause = type(reason).__name__
            stopping.cancel()
            if not stopped.is_set():
                if not away:
                    _log.warning("the queue's database is away: the worker tries until it is there", cause=cause)
                away = True
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), next(tried))
