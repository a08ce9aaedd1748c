"""Which edits made by hand in Loket will the next run erase? Shown before it runs (DRIFT-4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.drift.audit_trail import Attribution
from domain.drift.differences import Differing, Verdict
from domain.drift.state import CaseState
from domain.events.drift import Cause
from domain.planning.decide import Plan
from domain.values import BLANK
from domain.views.drift import CaseRow

BY_HAND = (Cause.CHANGED_IN_LOKET, Cause.BOTH_CHANGED)


@dataclass(frozen=True, slots=True)
class AboutToBeOverwritten:
    """A value typed into Loket that the plan replaces; `since` and `state` are of its drift case, if there is one.

    `attribution` is what Loket's audit trail tells of it, where it may be read (DRIFT-7).
    """

    edit: Differing
    since: datetime | None
    state: CaseState | None
    attribution: Attribution | None = None


def about_to_be_overwritten(plan: Plan, verdict: Verdict, cases: Iterable[CaseRow]) -> tuple[AboutToBeOverwritten, ...]:
    """The differences by hand among what the plan writes; nothing while findings hold it.

    First stands what a concept employee was given in Loket and the first run after completion would clear (JOIN-7).
    """
    if plan.blocked:
        return ()
    written = {
        (decision.number, change.field)
        for decision in plan.decisions
        for write in decision.writes
        for change in write.changes
    }
    known = {(one.employee_number, one.field): one for one in cases}
    completed = {decision.number for decision in plan.decisions if decision.just_completed}
    first = [one for one in verdict.apart if one.number in completed and one.personio is BLANK]
    found = []
    for one in (*first, *(one for one in verdict.drift if one.cause in BY_HAND and one not in first)):
        if (one.number, one.field) in written:
            case = known.get((one.number, one.field))
            found.append(AboutToBeOverwritten(one, case.opened_at if case else None, case.state if case else None))
    return tuple(found)
