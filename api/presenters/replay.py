"""Decisions that were derived again, as JSON: names of fields and rules, never a value."""

from __future__ import annotations

from api.presenters.values import Json, instant
from domain.services.replay.derive import Derived
from domain.services.replay.replay import Replayed, Verdict


def derived(made: Derived) -> Json:
    """Oldest first. `verdicts` counts decisions; one that agrees is not listed."""
    return {
        "decisions": made.decisions,
        "verdicts": _counts(made.verdicts),
        "deviations": made.deviations,
        "looks": [look(one) for one in made.made],
        "not_derivable": [{"name": name, "why": why} for name, why in made.unreadable],
    }


def look(one: Replayed) -> Json:
    """One run, check or validation."""
    return {
        "name": one.name,
        "look": one.look.value,
        "legal_entity": one.entity,
        "at": instant(one.at),
        "business_date": one.today.isoformat(),
        "people": one.people,
        "verdicts": _counts(dict(one.verdicts)),
        "rules_changed": list(one.rules_changed),
        "product": one.product or None,
        "differing": [
            {
                "person_id": each.person,
                "employee_number": each.number,
                "verdict": each.verdict.value,
                "differences": list(each.differences),
            }
            for each in one.differing
        ],
    }


def _counts(verdicts: dict[Verdict, int]) -> Json:
    return {verdict.value: verdicts.get(verdict, 0) for verdict in Verdict}
