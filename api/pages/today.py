"""What must be done today, by whom, and what happens if nobody does it: what blocks payroll first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.routes import entities as asked
from api.http.routes.entities import EndDisagreements, LegalEntityItem
from api.http.routes.parameters import Entity
from api.pages.asking import PageAsking, Signed
from api.pages.frame import first_page, shown
from domain.access import Permission
from domain.planning.business_date import business_date
from domain.planning.findings import Acts
from domain.schedule import INSTALLATION, late, outstanding
from domain.values import LegalEntityId
from domain.views.runs import RunRow, RunStatus
from domain.views.tasks import Held, LookRow, Second, TaskRow, held

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))]
_RUNS: Final = 10
_NAMED: Final = 3  # tasks on one line
_HOLDS: Final = (RunStatus.BLOCKED, RunStatus.REFUSED)
_UNCLEAR: Final = (RunStatus.CUT_OFF, RunStatus.COMPLETED_WITH_ERRORS)


@dataclass(frozen=True, slots=True)
class ToDo:
    """Open tasks of whoever has to act, of which some are named: number and field, where there is one."""

    who: str
    count: int
    days: int  # that the oldest of them waits
    some: tuple[tuple[int | None, str | None], ...]

    @property
    def more(self) -> int:
        return self.count - len(self.some)


@dataclass(frozen=True, slots=True)
class TodayPage:
    """`tasks` and what follows are None for whoever reads without people."""

    runs: tuple[RunRow, ...]
    last: RunRow | None
    tasks: tuple[TaskRow, ...] | None
    look: LookRow | None
    by_who: tuple[ToDo, ...]
    concepts: int
    concept_days: int  # that the first of them waits
    differences: int
    disagreements: EndDisagreements | None
    braked: tuple[tuple[str, str], ...]  # run, who ran into the brake
    release: int  # reports in clear that wait for whoever reads
    agree: int  # requests to open more people's values that do
    asked_for: int  # by whoever reads, of both: somebody else has to agree
    late: tuple[tuple[str, date], ...]  # jobs that should have been done, of which day

    @property
    def held(self) -> Held | None:
        """By the tasks that whoever reads may see."""
        return held(self.tasks or (), self.last.counts if self.last else {})

    @property
    def unknown(self) -> int:
        return self.last.counts.get("unknown", 0) if self.last else 0

    @property
    def trouble(self) -> bool:
        """Whether the last run did not go well, and no other line says so."""
        if self.last is None or self.last.status in (RunStatus.COMPLETED, RunStatus.IN_PROGRESS):
            return False
        only_unknown = self.last.status is RunStatus.COMPLETED_WITH_ERRORS and not self.last.counts.get("failed")
        return not (
            self.braked or (self.held and self.last.status is RunStatus.BLOCKED) or (only_unknown and self.unknown)
        )

    @property
    def calm(self) -> bool:
        trouble = self.last is not None and self.last.status not in (RunStatus.COMPLETED, RunStatus.IN_PROGRESS)
        apart = self.disagreements is not None and self.disagreements.count > 0
        waits = self.tasks or self.concepts or self.differences or self.braked or self.unknown or self.late
        waits = waits or self.release or self.agree
        return not (waits or apart or trouble)


class Urgency(IntEnum):
    """What of a legal entity blocks payroll most; the lower, the sooner."""

    HELD = 0  # nothing is written for anyone
    UNCLEAR = 1  # a run was cut off, or something of it is unknown or failed
    WAITS = 2  # for somebody, while runs go on
    NEW = 3  # no run yet
    CALM = 4


@dataclass(frozen=True, slots=True)
class EntityToday:
    """One legal entity among several."""

    of: LegalEntityItem
    urgency: Urgency
    oldest_days: int

    @property
    def address(self) -> str:
        return f"/e/{self.of.legal_entity}"


@dataclass(frozen=True, slots=True)
class AllTodayPage:
    """Worst first."""

    entities: tuple[EntityToday, ...]

    @property
    def holding(self) -> tuple[EntityToday, ...]:
        return tuple(one for one in self.entities if one.urgency is Urgency.HELD)

    @property
    def urgent(self) -> int:
        return sum(1 for one in self.entities if one.urgency <= Urgency.WAITS)

    @property
    def held(self) -> int:
        return len(self.holding)


@router.get("/")
def home(asking: Reader) -> Response:
    """Every legal entity that this caller sees; the only one at once."""
    mine = [one for one in asking.web.entities if asking.caller.sees(one)]
    if len(mine) <= 1 or not asking.caller.may(Permission.READ_RUNS):
        return RedirectResponse(f"/e/{mine[0]}" if mine else "/me", 303)
    page = AllTodayPage(worst_first(asked.legal_entities(asking).items, asking.now))
    links = asking.caller.may(Permission.READ_PEOPLE)
    return shown(asking, "all_today.html", entity=None, current="", page=page, links=links)


def worst_first(entities: Sequence[LegalEntityItem], now: datetime) -> tuple[EntityToday, ...]:
    judged = [_judged(one, now) for one in entities]
    return tuple(sorted(judged, key=lambda one: (one.urgency, -one.oldest_days, one.of.name)))


def _judged(one: LegalEntityItem, now: datetime) -> EntityToday:
    waiting = [each.oldest for each in (one.tasks, one.concept_employees, one.differences) if each and each.oldest]
    return EntityToday(one, _urgency(one), _days(min(waiting, default=None), now))


def _urgency(one: LegalEntityItem) -> Urgency:
    waiting = (one.tasks, one.concept_employees, one.differences, one.end_disagreements)
    tasks, *others = (each.count if each else 0 for each in waiting)
    if tasks or one.braked:
        return Urgency.HELD
    if one.last_run is None:
        return Urgency.NEW
    if one.last_run.status in _HOLDS:
        return Urgency.HELD
    if one.last_run.status in _UNCLEAR or one.last_run.counts.get("unknown"):
        return Urgency.UNCLEAR
    return Urgency.WAITS if any(others) else Urgency.CALM


def _days(since: datetime | None, now: datetime) -> int:
    return 0 if since is None else (business_date(now) - business_date(since)).days


@router.get("/e/{entity}")
def today(asking: Reader, entity: Entity) -> Response:
    legal_entity = asking.entity(entity)
    if not asking.caller.may(Permission.READ_RUNS):
        return RedirectResponse(first_page(asking, entity), 303)
    return _today(asking, legal_entity)


def _today(asking: PageAsking, entity: LegalEntityId) -> HTMLResponse:
    asking.reads("today", entity=entity)
    views, people = asking.web.store.views, asking.caller.may(Permission.READ_PEOPLE)
    runs = views.runs.runs(entity, limit=_RUNS)
    waiting = views.tasks.waiting(entity, asking.now)
    tasks = waiting.tasks if people else None
    seconds = waiting.seconds if asking.offers(Permission.SHOW_NAMES) else ()
    agrees = asking.caller.may(Permission.UNMASK)
    mine = [one for one in seconds if agrees and one.waits_for(asking.caller.subject)]
    concepts = asked.concepts(asking, [entity])[entity] if people else None
    page = TodayPage(
        runs=runs,
        last=next((one for one in runs if one.status is not RunStatus.IN_PROGRESS), None),
        tasks=tasks,
        look=waiting.look,
        by_who=tuple(_to_do(tasks or (), asking.now)),
        concepts=concepts.count if concepts else 0,
        concept_days=_days(concepts.oldest, asking.now) if concepts else 0,
        differences=asked.differences(asking, [entity])[entity].count if people else 0,
        disagreements=asked.end_disagreements(asking, [entity])[entity] if people else None,
        braked=tuple((run, actor) for run, _, actor in asked.braked(asking, [entity])[entity]),
        release=sum(1 for one in mine if one.what is Second.REPORT),
        agree=sum(1 for one in mine if one.what is Second.MORE_PEOPLE),
        asked_for=sum(1 for one in seconds if one.asked_by == asking.caller.subject),
        late=_late(asking, entity),
    )
    return shown(asking, "today.html", entity=entity, current="", page=page)


def _to_do(tasks: Sequence[TaskRow], now: datetime) -> Iterator[ToDo]:
    for acts in Acts:
        theirs = sorted((one for one in tasks if one.who is acts), key=lambda one: _oldest(one, now))
        if theirs:
            some = tuple((one.employee_number, one.field) for one in theirs[:_NAMED])
            yield ToDo(acts.value, len(theirs), max(one.age(now) for one in theirs), some)


def _oldest(one: TaskRow, now: datetime) -> tuple[int, int]:
    """Those that have waited for as many days by their number: in which order a run saw them says nothing."""
    return -one.age(now), one.employee_number or 0


def _late(asking: PageAsking, entity: LegalEntityId) -> tuple[tuple[str, date], ...]:
    """Of this legal entity and of the installation."""
    settings, rows = asking.web.settings, asking.web.store.views.schedule.jobs()
    found = []
    for one in settings.planned():
        row = rows.get(one.key)
        if one.entity not in (entity, INSTALLATION) or row is None:
            continue
        if late(one, row.standing, asking.now, settings.schedule.grace):
            newest = outstanding(one.timetable, row.standing, asking.now)[-1]
            found.append((one.job.value, newest.business_date))
    return tuple(found)
