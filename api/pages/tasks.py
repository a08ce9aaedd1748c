"""People with tasks: who holds the sync, what exactly is wrong, who acts, where, and since when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from api.http.routes import tasks as asked
from api.http.routes.parameters import Cursor, Entity
from api.http.routes.tasks import Task, Tasks
from api.pages.asking import PageAsking, Signed
from api.pages.frame import shown
from domain.access import Permission
from domain.planning.findings import Acts
from domain.values import LegalEntityId

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_PEOPLE))]
_A_PAGE: Final = 100


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


@router.get("/e/{entity}/tasks")
def tasks(
    asking: Reader,
    entity: Entity,
    who: Annotated[Acts | None, Query()] = None,
    ended: Annotated[bool, Query()] = False,
    cursor: Cursor = None,
) -> HTMLResponse:
    found = asked.tasks(asking, entity, ended, who, None, None, None, cursor, _A_PAGE)
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
    )
    return shown(asking, "tasks.html", entity=entity, current="tasks", page=page)
