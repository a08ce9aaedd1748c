"""The product as `serve` composes it, in two processes under one virtual clock, between the in-memory systems.

What is ours is the real thing: scheduler and its work, intake behind its route, hints, alerts, erasure, runs, views.
Replaced are what is outside (both systems, targets, time), and the log, keys and claims by fakes that pass their suite.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from adapters.projections.open import OpenViews
from adapters.projections.register import PROJECTIONS
from api.bootstrap import Store, honour_earlier_erasures
from api.config.settings import Settings
from api.http.webhook_intake import intake
from api.identifiers import new_run_id
from api.jobs.planned_jobs import ScheduledWork
from api.jobs.scheduler import Scheduler
from api.jobs.webhook_follower import look_at_hints
from api.tasks.deliver_alerts import deliverer
from api.tasks.erase import eraser
from domain.attributes import Role
from domain.errors import TweeluikError
from domain.events.drift import DriftChecked
from domain.events.runs import ReadAccepted, RunBlocked, RunCompleted, RunStarted
from domain.log import Recorded
from domain.schedule import schedule_stream
from domain.services.erase import Eraser
from domain.services.journal import Tools
from domain.services.sync.report import RunReport
from domain.services.sync.run import run_sync
from domain.settings import LegalEntity
from domain.snapshots import LoketEmployment
from domain.values import Actor, LegalEntityId, PersonId
from tests.simulation.mishaps import Fate, FlakyHints, Inbox, MortalLog, MortalVault
from tests.simulation.personio_post import Door, PersonioPost
from tests.simulation.settings import TARGETS
from tests.simulation.watched import Reading, Watch, WatchedLoket, WatchedPersonio
from tests.support.empty_views import views_in_memory
from tests.support.fake_loket import FakeLoket
from tests.support.fake_personio import FakePersonio
from tests.support.interposed import ProcessDied
from tests.support.world import ALL_ROLES, TULP, TULP_SHOPS, World, WorldClock

EMPLOYEES: Final = "employees"


def tables() -> tuple[str, ...]:
    """Of every view."""
    return tuple(table.name for projection in PROJECTIONS for table in projection.tables)


def rows_of(views: OpenViews, table: str) -> list[tuple[Any, ...]]:
    """Everything a view holds, in an order of its own."""
    return sorted(views._store.rows(f"SELECT * FROM {table}"), key=repr)  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the last sweep that was believed came to."""

    valued: Mapping[Role, int] = field(default_factory=dict)  # how many showed a value
    usual: frozenset[str] = frozenset()  # what it showed of most people: keys, and employees of Loket


class Wired:
    """`tests.support.world.Wiring`, in memory, with processes that can die."""

    def __init__(self, fate: Fate) -> None:
        self.clock = WorldClock()
        self.hr = FakePersonio(self.clock.now, mapped=ALL_ROLES)
        self.payroll = FakeLoket(self.clock.now)
        self.watch = Watch()
        self.personio, self.loket = WatchedPersonio(self.hr, self.watch), WatchedLoket(self.payroll, self.watch)
        self.log = MortalLog(fate, MortalVault(fate))
        self.views: OpenViews = views_in_memory(self.log)

    def tools(self, *, mapped: frozenset[Role], lists_attributes: bool) -> Tools:
        return Tools(
            clock=self.clock,
            log=self.log,
            vault=self.log.vault,
            claims=self.log.claims,
            views=self.views,
            personio=self.personio,
            loket=self.loket,
        )

    def close(self) -> None:
        self.views.close()


@dataclass
class Process:
    """A scheduler, with what it handed out and nobody has begun yet."""

    office: Office
    queue: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        settings, store = self.office.settings, self.office.store()
        honour_earlier_erasures(store)
        self.work = ScheduledWork(
            settings, store, self.office.world.tools(), connect=self.office.connect, deliver=self.office.deliver
        )
        self.scheduler = Scheduler(self.work, self._dispatch)

    def _dispatch(self, entity: str, what: str) -> bool:
        self.queue.append((entity, what))
        return True

    def do_one(self) -> None:
        """Any of what was handed out."""
        self.work.do(*self.queue.pop(self.office.random.randrange(len(self.queue))))


class Office:
    def __init__(self, random: Random, folder: Path, settings: Settings) -> None:
        self.random, self.settings = random, settings
        self.fate = Fate()
        self.wired = Wired(self.fate)
        self.world = World(self.wired)
        self.inboxes = {name: Inbox(self.fate) for name in TARGETS}
        self.hints = FlakyHints(folder / "log.db")
        self.hints.fate = self.fate
        self.door = Door()
        self.post = PersonioPost(self.world.clock.now, random, self.door)
        self.processes: list[Process] = []
        self.down_until: datetime | None = None
        self._readings: dict[str, Reading] = {}  # by run or check, as it was when it recorded something last
        self.log.appended = self._read
        self.accepted: dict[LegalEntityId, Accepted] = {}  # by legal entity
        self.salaried: set[PersonId] = set()  # of whom such a sweep ever showed a salary; nobody's is taken back
        self.known: set[int] = set()  # numbers that a run or check on record has seen as employees
        self.place: dict[str, str | None] = {}  # where somebody is who is elsewhere than they began; None: deleted
        self.left: dict[tuple[LegalEntityId, str], int] = {}  # of who is not there: how many sweeps had been made then
        self._back: dict[tuple[LegalEntityId, str], tuple[int, int]] = {}  # the same of who is, and at their return
        self._entities: dict[str, LegalEntityId] = {}  # of runs
        self.overtaken: dict[str, int] = {}  # runs and checks that lost their legal entity, and the log's size then

    @property
    def clock(self) -> WorldClock:
        return self.world.clock

    @property
    def log(self) -> MortalLog:
        return self.wired.log

    def here(self, entity: LegalEntity = TULP) -> list[str]:
        """Who is in the legal entity in truth, whoever may see it."""
        return sorted(name for name in self.world.people if self.where(name) == entity.personio_id)

    def where(self, name: str) -> str | None:
        return self.place.get(name, TULP.personio_id)

    def moves(self, name: str, to: str | None) -> None:
        """Of somebody who was back for a moment that no sweep saw, every sweep saw them away."""
        swept = self.wired.personio.sweeps
        was, comes = (LegalEntityId(one) if one else None for one in (self.where(name), to))
        if was:
            away_since, back_at = self._back.pop((was, name), (swept[was], -1))
            self.left[was, name] = away_since if back_at == swept[was] else swept[was]
        self.place[name] = to
        if comes and (comes, name) in self.left:
            self._back[comes, name] = self.left.pop((comes, name)), swept[comes]

    def employments(self, number: int, entity: LegalEntity = TULP) -> list[LoketEmployment]:
        """In the entity's own payroll administration; the employee is the employer's."""
        administration = entity.loket_payroll_administration_id
        every = self.world.payroll.employments(TULP, number)
        return [one for one in every if one.payroll_administration == administration]

    def entity(self, event: Recorded) -> LegalEntityId:
        """Whose run recorded it; checks are made of one legal entity only."""
        return self._entities.get(event.meta.correlation, TULP.personio_id)

    def looked(self, event: Recorded) -> None:
        """A run or check has read both systems; believed is what a run completed by, or somebody accepted."""
        reading = self.reading(event)
        if isinstance(event.fact, RunStarted):
            self._entities[event.meta.correlation] = LegalEntityId(event.fact.legal_entity)
        if isinstance(event.fact, RunCompleted | RunBlocked | DriftChecked):
            self.known |= reading.employees & reading.numbers
        if isinstance(event.fact, RunCompleted | ReadAccepted):
            usual = frozenset((*reading.usual, *([EMPLOYEES] if reading.employees else [])))
            self.accepted[self.entity(event)] = Accepted(reading.valued, usual)
            self.salaried |= reading.salaried

    def reading(self, event: Recorded) -> Reading:
        """What the run or check that recorded this had read."""
        return self._readings.get(event.meta.correlation, self.wired.watch.reading)

    def _read(self, correlation: str) -> None:
        self._readings[correlation] = self.wired.watch.reading

    def id(self, name: str) -> PersonId:
        person = self.world.people[name].person
        assert person is not None
        return person

    def store(self) -> Store:
        wired = self.wired
        return Store(wired.log, wired.log.vault, wired.views, wired.log.claims, wired.clock)  # type: ignore[arg-type]

    def start(self) -> None:
        """Two processes on one database; the first takes webhooks in."""
        self.processes = [Process(self), Process(self)]
        self.door.opened(intake(self.settings, self.hints, self.clock))

    def stop(self, hours: int) -> None:
        self.down_until = self.clock.now() + timedelta(hours=hours)
        self.processes = []
        self.door.opened(None)

    @property
    def up(self) -> bool:
        return bool(self.processes)

    def attempted(self, what: Callable[[], Any]) -> Any:
        """Something of the product; None when its process died over it, and what runs afterwards is another one."""
        try:
            return what()
        except ProcessDied:
            self.fate.deaths += 1
            self.fate.left = None
            if self.up:
                self.start()
            return None

    def leases_run_out(self) -> None:
        """Whoever holds anything stood still for too long; what it had told a target may be told again."""
        self.fate.deaths += 1
        for entity in [
            TULP.personio_id,
            TULP_SHOPS.personio_id,
            *(schedule_stream(*one.key) for one in self.settings.planned()),
        ]:
            self.log.claims.holder_died(LegalEntityId(entity))

    # --- how the product is put to work ---

    def connect(self, *_: object) -> AbstractContextManager[Tools]:
        return nullcontext(self.world.tools())

    def deliver(self, settings: Settings, store: Store) -> int:
        real = deliverer(settings, store)
        targets = {name: (target, self.inboxes[name]) for name, (target, _) in real.targets.items()}
        return replace(real, targets=targets).deliver_due()

    def follow_hints(self) -> None:
        """As the thread beside the server does it every few seconds."""
        self.wired.personio.aside = True
        try:
            with suppress(TweeluikError):  # as there: it is logged, and tried again
                look_at_hints(self.settings, self.world.tools(), self.post, self.hints)  # type: ignore[arg-type]
        finally:
            self.wired.personio.aside = False

    def sync(
        self,
        actor: str,
        *,
        entity: LegalEntityId = TULP.personio_id,
        confirm: str | None = None,
        accept_read: str | None = None,
    ) -> RunReport | None:
        """As the command line does it."""
        run_id = new_run_id(self.clock.now())
        policy, tools = self.settings.policy(entity), self.world.tools()
        report: RunReport | None = self.attempted(
            lambda: run_sync(policy, tools, actor=Actor(actor), run_id=run_id, confirm=confirm, accept_read=accept_read)
        )
        return report

    def eraser(self, actor: str) -> Eraser:
        return eraser(self.settings, self.store(), Actor(actor))

    def close(self) -> None:
        self.world.close()
        self.hints.close()
        self.door.close()
