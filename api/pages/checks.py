"""Checking again: everyone of a legal entity is looked at anew, and nothing is written to Loket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.http.problems import not_found
from api.http.routes import long_work as asked
from api.http.routes.parameters import Entity
from api.http.schemas.answers import Progressed, WorkAnswer
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.frame import shown
from api.pages.names import names_of
from api.presenters.values import Json
from domain.access import Permission
from domain.grounds.readers import read_json
from domain.values import LegalEntityId
from domain.views.tasks import LookRow

router = APIRouter()
Checker = Annotated[PageAsking, Depends(Signed(Permission.VALIDATE))]


@dataclass(frozen=True, slots=True)
class Case:
    """A task that is new, changed or gone; `field` in words, `ended` why it is gone."""

    person_id: str
    employee_number: int | None
    code: str
    field: str | None
    ended: str | None


@dataclass(frozen=True, slots=True)
class CheckPage:
    """`gone` and the other two are None where whoever looked meanwhile has told it; `open` counts who has tasks."""

    work: str
    status: str
    progress: Progressed | None
    ordered_by: str
    ordered_at: datetime
    refused: str | None
    look: LookRow | None  # what the tasks are as of
    people: int
    open: int
    gone: tuple[Case, ...] | None
    new: tuple[Case, ...] | None
    changed: tuple[Case, ...] | None


@router.post("/e/{entity}/checks")
def check(asking: Checker, entity: Entity, fields: Annotated[dict[str, str], Depends(form)]) -> Response:
    """Order one: however often the form is sent."""
    ordered = asked.validation(asking, entity, asked.Ordered(), key_in(fields))
    return RedirectResponse(f"/e/{entity}/checks/{read_json(bytes(ordered.body))['work']}", 303)


@router.get("/e/{entity}/checks/{work}")
def checked(asking: Checker, entity: Entity, work: asked.WorkId) -> HTMLResponse:
    """How far it is, then what is gone, new and changed."""
    asking.entity(entity)
    told = asked.validated(asking, work)
    if told.legal_entity != entity:
        raise not_found()
    asking.seen = asking.web.store.log.size() - 1
    asking.web.store.views.catch_up()
    page = _page(told, asking.web.store.views.tasks.last_look(LegalEntityId(entity)))
    cases = (*(page.gone or ()), *(page.new or ()), *(page.changed or ()))
    names = names_of(asking, entity, (one.employee_number for one in cases))
    return shown(asking, "check.html", entity=entity, current="tasks", page=page, names=names)


def _page(told: WorkAnswer, look: LookRow | None) -> CheckPage:
    report = told.report or {}
    return CheckPage(
        work=told.work,
        status=told.status,
        progress=told.progress,
        ordered_by=told.ordered_by,
        ordered_at=told.ordered_at,
        refused=told.problem.type if told.problem else None,
        look=look,
        people=report.get("included", 0),
        open=len({one["person_id"] for one in report.get("findings", ())}),
        gone=_cases(report.get("ended")),
        new=_cases(report.get("new")),
        changed=_cases(report.get("changed")),
    )


def _cases(found: Iterable[Json] | None) -> tuple[Case, ...] | None:
    if found is None:
        return None
    return tuple(
        Case(
            one["person_id"],
            one["employee_number"],
            one["code"],
            one["field"],
            one.get("because"),
        )
        for one in found
    )
