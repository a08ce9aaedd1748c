"""One legal entity's employees: who is synced, one employee's history and state, and why someone was not synced."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from api.http.dependencies import Asking, Requires, subject_in
from api.http.problems import not_found
from api.http.routes.parameters import DEFAULT, Cursor, Entity, Limit, Number, Unmask, aware
from api.http.schemas import from_log as said
from api.http.schemas.answers import EmployeeItem, Employees, History, OutcomeItem, RunThatDay, State, StateItem, Why
from api.presenters import results as shown
from domain.access import Permission
from domain.events.runs import FindingRaised, OutcomeRecorded
from domain.log import Recorded
from domain.planning.business_date import business_date
from domain.rules import RULES
from domain.streams import loket_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId
from domain.views.employee_state import state as state_of
from domain.views.history import lines
from domain.views.recorded import Filters
from domain.views.runs import OutcomeRow, RunStatus, told
from domain.views.sentences import day

router = APIRouter(prefix="/legal-entities/{entity}/employees", tags=["employees"])
People = Annotated[Asking, Depends(Requires(Permission.READ_PEOPLE))]
_OF_A_DAY = 200  # rows that name one employee on one day


@router.get("")
def employees(asking: People, entity: Entity, cursor: Cursor = None, limit: Limit = DEFAULT) -> Employees:
    """Everyone of the legal entity, with what the latest run made of them; from the log, neither system is asked."""
    legal_entity = asking.entity(entity)
    question = asking.question()
    after = asking.web.cursors.after(question, cursor)
    asking.reads("employees", entity=entity)
    store = asking.web.store
    people = store.views.sync_state.states(
        legal_entity, after=None if after is None else PersonId(str(after)), limit=limit
    )
    events = {one.position: one.fact for one in store.log.at([p.last.position for p in people if p.last])}
    items = []
    for person in people:
        fact = events.get(person.last.position) if person.last else None
        items.append(
            EmployeeItem(
                person_id=person.person_id,
                employee_number=person.employee_number,
                link=person.link.value if person.link else None,
                included=person.last.outcome != "left_out" if person.last else None,
                outcome=person.last.outcome if person.last else None,
                reason=person.last.reason if person.last else None,
                run_id=person.last.run_id if person.last else None,
                notices=list(fact.notices) if isinstance(fact, OutcomeRecorded) else [],
            )
        )
    last = people[-1].person_id if people else str(after or "")
    return Employees(
        legal_entity=entity, items=items, next=asking.web.cursors.cursor(question, last), more=len(people) == limit
    )


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
    asking.reads("history", entity=entity, number=number)
    start = -1 if after is None else int(after)
    recorded = _recorded(asking, legal_entity, number, after=start, limit=limit + 1)
    if not recorded and after is None:
        raise not_found()
    more, recorded = len(recorded) > limit, recorded[:limit]
    if unmask:
        recorded = _opened(asking, "history", legal_entity, number, recorded)
    last = recorded[-1].position if recorded else start
    return History(
        legal_entity=entity,
        employee_number=number,
        items=[said.line(line, event) for line, event in zip(lines(recorded), recorded, strict=True)],
        next=asking.web.cursors.cursor(question, last if more else max(last, asking.seen)),
        more=more,
    )


@router.get("/{number}/state")
def state(
    asking: People,
    entity: Entity,
    number: Number,
    as_at: Annotated[datetime | None, Query(description="What the log had recorded by then; now if left out")] = None,
    on: Annotated[date | None, Query(description="What held on that day; today if left out")] = None,
    unmask: Unmask = False,
) -> State:
    """Both systems' values of one employee by two clocks: as recorded at an instant, as effective on a day.

    Most fields of Loket and Personio keep no effective date. Theirs is the value at the instant it was recorded, and
    counts from that day; no date is invented.
    """
    legal_entity = asking.entity(entity)
    by = aware(as_at, "query.as_at")
    asking.reads("state", entity=entity, number=number)
    recorded = _recorded(asking, legal_entity, number)
    if not recorded:
        raise not_found()
    if unmask:
        recorded = _opened(asking, "state", legal_entity, number, recorded)
    by, when = by or asking.now, on or business_date(asking.now)
    items = [
        StateItem(
            system=one.system,
            field=one.field,
            value=shown.value(one.value, unmask=unmask),
            effective_on=one.effective_on,
            recorded_at=one.recorded_at,
            position=one.position,
            basis="effective" if one.effective_on else "value_at_that_instant",
        )
        for one in state_of(recorded, as_at=by, on=when)
    ]
    return State(legal_entity=entity, employee_number=number, as_at=by, on=when, items=items)


@router.get("/{number}/outcomes")
def outcomes(
    asking: People,
    entity: Entity,
    number: Number,
    on: Annotated[date, Query(description="Business date of the runs")],
) -> Why:
    """What the runs of one day made of an employee: why they were, or were not, synced."""
    legal_entity = asking.entity(entity)
    asking.reads("outcomes", entity=entity, number=number)
    store = asking.web.store
    rows = store.views.runs.of_day(legal_entity, on)
    if not rows:
        return Why(legal_entity=entity, employee_number=number, on=on, answer=_answer(on, entity, []), runs=[])
    around = datetime.combine(on, time(), UTC)
    filters = Filters(
        employee_number=number,
        recorded_from=around - timedelta(days=1),
        recorded_until=around + timedelta(days=2),
    )
    found = store.views.recorded.find((legal_entity,), filters, limit=_OF_A_DAY)
    named = store.log.at([one.position for one in found.entries if one.stream.startswith("run:")])
    runs = [
        RunThatDay(
            run=said.run(row),
            outcome=next((_told(event) for event in named if event.meta.correlation == row.run_id
                          and isinstance(event.fact, OutcomeRecorded)), None),
            findings=[event.fact.code for event in named if event.meta.correlation == row.run_id
                      and isinstance(event.fact, FindingRaised)],
        )
        for row in rows
    ]  # fmt: skip
    return Why(legal_entity=entity, employee_number=number, on=on, answer=_answer(on, entity, runs), runs=runs)


def _told(event: Recorded) -> OutcomeItem:
    fact = event.fact
    assert isinstance(fact, OutcomeRecorded)
    row = OutcomeRow(PersonId(fact.person_id), fact.employee_number, fact.outcome, fact.reason, event.position, ())
    return said.outcome(told((row,), (event,))[0])


def _answer(on: date, entity: str, runs: list[RunThatDay]) -> str:
    if not runs:
        return f"No run of legal entity {entity} took place on {day(on)}."
    last = runs[-1]
    if last.outcome is None:
        if last.run.status == RunStatus.REFUSED:
            return f"The run was refused: {last.run.message}."
        if last.run.status == RunStatus.IN_PROGRESS:
            return "The run has not ended."
        return "No run of that day knew an employee with this number."
    rule = RULES.get(last.outcome.reason)
    why = f": {rule.statement}" if rule else ""
    codes = f" ({', '.join(last.findings)})" if last.findings else ""
    return f"{last.outcome.outcome.replace('_', ' ').capitalize()} under {last.outcome.reason}{why}{codes}."


def _recorded(
    asking: Asking, entity: LegalEntityId, number: int, *, after: int = -1, limit: int | None = None
) -> tuple[Recorded, ...]:
    store = asking.web.store
    places = store.views.history.positions(entity, EmployeeNumber(number), after=after, limit=limit)
    return store.vault.marked(store.log.at(places))


def _opened(
    asking: Asking, what: str, entity: LegalEntityId, number: int, events: tuple[Recorded, ...]
) -> tuple[Recorded, ...]:
    own = asking.web.store.log.stream(loket_stream(entity, EmployeeNumber(number)))
    asking.unmasks(what, entity=entity, number=number, subject=subject_in(own))
    return asking.web.store.vault.opened(events)
