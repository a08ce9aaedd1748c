"""Whether the connection runs by itself: what would stop the next run, what is planned or late, who was told what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import version
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from api.http.routes import alerts as asked_alerts
from api.http.routes import entities as asked
from api.http.routes import schedule as asked_schedule
from api.http.routes.alerts import Alert
from api.http.routes.entities import Holding
from api.http.routes.schedule import PlannedJob
from api.languages import tongue
from api.pages.asking import PageAsking, Signed
from api.pages.frame import shown
from domain.access import Permission
from domain.alerts import EVERYTHING, message
from domain.events.alert import AlertRaised
from domain.planning.plausible import IMPLAUSIBLE_READ
from domain.schedule import Job
from domain.values import LegalEntityId
from domain.views import View
from domain.views.runs import RunStatus

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_RUNS))]
_ALERTS: Final = 20


class Stop(StrEnum):
    """What would keep the next run from writing, the one that keeps every run first."""

    LOG = "log"  # it is not believed
    TASKS = "tasks"  # somebody has to do one first (CHECK-2)
    READ = "read"  # the last read was not believed: a second person has to say that it is true (RUN-12)
    BRAKE = "brake"  # a second person has to agree (RUN-13)
    LATE = "late"  # what is planned is not done: nobody keeps the schedule


@dataclass(frozen=True, slots=True)
class Ahead:
    """The next run of a legal entity; `planned` None: none comes by itself."""

    entity: LegalEntityId
    name: str
    held: Holding
    planned: datetime | None
    stops: tuple[Stop, ...]

    @property
    def looked(self) -> bool:
        """Whether anything is known: before a first run, nothing is."""
        return self.held.last_run is not None


@dataclass(frozen=True, slots=True)
class Told:
    """An alert in the language of whoever reads."""

    alert: Alert
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OperationPage:
    ahead: tuple[Ahead, ...]
    jobs: Sequence[PlannedJob]
    alerts: tuple[Told, ...]
    behind: Mapping[View, str]  # views that cannot follow the log, and why
    verified: bool  # whether the log ever was
    version: str

    @property
    def stopped(self) -> int:
        return sum(1 for one in self.ahead if one.stops)

    @property
    def not_looked(self) -> int:
        return sum(1 for one in self.ahead if not one.looked)

    @property
    def unheard(self) -> bool:
        """Whether the newest alert was told to nobody."""
        return bool(self.alerts) and not self.alerts[0].alert.deliveries

    @property
    def late(self) -> int:
        return sum(1 for one in self.jobs if one.late)


@router.get("/operation")
def operation(asking: Reader) -> HTMLResponse:
    entities = [LegalEntityId(one) for one in asking.web.entities if asking.caller.sees(one)]
    held, names = asked.holding(asking, entities), asking.web.settings.entity_names()
    jobs = asked_schedule.schedule(asking).jobs
    alerts = asked_alerts.alerts(asking, legal_entity=None, cursor=None, limit=_ALERTS).items
    page = OperationPage(
        ahead=tuple(_ahead(asking, one, names[one], held[one], jobs) for one in entities),
        jobs=jobs,
        alerts=tuple(_told(asking, alerts)),
        behind=asking.web.store.views.behind,
        verified=not asking.believed or asking.web.store.log.last_verdict() is not None,
        version=version("tweeluik"),
    )
    return shown(asking, "operation.html", entity=None, current="operation", page=page)


def _ahead(asking: PageAsking, entity: LegalEntityId, name: str, held: Holding, jobs: Sequence[PlannedJob]) -> Ahead:
    mine = [job for job in jobs if (job.legal_entity, job.job) == (entity, Job.SYNC)]
    return Ahead(entity, name, held, mine[0].next if mine else None, tuple(stops(asking.believed, held, mine)))


def stops(believed: bool, one: Holding, planned: Sequence[PlannedJob]) -> Iterator[Stop]:
    """As the log knows it now: what comes up until then nobody knows."""
    last = one.last_run
    if not believed:
        yield Stop.LOG
    if one.tasks.count:
        yield Stop.TASKS
    if last is not None and last.status == RunStatus.REFUSED and last.reason == IMPLAUSIBLE_READ:
        yield Stop.READ
    if one.braked:
        yield Stop.BRAKE
    if any(job.late for job in planned):
        yield Stop.LATE


def _told(asking: PageAsking, alerts: Sequence[Alert]) -> Iterator[Told]:
    say = tongue(asking.language).translate
    facts = {one.position: one.fact for one in asking.web.store.log.at(sorted(one.position for one in alerts))}
    for one in alerts:
        fact = facts[one.position]
        assert isinstance(fact, AlertRaised)  # rows of this view are made of nothing else
        yield Told(one, message(fact, "", EVERYTHING, say).lines)
