"""What takes long, as it goes on: the words for how far it is, and the events that a page listens to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.http.going import Listening, followed
from api.http.listeners import COUNTED
from api.http.long_work import Kind
from api.http.problems import not_found
from api.http.routes import long_work as asked
from api.http.routes.parameters import Entity
from api.http.routes.runs import RunName
from api.http.schemas.answers import Progressed
from api.pages import words
from api.pages.asking import PageAsking, Signed
from api.presenters.values import Json
from domain.access import Permission

router = APIRouter()
_OF_RUNS: Final = Depends(Signed(Permission.READ_RUNS))
_OF_PLANS: Final = Depends(Signed(Permission.PREVIEW))
_OF_CHECKS: Final = Depends(Signed(Permission.VALIDATE))
_OF_DRIFT: Final = Depends(Signed(Permission.CHECK_DRIFT))
_OF_LOOKS: Final = Depends(Signed(Permission.READ_PEOPLE))
_OF_THE_LOG: Final = Depends(Signed(Permission.READ_LOG))
_ENDED: Final[Json] = {}


def told(progress: Progressed | None, language: str) -> Json | None:
    """As the script of a page takes it."""
    if progress is None:
        return None
    return {"said": words.how_far(progress, language), "done": progress.done, "total": progress.total}


async def of_run(
    asking: Annotated[PageAsking, _OF_RUNS], entity: Entity, run_id: RunName
) -> tuple[PageAsking, Listening]:
    def looked_up() -> Listening:
        asking.entity(entity)
        asking.web.store.views.catch_up()
        row = asking.run_named(run_id)
        if row.legal_entity != entity:
            raise not_found()
        return Listening(asking.web, row.run_id)

    return asking, await run_in_threadpool(looked_up)


@router.get("/e/{entity}/runs/{run_id}/progress", response_class=EventSourceResponse, dependencies=[_OF_RUNS, COUNTED])
async def run(found: Annotated[tuple[PageAsking, Listening], Depends(of_run)]) -> AsyncIterator[ServerSentEvent]:
    asking, listening = found
    async for event in followed(lambda: told(listening.progress(), asking.language), lambda: _ENDED):
        yield event


async def of_plan(asking: Annotated[PageAsking, _OF_PLANS], entity: Entity, work: asked.WorkId) -> PageAsking:
    return await run_in_threadpool(partial(_of_work, asking, entity, Kind.PLAN, work))


@router.get("/e/{entity}/plans/{work}/progress", response_class=EventSourceResponse, dependencies=[_OF_PLANS, COUNTED])
async def plan(asking: Annotated[PageAsking, Depends(of_plan)], work: asked.WorkId) -> AsyncIterator[ServerSentEvent]:
    async for event in followed(partial(_how_far, asking, Kind.PLAN, work), lambda: _ENDED):
        yield event


async def of_check(asking: Annotated[PageAsking, _OF_CHECKS], entity: Entity, work: asked.WorkId) -> PageAsking:
    return await run_in_threadpool(partial(_of_work, asking, entity, Kind.VALIDATION, work))


@router.get(
    "/e/{entity}/checks/{work}/progress", response_class=EventSourceResponse, dependencies=[_OF_CHECKS, COUNTED]
)
async def check(asking: Annotated[PageAsking, Depends(of_check)], work: asked.WorkId) -> AsyncIterator[ServerSentEvent]:
    async for event in followed(partial(_how_far, asking, Kind.VALIDATION, work), lambda: _ENDED):
        yield event


async def of_drift_check(asking: Annotated[PageAsking, _OF_DRIFT], entity: Entity, work: asked.WorkId) -> PageAsking:
    return await run_in_threadpool(partial(_of_work, asking, entity, Kind.DRIFT_CHECK, work))


@router.get(
    "/e/{entity}/differences/checks/{work}/progress",
    response_class=EventSourceResponse,
    dependencies=[_OF_DRIFT, COUNTED],
)
async def drift_check(
    asking: Annotated[PageAsking, Depends(of_drift_check)], work: asked.WorkId
) -> AsyncIterator[ServerSentEvent]:
    async for event in followed(partial(_how_far, asking, Kind.DRIFT_CHECK, work), lambda: _ENDED):
        yield event


async def of_look_ahead(asking: Annotated[PageAsking, _OF_LOOKS], entity: Entity, work: asked.WorkId) -> PageAsking:
    return await run_in_threadpool(partial(_of_work, asking, entity, Kind.FORECAST, work))


@router.get(
    "/e/{entity}/ahead/looks/{work}/progress", response_class=EventSourceResponse, dependencies=[_OF_LOOKS, COUNTED]
)
async def look_ahead(
    asking: Annotated[PageAsking, Depends(of_look_ahead)], work: asked.WorkId
) -> AsyncIterator[ServerSentEvent]:
    async for event in followed(partial(_how_far, asking, Kind.FORECAST, work), lambda: _ENDED):
        yield event


async def of_verification(asking: Annotated[PageAsking, _OF_THE_LOG], work: asked.WorkId) -> PageAsking:
    found = await run_in_threadpool(asking.web.work.found, Kind.VERIFICATION, work)
    if found is None:
        raise not_found()
    return asking


@router.get(
    "/proof/verifications/{work}/progress", response_class=EventSourceResponse, dependencies=[_OF_THE_LOG, COUNTED]
)
async def verification(
    asking: Annotated[PageAsking, Depends(of_verification)], work: asked.WorkId
) -> AsyncIterator[ServerSentEvent]:
    async for event in followed(partial(_how_far, asking, Kind.VERIFICATION, work), lambda: _ENDED):
        yield event


def _of_work(asking: PageAsking, entity: str, kind: Kind, work: str) -> PageAsking:
    asking.entity(entity)
    found = asking.web.work.found(kind, work)
    if found is None or found.legal_entity != entity:
        raise not_found()
    return asking


def _how_far(asking: PageAsking, kind: Kind, work: str) -> Json | None:
    found = asking.web.work.found(kind, work)
    return told(asked.how_far(found) if found else None, asking.language)
