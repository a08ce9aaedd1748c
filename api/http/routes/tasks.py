"""People with tasks: what holds a legal entity, what is to be done by whom, since when, and who sees to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.http.cursors import MAX_LIMIT
from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.problems import Fault, documented, invalid_request, not_found
from api.http.routes.parameters import DEFAULT, DIGITS, AsAt, Cursor, Entity, Limit, OneNumber, aware
from api.http.schemas.answers import Answer, Page
from api.identifiers import new_run_id
from api.presenters import tasks as present
from domain.access import Permission
from domain.events.findings import FindingChanged, FindingOpened
from domain.grounds.readers import read_json
from domain.planning.findings import Acts
from domain.services.tasks.take import Taking
from domain.values import EmployeeNumber, LegalEntityId, PersonId
from domain.views.tasks import TaskFilters, TaskRow

router = APIRouter(prefix="/legal-entities/{entity}/tasks", tags=["tasks"])
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
Taker = Annotated[Asking, Depends(Requires(Permission.VALIDATE))]
TaskId = Annotated[int, Path(description="Position of the event that first told of it", ge=0, le=2**62), DIGITS]
_ACT: Final[dict[str, Any]] = {"responses": documented({409: "Somebody else sees to it today, or the key is in use"})}


class Task(Answer):
    task: int
    legal_entity: str
    person_id: str
    employee_number: int | None
    code: str
    field: str | None
    label: str | None = Field(description="The field in words")
    rule: str = Field(description="Why it holds the legal entity")
    detail: str | None
    proposal: str | None = Field(description="What may be meant; masked")
    do: str | None
    who: Acts | None = Field(description="Who must act: in Personio, in payroll, or on the connection between the two")
    since: datetime = Field(description="When a run or check first saw it")
    age_days: int
    seen_by: str = Field(description="The run or check that first saw it")
    taken_by: str | None = Field(description="Who sees to it today")
    taken_until: date | None
    ended_at: datetime | None
    ended_because: str | None = Field(description="no_longer_found, person_left_out or person_gone")
    ended_under: str | None = Field(description="The rule that leaves the person out")
    ended_by: str | None = Field(description="The run or check that saw it ended")


class Look(Answer):
    """The last run or check that judged everyone."""

    look: str
    kind: str = Field(description="run, drift_check or validation")
    at: datetime
    position: int


class Tasks(Page):
    legal_entity: str
    last_look: Look | None = Field(description="What the tasks are as of; null before a first run or check")
    items: list[Task]


class Acted(BaseModel):
    """Nothing to choose."""

    model_config = ConfigDict(extra="forbid")


@router.get("")
def tasks(
    asking: People,
    entity: Entity,
    ended: Annotated[bool, Query(description="Those that have ended, instead of those that are open")] = False,
    who: Annotated[Acts | None, Query(description="Who must act")] = None,
    code: Annotated[str | None, Query(pattern=r"^[A-Z][A-Z_]{1,60}$", description="One finding")] = None,
    person_id: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,64}$")] = None,
    employee_number: OneNumber = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
    as_at: AsAt = None,
) -> Tasks:
    """People with tasks, oldest first, as the last run or check saw them; from the log, neither system is asked.

    A task ends when a run or check sees that it is done, or that the person takes no part; nobody ticks it off.
    `as_at` gives those that were open at that instant, as they were told by then.
    """
    legal_entity = asking.entity(entity)
    by = aware(as_at, "query.as_at")
    if by is not None and ended:
        raise invalid_request([Fault(where="query.ended", what="not with as_at", allowed="one of the two")])
    question = asking.question(
        ended=ended, who=who, code=code, person_id=person_id, employee_number=employee_number, as_at=by
    )
    after = asking.web.cursors.after(question, cursor)
    asking.reads("tasks", entity=entity, number=employee_number)
    filters = TaskFilters(
        ended=ended,
        as_at=by,
        who=who,
        code=code,
        person=None if person_id is None else PersonId(person_id),
        number=None if employee_number is None else EmployeeNumber(employee_number),
    )
    begin = -1 if after is None else int(after)
    view = asking.web.store.views.tasks
    rows = view.tasks(legal_entity, filters, after=begin, limit=limit)
    if by is not None:
        rows = [_then(asking, row, by) for row in rows]
    look = view.last_look(legal_entity)
    seen = present.look(look) if look and (by is None or look.at <= by) else None
    return Tasks(
        legal_entity=entity,
        last_look=None if seen is None else Look.model_validate(seen),
        items=_told(asking, *rows, at=by),
        next=asking.web.cursors.cursor(question, rows[-1].position if rows else begin),
        more=len(rows) == limit,
    )


def of_person(asking: Asking, legal_entity: LegalEntityId, number: EmployeeNumber, by: datetime | None) -> list[Task]:
    """The open tasks of one employee, or those that were open then; who asks has put reading on record."""
    rows = asking.web.store.views.tasks.tasks(
        legal_entity, TaskFilters(as_at=by, number=number), after=-1, limit=MAX_LIMIT
    )
    return _told(asking, *(rows if by is None else [_then(asking, row, by) for row in rows]), at=by)


@router.get("/{task}")
def task(asking: People, entity: Entity, task: TaskId) -> Task:
    """One task, open or ended."""
    legal_entity = asking.entity(entity)
    asking.reads("task", entity=entity)
    row = asking.web.store.views.tasks.task(task)
    if row is None or row.legal_entity != legal_entity:
        raise not_found()
    return _told(asking, row)[0]


@router.post("/{task}/taken", response_model=Task, **_ACT)
def take(asking: Taker, entity: Entity, task: TaskId, body: Acted, idempotency_key: IdempotencyKey) -> JSONResponse:
    """See to a task until the end of today, so that nobody else does. It holds nothing up and makes nothing good."""
    return _acted(asking, entity, body, idempotency_key, lambda taking: taking.take(task))


@router.post("/{task}/given-back", response_model=Task, **_ACT)
def give_back(
    asking: Taker, entity: Entity, task: TaskId, body: Acted, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """See to a task no more: somebody else can."""
    return _acted(asking, entity, body, idempotency_key, lambda taking: taking.give_back(task))


def _acted(asking: Asking, entity: str, body: Acted, key: str, act: Callable[[Taking], TaskRow]) -> JSONResponse:
    legal_entity = asking.entity(entity)
    web, subject = asking.web, asking.caller.subject
    asking.notes("task-acted-on", entity=entity)

    def make() -> str:
        with web.tools() as tools:
            correlation = f"task-{new_run_id(tools.clock.now())}"
            row = act(Taking(entity=legal_entity, actor=subject, tools=tools, correlation=correlation))
        return _told(asking, row)[0].model_dump_json()

    return JSONResponse(read_json(once(asking, key, body.model_dump_json(), make)))


def _told(asking: Asking, *rows: TaskRow, at: datetime | None = None) -> list[Task]:
    store, now = asking.web.store, at or asking.now
    return [Task.model_validate(one) for one in present.tasks(rows, log=store.log, vault=store.vault, now=now)]


def _then(asking: Asking, row: TaskRow, by: datetime) -> TaskRow:
    """As it was told by then: what was told of it later is read again only where something was."""
    if row.told == row.position:
        return row.then(row.position)
    told = [
        one.position
        for one in asking.web.store.log.stream(row.stream)
        if row.position <= one.position <= row.told
        and one.meta.recorded_at <= by
        and isinstance(one.fact, FindingOpened | FindingChanged)
    ]
    return row.then(max(told, default=row.position))
