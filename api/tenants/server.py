"""`serve --tenants` and `worker --tenants`: every customer of a folder in one process."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor  # type: ignore[import-untyped]
from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]
from starlette.types import ASGIApp

from adapters.limits import Buckets, HostLimits, LocalBuckets, limited_by
from adapters.logs import logger
from api.bootstrap import open_shared_queue
from api.config.settings import Settings
from api.config.tenants import OPERATOR, Folder, OperatorSettings
from api.http.connections import server
from api.http.middleware import Rates
from api.http.server import listening
from api.jobs.fair_lanes import FairLanes
from api.jobs.scheduler import LOOKS_EVERY, Dispatch
from api.tenants.broken import Teller, goes_on, not_begun, stopped
from api.tenants.dispatcher import Dispatcher
from api.tenants.files import SETTLES_AFTER
from api.tenants.house import House, Open, Queue
from api.tenants.nobody import nobodys
from api.tenants.opened import Working, open_served, open_worked
from api.tenants.operation import operation
from api.tenants.places import OneDatabaseEach
from api.tenants.workers import BesideWorkers, Here, WorkersFolder
from domain.errors import LogUnavailable, Misconfigured, QueueUnavailable, StreamMoved, TweeluikError
from domain.values import so_many

REFRESHED_EVERY: Final = 2.0  # seconds
_TURN: Final = 0.9  # of the time between two looks: whoever looked last is not held back by a moment
_THREADS: Final = 8  # that look at what is due
_FOLLOWING: Final = "following"  # the folder, by a thread of its own: looks may all wait for one database
_FILES: Final = 24  # that one tenant may have open on SQLite
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """Everything behind the one port."""

    house: House
    app: ASGIApp


@contextmanager
def open_tenants(path: Path, settles_after: float = SETTLES_AFTER) -> Iterator[Serving]:
    """The folder's tenants and the application that gives each its requests. Raises Misconfigured.

    Nothing looks at the folder or at what is due until `keeping` does.
    """
    folder = Folder(path)
    operator = folder.operator()
    rates = Rates(operator.serve.requests_per_minute)

    def open_one(name: str, settings: Settings, dispatch: Dispatch) -> AbstractContextManager[Working]:
        return open_served(name, settings, dispatch, rates)

    with ExitStack() as closing:
        house, queue = closing.enter_context(housing(folder, operator, open_one, settles_after))
        nobody = closing.enter_context(nobodys(operator, rates))
        operators = operation(house, queue, rates, operator.serve.trusted_proxies)
        yield Serving(house, Dispatcher(house, nobody, operators))


@contextmanager
def housing(
    folder: Folder, operator: OperatorSettings, open_one: Open, settles_after: float = SETTLES_AFTER
) -> Iterator[tuple[House, FairLanes | BesideWorkers]]:
    """The tenants, and where their due work waits: for workers, or without a shared queue in this process.

    What is sent to one host by all of them is held to the operator's limits, in the shared queue's database if any.
    """
    with ExitStack() as closing:
        house: House
        here = FairLanes(lambda *job: house.do(*job), shares=lambda: house.operator.shares)
        queue: FairLanes | BesideWorkers = here
        buckets: Buckets = LocalBuckets()
        if operator.queue is not None:
            buckets = shared = closing.enter_context(open_shared_queue(operator.queue.url.get_secret_value()))
            queue = BesideWorkers(shared, here, lambda name: house.room(name))
        house = closing.enter_context(_housed(folder, queue, buckets, open_one, settles_after))
        closing.enter_context(here)  # what was begun ends before its tenant is closed
        house.refresh()
        yield house, queue


@contextmanager
def _housed(
    folder: Folder, queue: Queue, buckets: Buckets, open_one: Open, settles_after: float = SETTLES_AFTER
) -> Iterator[House]:
    house = House(folder, queue, OneDatabaseEach(open_one), settles_after)
    with limited_by(HostLimits(lambda: house.operator.requests_per_second, buckets)), closing(house):
        yield house


def work_tenants(path: Path, concurrency: int) -> None:
    """Take work of every tenant until stopped, and finish what was begun. Raises Misconfigured."""
    folder = Folder(path)
    operator = folder.operator()
    if operator.queue is None:
        raise Misconfigured(f"workers share the queue of [queue] in {folder.path / 'operator.toml'}: there is none")
    from adapters.jobs.shared import work_shared

    url = operator.queue.url.get_secret_value()

    def open_one(_: str, settings: Settings, dispatch: Dispatch) -> AbstractContextManager[Working]:
        return open_worked(settings, dispatch)

    with open_shared_queue(url) as queue, _housed(WorkersFolder(path), queue, queue, open_one) as house:
        house.refresh()
        here = Here(house, queue)
        with keeping(house, here.tell):
            work_shared(
                url, queue, here.do, mine=here.tenants, shares=lambda: house.operator.shares, concurrency=concurrency
            )


def serve_tenants(path: Path, host: str | None, port: int | None) -> None:
    """Until stopped. Raises Misconfigured, before anything is begun, where the address is taken or not our own."""
    serve = Folder(path).operator().serve
    host, port = host or serve.host, serve.port if port is None else port
    allow_files(_FILES * len(Folder(path).names()))
    with listening(host, port) as sockets, open_tenants(path) as serving:
        teller, house = Teller(path), serving.house
        said = dict[str, str]()

        def tell() -> None:
            found = faults(house)
            for name in (name for name, what in found.items() if said.get(name) != what):
                _log.warning("not as its file says", tenant=name, cause=found[name])
            said.clear()
            said.update(found)
            opened = {OPERATOR, *(name for name, _ in house.open())}
            teller.tell(found, house.operator.alerts, now(), opened, house.behind)

        with keeping(house, tell):
            tenants = so_many(len(serving.house.names), "tenant", "tenants")
            print(f"serving {tenants} at http://{host}:{port}; stop with Ctrl-C", file=sys.stderr)
            with suppress(KeyboardInterrupt):  # raised once more after everything was answered
                server(serving.app, serve, host=host, port=port).run(sockets)


def faults(house: House) -> dict[str, str]:
    """What the operator hears, by tenant."""
    behind = {name: goes_on(why) for name, why in house.behind.items()}
    failing = {name: not_begun(why) for name, why in house.failing.for_long.items()}
    return failing | behind | {name: stopped(why) for name, why in house.troubles.items()}


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def keeping(house: House, tell: Callable[[], None]) -> Iterator[None]:
    """Follow the folder, and look for each of its tenants at what is due, until the end."""
    executors = {"default": ThreadPoolExecutor(_THREADS), _FOLLOWING: ThreadPoolExecutor(1)}
    looking = BackgroundScheduler(timezone=UTC, executors=executors)
    keeper = Keeper(house, looking, tell)
    every = partial(looking.add_job, coalesce=True, max_instances=1, misfire_grace_time=None)
    every(keeper.follow, "interval", seconds=REFRESHED_EVERY, next_run_time=now(), executor=_FOLLOWING)
    looking.start()
    try:
        yield
    finally:
        looking.shutdown(wait=False)  # what is at work may still plan something, for which this would wait for ever
        for each in executors.values():
            each.shutdown(wait=True)


class Keeper:
    """Has one look at a time for each tenant that may run, and none for one that has gone."""

    def __init__(self, house: House, looking: BackgroundScheduler, tell: Callable[[], None]) -> None:
        self._house, self._looking, self._tell = house, looking, tell
        self._kept: set[str] = set()
        self._fault = ""

    def follow(self) -> None:
        try:
            self._house.refresh()
            fault = ""
        except Misconfigured as reason:
            fault = str(reason)
        except Exception as reason:  # noqa: BLE001  whatever it is, the operator hears what is known, and it looks again
            fault = type(reason).__name__
        if fault and fault != self._fault:
            _log.error("the folder of tenants cannot be followed: everything stays as it was", cause=fault)
        self._fault = fault
        names = set(self._house.names)
        for name in self._kept - names:
            self._looking.remove_job(name)
        for name in names - self._kept:
            self._looking.add_job(
                partial(self._look, name), "interval", seconds=LOOKS_EVERY, next_run_time=now(), id=name,
                coalesce=True, max_instances=1, misfire_grace_time=None,
            )  # fmt: skip
        self._kept = names
        self._house.failing.only(names)
        try:
            self._tell()
        except Exception as reason:  # noqa: BLE001  a target that breaks keeps no tenant from running
            _log.error("the operator was not told", kind=type(reason).__name__)

    def _look(self, name: str) -> None:
        """Ends well whatever it runs into: the next one is soon, and later where they fail."""
        failing = self._house.failing
        if failing.rests(name):
            return
        with ExitStack() as inside:
            try:
                working = inside.enter_context(self._house.inside(name))
            except Misconfigured:  # which is told as its own trouble, as long as it lasts
                failing.failed(name, "", waits=True)
                return
            try:
                _sealed(working)
                self._house.look(name, working, LOOKS_EVERY * _TURN)
            except (StreamMoved, QueueUnavailable):  # by another process at the same moment; and of all tenants
                pass
            except TweeluikError as reason:
                if failing.failed(name, str(reason), waits=isinstance(reason, LogUnavailable)):
                    _log.error("nothing could be scheduled", kind=type(reason).__name__, cause=str(reason))
            except Exception as reason:  # noqa: BLE001  whatever it is, one tenant's look ends no other's
                if failing.failed(name, kind := type(reason).__name__, waits=True):
                    _log.error("nothing could be scheduled", kind=kind)
            else:
                failing.well(name)


def _sealed(working: Working) -> None:
    """What was read goes on record; whatever keeps it from that is no reason not to look at what is due."""
    if working.web is not None:
        try:
            working.web.seal()
        except TweeluikError as reason:
            _log.error("no head was sealed", kind=type(reason).__name__)


def allow_files(more: int) -> None:
    """As many open files as so many tenants need, where the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = soft + more
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
