"""The scheduler inside `serve` and `worker`: looks every half minute at what is due, and has it done.

On SQLite this process does the work, in a few threads. On PostgreSQL it goes to the queue, whose workers share it. Who
looks, and how many do, makes no difference: whether a job runs is decided under its claim, from the log.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Final, TypeAlias
from zlib import crc32

from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]

from adapters.logs import logger
from api.bootstrap import Store, open_tools, open_work_queue
from api.config.settings import Settings
from api.jobs.planned_jobs import LOKET_POLL, ScheduledWork
from domain.errors import StreamMoved, TweeluikError, ViewBehind
from domain.fairness import ALERTS
from domain.schedule import Planned
from domain.services.alerts.undelivered import GIVEN_UP_AFTER
from domain.services.alerts.views import ViewAlerts
from domain.services.keep_schedule import Keeper

LOOKS_EVERY: Final = 30.0  # seconds
AT_ONCE: Final = 4  # legal entities worked at in one process
_POSTGRES: Final = "postgres"

Dispatch: TypeAlias = Callable[[str, str], bool]
"""Called as dispatch(legal entity, what); False when it is busy with that, the next look asks again."""


class Scheduler:
    """One look at everything planned; which process looks does not matter."""

    def __init__(self, work: ScheduledWork, dispatch: Dispatch) -> None:
        settings, store = work.settings, work.store
        self._work, self._store = work, store
        self._dispatch = dispatch
        self._views = ViewAlerts(store.log, store.clock, settings.alerts.alert_targets())
        self._poll_minutes = settings.schedule.loket_poll_minutes
        self._polled = {
            one.personio_id: self._slot(one.personio_id, store.clock.now()) for one in settings.legal_entity
        }

    def look(self) -> float:
        """Put the plan on record, tell what was missed, and hand out what is due.

        Returns for how many seconds from now nothing more can be due, unless work is done meanwhile.
        Raises LogNotBelieved after a verification that did not say OK: nothing is due until one does.
        """
        self._work.tell_integrity()
        self._store.log.believed()
        keeper, plan = self._work.keeper(), self._work.plan()
        self._store.views.catch_up()
        self._views.stands(self._store.views.behind)
        keeper.adopt(tuple(plan.values()))
        self._store.views.catch_up()
        looked = self._store.clock.now()  # what comes due from here on is for the next look
        due = keeper.due(tuple(plan.values()))
        for key, wanted in due.items():
            if wanted.missed:
                keeper.tell_missed(plan[key])
            if wanted.run is not None:
                self._dispatch(*key)
        self._poll(looked)
        if self._work.settings.alerts.targets:
            self._dispatch(ALERTS, ALERTS)
        self._store.log.checkpoint()
        if any(one.missed for one in due.values()) or self._alert_waits(looked):
            return 0.0
        return self._quiet(keeper, tuple(plan.values()), looked)

    def _alert_waits(self, now: datetime) -> bool:
        """To be delivered, or to be tried again; and what nobody can tell may."""
        try:
            return bool(self._work.settings.alerts.targets and self._store.views.alerts.due(now + GIVEN_UP_AFTER, 1))
        except ViewBehind:
            return True

    def _quiet(self, keeper: Keeper, plan: Sequence[Planned], looked: datetime) -> float:
        due = keeper.nothing_more_before(plan, looked)
        polls = (looked + timedelta(seconds=self._until_next_slot(one, looked)) for one in self._polls)
        until = min((at for at in (due, *polls) if at is not None), default=None)
        return inf if until is None else max(0.0, (until - self._store.clock.now()).total_seconds())

    @property
    def _polls(self) -> tuple[str, ...]:
        return tuple(self._polled) if self._poll_minutes else ()

    def _poll(self, now: datetime) -> None:
        """Every entity once in so many minutes, each at a minute of its own so that they do not all come at once."""
        for entity in self._polls:
            slot = self._slot(entity, now)
            if slot != self._polled[entity] and self._dispatch(entity, LOKET_POLL):
                self._polled[entity] = slot

    def _slot(self, entity: str, now: datetime) -> int:
        return _minute(entity, now) // max(self._poll_minutes, 1)

    def _until_next_slot(self, entity: str, now: datetime) -> float:
        minutes = self._poll_minutes - _minute(entity, now) % self._poll_minutes
        return minutes * 60 - now.timestamp() % 60


def _minute(entity: str, now: datetime) -> int:
    return int(now.timestamp()) // 60 + crc32(entity.encode())


@contextmanager
def scheduling(settings: Settings, store: Store) -> Iterator[ScheduledWork]:
    """Look from now on until the end, and wait there for what was begun."""
    with ExitStack() as closing:
        work = ScheduledWork(settings, store, closing.enter_context(open_tools(settings, store)))
        dispatch = closing.enter_context(_dispatching(work))
        looking = BackgroundScheduler(timezone=UTC)
        scheduler = Scheduler(work, dispatch)
        looking.add_job(
            undisturbed(scheduler.look), "interval", seconds=LOOKS_EVERY, next_run_time=datetime.now(UTC),
            coalesce=True, max_instances=1, misfire_grace_time=None,
        )  # fmt: skip
        looking.start()
        try:
            yield work
        finally:
            looking.shutdown(wait=True)


def undisturbed(look: Callable[[], object]) -> Callable[[], None]:
    """A look that ends well whatever it runs into, and says so once: the next one is soon."""
    said = ""

    def looked() -> None:
        nonlocal said
        try:
            look()
            said = ""
        except StreamMoved:
            pass  # another scheduler recorded the same at the same moment
        except TweeluikError as reason:
            if str(reason) != said:
                said = str(reason)
                logger().error("nothing could be scheduled", kind=type(reason).__name__, cause=said)

    return looked


@contextmanager
def _dispatching(work: ScheduledWork) -> Iterator[Dispatch]:
    settings = work.settings
    if not settings.planned() and not settings.schedule.loket_poll_minutes and not settings.alerts.targets:
        yield lambda *_: False  # nothing will ever be due
    elif settings.log.url.startswith(_POSTGRES):
        with open_work_queue(settings) as queue:
            yield queue.defer
    else:
        with Lanes(work.do) as lanes:
            yield lanes


class Lanes:
    """Threads that work at a few legal entities at once, at each on one thing at a time."""

    def __init__(self, do: Callable[[str, str], None], at_once: int = AT_ONCE) -> None:
        self._do = do
        self._busy: set[str] = set()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(at_once, "scheduled")

    def __enter__(self) -> Lanes:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def __call__(self, entity: str, what: str) -> bool:
        with self._lock:
            if entity in self._busy:
                return False
            self._busy.add(entity)
        self._threads.submit(self._do, entity, what).add_done_callback(lambda done: self._ended(entity, done))
        return True

    def _ended(self, entity: str, done: Future[None]) -> None:
        with self._lock:
            self._busy.discard(entity)
        if not done.cancelled() and (reason := done.exception()) is not None:
            logger().error("scheduled work broke", legal_entity=entity, kind=type(reason).__name__)
