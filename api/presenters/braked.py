"""What the brake stopped, as JSON: which limits a plan passed, how many people by field, and who; never a value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from api.presenters.values import Json
from domain.drift.pay import goes_with_pay
from domain.events.runs import LimitPassed, PlanStopped, RunRefused
from domain.log import Recorded
from domain.values import FieldPath


def stopped(events: Iterable[Recorded], *, people: bool) -> Json | None:
    """What the brake stopped, of the events of a run: which limits, how many people by field; `people`: and who."""
    facts = [one.fact for one in events]
    found = next((one.limits for one in facts if isinstance(one, RunRefused) and one.limits), None)
    if found is None:
        return None
    them = [one for fact in facts if isinstance(fact, PlanStopped) for one in fact.people]
    written = Counter(name for one in them for name in one.fields)
    cleared = Counter(name for one in them for name in one.cleared)
    return {
        "limits": limits(found),
        "people_to_write": len(them),
        "people_created": sum(1 for one in them if one.created),
        "fields": [
            {"field": name, "people": many, "cleared": cleared[name], "pay": goes_with_pay(FieldPath(name))}
            for name, many in sorted(written.items(), key=lambda one: (-cleared[one[0]], -one[1], one[0]))
        ],
        "people": [
            {"person_id": one.person_id, "employee_number": one.employee_number, "fields": list(one.fields),
             "cleared": list(one.cleared), "created": one.created}
            for one in sorted(them, key=lambda one: (not one.cleared, one.employee_number or 0))
        ] if people else [],
    }  # fmt: skip


def limits(passed: Iterable[LimitPassed]) -> list[Json]:
    """Of the brake: for how many people a plan would do something, and the most for whom one person may."""
    return [{"what": one.what, "people": one.people, "most": one.most, "included": one.included} for one in passed]
