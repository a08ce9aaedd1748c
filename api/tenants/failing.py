"""Looks at tenants that fail: each is tried later than the one before, and after some minutes the operator hears of it.

A look at a database that went silent takes half a minute of one of a few threads, which all tenants share.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from api.jobs.scheduler import LOOKS_EVERY

SELDOM: Final = 240.0  # seconds between the end of a look and the next one, at most
FOR_LONG: Final = 300.0  # seconds


@dataclass(slots=True)
class _Failed:
    why: str
    since: float
    again_at: float
    pause: float = LOOKS_EVERY


class Failing:
    """Shared by threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._failed: dict[str, _Failed] = {}
        self._lock = threading.Lock()

    def rests(self, name: str) -> bool:
        """Whether it is too early for the next look."""
        with self._lock:
            found = self._failed.get(name)
            return found is not None and self._monotonic() < found.again_at

    def failed(self, name: str, why: str, *, waits: bool) -> bool:
        """Whether that is news. `why`: empty where it is told elsewhere. `waits`: it took long; from the second time on
        the next look is later than usual.
        """
        with self._lock:
            now, before = self._monotonic(), self._failed.get(name)
            if before is None:
                self._failed[name] = _Failed(why, now, now)
                return True
            news, before.why = before.why != why, why
            if waits:
                before.again_at, before.pause = now + before.pause, min(2 * before.pause, SELDOM)
            return news

    def well(self, name: str) -> None:
        with self._lock:
            self._failed.pop(name, None)

    def only(self, names: Collection[str]) -> None:
        """The others have gone."""
        with self._lock:
            self._failed = {name: one for name, one in self._failed.items() if name in names}

    @property
    def for_long(self) -> dict[str, str]:
        """By tenant, in one line why; none of what is told elsewhere."""
        with self._lock:
            now = self._monotonic()
            return {name: one.why for name, one in self._failed.items() if one.why and now - one.since >= FOR_LONG}
