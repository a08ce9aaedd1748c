"""What must be done today, by whom, and what happens if nobody does it: what blocks payroll first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.routes.parameters import Entity
from api.pages.asking import PageAsking, Signed
from api.pages.frame import first_page, shown
from domain.access import Permission
from domain.events.loket import LinkState
from domain.planning.brake import CONFIRMED_WITHIN
from domain.planning.findings import Acts
from domain.values import LegalEntityId
from domain.views.runs import RunRow, RunStatus
from domain.views.tasks import LookRow, TaskRow

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.PUBLIC))]
_RUNS: Final = 10
_CONCEPTS: Final = 500


@dataclass(frozen=True, slots=True)
class TodayPage:
    """`tasks` and what follows are None for whoever reads without people."""

    runs: tuple[RunRow, ...]
    last: RunRow | None
    tasks: tuple[TaskRow, ...] | None
    look: LookRow | None
    by_who: tuple[tuple[str, int, int], ...]  # who acts, how many, the oldest in days
    concepts: int
    differences: int
    braked: tuple[tuple[str, str], ...]  # run, who ran into the brake

    @property
    def holding(self) -> int:
        """People whose tasks hold the sync."""
        return len({one.person_id for one in self.tasks or ()})

    @property
    def unknown(self) -> int:
        return self.last.counts.get("unknown", 0) if self.last else 0

    @property
    def calm(self) -> bool:
        trouble = self.last is not None and self.last.status not in (RunStatus.COMPLETED, RunStatus.IN_PROGRESS)
        return not (self.tasks or self.concepts or self.differences or self.braked or self.unknown or trouble)


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
    tasks = tuple(views.tasks.open(entity)) if people else None
    ages = {acts: [one.age(asking.now) for one in tasks or () if one.who is acts] for acts in Acts}
    page = TodayPage(
        runs=runs,
        last=next((one for one in runs if one.status is not RunStatus.IN_PROGRESS), None),
        tasks=tasks,
        look=views.tasks.last_look(entity),
        by_who=tuple((acts.value, len(days), max(days)) for acts, days in ages.items() if days),
        concepts=_concepts(asking, entity) if people else 0,
        differences=len(views.drift.cases(entity)) if people else 0,
        braked=tuple((run, actor) for run, _, actor in views.sync_state.braked(entity, asking.now - CONFIRMED_WITHIN)),
    )
    return shown(asking, "today.html", entity=entity, current="", page=page)


def _concepts(asking: PageAsking, entity: LegalEntityId) -> int:
    """Concept employees that payroll completes in Loket, of the first so many people."""
    states = asking.web.store.views.sync_state.states(entity, limit=_CONCEPTS)
    return sum(1 for one in states if one.link is LinkState.CONCEPT)
