"""Runs, and one run: what it did, to whom, whether it adds up; and, while it goes on, how far it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from api.http.cursors import MAX_LIMIT
from api.http.going import going
from api.http.problems import not_found
from api.http.routes import runs as asked
from api.http.routes.entities import Settings, SignIn, applied_to
from api.http.routes.parameters import WORD, Cursor, Entity
from api.http.routes.runs import RunName
from api.http.routes.tasks import Task
from api.http.schemas.answers import Progressed, Run, RunOutcomes, RunReplay, Tally
from api.http.schemas.one_run import StoppedPlan
from api.pages.asking import PageAsking, Signed
from api.pages.figures import HELD_BY_OTHERS, Funnel, funnel
from api.pages.frame import shown
from api.pages.listing import Listing, every_page
from api.pages.names import names_of
from api.pages.running.plan import address_of_plan
from api.pages.running.second_person import Stopped, braked, doubted, stopped
from api.presenters import runs as present
from api.presenters import tasks as present_tasks
from domain.access import Permission
from domain.errors import NotFound
from domain.planning.gates import Stop
from domain.rules import RULES
from domain.values import LegalEntityId
from domain.views.runs import RunRow, RunStatus
from domain.views.tasks import TaskFilters

router = APIRouter()
Reader = Annotated[PageAsking, Depends(Signed(Permission.READ_RUNS))]
_A_PAGE: Final = 25
_PEOPLE: Final = 50
_DULL: Final = ("unchanged", "left_out")
Chosen = Annotated[str | None, Query(max_length=40, pattern=WORD)]
_COLUMNS: Final = (
    "run_id", "business_date", "started_at", "ended_at", "status", "reason", "message", "actor", "fingerprint",
    "counts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run, by the counts that are kept with it. `people` are a page of those whom the filter lets through; without
    one, of whom something was written for or stands in the way of; None for whoever reads without people.
    """

    run: Run
    progress: Progressed | None  # None: it has ended, or was cut off
    funnel: Funnel
    people: RunOutcomes | None
    outcome: str | None
    reason: str | None
    first: bool
    statement: str | None
    stopped: Stopped | None  # what waits for a second person
    plan: str | None  # where the plan is looked at that it was given, or stopped with
    braked: StoppedPlan | None = None  # what the brake stopped; None: it did not, or that was not recorded yet
    wrong: str = ""
    tasks: Mapping[str, list[Task]] = field(default_factory=dict)  # by person, as they were open when it ended
    replayed: RunReplay | None = None  # its decisions, made again; None: nobody asked
    not_derivable: str = ""  # why they cannot be

    @property
    def decided(self) -> bool:
        """Whether it came so far that everybody was decided about, though something may have stopped it then."""
        return self.run.ended_at is not None and (self.run.status != "refused" or self.run.reason in set(Stop))

    @property
    def everybody(self) -> int:
        return self.funnel.people


@router.get("/e/{entity}/runs")
def runs(asking: Reader, entity: Entity, cursor: Cursor = None) -> HTMLResponse:
    asking.entity(entity)
    found = asked.runs(asking, entity, cursor, _A_PAGE)
    listing = Listing(
        "runs", _COLUMNS, lambda: every_page(lambda at: asked.runs(asking, entity, at, MAX_LIMIT)), lambda _: {}
    )
    rows = [Run.model_validate(one) for one in found.items]
    return shown(
        asking, "runs.html", entity=entity, current="runs", runs=rows, changed=_changed_between(asking, entity, rows),
        next=found.next if found.more else None, first=cursor is None, listing=listing,
    )  # fmt: skip


def _changed_between(asking: PageAsking, entity: str, rows: Sequence[Run]) -> list[Settings | SignIn]:
    """What changed around these runs since the oldest of them, newest first; the first settings change nothing."""
    if not rows:
        return []
    told = applied_to(asking, LegalEntityId(entity))
    found: list[Settings | SignIn] = [one for one in told.settings if one.changes is not None]
    found += told.sign_ins
    here = (one for one in found if one.since >= rows[-1].started_at)
    return sorted(here, key=lambda one: one.since, reverse=True)


@router.get("/e/{entity}/runs/{run_id}")
def run(
    asking: Reader,
    entity: Entity,
    run_id: RunName,
    outcome: Chosen = None,
    reason: Chosen = None,
    cursor: Cursor = None,
    derive: bool = False,
) -> HTMLResponse:
    return page_of(asking, entity, run_id, outcome=outcome, reason=reason, cursor=cursor, derive=derive)


def _tasks_then(asking: PageAsking, row: RunRow) -> Mapping[str, list[Task]]:
    """What stood in the way of a run that was blocked, by person: tasks that were open at its end, up to so many.

    A detail that was told anew since may be a later one, and is left out.
    """
    web, found = asking.web, defaultdict[str, list[Task]](list)
    then = TaskFilters(as_at=row.ended_at)
    rows = web.store.views.tasks.tasks(row.legal_entity, then, after=-1, limit=MAX_LIMIT)
    at = {one.position: one.meta.recorded_at for one in web.store.log.at(sorted({one.told for one in rows}))}
    told = present_tasks.tasks(rows, log=web.store.log, vault=web.store.vault, now=asking.now)
    for row_of_task, one in zip(rows, told, strict=True):
        detail = one["detail"] if at.get(row_of_task.told, asking.now) <= (row.ended_at or asking.now) else None
        found[row_of_task.person_id].append(Task.model_validate({**one, "detail": detail}))
    return found


def _derived(asking: PageAsking, row: RunRow) -> tuple[RunReplay | None, str]:
    """Its decisions made again from the log, or why they cannot be."""
    try:
        return asked.replayed(asking, row), ""
    except NotFound as reason:
        return None, str(reason)


def page_of(
    asking: PageAsking,
    entity: str,
    run_id: str,
    *,
    outcome: str | None = None,
    reason: str | None = None,
    cursor: str | None = None,
    derive: bool = False,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The page of a run; `wrong`: what was typed and is not right."""
    asking.entity(entity)
    asking.reads("sync-run", entity=entity)
    row = asking.run_named(run_id)
    if row.legal_entity != entity:
        raise not_found()
    now = going(asking.web, row)
    told = Run.model_validate({**present.run(row), "status": (now or row).status.value})
    tallies = [Tally.model_validate(present.tally(one)) for one in row.tallies]
    wanted = [one for one in row.tallies if outcome in (None, one.outcome) and reason in (None, one.reason)]
    if outcome is None and reason is None:
        wanted = [one for one in wanted if one.outcome not in _DULL and (one.outcome, one.reason) != HELD_BY_OTHERS]
    people = None
    if asking.caller.may(Permission.READ_PEOPLE):
        people = asked.outcomes_of(asking, row, wanted, cursor, _PEOPLE, outcome=outcome, reason=reason)
    replayed, why_not = _derived(asking, row) if derive and people is not None else (None, "")
    rule = RULES.get(told.reason or "")
    stops = braked(asking, entity) if told.reason == "BRAKE" else doubted(asking, entity) if told.fingerprint else ()
    page = RunPage(
        run=told,
        progress=now.progress if now else None,
        funnel=funnel(tallies, told.counts),
        people=people,
        outcome=outcome,
        reason=reason,
        first=cursor is None,
        statement=rule.statement if rule else None,
        stopped=stopped(asking, stops, told.fingerprint) if told.fingerprint else None,
        plan=address_of_plan(asking, entity, told.plan or (told.fingerprint if told.reason == "BRAKE" else None)),
        braked=asked.stopped_plan(asking, row),
        wrong=wrong,
        tasks=_tasks_then(asking, row) if people is not None and row.status is RunStatus.BLOCKED else {},
        replayed=replayed,
        not_derivable=why_not,
    )
    told_of = [*(people.items if people else ()), *(page.braked.people if page.braked else ())]
    names = names_of(asking, entity, (one.employee_number for one in told_of))
    may_act = asking.offers(Permission.START_RUN)
    answer = shown(
        asking, "run.html", entity=entity, current="runs", page=page, names=names, may_act=may_act,
        path=f"/e/{entity}/runs/{row.run_id}",
    )  # fmt: skip
    answer.status_code = status
    return answer
