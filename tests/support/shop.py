"""Places that work for tenants in made-up time, each in the turn that the product says."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.fairness import Given, Had, Queued, next_in_turn, urgency


class Begun(NamedTuple):
    """One job: when it began, whose it is, what, and how long it had waited."""

    at: float
    tenant: str
    what: str
    waited: float


@dataclass
class Shop:
    """Places that work for tenants, in made-up time: jobs are (tenant, legal entity, what, seconds).

    Every tenant was here a minute before, with a job as long as the first that it brings, unless it is `new`.
    """

    places: int = 1
    shares: dict[str, float] = field(default_factory=dict)
    waiting: list[tuple[str, str, str, float, float]] = field(default_factory=list)  # and since when
    running: list[tuple[float, float, str, str, float]] = field(default_factory=list)  # until, since, tenant, entity
    had: dict[str, Had] = field(default_factory=dict)
    now: float = 0.0
    begun: list[Begun] = field(default_factory=list)
    most: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    most_long: int = 0  # places that tenants with long jobs held together

    def defer(self, tenant: str, entity: str, what: str, seconds: float, *, new: bool = False) -> None:
        if not new:
            self.had.setdefault(tenant, Had(self.now - 60.0, 0.0, seconds))
        self.waiting.append((tenant, entity, what, seconds, self.now))

    def given(self) -> dict[str, Given]:
        found = {name: had.given(self.now) for name, had in self.had.items()}
        for _, since, tenant, _, _ in self.running:
            found[tenant] = found.get(tenant, Given()).beside(1, self.now - since, self.now - since)
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
            given = self.given()
            self.most[tenant] = max(self.most[tenant], given[tenant].running)
            self.most_long = max(self.most_long, sum(one.running for one in given.values() if one.is_long))

    def work(self, until: float = 1e9) -> None:
        self.fill()
        while self.running and self.running[0][0] <= until:
            self.now, since, tenant, _, _ = heapq.heappop(self.running)
            self.had[tenant] = self.had.get(tenant, Had(self.now)).and_then(self.now, self.now - since)
            self.fill()
