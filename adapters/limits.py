"""So many requests a second to one host, whoever sends them: of many tenants, and in PostgreSQL of many processes too.

A server's own word on its limits is kept to by `adapters.pacing`, client by client; this is what an operator allows all
of them together.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from domain.errors import QueueUnavailable


class Buckets(Protocol):
    """One bucket a host, which fills by so many tokens a second and holds as many as one second brings."""

    def take(self, host: str, per_second: float) -> float:
        """One token, on credit if need be; the seconds after which it is there. May raise QueueUnavailable."""
        ...


class LocalBuckets:
    """Of one process. Shared by threads."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._left: dict[str, tuple[float, float]] = {}  # and since when
        self._lock = threading.Lock()

    def take(self, host: str, per_second: float) -> float:
        with self._lock:
            now, most = self._monotonic(), max(1.0, per_second)
            left, since = self._left.get(host, (most, now))
            left = min(most, left + (now - since) * per_second) - 1
            self._left[host] = (left, now)
        return max(0.0, -left / per_second)


class HostLimits:
    """What every request waits for. A host that no limit names is not held back.

    While the database of all cannot be asked, each process keeps to the limits by itself: payroll is worth more.
    """

    def __init__(
        self, per_second: Callable[[], Mapping[str, float]], buckets: Buckets,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._per_second, self._buckets, self._sleep = per_second, buckets, sleep
        self._own = LocalBuckets()

    def wait(self, host: str) -> None:
        """Returns when a request may be sent there."""
        allowed = next((each for name, each in self._per_second().items() if name.lower() == host.lower()), None)
        if allowed is not None and (seconds := self._take(host.lower(), allowed)) > 0:
            self._sleep(seconds)

    def _take(self, host: str, per_second: float) -> float:
        try:
            return self._buckets.take(host, per_second)
        except QueueUnavailable:
            return self._own.take(host, per_second)


_limits: list[HostLimits] = []


@contextmanager
def limited_by(limits: HostLimits) -> Iterator[None]:
    """Every request of this process from here on, until the end."""
    _limits.append(limits)
    try:
        yield
    finally:
        _limits.remove(limits)


def wait_for(host: str) -> None:
    """Before each request to Personio or Loket."""
    for each in _limits:
        each.wait(host)
