"""Whose turn it is: by share, by urgency, by waiting; measured over days of work that no test waits for."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field

import pytest

from domain.fairness import Given, Queued, Urgency, evenness, faded, most_at_once, next_tenant, urgency
from domain.schedule import Job


@dataclass
class Shop:
    """Places that work for tenants, in made-up time: jobs are (tenant, legal entity, what, seconds)."""

    places: int
    shares: dict[str, float] = field(default_factory=dict)
    waiting: list[tuple[str, str, str, float, float]] = field(default_factory=list)  # and since when
    running: list[tuple[float, float, str, str, float]] = field(default_factory=list)  # until, since, tenant, entity
    had: dict[str, tuple[float, float]] = field(default_factory=dict)
    now: float = 0.0
    begun: list[tuple[float, str, str, float]] = field(default_factory=list)  # when, tenant, what, waited
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
            queued = [
                Queued(name, max(urgency(j[2]) for j in ready if j[0] == name),
                       self.now - min(j[4] for j in ready if j[0] == name))
                for name in {job[0] for job in ready}
            ]  # fmt: skip
            tenant = next_tenant(queued, self.given(), self.shares, self.places)
            if tenant is None:
                return
            job = min((j for j in ready if j[0] == tenant), key=lambda j: (-urgency(j[2]), j[4]))
            self.waiting.remove(job)
            heapq.heappush(self.running, (self.now + job[3], self.now, tenant, job[1], job[3]))
            self.begun.append((self.now, tenant, job[2], self.now - job[4]))
            self.most[tenant] = max(self.most[tenant], self.given()[tenant].running)

    def work(self, until: float = 1e9) -> None:
        self.fill()
        while self.running and self.running[0][0] <= until:
            self.now, since, tenant, _, _ = heapq.heappop(self.running)
            seconds, at = self.had.get(tenant, (0.0, 0.0))
            self.had[tenant] = (faded(seconds, self.now - at) + self.now - since, self.now)
            self.fill()


def test_one_of_five_thousand_people_starves_none_of_two_hundred_small_ones() -> None:
    shop = Shop(places=4)
    for entity in range(50):  # there first, with an hour of work
        shop.defer("large", str(entity), Job.DRIFT_CHECK, 70.0)
    for number in range(200):
        shop.defer(f"small-{number}", "1", Job.DRIFT_CHECK, 2.0)
    shop.work()

    ends = max(at for at, tenant, _, _ in shop.begun if tenant != "large")
    assert ends <= 200 * 2.0 / 2 + 140  # as if two of the four places were theirs, after what had begun
    assert shop.most["large"] == most_at_once(4) == 2
    assert len(shop.begun) == 250


def test_who_comes_while_a_large_one_is_worked_at_waits_for_no_more_than_one_of_its_jobs() -> None:
    shop = Shop(places=4)
    for entity in range(20):
        shop.defer("large", str(entity), Job.SYNC, 3000.0)
    shop.work(until=100.0)
    shop.now = 100.0
    shop.defer("small", "1", Job.DRIFT_CHECK, 2.0)
    shop.fill()

    assert shop.begun[-1][1:] == ("small", Job.DRIFT_CHECK, 0.0)


def test_what_payroll_waits_for_goes_first_and_what_waits_long_moves_up() -> None:
    urgent = Queued("b", Urgency.PAYROLL_WAITS, 1.0)

    assert next_tenant([Queued("a", Urgency.NOBODY_WAITS, 800.0), urgent], {"b": Given(0, 500.0)}, {}, 2) == "b"
    assert next_tenant([Queued("a", Urgency.NOBODY_WAITS, 1800.0), urgent], {"b": Given(0, 500.0)}, {}, 2) == "a"


def test_work_is_given_by_share_while_everybody_has_more_than_can_be_done() -> None:
    shop = Shop(places=2, shares={"double": 2.0})
    for tenant in ("double", "one", "other"):
        for entity in range(400):
            shop.defer(tenant, str(entity), Job.DRIFT_CHECK, 10.0)
    shop.work(until=4000.0)

    had = defaultdict[str, float](float)
    for _, tenant, _, _ in shop.begun:
        had[tenant] += 10.0
    assert evenness([had["double"] / 2, had["one"], had["other"]]) > 0.99


@pytest.mark.parametrize(("places", "most"), [(1, 1), (2, 1), (3, 2), (4, 2), (12, 6)])
def test_nobody_holds_more_than_half_of_the_places(places: int, most: int) -> None:
    queued = [Queued("a", Urgency.PAYROLL_WAITS, 99.0)]

    assert next_tenant(queued, {"a": Given(most - 1)}, {}, places) == "a"
    assert next_tenant(queued, {"a": Given(most)}, {}, places) is None


def test_evenness_is_one_for_equal_and_small_for_all_to_one() -> None:
    assert evenness([]) == evenness([0.0, 0.0]) == evenness([3.0, 3.0]) == 1.0
    assert evenness([4.0, 0.0, 0.0, 0.0]) == 0.25
    assert faded(100.0, 3600.0) == 50.0
