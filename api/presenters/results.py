"""Results as JSON, in the words of the documentation; personal values are masked unless they were asked for (AUD-8)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from domain.attributes import GATES, Attribute
from domain.personal import MASK, Lost, Personal, Sealed
from domain.planning.comparison import Difference
from domain.planning.decide import Decision
from domain.planning.findings import DO
from domain.services.sync.preview import Preview
from domain.services.sync.report import (
    Outcome,
    PersonOutcome,
    RunReport,
    blocked,
    creates_concept,
    left_out,
    messages,
    quiet,
)
from domain.values import BLANK, Absence
from domain.views.history import HistoryLine
from domain.views.overwriting import AboutToBeOverwritten
from domain.views.runs import OutcomeTold, RunRow

Json: TypeAlias = dict[str, Any]
_LOKET_SAID: Final = re.compile(r"RUN-6 .*?( \(Loket message -?\d+\))?", re.DOTALL)
OUR_LIST: Final = (
    "This list of supported attributes is our own reconstruction from public documents, not Personio's official one."
)


def value(personal: Personal, *, unmask: bool) -> str | None:
    """A personal value as JSON: null when blank, its text when it may be shown, the mask otherwise."""
    if isinstance(personal, Absence):
        return None if personal is BLANK else "not observed"
    if isinstance(personal, Lost):
        return str(personal)
    return personal if unmask and not isinstance(personal, Sealed) else MASK


def message(text: str, *, unmask: bool) -> str:
    """A message; what Loket itself said may quote a value, so that only its code is shown unless asked for."""
    said = None if unmask else _LOKET_SAID.fullmatch(text)
    return f"RUN-6 {MASK}{said[1] or ''}" if said else text


def _changed(changes: Iterable[Difference], *, unmask: bool) -> list[Json]:
    return [
        {
            "field": one.field,
            "before": value(one.before, unmask=unmask),
            "after": value(one.after, unmask=unmask),
        }
        | ({"effective_on": one.effective_on.isoformat()} if one.effective_on else {})
        for one in changes
    ]


def run_report(report: RunReport, *, unmask: bool = False) -> Json:
    """The one object of `sync`, in every case."""
    shown: Json = {
        "run_id": report.run_id,
        "legal_entity": report.entity,
        "business_date": report.business_date.isoformat(),
        "status": report.status.value,
        "reason": report.reason,
        "message": report.message,
        "outcomes": [_outcome(one, unmask=unmask) for one in report.outcomes],
        "counts": report.counts,
    }
    if report.held_by:
        shown["held_by"] = report.held_by
    if report.fingerprint:
        shown["fingerprint"] = report.fingerprint
    return shown


def _outcome(one: PersonOutcome, *, unmask: bool) -> Json:
    return {
        "person_id": one.person,
        "employee_number": one.number,
        "outcome": one.outcome.value,
        "reason": one.reason,
        "overwritten": _changed(one.overwritten, unmask=unmask),
        "messages": [message(text, unmask=unmask) for text in one.messages],
    }


def planned_outcome(decision: Decision, *, held: bool) -> PersonOutcome:
    """The outcome a sync would have for this person, were every write confirmed."""
    if decision.left_out:
        return left_out(decision, decision.left_out)
    if held:
        return blocked(decision)
    calm = quiet(decision)
    if not decision.writes:
        return calm
    concept = any(one.kind.value.startswith("conceptemployee") for one in decision.writes)
    outcome = (
        Outcome.CONCEPT_CREATED
        if creates_concept(decision)
        else Outcome.CONCEPT_UPDATED
        if concept
        else Outcome.UPDATED
    )
    return PersonOutcome(
        decision.person, decision.number, outcome, "MATCH-3" if concept else "EDIT-1", (), messages(decision)
    )


def plan(preview: Preview, *, unmask: bool = False) -> Json:
    people = []
    counts: dict[str, int] = {}
    for decision in preview.plan.decisions:
        outcome = planned_outcome(decision, held=preview.plan.blocked)
        counts[outcome.outcome.value] = counts.get(outcome.outcome.value, 0) + 1
        writes = [] if preview.plan.blocked else decision.writes
        people.append(
            {
                "person_id": decision.person,
                "employee_number": decision.number,
                "outcome": outcome.outcome.value,
                "reason": outcome.reason,
                "writes": [{"kind": one.kind.value, "changes": _changed(one.changes, unmask=unmask)} for one in writes],
                "messages": [message(text, unmask=unmask) for text in outcome.messages],
            }
        )
    return {
        "legal_entity": preview.entity,
        "business_date": preview.business_date.isoformat(),
        "fingerprint": preview.fingerprint,
        "blocked": preview.plan.blocked,
        "braking": preview.braking,
        "about_to_be_overwritten": [_by_hand(one, unmask=unmask) for one in preview.overwriting],
        "people": people,
        "counts": dict(sorted(counts.items())),
        "notes": list(preview.notes),
    }


def _by_hand(one: AboutToBeOverwritten, *, unmask: bool) -> Json:
    """An edit made by hand in Loket that the sync would erase; who made it, where Loket's audit trail tells."""
    entry = one.said.entry if one.said else None
    return {
        "employee_number": one.edit.number,
        "field": one.edit.field,
        "loket": value(one.edit.loket, unmask=unmask),
        "personio": value(one.edit.personio, unmask=unmask),
        "cause": one.edit.cause.value,
        "since": one.since.isoformat() if one.since else None,
        "state": one.state.value if one.state else None,
        "changed_by": value(entry.name, unmask=unmask) if entry and entry.name else None,
        "changed_at": entry.at.isoformat() if entry else None,
    }


def findings(preview: Preview, *, unmask: bool = False) -> Json:
    found = [
        {
            "person_id": decision.person,
            "employee_number": decision.number,
            "code": one.code.value,
            "field": one.field,
            "detail": one.detail or None,
            "do": DO[one.code],
            "proposal": value(one.proposal, unmask=unmask) if one.proposal else None,
        }
        for decision in preview.plan.decisions
        for one in decision.findings
    ]
    return {
        "legal_entity": preview.entity,
        "business_date": preview.business_date.isoformat(),
        "included": len(preview.plan.included),
        "findings": found,
    }


def people(preview: Preview) -> Json:
    """Everyone: of this entity with what a run would make of them, and everyone else as left out by WHO-1."""
    here: list[Json] = [
        {
            "person_id": decision.person,
            "employee_number": decision.number,
            "included": decision.included,
            "reason": decision.left_out.rule if decision.left_out else None,
            "label": decision.left_out.label.value
            if decision.left_out
            else "VALIDATION_FAILED"
            if decision.findings
            else "ELIGIBLE",
            "findings": [one.code.value for one in decision.findings],
            "messages": list(messages(decision)),
        }
        for decision in preview.plan.decisions
    ]
    listed = {one["person_id"] for one in here}
    elsewhere: list[Json] = [
        {
            "person_id": person,
            "employee_number": None,
            "included": False,
            "reason": "WHO-1",
            "label": "LEGAL_ENTITY_NOT_ENABLED",
            "findings": [],
            "messages": [],
        }
        for person in sorted(preview.elsewhere, key=lambda one: (len(one), one))
        if person not in listed
    ]
    return {
        "legal_entity": preview.entity,
        "business_date": preview.business_date.isoformat(),
        "people": [*here, *elsewhere],
    }


def attributes(rows: Sequence[Attribute], mapped: Mapping[str, str]) -> Json:
    gates = [
        {"role": role, "label": role.replace("_", " "), "personio": mapped.get(role), "loket": None, "blank": "gate"}
        for role in GATES[:2]
    ]
    fields = [
        {
            "role": row.role,
            "label": row.label,
            "personio": mapped.get(row.role, row.role),
            "loket": row.field,
            "concept": row.concept,
            "max_length": row.max_length,
            "blank": "clears" if row.nullable else "finding",
        }
        for row in rows
    ]
    return {"note": OUR_LIST, "attributes": [*gates, *fields]}


def history(entity: str, number: int, lines: Sequence[HistoryLine]) -> Json:
    return {
        "legal_entity": entity,
        "employee_number": number,
        "events": [
            {
                "position": one.position,
                "recorded_at": one.recorded_at.isoformat(),
                "actor": one.actor,
                "run": one.run,
                "rule": one.rule,
                "effective_on": one.effective_on.isoformat() if one.effective_on else None,
                "event": one.name,
                "sentence": one.sentence,
            }
            for one in lines
        ],
    }


def run_row(row: RunRow) -> Json:
    return {
        "run_id": row.run_id,
        "legal_entity": row.legal_entity,
        "business_date": row.business_date.isoformat() if row.business_date else None,
        "status": row.status.value,
        "reason": row.reason,
        "message": row.message,
        "actor": row.actor,
        "started_at": row.started_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "counts": dict(row.counts),
    }


def run_told(row: RunRow, outcomes: Sequence[OutcomeTold], *, unmask: bool) -> Json:
    """A past run in the shape of `sync`, from the log."""
    return run_row(row) | {
        "outcomes": [
            {
                "person_id": one.row.person_id,
                "employee_number": one.row.employee_number,
                "outcome": one.row.outcome,
                "reason": one.row.reason,
                "overwritten": [
                    {
                        "field": each.field,
                        "before": value(each.before, unmask=unmask),
                        "after": value(each.after, unmask=unmask),
                    }
                    for each in one.overwritten
                ],
                "messages": [
                    message(text, unmask=unmask) if isinstance(text, str) else value(text, unmask=unmask)
                    for text in one.messages
                ],
            }
            for one in outcomes
        ]
    }
