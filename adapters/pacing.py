"""Keeps requests within a server's rate limit: what its `x-ratelimit-*` headers tell, and what a 429 asks for."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from adapters import bounded

FIRST_GAP: Final = 0.05  # seconds between requests after a first 429, doubled by each later one
LONGEST_GAP: Final = 1.0
RECOVERY: Final = 0.8  # of the gap is left after an answer that is no 429
SLOWEST: Final = 10.0  # seconds for one request; a server that names a slower pace is not believed
_MOST: Final = 1e9  # tokens


class Pacer:
    """One lane per endpoint (Personio API 3.4); an endpoint that names no limit and refuses nobody is not held back.

    A 429 concerns the credential, not the request that happened to meet it: it holds everyone in the lane.
    """

    def __init__(self, sleep: Callable[[float], None], monotonic: Callable[[], float]) -> None:
        self._sleep = sleep
        self._monotonic = monotonic
        self._lanes: defaultdict[str, _Lane] = defaultdict(_Lane)
        self._lock = threading.Lock()

    def wait(self, endpoint: str) -> None:
        """Returns when the next request may be sent."""
        with self._lock:
            delay = self._lanes[endpoint].turn(self._monotonic())
        while delay > 0:
            self._sleep(delay)
            with self._lock:
                delay = self._lanes[endpoint].held(self._monotonic())  # by a 429 that came meanwhile

    def hold(self, endpoint: str, seconds: float) -> None:
        """After a 429: nobody asks before `seconds` have passed, and then with more room between requests."""
        with self._lock:
            self._lanes[endpoint].hold(self._monotonic(), seconds)

    def learn(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """Believes the server where it knows of fewer tokens than we do: others may share the credential."""
        with self._lock:
            lane = self._lanes[endpoint]
            lane.recover()
            lane.bucket = _reported(headers, lane.bucket, self._monotonic()) or lane.bucket


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


@dataclass(slots=True)
class _Lane:
    bucket: _Bucket | None = None
    gap: float = 0.0
    held_until: float = float("-inf")
    free_at: float = float("-inf")  # when the next turn may be had

    def turn(self, now: float) -> float:
        """Takes a turn; answers the seconds until it has come."""
        credit = self.bucket.take(now) if self.bucket else 0.0
        at = max(now + credit, self.free_at)
        self.free_at = at + self.gap if self.gap else self.free_at
        return at - now

    def held(self, now: float) -> float:
        """A turn anew when the lane was closed since it was taken; 0 when it was not."""
        if now >= self.held_until:
            return 0.0
        at = max(self.held_until, self.free_at)
        self.free_at = at + self.gap
        return at - now

    def hold(self, now: float, seconds: float) -> None:
        if now >= self.held_until:  # else another request has met the same limit
            self.gap = min(LONGEST_GAP, max(FIRST_GAP, 2 * self.gap))
        self.held_until = max(self.held_until, now + seconds)
        self.free_at = max(self.free_at, self.held_until)

    def recover(self) -> None:
        self.gap = self.gap * RECOVERY if self.gap > FIRST_GAP / 4 else 0.0


_NAMES: Final = ("replenish-rate", "remaining", "burst-capacity", "requested-tokens")


def _reported(headers: Mapping[str, str], known: _Bucket | None, now: float) -> _Bucket | None:
    """None where it names no limit, or one that is none: a pace that nobody could work at."""
    rate, remaining, capacity, cost = (bounded.number(headers.get(f"x-ratelimit-{name}"), 0, _MOST) for name in _NAMES)
    cost = cost or 1.0
    if rate is None or remaining is None or rate * SLOWEST < cost:
        return None
    capacity = capacity or max(rate, remaining)
    tokens = min(known.filled(now), remaining) if known else remaining
    return _Bucket(rate, capacity, cost, tokens, now)
