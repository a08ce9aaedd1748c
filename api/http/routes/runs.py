"""Sync runs: what came of them, and starting one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from api.http.dependencies import Asking, Requires
from api.http.going import Listening, followed, going, listening
from api.http.idempotency import IdempotencyKey, once
from api.http.listeners import COUNTED
from api.http.problems import documented
from api.http.routes.parameters import DEFAULT, WORD, Cursor, Entity, Limit, Pilot
from api.http.schemas.answers import OutcomeItem, Run, RunAccepted, RunOutcomes, RunReplay, Runs
from api.http.schemas.one_run import RunDetail, StoppedPlan
from api.http.start_run import Wanted, start
from api.presenters import runs as present
from api.presenters.braked import stopped
from api.presenters.values import Json
from domain.access import Permission
from domain.grounds.readers import read_json
from domain.planning.gates import Stop
from domain.services.replay.looks import Looks
from domain.services.replay.replay import replay
from domain.services.sync.report import Outcome
from domain.streams import run_stream
from domain.values import LegalEntityId, RunId
from domain.views.runs import RunRow, Tally, in_full

router = APIRouter(tags=["sync runs"])
_READS: Final = Depends(Requires(Permission.READ_RUNS))
Reader = Annotated[Asking, _READS]
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
Starter = Annotated[Asking, Depends(Requires(Permission.START_RUN))]
RunName = Annotated[str, Path(min_length=1, max_length=80, pattern=WORD)]


class StartRun(BaseModel):
    """What to start. `only_if` names the only plan that may be written. `confirm` lets a plan pass that the brake
    stopped for somebody else, `accept_read` a read that was complete and not believed for somebody else. `only` makes
    it a pilot of these employee numbers; without it the run is of everyone.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    confirm: str | None = Field(default=None, min_length=1, max_length=100, pattern=WORD)
    accept_read: str | None = Field(default=None, min_length=1, max_length=100, pattern=WORD)
    only_if: str | None = Field(default=None, min_length=1, max_length=100, pattern=WORD)
    only: Pilot = None


@router.get("/sync-runs")
def runs(
    asking: Reader,
    legal_entity: Annotated[str | None, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> Runs:
    """Past runs, newest first."""
    entities = [one for one in asking.entities(legal_entity) if one]
    question = asking.question(legal_entity=legal_entity)
    after = asking.web.cursors.after(question, cursor)
    asking.reads("sync-runs", entity=legal_entity or "")
    before = None if after is None else int(after)
    view = asking.web.store.views.runs
    found = [row for one in entities for row in view.runs(LegalEntityId(one), before=before, limit=limit)]
    rows = sorted(found, key=lambda row: row.position, reverse=True)[:limit]
    last = rows[-1].position if rows else before if before is not None else asking.seen + 1
    return Runs(
        items=[Run.model_validate(present.run(row)) for row in rows],
        next=asking.web.cursors.cursor(question, last),
        more=len(found) > limit or len(rows) == limit,
    )


@router.get("/sync-runs/{run_id}", responses=documented({409: "Several runs have ids that begin so"}))
def run(asking: Reader, run_id: RunName) -> RunDetail:
    """One run with every outcome, by its id or how that begins; values are masked. Several such ids are a 409.

    One that was cut off says so at once, though the next run is yet to close it.
    """
    asking.notes("sync-run")
    store = asking.web.store
    store.views.catch_up()
    row = asking.run_named(run_id)
    now = going(asking.web, row)
    asking.fresh(clear=now is not None)
    outcomes = store.views.runs.outcomes(row.run_id) if asking.caller.may(Permission.READ_PEOPLE) else ()
    events = store.vault.marked(store.log.at(sorted(place for one in outcomes for place in one.positions)))
    tallies = [present.tally(one) for one in row.tallies]
    shown = [present.outcome(one) for one in in_full(outcomes, events)]
    told = {**present.run(row), "tallies": tallies, "outcomes": shown, "progress": now.progress if now else None}
    status = (now or row).status.value
    return RunDetail.model_validate({**told, "stopped": stopped_plan(asking, row), "status": status})


def stopped_plan(asking: Asking, row: RunRow) -> StoppedPlan | None:
    """What was in the plan that the brake stopped in this run."""
    if row.reason != Stop.BRAKE:
        return None
    events = asking.web.store.log.stream(run_stream(RunId(row.run_id)))
    told = stopped(events, people=asking.caller.may(Permission.READ_PEOPLE))
    return None if told is None else StoppedPlan.model_validate(told)


async def a_run(asking: Reader, run_id: RunName) -> Listening:
    """Before anything is answered: which run is listened to."""
    return await run_in_threadpool(partial(listening, asking, run_id))


@router.get("/sync-runs/{run_id}/progress", response_class=EventSourceResponse, dependencies=[_READS, COUNTED])
async def run_progress(listening: Annotated[Listening, Depends(a_run)]) -> AsyncIterator[ServerSentEvent]:
    """How far a run is, as server-sent events: `progress` with phase, done and total, then `end` with its status.

    An answer ends after some seconds in any case; whoever listens asks again, as browsers do by themselves.
    """

    def told() -> Json | None:
        progress = listening.progress()
        return progress.model_dump() if progress else None

    async for event in followed(told, listening.end):
        yield event


@router.get("/sync-runs/{run_id}/outcomes", responses=documented({409: "Several runs have ids that begin so"}))
def run_outcomes(
    asking: People,
    run_id: RunName,
    outcome: Annotated[Outcome | None, Query(description="Only of these people")] = None,
    reason: Annotated[str | None, Query(max_length=40, pattern=WORD, description="One rule or finding")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> RunOutcomes:
    """What one run made of its people, a page at a time, in the order of the log; values are masked."""
    asking.reads("sync-run")
    row = asking.run_named(run_id)
    wanted = [one for one in row.tallies if outcome in (None, one.outcome) and reason in (None, one.reason)]
    return outcomes_of(asking, row, wanted, cursor, limit, outcome=outcome, reason=reason)


@router.get(
    "/sync-runs/{run_id}/replay",
    responses=documented({404: "No such run, or what its decisions stood on is not on record"}),
)
def run_replay(asking: People, run_id: RunName) -> RunReplay:
    """Every decision of one run made again from the log, and whether it came out as recorded; no value is shown."""
    asking.reads("sync-run")
    return replayed(asking, asking.run_named(run_id))


def replayed(asking: Asking, row: RunRow) -> RunReplay:
    """Raises NotFound, with the reason, where it cannot be derived again."""
    store = asking.web.store
    return RunReplay.model_validate(replay(Looks(store.log, store.vault), RunId(row.run_id)).as_json())


def outcomes_of(
    asking: Asking, row: RunRow, wanted: Collection[Tally], cursor: str | None, limit: int, **filters: object
) -> RunOutcomes:
    """A page of those whom these tallies count."""
    question = asking.question(**filters, by="place")  # a cursor from when it told a position is none of these
    after = asking.web.cursors.after(question, cursor)
    begin, store = -1 if after is None else int(after), asking.web.store
    rows = store.views.runs.some_outcomes(row.run_id, wanted, after=begin, limit=limit)
    events = store.vault.marked(store.log.at(sorted(place for one in rows for place in one.positions)))
    return RunOutcomes(
        run_id=row.run_id,
        found=sum(one.people for one in wanted),
        items=[OutcomeItem.model_validate(present.outcome(one)) for one in in_full(rows, events)],
        next=asking.web.cursors.cursor(question, rows[-1].place if rows else begin),
        more=len(rows) == limit,
    )


@router.post(
    "/legal-entities/{entity}/sync-runs",
    status_code=202,
    response_model=RunAccepted,
    responses=documented({409: "A run is in progress, or the key is in use"}),
)
def start_run(
    asking: Starter,
    entity: Entity,
    body: StartRun,
    idempotency_key: IdempotencyKey,
) -> JSONResponse:
    """Start a run. It goes on after this answer; `status_url` tells what came of it.

    With `only_if` it writes that plan or nothing: a plan that has changed in between is refused and named in the run.
    The same key with the same body answers the same again and starts nothing. A run in progress is a 409 that names it.
    """
    legal_entity = asking.entity(entity)
    web, subject = asking.web, asking.caller.subject
    wanted = Wanted(body.confirm, body.accept_read, body.only_if, body.only)
    return _accepted(
        once(
            asking,
            idempotency_key,
            body.model_dump_json(),
            lambda: start(web, legal_entity, subject, wanted, base=asking.base).model_dump_json(),
        )
    )


def _accepted(answer: str) -> JSONResponse:
    content = read_json(answer)
    return JSONResponse(content, 202, {"Location": content["status_url"]})
