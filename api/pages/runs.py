"""Runs, and one run: what it did, to whom, and whether it adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import HTMLResponse

from api.http.problems import not_found
from api.http.routes import runs as asked
from api.http.routes.parameters import WORD, Cursor, Entity
from api.http.schemas.answers import OutcomeItem, Run, RunDetail
from api.pages.asking import PageAsking, Signed
from api.pages.figures import HELD_BY_OTHERS, Funnel, funnel
from api.pages.frame import shown
from api.pages.names import names_of
from domain.access import Permission
from domain.rules import RULES

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_RUNS))]
_A_PAGE: Final = 25
_PEOPLE: Final = 100
_DULL: Final = ("unchanged", "left_out")


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run. `people` are at most a hundred of `found`: whom the filter lets through; without one, whom something
    was written for, or stands in the way of.
    """

    run: RunDetail
    funnel: Funnel
    people: Sequence[OutcomeItem]
    found: int
    outcome: str | None
    reason: str | None
    statement: str | None


@router.get("/e/{entity}/runs")
def runs(asking: Reader, entity: Entity, cursor: Cursor = None) -> HTMLResponse:
    asking.entity(entity)
    found = asked.runs(asking, entity, cursor, _A_PAGE)
    return shown(
        asking, "runs.html", entity=entity, current="runs", runs=[Run.model_validate(one) for one in found.items],
        next=found.next if found.more else None, first=cursor is None,
    )  # fmt: skip


@router.get("/e/{entity}/runs/{run_id}")
def run(
    asking: Reader,
    entity: Entity,
    run_id: Annotated[str, Path(min_length=1, max_length=80, pattern=WORD)],
    outcome: Annotated[str | None, Query(max_length=40)] = None,
    reason: Annotated[str | None, Query(max_length=40)] = None,
) -> HTMLResponse:
    asking.entity(entity)
    found = asked.run(asking, run_id)
    if found.legal_entity != entity:
        raise not_found()
    people = [one for one in found.outcomes if outcome in (None, one.outcome) and reason in (None, one.reason)]
    if outcome is None and reason is None:
        people = [one for one in people if one.outcome not in _DULL and (one.outcome, one.reason) != HELD_BY_OTHERS]
    rule = RULES.get(found.reason or "")
    page = RunPage(
        run=found,
        funnel=funnel(found.tallies, found.counts),
        people=people[:_PEOPLE],
        found=len(people),
        outcome=outcome,
        reason=reason,
        statement=rule.statement if rule else None,
    )
    with_people = asking.caller.may(Permission.READ_PEOPLE)
    names = names_of(asking, entity, (one.employee_number for one in page.people))
    return shown(asking, "run.html", entity=entity, current="runs", page=page, with_people=with_people, names=names)
