"""What a run would do, as JSON: the plan, its findings, and everyone with what a run would make of them."""

from __future__ import annotations

from collections.abc import Iterable

from api.presenters.braked import limits
from api.presenters.values import Json, change, message, value
from domain.planning.comparison import Difference, replaced
from domain.planning.findings import DO
from domain.services.sync.preview import Preview
from domain.services.sync.report import messages, planned_outcome
from domain.views.overwriting import AboutToBeOverwritten


def overwriting(changes: Iterable[Difference], *, unmask: bool) -> list[Json]:
    """The fields that a write overwrites, with the day a pay value counts from."""
    return [
        change(one.field, one.before, one.after, unmask=unmask)
        | ({"effective_on": one.effective_on.isoformat()} if one.effective_on else {})
        for one in replaced(changes)
    ]


def plan(preview: Preview, *, unmask: bool = False, changes: bool = False) -> Json:
    """The one object of `plan`; `changes`: of people only those for whom something is written, or who hold the plan."""
    people = []
    counts: dict[str, int] = {}
    for decision in preview.plan.decisions:
        outcome = planned_outcome(decision, held=preview.plan.blocked)
        counts[outcome.outcome.value] = counts.get(outcome.outcome.value, 0) + 1
        writes = [] if preview.plan.blocked else decision.writes
        if changes and not writes and not decision.findings:
            continue
        people.append(
            {
                "person_id": decision.person,
                "employee_number": decision.number,
                "outcome": outcome.outcome.value,
                "reason": outcome.reason,
                "fingerprint": preview.fingerprints.get(decision.person) if writes else None,
                "writes": [
                    {"kind": one.kind.value, "changes": overwriting(one.changes, unmask=unmask)} for one in writes
                ],
                "messages": [message(text, unmask=unmask) for text in outcome.messages],
            }
        )
    return {
        "legal_entity": preview.entity,
        "business_date": preview.business_date.isoformat(),
        "fingerprint": preview.fingerprint,
        "settings": preview.settings,
        "blocked": preview.plan.blocked,
        "braking": preview.braking,
        "limits": limits(preview.limits),
        "people_to_write": preview.braked.writing,
        "people_cleared": preview.braked.clearing,
        "people_created": preview.braked.creating,
        "about_to_be_overwritten": [_by_hand(one, unmask=unmask) for one in preview.overwriting],
        "people": people,
        "counts": dict(sorted(counts.items())),
        "notes": list(preview.notes),
    }


def _by_hand(one: AboutToBeOverwritten, *, unmask: bool) -> Json:
    """An edit made by hand in Loket that the sync would erase; who made it, where Loket's audit trail tells."""
    entry = one.attribution.entry if one.attribution else None
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
            "messages": [message(text, unmask=False) for text in messages(decision)],
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
