"""What must be done today, by whom, and what happens if nobody does it: what blocks payroll first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.routes.handover import MatterItem, sheet_of, sheets_of
from api.http.routes.parameters import Entity
from api.pages.asking import PageAsking, Signed
from api.pages.frame import first_page, shown
from api.presenters.held import in_order, verdict_sentence
from api.presenters.matters import matters
from api.presenters.values import Json
from domain.access import Permission
from domain.four_eyes import is_second_person
from domain.planning.business_date import business_date
from domain.schedule import Job
from domain.values import Actor, LegalEntityId
from domain.views.handover import Sheet, Verdict
from domain.views.matters import OF_ACTS, By, Matter

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))]
_NAMED: Final = 5  # numbers on one line
_DETAILS: Final = 4  # of one matter
_MATTERS: Final = 4  # of one legal entity among several


@dataclass(frozen=True, slots=True)
class People:
    """The numbers of those whom something is about."""

    what: str
    numbers: Sequence[int]

    @property
    def some(self) -> Sequence[int]:
        return self.numbers[:_NAMED]

    @property
    def more(self) -> int:
        return len(self.numbers) - len(self.some)


@dataclass(frozen=True, slots=True)
class ToDo:
    """A matter, and where one acts on it; None for whoever may not open that page."""

    of: MatterItem
    address: str | None
    yours: bool = False  # whether whoever reads may be the second person of one of them

    @property
    def people(self) -> Sequence[People]:
        """Of each kind of detail; of everybody where there is none."""
        found = [People(one.what, one.employee_numbers) for one in self.of.details]
        told = {number for one in found for number in one.numbers}
        others = [number for number in self.of.employee_numbers if number not in told]
        return [*found[:_DETAILS], *([People("", others)] if others or not found else ())]

    @property
    def more(self) -> int:
        return max(0, len(self.of.details) - _DETAILS)


@dataclass(frozen=True, slots=True)
class TodayPage:
    """All that the handover sheet knows, a line for each matter."""

    sheet: Sheet
    says: str
    in_order: Sequence[Json]
    todo: tuple[ToDo, ...]
    to_know: tuple[ToDo, ...]  # nobody has to do anything

    @property
    def waits(self) -> int:
        return sum(one.of.count for one in self.todo)

    @property
    def tasks(self) -> int:
        return sum(one.of.count for one in self.todo if one.of.matter in OF_ACTS.values())


class Urgency(IntEnum):
    """What of a legal entity blocks payroll most; the lower, the sooner."""

    HELD = 0  # nothing is written for anyone
    UNCLEAR = 1  # a run was cut off, or something of it is unknown or failed
    WAITS = 2  # for somebody, while runs go on
    NEW = 3  # no run yet
    CALM = 4


_URGENCY: Final = {Verdict.WAITS: Urgency.WAITS, Verdict.NEVER: Urgency.NEW} | dict.fromkeys(
    (Verdict.UNSEEN, Verdict.CALM), Urgency.CALM
)
_UNCLEAR: Final = {Matter.RUN_CUT_OFF, Matter.UNKNOWN, Matter.FAILED}


@dataclass(frozen=True, slots=True)
class EntityToday:
    """One legal entity among several, by what its own *Today* says."""

    name: str
    sheet: Sheet
    says: str
    todo: tuple[ToDo, ...]
    oldest_days: int

    @property
    def address(self) -> str:
        return f"/e/{self.sheet.legal_entity}"

    @property
    def urgency(self) -> Urgency:
        if not _UNCLEAR.isdisjoint(self.sheet.matters) and self.sheet.verdict is Verdict.WAITS:
            return Urgency.UNCLEAR
        return _URGENCY.get(self.sheet.verdict, Urgency.HELD)

    @property
    def some(self) -> Sequence[ToDo]:
        return self.todo[:_MATTERS]

    @property
    def more(self) -> int:
        return len(self.todo) - len(self.some)


@dataclass(frozen=True, slots=True)
class AllTodayPage:
    """Worst first."""

    entities: tuple[EntityToday, ...]

    @property
    def holding(self) -> tuple[EntityToday, ...]:
        return tuple(one for one in self.entities if one.urgency is Urgency.HELD)

    @property
    def urgent(self) -> int:
        return sum(1 for one in self.entities if one.urgency < Urgency.CALM)

    @property
    def held(self) -> int:
        return len(self.holding)


@router.get("/")
def home(asking: Reader) -> Response:
    """Every legal entity that this caller sees; the only one at once."""
    mine = [one for one in asking.web.entities if asking.caller.sees(one)]
    if len(mine) <= 1 or not asking.caller.may(Permission.READ_RUNS):
        return RedirectResponse(f"/e/{mine[0]}" if mine else "/me", 303)
    asking.reads("today")
    names, sheets = asking.web.settings.entity_names(), sheets_of(asking, [LegalEntityId(one) for one in mine])
    found = [_among(asking, names[entity], sheet) for entity, sheet in sheets.items()]
    return shown(asking, "all_today.html", entity=None, current="", page=AllTodayPage(worst_first(found)))


def worst_first(entities: Iterable[EntityToday]) -> tuple[EntityToday, ...]:
    return tuple(sorted(entities, key=lambda one: (one.urgency, -one.oldest_days, one.name)))


def _among(asking: PageAsking, name: str, sheet: Sheet) -> EntityToday:
    todo = tuple(one for one in _todo(asking, sheet, people=False) if not one.of.to_know)
    oldest = min((one.of.since for one in todo if one.of.since), default=None)
    return EntityToday(name, sheet, verdict_sentence(sheet, asking.language), todo, _days(oldest, asking.now))


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
    sheet, _ = sheet_of(asking, entity)
    told = _todo(asking, sheet, people=asking.caller.may(Permission.READ_PEOPLE))
    page = TodayPage(
        sheet=sheet,
        says=verdict_sentence(sheet, asking.language),
        in_order=in_order(sheet, asking.language),
        todo=tuple(one for one in told if not one.of.to_know),
        to_know=tuple(one for one in told if one.of.to_know),
    )
    return shown(asking, "today.html", entity=entity, current="", page=page)


def _todo(asking: PageAsking, sheet: Sheet, *, people: bool) -> list[ToDo]:
    found = [MatterItem.model_validate(one) for one in matters(sheet, asking.language, people=people)]
    return [ToDo(one, _address(asking, sheet.legal_entity, one), _yours(asking, one)) for one in found]


def _yours(asking: PageAsking, one: MatterItem) -> bool:
    shows_values = one.matter in (Matter.RELEASE, Matter.MORE_PEOPLE)
    may = asking.caller.may(Permission.UNMASK if shows_values else Permission.START_RUN)
    me = asking.caller.subject
    return one.who is By.SECOND and may and any(is_second_person(Actor(who), me) for who in one.not_by)


_RUN: Final = "runs/{run_id}"
_WHERE: Final[Mapping[str, tuple[str, str]]] = {
    Matter.FIRST_RUN: ("plan", ""),
    Matter.BRAKE: (_RUN, ""),
    Matter.READ_DOUBTED: (_RUN, ""),
    Matter.NOT_READ: (_RUN, ""),
    Matter.PLAN_CHANGED: (_RUN, ""),
    Matter.RUN_REFUSED: (_RUN, ""),
    Matter.RUN_BLOCKED: (_RUN, ""),
    Matter.RUN_CUT_OFF: (_RUN, ""),
    Matter.UNKNOWN: (_RUN, "?outcome=unknown#people"),
    Matter.FAILED: (_RUN, "?outcome=failed#people"),
    Matter.RELEASE: ("reports", ""),
    Matter.MORE_PEOPLE: ("more-people", ""),
    Matter.TASK_HR: ("tasks", "?who=hr"),
    Matter.TASK_PAYROLL: ("tasks", "?who=payroll"),
    Matter.TASK_OPERATOR: ("tasks", "?who=operator"),
    Matter.CONCEPT: ("people", "?link=concept"),
    Matter.ENDS_IN_LOKET: ("leavers", ""),
    Matter.ENDS_IN_PERSONIO: ("leavers", ""),
    Matter.DIFFERS: ("differences", ""),
    Matter.FORESEEN: ("differences", ""),
    Matter.TO_ENTER: ("differences", ""),
    Matter.LET_GO: ("differences", ""),
}
"""The page where one acts, and what of it; the lines of a notice are on the handover sheet."""


def _address(asking: PageAsking, entity: LegalEntityId, one: MatterItem) -> str | None:
    if one.matter in set(Job):
        return "/operation" if asking.opens("/operation") else None
    page, of_it = _WHERE.get(one.matter, ("handover", f"#{one.matter}"))
    if not asking.opens(f"/e/{{entity}}/{page}"):
        return None
    return f"/e/{entity}/" + page.format(run_id=next(reversed(one.runs), "")) + of_it
