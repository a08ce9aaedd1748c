"""Everyone of a legal entity, and one of them: what both systems showed, what happened, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from api.http.routes import employees as asked
from api.http.routes import tasks as asked_tasks
from api.http.routes.parameters import Cursor, Entity, Number
from api.http.routes.tasks import Task
from api.http.schemas.answers import Employees, StateItem, Tally
from api.pages.asking import PageAsking, Signed
from api.pages.frame import shown
from api.pages.names import names_of
from api.presenters import runs as present
from domain.access import Permission
from domain.events.runs import OutcomeRecorded
from domain.log import Recorded
from domain.rules import RULES
from domain.services.read_employee import read_employee
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.history import HistoryLine, lines
from domain.views.runs import RunRow
from domain.views.sentences import label

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]
_A_PAGE: Final = 50
_EVENTS: Final = 150
_FIELDS: Final = 400
_DULL: Final = frozenset(
    {
        "attributes_observed", "fields_observed", "fields_confirmed", "link_observed", "gates_observed",
        "write_intended", "write_confirmed", "outcome_recorded",
    }
)  # fmt: skip
"""What is folded: said again by another line of the same run, or of no news."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people, and how everyone was counted by the newest run that told of them."""

    found: Employees
    run: RunRow | None
    tallies: Sequence[Tally]
    first: bool

    @property
    def headcount(self) -> int:
        return sum(one.people for one in self.tallies)

    @property
    def left_out(self) -> int:
        return sum(one.people for one in self.tallies if one.outcome == "left_out")


@dataclass(frozen=True, slots=True)
class Story:
    """What one run, check or request recorded of somebody: lines worth reading, and those that are folded."""

    run: str
    at: datetime
    actor: str
    outcome: str | None
    reason: str | None
    told: tuple[HistoryLine, ...]
    folded: tuple[HistoryLine, ...]
    is_run: bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field in both systems; None where a system never showed it."""

    name: str
    personio: StateItem | None
    loket: StateItem | None
    changed: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`older` events lie before those that are told."""

    number: int
    outcome: str | None
    reason: str | None
    statement: str | None
    tasks: Sequence[Task]
    fields: tuple[Field, ...]
    stories: tuple[Story, ...]
    older: int


@router.get("/e/{entity}/people")
def people(asking: Reader, entity: Entity, cursor: Cursor = None) -> HTMLResponse:
    found = asked.employees(asking, entity, cursor, _A_PAGE)
    view = asking.web.store.views.runs
    run = next((one for one in view.runs(LegalEntityId(entity), limit=10) if one.counts), None)
    told = [Tally.model_validate(present.tally(one)) for one in (run.tallies if run else ())]
    page = PeoplePage(found, run, told, cursor is None)
    names = names_of(asking, entity, (one.employee_number for one in found.items))
    return shown(asking, "people.html", entity=entity, current="people", page=page, names=names)


@router.get("/e/{entity}/people/{number}")
def person(asking: Reader, entity: Entity, number: Number) -> HTMLResponse:
    held = asked.state(asking, entity, number)
    open_tasks = asked_tasks.tasks(asking, entity, False, None, None, None, number, None, _A_PAGE)
    events, older = _newest(asking, LegalEntityId(entity), EmployeeNumber(number))
    told = tuple(reversed(list(_stories(events))))
    last = next((one for one in told if one.outcome), None)
    rule = RULES.get(last.reason or "") if last else None
    page = PersonPage(
        number=number,
        outcome=last.outcome if last else None,
        reason=last.reason if last else None,
        statement=rule.statement if rule else None,
        tasks=open_tasks.items,
        fields=_fields(held.items, events),
        stories=told,
        older=older,
    )
    may_act = asking.caller.may(Permission.VALIDATE)
    names = names_of(asking, entity, [number])
    return shown(asking, "person.html", entity=entity, current="people", page=page, may_act=may_act, names=names)


def _newest(asking: PageAsking, entity: LegalEntityId, number: EmployeeNumber) -> tuple[tuple[Recorded, ...], int]:
    """The last events, in order, and how many came before them."""
    store = asking.web.store
    places = store.views.history.positions(entity, number)
    older = max(0, len(places) - _EVENTS)
    after = places[older - 1] if older else -1
    found = read_employee(
        entity, number, log=store.log, vault=store.vault, views=store.views, clock=store.clock, after=after
    )
    return found, older


def _stories(events: Sequence[Recorded]) -> Sequence[Story]:
    pairs = list(zip(events, lines(events), strict=True))
    told = []
    for run, group in groupby(pairs, key=lambda pair: pair[0].meta.correlation):
        mine = list(group)
        made = next((one.fact for one, _ in mine if isinstance(one.fact, OutcomeRecorded)), None)
        dull = [_kind(one.name) in _DULL for one, _ in mine]
        told.append(
            Story(
                run=run,
                at=mine[-1][0].meta.recorded_at,
                actor=mine[-1][0].meta.actor,
                outcome=made.outcome if made else None,
                reason=made.reason if made else None,
                told=tuple(line for (_, line), folded in zip(mine, dull, strict=True) if not folded),
                folded=tuple(line for (_, line), folded in zip(mine, dull, strict=True) if folded),
                is_run=made is not None,
            )
        )
    return told


def _fields(items: Sequence[StateItem], events: Sequence[Recorded]) -> tuple[Field, ...]:
    """Those that were changed first; by their names."""
    moved = {getattr(one.fact, "field", None) for one in events}
    by_system = {(one.system, one.field): one for one in items}
    names = dict.fromkeys(one.field for one in items)
    fields = [
        Field(label(name), by_system.get(("personio", name)), by_system.get(("loket", name)), name in moved)
        for name in names
    ]
    return tuple(sorted(fields, key=lambda one: (not one.changed, one.name)))


def _kind(name: str) -> str:
    """`field_overwritten` of loket_record.field_overwritten.v1."""
    return name.split(".")[1] if name.count(".") >= 2 else name
