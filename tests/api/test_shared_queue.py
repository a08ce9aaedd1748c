"""One queue for all tenants, in PostgreSQL and in one process: everything once, nobody starved, hosts spared."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from adapters.jobs.queue import SCHEMA
from adapters.jobs.shared import SharedQueue, _work, work_shared
from api.jobs.fair_lanes import FairLanes
from domain.fairness import most_at_once
from domain.schedule import Job
from tests.support.bureau import OPERATOR, bureau, configuration
from tests.support.inboxes import SECRET
from tests.support.waiting import until

COMMAND = """
import sys
import api.tenants.server
from api.cli.main import main
api.tenants.server.LOOKS_EVERY = 1.0
sys.exit(main(sys.argv[1:]))
"""


@dataclass
class Working:
    """Does jobs, and knows what was done when and beside what."""

    takes: Callable[[str], float] = lambda _: 0.03
    begun: list[tuple[str, str, str]] = field(default_factory=list)
    at_once: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    entities: set[tuple[str, str]] = field(default_factory=set)
    together: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def do(self, tenant: str, entity: str, what: str) -> None:
        with self.lock:
            self.begun.append((tenant, entity, what))
            self.together += (tenant, entity) in self.entities
            self.entities.add((tenant, entity))
            self.at_once[tenant] += 1
            self.most[tenant] = max(self.most[tenant], self.at_once[tenant])
        time.sleep(self.takes(tenant))
        with self.lock:
            self.at_once[tenant] -= 1
            self.entities.discard((tenant, entity))


@pytest.fixture
def queue(postgres_url: str) -> Iterator[SharedQueue]:
    with closing(SharedQueue(postgres_url)) as one:
        yield one


def deferred(defer: Callable[[str, str, str], bool]) -> int:
    """A large tenant with forty legal entities first, then fifteen small ones with one each."""
    jobs = [("large", str(entity), Job.DRIFT_CHECK) for entity in range(40)]
    jobs += [(f"small-{number}", "1", what) for number in range(15) for what in (Job.DRIFT_CHECK, Job.VERIFY)]
    assert all(defer(*job) for job in jobs)
    assert not defer("large", "1", Job.DRIFT_CHECK)
    return len(jobs)


def test_workers_do_everything_once_and_no_small_tenant_waits_for_all_of_a_large_one(
    queue: SharedQueue, postgres_url: str
) -> None:
    many, done = deferred(queue.defer), Working(lambda tenant: 0.1 if tenant == "large" else 0.02)
    before = {one.tenant: one.waiting for one in queue.standings()}
    work_shared(postgres_url, queue, done.do, shares={}, concurrency=4, ends_when_empty=True)

    assert (before["large"], before["small-3"]) == (40, 2)
    assert (len(done.begun), len(set(done.begun)), done.together) == (many, many, 0)
    assert done.most["large"] <= most_at_once(4)
    checks = [number for number, job in enumerate(done.begun) if job[0] != "large" and job[2] == Job.DRIFT_CHECK]
    assert max(checks) < 30  # fifteen of them, each after at most one of the large tenant's
    after = {one.tenant: one for one in queue.standings()}
    assert all(one.waiting == one.given.running == 0 for one in after.values())
    assert after["large"].given.seconds > 3.9


def test_in_one_process_it_is_the_same(tmp_path: Path) -> None:
    assert tmp_path
    done, gate = Working(lambda tenant: 0.05 if tenant == "large" else 0.01), threading.Event()

    def do(*job: str) -> None:
        gate.wait(30)
        done.do(*job)

    with FairLanes(do, places=4) as lanes:
        many = deferred(lanes.defer)
        gate.set()
        until(lambda: len(done.begun) == many and not done.at_once.total())
        until(lambda: all(one.waiting == one.given.running == 0 for one in lanes.standings()))

    assert (len(set(done.begun)), done.together) == (many, 0)
    assert done.most["large"] <= most_at_once(4)
    checks = [number for number, job in enumerate(done.begun) if job[0] != "large" and job[2] == Job.DRIFT_CHECK]
    assert max(checks) < 35


def test_two_workers_share_places_and_what_one_is_doing_counts_for_the_other(postgres_url: str) -> None:
    with closing(SharedQueue(postgres_url)) as one, closing(SharedQueue(postgres_url)) as other:
        done = Working(lambda _: 0.05)
        many = deferred(one.defer)
        threads = [threading.Thread(target=drained, args=(postgres_url, queue, done)) for queue in (one, other)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    assert (len(done.begun), len(set(done.begun)), done.together) == (many, many, 0)
    assert done.most["large"] <= most_at_once(6)


def drained(url: str, queue: SharedQueue, done: Working) -> None:
    """In a thread, where no signal can be listened for."""
    asyncio.run(_work(url, queue, done.do, {}, 3, ends_when_empty=True))


def test_a_limit_of_a_host_counts_over_all_processes(postgres_url: str) -> None:
    with closing(SharedQueue(postgres_url)) as one, closing(SharedQueue(postgres_url)) as other:
        waits = [queue.take("api.loket.nl", 10.0) for _ in range(10) for queue in (one, other)]
        free = one.take("api.personio.de", 10.0)

    assert waits[:9] == [0.0] * 9
    assert 0.7 < waits[-1] <= 1.0  # ten at once, and ten more on credit
    assert free == 0.0


def test_the_queue_holds_names_of_tenants_and_ids_and_nothing_else(queue: SharedQueue, postgres_url: str) -> None:
    queue.defer("tulp", "170", Job.SYNC)
    with psycopg.connect(postgres_url) as db:
        (args,) = db.execute(f"SELECT args FROM {SCHEMA}.procrastinate_jobs").fetchone() or ({},)

    assert {name: args[name] for name in ("tenant", "entity", "what")} == {
        "tenant": "tulp",
        "entity": "170",
        "what": "sync",
    }
    assert args.keys() == {"tenant", "entity", "what", "at"}


def test_what_waits_of_a_tenant_that_has_gone_is_forgotten(queue: SharedQueue, postgres_url: str) -> None:
    queue.defer("tulp", "170", Job.SYNC)
    queue.defer("roos", "170", Job.SYNC)
    queue.forget("tulp")
    done = Working()
    work_shared(postgres_url, queue, done.do, shares={}, concurrency=1, ends_when_empty=True)

    assert done.begun == [("roos", "170", "sync")]


def test_a_worker_does_what_is_due_of_every_tenant(tmp_path: Path, postgres_url: str) -> None:
    target = f"[alerts.targets.desk]\nurl = 'https://tickets.example.org/'\nsecret = '{SECRET}'\n"
    (tmp_path / "operator.toml").write_text(f"{OPERATOR}\n[queue]\nurl = '{postgres_url}'\n")
    for number, name in enumerate(("tulp", "roos"), start=1):
        (tmp_path / f"{name}.toml").write_text(configuration(name, number, target))
    (tmp_path / "eik.toml").write_text("[log")
    process = subprocess.Popen([sys.executable, "-c", COMMAND, "worker", "--tenants", str(tmp_path)])
    try:
        with closing(SharedQueue(postgres_url)) as queue:
            until(lambda: {one.tenant for one in queue.standings() if one.given.seconds > 0} == {"tulp", "roos"})
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()


def test_a_server_beside_workers_does_nothing_itself(tmp_path: Path, postgres_url: str) -> None:
    operator = f"{OPERATOR}\n[queue]\nurl = '{postgres_url}'\n"
    target = f"[alerts.targets.desk]\nurl = 'https://tickets.example.org/'\nsecret = '{SECRET}'\n"
    with bureau(tmp_path, "tulp", operator=operator, more={"tulp": target}) as house:
        with house.serving.house.inside("tulp") as working:
            working.scheduler.look()
        told = house.ask("GET", "/queue", {"Authorization": "Bearer the-operators-token"}).json()

    assert [(one["tenant"], one["waiting"], one["running"]) for one in told["tenants"]] == [("tulp", 1, 0)]
