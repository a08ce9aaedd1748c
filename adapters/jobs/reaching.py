"""The way to the queue's database, which may be away: at the start, in between, and for as long as it likes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from procrastinate.exceptions import ConnectorException

from adapters.jobs.lasting import pauses
from adapters.logs import logger
from adapters.postgres.pool import why
from domain.errors import LogUnavailable, Misconfigured, QueueUnavailable

_NOT_ASKED: Final = "nobody has asked it yet"
_log = logger(__name__)


class Reaching:
    """Says in one line that it is away and in one that it is there, and asks it the more seldom the longer it is away.

    `prepare` raises LogUnavailable or Misconfigured while nothing can be asked of it. Shared by threads: one of them
    tries, and whoever comes meanwhile is told at once.
    """

    def __init__(self, prepare: Callable[[], None], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._prepare, self._monotonic = prepare, monotonic
        self._why = _NOT_ASKED
        self._pauses, self._next = pauses(), float("-inf")
        self._trying = threading.Lock()

    @property
    def away(self) -> str:
        """In one line why nothing can be asked; empty where something can."""
        return "" if self._why == _NOT_ASKED else self._why

    def reach(self) -> None:
        """Raises QueueUnavailable while it is away, and Misconfigured where that will not pass by itself."""
        if not self._why:
            return
        if self._monotonic() < self._next or not self._trying.acquire(blocking=False):
            raise QueueUnavailable(self._why)
        try:
            self._prepare()
        except (LogUnavailable, Misconfigured) as reason:
            self._gone(str(reason))
            self._next = self._monotonic() + next(self._pauses)
            if isinstance(reason, Misconfigured):
                raise
            raise QueueUnavailable(self._why) from None
        finally:
            self._trying.release()
        if self.away:
            _log.warning("the queue's database is there")
        self._why, self._pauses = "", pauses()

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Something of it. Raises QueueUnavailable, and nothing else of a database."""
        try:
            self.reach()
            yield
        except Misconfigured as reason:
            raise QueueUnavailable(str(reason)) from None
        except (psycopg.Error, ConnectorException) as cause:
            error = cause.__cause__ if isinstance(cause, ConnectorException) else cause
            self._gone(f"the queue's database did not answer: {why(error)}")
            raise QueueUnavailable(self._why) from cause

    def _gone(self, cause: str) -> None:
        if not self.away:
            _log.warning("the queue's database is away: no work is handed out until it is there", cause=cause)
        self._why = cause
