"""Places that work for tenants in made-up time, each in the turn that the product says."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.fairness import Given, Queued, faded, next_in_turn, urgency


class Begun(NamedTuple):
    """One job: when it began, whose it is, what, and how long it had waited."""

    at: float
    tenant: str
    what: str
    waited: float


@dataclass
class Shop:
    """Places that work for tenants, in made-up time: jobs are (tenant, legal entity, what, seconds)."""

    places: int = 1
    shares: dict[str, float] = field(default_factory=dict)
    waiting: list[tuple[str, str, str, float, float]] = field(default_factory=list)  # and since when
    running: list[tuple[float, float, str, str, float]] = field(default_factory=list)  # until, since, tenant, entity
    had: dict[str, tuple[float, float]] = field(default_factory=dict)
    now: float = 0.0
    begun: list[Begun] = field(default_factory=list)
    most: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def defer(self, tenant: str, entity: str, what: str, seconds: float) -> None:
        self.waiting.append((tenant, entity, what, seconds, self.now))

    def given(self) -> dict[str, Given]:
        found = {name: Given(0, faded(seconds, self.now - at)) for name, (seconds, at) in self.had.items()}
        for _, since, tenant, _, _ in self.running:
            before = found.get(tenant, Given())
            found[tenant] = Given(before.running + 1, before.seconds + self.now - since)
        return found

    def fill(self) -> None:
        while len(self.running) < self.places:
            busy = {(tenant, entity) for _, _, tenant, entity, _ in self.running}
            ready = [job for job in self.waiting if job[:2] not in busy]
            queued = {Queued(job[0], urgency(job[2]), self.now - job[4]): job for job in reversed(ready)}
            chosen = next_in_turn(queued, self.given(), self.shares, self.places)
            if chosen is None:
                return
            job, tenant = queued[chosen], chosen.tenant
            self.waiting.remove(job)
            heapq.heappush(self.running, (self.now + job[3], self.now, tenant, job[1], job[3]))
            self.begun.append(Begun(self.now, tenant, job[2], self.now - job[4]))
            self.most[tenant] = max(self.most[tenant], self.given()[tenant].running)

    def work(self, until: float = 1e9) -> None:
        self.fill()
        while self.running and self.running[0][0] <= until:
            self.now, since, tenant, _, _ = heapq.heappop(self.running)
            seconds, at = self.had.get(tenant, (0.0, 0.0))
            self.had[tenant] = (faded(seconds, self.now - at) + self.now - since, self.now)
            self.fill()
