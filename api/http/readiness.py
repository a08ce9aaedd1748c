"""Whether the log and the keys answer: asked one at a time on a thread of its own, which no work can take away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from domain.errors import LogUnavailable

_GOOD_FOR: Final = 1.0  # seconds; however many ask, the database is asked once
_PATIENCE: Final = 5.0  # seconds


class Readiness:
    """`ask` raises what says that something does not answer. Not shared by threads: asked on the server's loop."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, "readiness")
        self._asked: Future[object] | None = None
        self._at = 0.0

    async def check(self) -> None:
        """Raises LogUnavailable, also for what does not answer in time, or whatever it was that `ask` raised."""
        now = time.monotonic()
        if self._asked is None or (self._asked.done() and now - self._at > _GOOD_FOR):
            self._asked, self._at = self._thread.submit(self._ask), now
        try:
            await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._asked)), _PATIENCE)
        except TimeoutError:
            raise LogUnavailable("the database does not answer in time") from None
