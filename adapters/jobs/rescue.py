"""Signs of life of this worker; and jobs of workers that give none are taken out of the queue.

Nobody is given such a job: whoever looks next finds what is still due, and puts it in again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from adapters.logs import logger
from adapters.postgres.pool import why

HEARTBEAT: Final = 5.0  # seconds between two signs of life of a worker
GONE_AFTER: Final = 15.0  # seconds without one
_AT_MOST: Final = 5.0  # seconds that a look takes of a database that answers
_AGAIN_AFTER: Final = 1.0  # seconds, where the database does not answer
_ALIVE: Final = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = ANY(%s)"
_TAKE_OUT: Final = """
    DELETE FROM procrastinate_jobs AS job
     WHERE status = 'doing' AND (%(queue)s::text IS NULL OR queue_name = %(queue)s) AND id <> ALL(%(in_hand)s)
       AND NOT EXISTS (SELECT FROM procrastinate_workers AS worker WHERE worker.id = job.worker_id
                          AND worker.last_heartbeat >= now() - make_interval(secs => %(gone)s))
    RETURNING id, queue_name
"""
_GONE: Final = "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %(gone)s)"
_log = logger(__name__)


@dataclass(slots=True)
class Heard:
    """Since when the database answers without a break, by this process's clock.

    Who was silent while it was away may have been alive, and is given as long again as everybody else.
    """

    since: float = float("inf")
    last: float = float("-inf")

    def answers(self, now: float, longest_break: float) -> None:
        self.since = now if now - self.last > longest_break else min(self.since, now)
        self.last = now

    def for_long(self, seconds: float) -> bool:
        return self.last - self.since >= seconds


async def rescue(
    connection: Mapping[str, Any], in_hand: Mapping[int, int], queue: str | None, and_then: str | None
) -> None:
    """Until it is cancelled: while a job is held, nobody else gets its legal entity. What is `in_hand` stays.

    `and_then` is a statement in the same transaction, which is given the queues of what was taken out.

    By a connection of its own: a pool waits longer after each time that it could not connect, and a worker that is
    ending, or waits for a place in the pool, gives no sign of life.
    """
    heard = Heard()
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(**connection, autocommit=True) as db:
                while True:
                    async with asyncio.timeout(_AT_MOST):
                        await _look(db, heard, in_hand, queue, and_then)
                    await asyncio.sleep(HEARTBEAT)
        except (psycopg.Error, OSError) as reason:  # the next look is soon
            heard = Heard()
            if not isinstance(reason, psycopg.OperationalError | OSError):  # which it will meet again
                _log.error("jobs of workers that are gone are not let go", cause=why(reason))
        await asyncio.sleep(_AGAIN_AFTER)


async def _look(
    db: psycopg.AsyncConnection[Any], heard: Heard, in_hand: Mapping[int, int], queue: str | None, and_then: str | None
) -> None:
    await db.execute(_ALIVE, [sorted(set(in_hand.values()))])
    heard.answers(time.monotonic(), longest_break=2 * HEARTBEAT + _AT_MOST)
    if heard.for_long(GONE_AFTER):
        told = {"queue": queue, "in_hand": list(in_hand), "gone": GONE_AFTER}
        async with db.transaction():
            gone = await (await db.execute(_TAKE_OUT, told)).fetchall()
            if gone and and_then is not None:
                await db.execute(and_then, [[name for _, name in gone]])
        for job, _ in gone:
            _log.warning("a job was let go: its worker gives no sign of life", job=job)
        await db.execute(_GONE, {"gone": GONE_AFTER})
