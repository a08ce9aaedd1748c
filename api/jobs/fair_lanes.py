"""Work of many tenants in the threads of one process, each in its turn; `adapters.jobs` shares it among many."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple, TypeAlias

from adapters.logs import logger
from domain.fairness import Given, Had, InQueue, Queued, next_in_turn, urgency

PLACES: Final = 8  # legal entities of whatever tenants worked at in one process

Do: TypeAlias = Callable[[str, str, str], None]
"""Called as do(tenant, legal entity, what)."""


class _Job(NamedTuple):
    tenant: str
    entity: str
    what: str


class FairLanes:
    """A few places that all tenants share; at each legal entity one thing at a time."""

    def __init__(
        self,
        do: Do,
        *,
        places: int = PLACES,
        shares: Callable[[], Mapping[str, float]] = dict,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._do, self._places, self._monotonic = do, places, monotonic
        self._shares = shares
        self._waiting: dict[_Job, float] = {}  # since when
        self._running: dict[_Job, float] = {}
        self._had: dict[str, Had] = {}
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(places, "scheduled")
        self._closed = False

    def __enter__(self) -> FairLanes:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._closed = True
        self._threads.shutdown(wait=True, cancel_futures=True)

    def defer(self, tenant: str, entity: str, what: str) -> bool:
        """Let it wait for its turn, unless it waits or runs already."""
        job = _Job(tenant, entity, what)
        with self._lock:
            if self._closed or job in self._waiting or job in self._running:
                return False
            self._waiting[job] = self._monotonic()
            self._begin()
        return True

    def forget(self, tenant: str) -> None:
        """What waits of a tenant that is not here any more."""
        with self._lock:
            self._waiting = {job: since for job, since in self._waiting.items() if job.tenant != tenant}

    def looked_lately(self, tenant: str, seconds: float) -> bool:  # noqa: ARG002  nobody else looks
        return False

    def looked(self, tenant: str, ago: float, quiet: float) -> None:
        """Nobody else wants to know."""

    away: Final = ""
    """It is here."""

    def standings(self) -> Sequence[InQueue]:
        with self._lock:
            now = self._monotonic()
            given, held = self._given(now), {job.tenant for job in (*self._waiting, *self._running)}
            return [self._standing(one, given.get(one, Given()), now) for one in sorted({*given, *held})]

    def _standing(self, tenant: str, given: Given, now: float) -> InQueue:
        since = [at for job, at in self._waiting.items() if job.tenant == tenant]
        return InQueue(tenant, len(since), now - min(since, default=now), given)

    def _begin(self) -> None:
        """With the lock held: fill the places that are free."""
        while len(self._running) < self._places and (job := self._next()) is not None:
            del self._waiting[job]
            self._running[job] = self._monotonic()
            self._threads.submit(self._work, job)

    def _next(self) -> _Job | None:
        now, busy = self._monotonic(), {(job.tenant, job.entity) for job in self._running}
        ready = {
            Queued(job.tenant, urgency(job.what), now - since): job
            for job, since in self._waiting.items()
            if (job.tenant, job.entity) not in busy
        }
        chosen = next_in_turn(ready, self._given(now), self._shares(), self._places)
        return None if chosen is None else ready[chosen]

    def _given(self, now: float) -> dict[str, Given]:
        given = {tenant: had.given(now) for tenant, had in self._had.items()}
        for job, since in self._running.items():
            given[job.tenant] = given.get(job.tenant, Given()).beside(1, now - since, now - since)
        return given

    def _work(self, job: _Job) -> None:
        try:
            self._do(*job)
        except Exception as reason:  # noqa: BLE001  whatever broke of one tenant is no other's trouble
            logger().error(
                "scheduled work broke", tenant=job.tenant, legal_entity=job.entity, kind=type(reason).__name__
            )
        finally:
            with self._lock:
                now, since = self._monotonic(), self._running.pop(job)
                self._had[job.tenant] = self._had.get(job.tenant, Had(now)).and_then(now, now - since)
                if not self._closed:
                    self._begin()
