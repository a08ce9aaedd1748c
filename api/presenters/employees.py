"""Employees as the log knows them, as JSON: what the latest run made of each, and why one was or was not synced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from api.presenters.runs import outcome, run
from api.presenters.values import Json, message
from domain.events.runs import FindingRaised, OutcomeRecorded
from domain.log import Log, Recorded
from domain.outcomes import outcome_of
from domain.rules import RULES
from domain.values import PersonId
from domain.views.runs import OutcomeRow, RunRow, RunStatus, in_full
from domain.views.sentences import day
from domain.views.sync_state import PersonState


def employees(people: Sequence[PersonState], *, log: Log) -> list[Json]:
    """Each of them, with what the log has where their rows say so."""
    places = {one.last.position for one in people if one.last} | {one.since for one in people if one.since is not None}
    events = {one.position: one for one in log.at(sorted(places))}
    return [_employee(one, events) for one in people]


def _employee(person: PersonState, events: Mapping[int, Recorded]) -> Json:
    """Someone of a legal entity; `events` by position: of the outcome of the latest run, and since when it is so."""
    latest = person.last
    told = outcome_of(events[latest.position].fact, person.person_id) if latest else None
    since = events.get(person.since) if person.since is not None else None
    return {
        "person_id": person.person_id,
        "employee_number": person.employee_number,
        "link": person.link.value if person.link else None,
        "included": latest.outcome != "left_out" if latest else None,
        "outcome": latest.outcome if latest else None,
        "reason": latest.reason if latest else None,
        "since": since.meta.recorded_at.isoformat() if since else None,
        "run_id": latest.run_id if latest else None,
        "notices": [message(one, unmask=False) for one in told.notices] if told is not None else [],
    }


def why(entity: str, number: int, on: date, runs: Sequence[RunRow], named: Sequence[Recorded]) -> Json:
    """What the runs of one day made of an employee; `named` are the facts of these runs that name the number."""
    days = [_run_that_day(row, [one for one in named if one.meta.correlation == row.run_id]) for row in runs]
    return {
        "legal_entity": entity,
        "employee_number": number,
        "on": on.isoformat(),
        "answer": _answer(on, entity, days),
        "runs": days,
    }


def _run_that_day(row: RunRow, events: Sequence[Recorded]) -> Json:
    return {
        "run": run(row),
        "outcome": next((_outcome(one, one.fact) for one in events if isinstance(one.fact, OutcomeRecorded)), None),
        "findings": [one.fact.code for one in events if isinstance(one.fact, FindingRaised)],
    }


def _outcome(event: Recorded, fact: OutcomeRecorded) -> Json:
    row = OutcomeRow(PersonId(fact.person_id), fact.employee_number, fact.outcome, fact.reason, event.position, ())
    return outcome(in_full((row,), (event,))[0])


def _answer(on: date, entity: str, runs: Sequence[Json]) -> str:
    if not runs:
        return f"No run of legal entity {entity} took place on {day(on)}."
    last, made = runs[-1], runs[-1]["outcome"]
    if made is None:
        if last["run"]["status"] == RunStatus.REFUSED:
            return f"The run was refused: {last['run']['message']}."
        if last["run"]["status"] == RunStatus.IN_PROGRESS:
            return "The run has not ended."
        return "No run of that day knew an employee with this number."
    rule = RULES.get(made["reason"])
    statement = f": {rule.statement}" if rule else ""
    codes = f" ({', '.join(last['findings'])})" if last["findings"] else ""
    return f"{made['outcome'].replace('_', ' ').capitalize()} under {made['reason']}{statement}{codes}."
