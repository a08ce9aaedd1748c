"""People with tasks: who holds the sync, what exactly is wrong, who acts, where, and since when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.cursors import MAX_LIMIT
from api.http.routes import tasks as asked
from api.http.routes.parameters import Cursor, Entity
from api.http.routes.tasks import Acted, Task, TaskId, Tasks
from api.pages.asking import PageAsking, Signed, TypedDay, form, key_in
from api.pages.frame import shown
from api.pages.listing import Listing, every_page
from api.pages.names import names_of
from api.pages.proof.then import Asked, by, of_runs
from api.pages.sign_in import within
from domain.access import Permission
from domain.events.drift import DriftChecked
from domain.events.findings import ValidationCompleted
from domain.four_eyes import CONFIRMED_WITHIN
from domain.planning.findings import Acts
from domain.values import LegalEntityId, RunId
from domain.views.handover import Verdict, stopped_by

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]
Taker = Annotated[PageAsking, Depends(Signed(Permission.VALIDATE))]
Fields = Annotated[dict[str, str], Depends(form)]
_A_PAGE: Final = 50
_COLUMNS: Final = (
    "task", "person_id", "employee_number", "code", "field", "label", "detail", "do", "who", "since", "age_days",
    "taken_by", "taken_until", "ended_at", "ended_because", "ended_under",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TasksPage:
    """A page of tasks; `by_who` counts all that are open, of `people` different people."""

    tasks: tuple[Task, ...]
    found: Tasks
    by_who: tuple[tuple[str, int], ...]
    open: int
    people: int
    who: str | None
    ended: bool
    first: bool
    asked: Asked
    stopped: tuple[RunId, Verdict] | None  # what holds the sync though no task does, and by which run


@router.get("/e/{entity}/tasks")
def tasks(
    asking: Reader,
    entity: Entity,
    who: Annotated[Acts | None, Query()] = None,
    ended: Annotated[bool, Query()] = False,
    as_at: TypedDay = None,
    cursor: Cursor = None,
) -> HTMLResponse:
    """Those that are open, were open at the end of a day, or have ended."""
    day = as_at or None
    then = by(asking, day)
    ended = ended and then is None
    found = asked.tasks(asking, entity, ended, who, None, None, None, cursor, _A_PAGE, then)
    everything = asking.web.store.views.tasks.open(LegalEntityId(entity))
    counted = Counter(one.who.value if one.who else "" for one in everything)
    page = TasksPage(
        tasks=tuple(found.items),
        found=found,
        by_who=tuple((acts.value, counted[acts.value]) for acts in Acts if counted[acts.value]),
        open=len(everything),
        people=len({one.person_id for one in everything}),
        who=who.value if who else None,
        ended=ended,
        first=cursor is None,
        asked=of_runs(asking, entity, day, ValidationCompleted, DriftChecked),
        stopped=None if everything else _stopped(asking, LegalEntityId(entity)),
    )
    may_act = asking.offers(Permission.VALIDATE) and then is None
    names = names_of(asking, entity, (one.employee_number for one in found.items))
    listing = Listing(
        "tasks",
        _COLUMNS,
        lambda: every_page(lambda at: asked.tasks(asking, entity, ended, who, None, None, None, at, MAX_LIMIT, then)),
        partial(names_of, asking, entity),
    )
    content: dict[str, Any] = {"page": page, "may_act": may_act, "names": names}
    return shown(asking, "tasks.html", entity=entity, current="tasks", listing=listing, **content)


def _stopped(asking: PageAsking, entity: LegalEntityId) -> tuple[RunId, Verdict] | None:
    runs = asking.web.store.views.runs.last([entity], good_since=asking.now - CONFIRMED_WITHIN)[entity]
    verdict, run = stopped_by(runs), next(reversed(runs.braked), runs.ended)
    return (run.run_id, verdict) if verdict and run else None


@router.post("/e/{entity}/tasks/{task}/taken")
def take(asking: Taker, entity: Entity, task: TaskId, fields: Fields) -> Response:
    """Back to the page where somebody said so, which then shows it."""
    asked.take(asking, entity, task, Acted(), key_in(fields))
    return RedirectResponse(within(fields.get("next", "/")), 303)


@router.post("/e/{entity}/tasks/{task}/given-back")
def give_back(asking: Taker, entity: Entity, task: TaskId, fields: Fields) -> Response:
    asked.give_back(asking, entity, task, Acted(), key_in(fields))
    return RedirectResponse(within(fields.get("next", "/")), 303)
