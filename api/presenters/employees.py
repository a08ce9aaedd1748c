"""Employees as the log knows them, as JSON: what the latest run made of each, and why one was or was not synced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.presenters.runs import outcome, run
from api.presenters.values import Json, message
from domain.events.runs import FindingRaised, OutcomeRecorded
from domain.log import Fact, Recorded
from domain.outcomes import outcome_of
from domain.rules import RULES
from domain.values import PersonId
from domain.views.runs import OutcomeRow, RunRow, RunStatus, in_full
from domain.views.sentences import day
from domain.views.sync_state import PersonState


def employee(person: PersonState, last: Fact | None) -> Json:
    """Someone of a legal entity; `last` is the outcome of the latest run, as recorded."""
    latest, told = person.last, outcome_of(last, person.person_id) if last is not None else None
    return {
        "person_id": person.person_id,
        "employee_number": person.employee_number,
        "link": person.link.value if person.link else None,
        "included": latest.outcome != "left_out" if latest else None,
        "outcome": latest.outcome if latest else None,
        "reason": latest.reason if latest else None,
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
