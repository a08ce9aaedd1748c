"""An access token for all requests of one client, fetched anew shortly before it ends."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

LONGEST_LIFE: Final = 10 * 366 * 86400.0  # seconds that a token is believed to last; more is nonsense
_RENEW_BEFORE: Final = 60.0  # seconds


class AccessToken(ABC):
    """One thread at a time fetches; the others wait for what it gets."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token = ""
        self._good_until = 0.0

    def current(self) -> str:
        with self._lock:
            if not self._token or self._monotonic() >= self._good_until:
                self._renew()
            return self._token

    def renewed(self, stale: str) -> str:
        """Another one than `stale`, which was refused; what another thread has fetched meanwhile, if anything."""
        with self._lock:
            if self._token == stale:
                self._renew()
            return self._token

    @abstractmethod
    def _fetched(self) -> tuple[str, float]:
        """A new token, and how many seconds it lasts."""

    def _renew(self) -> None:
        token, lasts = self._fetched()
        self._token, self._good_until = token, self._monotonic() + max(lasts - _RENEW_BEFORE, lasts / 2)
