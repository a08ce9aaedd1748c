"""Starting exactly the plan that is shown, letting one pass that was stopped for somebody else, accepting a read."""

from __future__ import annotations

import time
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse, Response

from api.http.problems import not_found
from api.http.routes import long_work
from api.http.routes import runs as asked
from api.http.routes.parameters import Entity
from api.http.routes.runs import RunName, StartRun
from api.pages import runs
from api.pages.asking import PageAsking, Signed, form, key_in
from api.pages.running import plan
from api.pages.running.second_person import braked, doubted, stopped
from api.presenters.values import Json
from domain.access import Permission
from domain.errors import RunAlreadyInProgress
from domain.grounds.readers import read_json
from domain.values import RunId

router = APIRouter()
Starter = Annotated[PageAsking, Depends(Signed(Permission.START_RUN))]
Fields = Annotated[dict[str, str], Depends(form)]
_LOOKS: Final = 10  # for somebody else's run to be on record
_NO_PLAN: Final = "none"
"""Given to a run in place of a fingerprint: whatever the systems show by then, it is another plan (RUN-14)."""

_APART: Final = 0.2  # seconds


@router.post("/e/{entity}/plans/{work}/start")
def start(asking: Starter, entity: Entity, work: long_work.WorkId, fields: Fields) -> Response:
    """The plan of this page, or nothing."""
    key, report = key_in(fields), _report(asking, entity, work)
    return _started(asking, entity, StartRun(only_if=report["fingerprint"], only=report["only"] or None), key)


@router.post("/e/{entity}/plans/{work}/confirmed")
def confirm(asking: Starter, entity: Entity, work: long_work.WorkId, fields: Fields) -> Response:
    """By a second person, who says for how many people it writes."""
    key, report = key_in(fields), _report(asking, entity, work)
    print_of_plan = report["fingerprint"]
    asking.web.store.views.catch_up()
    found = stopped(asking, braked(asking, entity), print_of_plan)
    if found is None or not found.may:
        return plan.page_of(asking, entity, work, wrong="second", status=403)
    if fields.get("people", "").strip() != str(report["people_to_write"]):
        return plan.page_of(asking, entity, work, wrong="people", status=422)
    body = StartRun(only_if=print_of_plan, confirm=print_of_plan, only=report["only"] or None)
    return _started(asking, entity, body, key)


@router.post("/e/{entity}/plans/{work}/doubted")
def doubt(asking: Starter, entity: Entity, work: long_work.WorkId, fields: Fields) -> Response:
    """A run that puts on record what is not believed, so that somebody else can accept it; it writes nothing."""
    key, told = key_in(fields), plan.plan_told(asking, entity, work)
    if told.problem is None or told.problem.type != "read-not-believed":
        raise not_found()
    return _started(asking, entity, StartRun(only_if=_NO_PLAN), key)


@router.post("/e/{entity}/runs/{run_id}/accepted")
def accept(asking: Starter, entity: Entity, run_id: RunName, fields: Fields) -> Response:
    """A read that was not believed for somebody else, by who says how many people Personio shows."""
    asking.entity(entity)
    key = key_in(fields)
    asking.web.store.views.catch_up()
    row = asking.run_named(run_id)
    if row.legal_entity != entity or row.fingerprint is None:
        raise not_found()
    found = stopped(asking, doubted(asking, entity), row.fingerprint)
    if found is None or not found.may:
        return runs.page_of(asking, entity, run_id, wrong="second", status=403)
    if row.read is None or fields.get("people", "").strip() != str(row.read.people):
        return runs.page_of(asking, entity, run_id, wrong="people", status=422)
    return _started(asking, entity, StartRun(accept_read=row.fingerprint), key)


def _report(asking: PageAsking, entity: str, work: str) -> Json:
    told = plan.plan_told(asking, entity, work)
    if told.report is None:
        raise not_found()
    return told.report


def _started(asking: PageAsking, entity: str, body: StartRun, key: str) -> Response:
    """To the run that came of it; to somebody else's, where that was first."""
    try:
        accepted = read_json(bytes(asked.start_run(asking, entity, body, key).body))
        return RedirectResponse(f"/e/{entity}/runs/{accepted['run_id']}", 303)
    except RunAlreadyInProgress as reason:
        known = _known(asking, RunId(reason.held_by))
        return RedirectResponse(f"/e/{entity}/runs/{reason.held_by}" if known else f"/e/{entity}/runs", 303)


def _known(asking: PageAsking, run: RunId) -> bool:
    """Whether it is a run, and not a check; one that has just begun is waited for."""
    views = asking.web.store.views
    for _ in range(_LOOKS):
        views.catch_up()
        if views.runs.run(run) is not None:
            return True
        time.sleep(_APART)
    return False
