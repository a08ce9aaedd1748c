"""Drift checks, plans and validations: ordered with a 202, done beside it, and fetched by id from any server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import Asking, Requires
from api.http.going import progressed
from api.http.idempotency import IdempotencyKey, once
from api.http.long_work import Kind, Status, Work
from api.http.problems import documented, not_found
from api.http.routes.parameters import NAMED, WORD, Day, Entity, Pilot
from api.http.schemas.answers import Progressed, Trouble, WorkAccepted, WorkAnswer
from api.presenters import drift as present_drift
from api.presenters import forecast as present_forecast
from api.presenters import plan as present_plan
from api.presenters import tasks as present_tasks
from api.presenters import what_if as present_what_if
from api.presenters.values import Json
from api.telemetry import traced
from domain.access import Permission
from domain.grounds.readers import read_json
from domain.planning.business_date import day_begins
from domain.schedule import Job, planned_days
from domain.services.drift.check import check_drift
from domain.services.journal import Progress, Tools
from domain.services.look_ahead import look_ahead
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.what_if import TRIED, each_otherwise, with_settings
from domain.services.sync.named import pilot_of
from domain.services.sync.preview import preview
from domain.services.tasks.validate import validate
from domain.settings import Policy
from domain.values import Actor, RunId

router = APIRouter(tags=["long work"])
Checker = Annotated[Asking, Depends(Requires(Permission.CHECK_DRIFT))]
Previewer = Annotated[Asking, Depends(Requires(Permission.PREVIEW))]
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
Validator = Annotated[Asking, Depends(Requires(Permission.VALIDATE))]
WorkId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]
Fingerprint = Annotated[str, Path(pattern=r"^[a-f0-9]{8,64}$")]
ORDER: Final[dict[str, Any]] = {
    "status_code": 202,
    "response_model": WorkAccepted,
    "responses": documented({409: "A run is in progress, or the key is in use"}),
}
_PLACES: Final = {
    Kind.DRIFT_CHECK: "drift-checks", Kind.PLAN: "plans", Kind.VALIDATION: "validations", Kind.FORECAST: "forecasts",
    Kind.WHAT_IF: "what-ifs",
}  # fmt: skip

Make = Callable[[Policy, Tools, Actor, str, Progress], Json]


class Ordered(BaseModel):
    """Nothing to choose."""

    model_config = ConfigDict(extra="forbid")


class ForecastOrdered(BaseModel):
    """How far, and against which runs: those that are planned, unless others are named."""

    model_config = ConfigDict(extra="forbid")

    months: int = Field(default=3, ge=1, le=12)
    run_on: Annotated[list[date], Field(min_length=1, max_length=100), NAMED] | None = None


class WhatIfOrdered(BaseModel):
    """Which looks, and which settings instead of theirs: one run, check or validation, or all of these days.

    A setting is written `rules.leave_counts_as_active=true`, by the paths of `…/settings`.
    """

    model_config = ConfigDict(extra="forbid")

    run: str | None = Field(default=None, min_length=1, max_length=80, pattern=WORD)
    since: Day | None = Field(default=None, description="The first day; without it and a run, the last 90 days")
    until: Day | None = Field(default=None, description="The last day")
    settings: list[Annotated[str, Field(min_length=3, max_length=200)]] = Field(min_length=1, max_length=20)


class PlanOrdered(BaseModel):
    """`only` makes it the plan of a pilot of these employee numbers; without it, it is of everyone."""

    model_config = ConfigDict(extra="forbid")

    only: Pilot = None


@router.post("/legal-entities/{entity}/drift-checks", **ORDER)
def check(asking: Checker, entity: Entity, body: Ordered, idempotency_key: IdempotencyKey) -> JSONResponse:
    """Order a drift check: both systems are read, nothing is written to Loket. `status_url` tells what came of it."""
    return _ordered(asking, Kind.DRIFT_CHECK, entity, body, idempotency_key, _checked)


@router.get("/drift-checks/{work}")
def checked(asking: Checker, work: WorkId) -> WorkAnswer:
    """How far a drift check is, for 24 hours; its differences stay in `/v1/drift`, and the check itself in the log."""
    return told(asking, Kind.DRIFT_CHECK, work)


@router.post("/legal-entities/{entity}/plans", **ORDER)
def plan(asking: Previewer, entity: Entity, body: PlanOrdered, idempotency_key: IdempotencyKey) -> JSONResponse:
    """Order a plan: what a run would write now, and its fingerprint. Nothing is written, and no run is held up.

    `only_if` of a run takes that fingerprint: exactly this plan is written, or nothing.
    """

    def made(policy: Policy, tools: Tools, _actor: Actor, name: str, progress: Progress) -> Json:
        seen = preview(pilot_of(policy, body.only), tools, progress=progress)
        asking.web.work.name_plan(seen.entity, seen.fingerprint, name)
        return {**present_plan.plan(seen), "only": body.only or []}

    return _ordered(asking, Kind.PLAN, entity, body, idempotency_key, made)


@router.get("/plans/{work}")
def planned(asking: Previewer, work: WorkId) -> WorkAnswer:
    """How far a plan is, and the plan itself, for 24 hours; for whoever reads without people, without them."""
    found = told(asking, Kind.PLAN, work)
    if found.report is None or asking.caller.may(Permission.READ_PEOPLE):
        return found
    return found.model_copy(update={"report": {**found.report, "people": [], "about_to_be_overwritten": []}})


@router.get("/legal-entities/{entity}/plans/{fingerprint}")
def plan_named(asking: Previewer, entity: Entity, fingerprint: Fingerprint) -> WorkAnswer:
    """The newest plan that has this fingerprint, such as the one that a run was given or that the brake stopped."""
    name = asking.web.work.plan_named(asking.entity(entity), fingerprint)
    if name is None:
        raise not_found()
    return planned(asking, name)


@router.post("/legal-entities/{entity}/validations", **ORDER)
def validation(asking: Validator, entity: Entity, body: Ordered, idempotency_key: IdempotencyKey) -> JSONResponse:
    """Order the findings of every included person. Nothing is written to Loket, no run is held up.

    That it was made, what it counted and what is new since the last look goes on record; `…/tasks` lists who has what.
    """
    return _ordered(asking, Kind.VALIDATION, entity, body, idempotency_key, _validated)


@router.get("/validations/{work}")
def validated(asking: Validator, work: WorkId) -> WorkAnswer:
    """How far a validation is, and its findings, for 24 hours."""
    return told(asking, Kind.VALIDATION, work)


@router.post("/legal-entities/{entity}/forecasts", **ORDER)
def forecast(asking: Validator, entity: Entity, body: ForecastOrdered, idempotency_key: IdempotencyKey) -> JSONResponse:
    """Order what the systems show ahead against the planned runs: pay, starts, last days, ends. Nothing is written.

    Personio hides the future of every other attribute, and nothing is guessed about it.
    """
    settings = asking.web.settings

    def make(policy: Policy, tools: Tools, _actor: Actor, _name: str, progress: Progress) -> Json:
        sync = (policy.entity.personio_id, Job.SYNC)
        runs = body.run_on or planned_days(settings.planned(), sync, tools.clock.now(), 31 * body.months)
        found = look_ahead(policy, tools, tuple(runs), months_ahead=body.months, progress=progress)
        return present_forecast.forecast(entity, found)

    return _ordered(asking, Kind.FORECAST, entity, body, idempotency_key, make)


@router.get("/forecasts/{work}")
def foretold(asking: People, work: WorkId) -> WorkAnswer:
    """How far a forecast is, and what it says, for 24 hours."""
    return told(asking, Kind.FORECAST, work)


@router.post("/legal-entities/{entity}/what-ifs", **ORDER)
def what_if(asking: People, entity: Entity, body: WhatIfOrdered, idempotency_key: IdempotencyKey) -> JSONResponse:
    """Order what other settings would have made of past runs, person by person, beside what was done.

    From the log alone: neither system is read, nothing is written, and values are masked. A setting that there is not
    is told as a problem of the work.
    """

    def make(_policy: Policy, tools: Tools, _actor: Actor, _name: str, progress: Progress) -> Json:
        since = day_begins(body.since) if body.since else tools.clock.now() - TRIED
        until = day_begins(body.until, days=1) if body.until else None
        names = looks_between(tools.log, since=since, until=until, entities=[entity])
        looks = Looks(tools.log, tools.vault).those([RunId(body.run)] if body.run else names, entity)
        found = each_otherwise(looks, lambda look: with_settings(look.policy, body.settings), progress)
        return present_what_if.what_ifs(found, body.settings, unmask=False)

    return _ordered(asking, Kind.WHAT_IF, entity, body, idempotency_key, make)


@router.get("/what-ifs/{work}")
def what_would_be(asking: People, work: WorkId) -> WorkAnswer:
    """How far it is, and what would have become of whom, for 24 hours."""
    return told(asking, Kind.WHAT_IF, work)


def _checked(policy: Policy, tools: Tools, actor: Actor, name: str, progress: Progress) -> Json:
    return present_drift.drift_report(check_drift(policy, tools, actor=actor, check_id=RunId(name), progress=progress))


def _validated(policy: Policy, tools: Tools, actor: Actor, name: str, progress: Progress) -> Json:
    return present_tasks.validation(validate(policy, tools, actor=actor, check_id=RunId(name), progress=progress))


def _ordered(asking: Asking, kind: Kind, entity: str, body: BaseModel, key: str, make: Make) -> JSONResponse:
    legal_entity = asking.entity(entity)
    web, caller = asking.web, asking.caller
    policy = web.settings.policy(entity)
    asking.notes(f"{kind}-ordered", entity=entity)

    def work(name: str, progress: Progress) -> Json:
        with web.tools() as tools, traced(kind.name.lower().replace("_", " "), entity, name, progress) as told_of:
            return make(policy, tools, caller.subject, name, told_of)

    def order() -> str:
        name = web.work.order(kind, legal_entity, caller, work)
        accepted = WorkAccepted(work=name, status="in_progress", status_url=f"{asking.base}/v1/{_PLACES[kind]}/{name}")
        return accepted.model_dump_json()

    content = read_json(once(asking, key, body.model_dump_json(), order))
    return JSONResponse(content, 202, {"Location": content["status_url"]})


def how_far(found: Work) -> Progressed | None:
    """None once it is over."""
    return progressed(*found.progress) if found.status is Status.IN_PROGRESS else None


def told(asking: Asking, kind: Kind, name: str, *, of_the_log: bool = False) -> WorkAnswer:
    """`of_the_log`: work of no legal entity, which everybody may be told of who may ask."""
    asking.response.headers["Cache-Control"] = "no-store"  # it goes on while the log stands still
    found = asking.web.work.found(kind, name)
    if found is None or not (of_the_log or asking.caller.sees(found.legal_entity)):
        raise not_found()
    asking.notes(kind, entity=found.legal_entity)
    return WorkAnswer(
        work=name,
        status=found.status,
        legal_entity=found.legal_entity,
        ordered_by=found.ordered_by,
        ordered_at=found.ordered_at,
        report=found.report,
        progress=how_far(found),
        problem=None if found.problem is None else Trouble.model_validate(found.problem),
    )
