"""Keeps requests within a server's rate limit, learned from the `x-ratelimit-*` headers of its own answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass


class Pacer:
    """One token bucket per endpoint (Personio API 3.4); an endpoint that names no limit is not held back."""

    def __init__(self, sleep: Callable[[float], None], monotonic: Callable[[], float]) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._buckets: dict[str, _Bucket] = {}
        self._lock = threading.Lock()

    def wait(self, endpoint: str) -> None:
        """Returns when the next request may be sent."""
        with self._lock:
            bucket = self._buckets.get(endpoint)
            delay = bucket.take(self._monotonic()) if bucket else 0.0
        if delay > 0:
            self._sleep(delay)

    def learn(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """Believes the server where it knows of fewer tokens than we do: others may share the credential."""
        rate = _number(headers.get("x-ratelimit-replenish-rate"))
        remaining = _number(headers.get("x-ratelimit-remaining"))
        if not rate or remaining is None:
            return
        capacity = _number(headers.get("x-ratelimit-burst-capacity")) or max(rate, remaining)
        cost = _number(headers.get("x-ratelimit-requested-tokens")) or 1.0
        with self._lock:
            now = self._monotonic()
            known = self._buckets.get(endpoint)
            tokens = min(known.filled(now), remaining) if known else remaining
            self._buckets[endpoint] = _Bucket(rate, capacity, cost, tokens, now)


@dataclass(slots=True)
class _Bucket:
    rate: float
    capacity: float
    cost: float
    tokens: float
    at: float

    def filled(self, now: float) -> float:
        return min(self.capacity, self.tokens + (now - self.at) * self.rate)

    def take(self, now: float) -> float:
        """Takes the tokens of one request, on credit if need be; answers how many seconds that credit is worth."""
        self.tokens = self.filled(now) - self.cost
        self.at = now
        return -self.tokens / self.rate if self.tokens < 0 else 0.0


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
