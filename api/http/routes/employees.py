"""One legal entity's employees: who is synced, one employee's history and state, and why someone was not synced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.http.dependencies import Asking, Requires
from api.http.idempotency import IdempotencyKey, once
from api.http.problems import Fault, documented, invalid_request
from api.http.routes.parameters import DEFAULT, REASON, WORD, AsAt, Cursor, Day, Entity, Limit, Number, Unmask, aware
from api.http.schemas.answers import (
    ComparedField,
    Comparison,
    EmployeeItem,
    Employees,
    History,
    HistoryItem,
    Released,
    State,
    StateItem,
    Why,
)
from api.identifiers import new_run_id
from api.presenters import employees as present
from api.presenters.history import compared_item, history_item, state_item
from domain.access import Permission
from domain.events.catalogue import NAME_OF
from domain.events.runs import OutcomeRecorded, OutcomesRecorded
from domain.grounds.readers import read_json
from domain.log import Recorded
from domain.outcomes import Outcome
from domain.planning.business_date import business_date
from domain.services.journal import Journal
from domain.services.read_employee import away_since, last_look, read_day, read_employee
from domain.services.release_employee import release_employee
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.comparison import compare
from domain.views.employee_state import state as state_of
from domain.views.history import Span, lines
from domain.views.runs import OutcomeRow, RunRow, Tally
from domain.views.sync_state import LastOutcome, Linked, PeopleFilters, PersonState, Place

_OUTCOMES: Final = (NAME_OF[OutcomeRecorded], NAME_OF[OutcomesRecorded])
router = APIRouter(prefix="/legal-entities/{entity}/employees", tags=["employees"])
On = Annotated[Day | None, Query(description="What held on that day; today if left out")]
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
Decider = Annotated[Asking, Depends(Requires(Permission.DECIDE))]


class ReleaseEmployee(BaseModel):
    """Why it is certain that Loket removed the employee; sealed with the person's own key."""

    model_config = ConfigDict(extra="forbid", strict=True)

    reason: str = Field(min_length=1, max_length=500, pattern=REASON)


@router.get("")
def employees(
    asking: People,
    entity: Entity,
    outcome: Annotated[Outcome | None, Query(description="Of whom the latest run told this")] = None,
    reason: Annotated[str | None, Query(max_length=40, pattern=WORD, description="Under this rule")] = None,
    link: Annotated[Linked | None, Query(description="How they are linked to Loket")] = None,
    new: Annotated[bool, Query(description="Of whom the newest run told another thing than those before it")] = False,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
    as_at: AsAt = None,
) -> Employees:
    """Everyone of the legal entity by number, with what the latest run made of them; neither system is asked.

    `as_at` gives everyone of whom the newest run that had ended by then told; how they were linked is not told then.
    """
    asking.entity(entity)
    by = aware(as_at, "query.as_at")
    if by is None:
        return found_now(asking, entity, PeopleFilters(outcome, reason, link), cursor, limit, new=new)
    if link is not None or new:
        wrong = Fault(where="query.link" if link else "query.new", what="not told", allowed="not together with as_at")
        raise invalid_request([wrong])
    return told_then(asking, entity, PeopleFilters(outcome, reason), cursor, limit, by)[0]


def found_now(
    asking: Asking, entity: str, filters: PeopleFilters, cursor: str | None, limit: int, *, new: bool = False
) -> Employees:
    """`new`: only of whom the newest run that told of everybody says another thing than the one before, or nothing."""
    legal_entity = asking.entity(entity)
    question = asking.question(by="number", outcome=filters.outcome, reason=filters.reason, link=filters.link, new=new)
    after = asking.web.cursors.after(question, cursor)
    asking.reads("employees", entity=entity)
    store = asking.web.store
    if new:
        run = store.views.runs.told_of_all(legal_entity, by=asking.now)
        filters = replace(filters, new_since=run.position if run else None)
    people = store.views.sync_state.states(
        legal_entity, filters, after=None if after is None else _place(str(after)), limit=limit
    )
    items = [EmployeeItem.model_validate(one) for one in present.employees(people, log=store.log)]
    last = f"{people[-1].place.number} {people[-1].person_id}" if people else str(after or "")
    return Employees(
        legal_entity=entity, items=items, next=asking.web.cursors.cursor(question, last), more=len(people) == limit
    )


def _place(text: str) -> Place | None:
    number, _, person = text.partition(" ")
    return Place(int(number), person) if person else None


def told_then(
    asking: Asking, entity: str, filters: PeopleFilters, cursor: str | None, limit: int, by: datetime
) -> tuple[Employees, RunRow | None]:
    """Everyone as the newest run that had ended by then told of them, and that run."""
    legal_entity = asking.entity(entity)
    question = asking.question(as_at=by, by="place", outcome=filters.outcome, reason=filters.reason)
    after = asking.web.cursors.after(question, cursor)
    begin = -1 if after is None else int(after)
    asking.reads("employees", entity=entity)
    store = asking.web.store
    run = store.views.runs.told_of_all(legal_entity, by=by)
    wanted = [one for one in run.tallies if _lets_through(filters, one)] if run else []
    rows = store.views.runs.some_outcomes(run.run_id, wanted, after=begin, limit=limit) if run else ()
    people = [_as_told(one, run) for one in rows if run is not None]
    items = [EmployeeItem.model_validate(one) for one in present.employees(people, log=store.log)]
    onward = asking.web.cursors.cursor(question, rows[-1].place if rows else begin)
    return Employees(legal_entity=entity, items=items, next=onward, more=len(rows) == limit), run


def _lets_through(filters: PeopleFilters, one: Tally) -> bool:
    return filters.outcome in (None, one.outcome) and filters.reason in (None, one.reason)


def _as_told(row: OutcomeRow, run: RunRow) -> PersonState:
    """Since when it was so is not told."""
    last = LastOutcome(run.run_id, row.outcome, row.reason, row.position, since=None)
    return PersonState(row.person_id, row.employee_number, None, None, last)


@router.get("/{number}/history")
def history(
    asking: People,
    entity: Entity,
    number: Number,
    unmask: Unmask = False,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> History:
    """Everything the log knows of one employee, in sentences and as data."""
    legal_entity = asking.entity(entity)
    question = asking.question(unmask=unmask)
    after = asking.web.cursors.after(question, cursor)
    asking.reads("history", entity=entity, number=number, clear=unmask)
    start = -1 if after is None else int(after)
    recorded = _recorded(asking, "history", legal_entity, number, unmask=unmask, after=start, limit=limit + 1)
    places = sorted({one.position for one in recorded})
    more, last = len(places) > limit, places[:limit][-1] if places else start
    recorded = tuple(one for one in recorded if one.position <= last)
    return History(
        legal_entity=entity,
        employee_number=number,
        items=[
            HistoryItem.model_validate(history_item(line, event))
            for line, event in zip(lines(recorded), recorded, strict=True)
        ],
        next=asking.web.cursors.cursor(question, last if more else max(last, asking.seen)),
        more=more,
    )


@router.post(
    "/{number}/release",
    response_model=Released,
    responses=documented({409: "A run is in progress, or the key is in use"}),
)
def release_number(
    asking: Decider, entity: Entity, number: Number, body: ReleaseEmployee, idempotency_key: IdempotencyKey
) -> JSONResponse:
    """Say that Loket really removed an employee it does not show any more: the number is unknown again (MATCH-5).

    Somebody else must say so than who ran into it. A number that no run or check has missed is a 404.
    """
    legal_entity = asking.entity(entity)
    web, subject = asking.web, asking.caller.subject

    def make() -> str:
        with web.tools() as tools:
            journal = Journal(tools=tools, actor=subject, correlation=f"decision-{new_run_id(tools.clock.now())}")
            release_employee(web.settings.policy(entity), journal, EmployeeNumber(number), reason=body.reason)
        return Released(legal_entity=legal_entity, employee_number=number, released=True).model_dump_json()

    return JSONResponse(read_json(once(asking, idempotency_key, body.model_dump_json(), make)))


@router.get("/{number}/state")
def state(
    asking: People, entity: Entity, number: Number, as_at: AsAt = None, on: On = None, unmask: Unmask = False
) -> State:
    """Both systems' values of one employee by two clocks: as recorded at an instant, as effective on a day.

    Most fields of Loket and Personio keep no effective date. Theirs is the value at the instant it was recorded, and
    counts from that day; no date is invented.
    """
    legal_entity = asking.entity(entity)
    by = aware(as_at, "query.as_at")
    asking.reads("state", entity=entity, number=number, clear=unmask)
    recorded = _recorded(asking, "state", legal_entity, number, unmask=unmask)
    by, when = by or asking.now, on or business_date(asking.now)
    items = [StateItem.model_validate(state_item(one, unmask=unmask)) for one in state_of(recorded, as_at=by, on=when)]
    return State(legal_entity=entity, employee_number=number, as_at=by, on=when, items=items)


@router.get("/{number}/comparison")
def comparison(
    asking: People, entity: Entity, number: Number, as_at: AsAt = None, on: On = None, unmask: Unmask = False
) -> Comparison:
    """Field by field: whether both systems hold the same, since which event, and what led to Loket's value.

    Told from what runs and checks recorded: no value is opened to compare it, and neither system is asked.
    """
    legal_entity = asking.entity(entity)
    by = aware(as_at, "query.as_at")
    asking.reads("comparison", entity=entity, number=number, clear=unmask)
    carried = asking.web.store.views.history.carried(legal_entity, EmployeeNumber(number))
    recorded = _recorded(asking, "comparison", legal_entity, number, unmask=unmask, carried=carried)
    return compared(asking, entity, number, recorded, carried, as_at=by, on=on, unmask=unmask)


def compared(
    asking: Asking,
    entity: str,
    number: int,
    recorded: Sequence[Recorded],
    carried: Sequence[Span],
    *,
    as_at: datetime | None,
    on: date | None,
    unmask: bool,
) -> Comparison:
    """Of what was read of an employee, whose number `carried` tells of; now and today where nothing else is asked."""
    by, when = as_at or asking.now, on or business_date(asking.now)
    store, legal_entity = asking.web.store, LegalEntityId(entity)
    look = last_look(legal_entity, EmployeeNumber(number), log=store.log, views=store.views, by=by)
    away = away_since(carried, log=store.log, by=by)
    found = compare(recorded, as_at=by, on=when, entity=legal_entity, look=look, away=away)
    items = [ComparedField.model_validate(compared_item(one, unmask=unmask)) for one in found]
    return Comparison(legal_entity=entity, employee_number=number, as_at=by, on=when, items=items)


@router.get("/{number}/outcomes")
def outcomes(
    asking: People,
    entity: Entity,
    number: Number,
    on: Annotated[Day, Query(description="Business date of the runs")],
) -> Why:
    """What the runs of one day made of an employee: why they were, or were not, synced."""
    legal_entity = asking.entity(entity)
    asking.reads("outcomes", entity=entity, number=number)
    store = asking.web.store
    day = read_day(
        legal_entity, EmployeeNumber(number), on, log=store.log, views=store.views, recorded=store.views.recorded
    )
    return Why.model_validate(present.why(entity, number, on, *day))


def _recorded(
    asking: Asking,
    what: str,
    entity: LegalEntityId,
    number: int,
    *,
    unmask: bool,
    after: int = -1,
    limit: int | None = None,
    carried: Sequence[Span] | None = None,
) -> tuple[Recorded, ...]:
    store = asking.web.store
    return read_employee(
        entity, EmployeeNumber(number), log=store.log, vault=store.vault, views=store.views, clock=store.clock,
        after=after, limit=limit, unmask=asking.unmasking(what) if unmask else None, carried=carried,
    )  # fmt: skip
