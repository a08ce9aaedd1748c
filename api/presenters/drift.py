"""Drift as JSON: a check, the open cases, and what is to be entered by hand; personal values are masked (AUD-8)."""

from __future__ import annotations

from collections.abc import Iterable

from api.presenters.values import Json, instant, value
from domain.drift.audit_trail import AuditTrailAnswer
from domain.drift.case import DriftCase
from domain.drift.differences import Differing
from domain.services.drift.check import DriftReport
from domain.services.drift.human_decisions import may_be_accepted
from domain.services.drift.standing import Differences, Place, Stands, ToBeEntered
from domain.services.drift.to_enter import KeptValue
from domain.settings import Policy
from domain.views.sentences import label


def drift_report(report: DriftReport, *, unmask: bool = False) -> Json:
    """The one object of `drift`. What was accepted is named only where something was."""
    verdict = report.verdict
    shown: Json = {
        "check_id": report.check_id,
        "legal_entity": report.entity,
        "personio_read_at": instant(report.personio_read_at),
        "loket_read_at": instant(report.loket_read_at),
        "compared": verdict.compared,
        "drift": [_differing(one, report, unmask=unmask) for one in verdict.drift],
        "pending": [{"employee_number": one.number, "field": one.field} for one in verdict.pending],
        "left_out": [{"employee_number": one.number, "reason": one.rule} for one in verdict.left_out],
        "not_compared": [
            {"employee_number": one.number, "field": one.field, "why": one.why} for one in verdict.not_compared
        ],
    }
    if verdict.accepted:
        shown["accepted"] = [
            {"employee_number": one.number, "field": one.field, "until": one.until.isoformat()}
            for one in verdict.accepted
        ]
    if verdict.drift:
        shown["witness"] = _audit_trail(report.trail, unmask=unmask)
    return shown


def _audit_trail(trail: AuditTrailAnswer | None, *, unmask: bool) -> Json:
    """What Loket's own audit trail says about the differences, and which of our writes it does not know."""
    if trail is None:
        return {"readable": False}
    return {
        "readable": True,
        "differences": [
            {
                "employee_number": number,
                "field": field,
                "result": one.result.value,
                "by": value(one.entry.name, unmask=unmask) if one.entry and one.entry.name else None,
                "origin": one.entry.origin if one.entry else None,
                "at": instant(one.entry.at) if one.entry else None,
            }
            for (number, field), one in trail.attributions.items()
        ],
        "our_writes_confirmed": len(trail.confirmed),
        "our_writes_missing": [
            {"employee_number": one.number, "field": one.field, "run_id": one.run_id} for one in trail.missing
        ],
    }


def _differing(one: Differing, report: DriftReport, *, unmask: bool) -> Json:
    return {
        "employee_number": one.number,
        "field": one.field,
        "personio": value(one.personio, unmask=unmask),
        "loket": value(one.loket, unmask=unmask),
        "since": instant(report.since(one)),
        "cause": one.cause.value,
    }


def to_enter(entity: str, kept: Iterable[KeptValue], *, unmask: bool) -> Json:
    """What is still to be entered in Personio by hand."""
    return {
        "legal_entity": entity,
        "to_enter": [
            {
                "employee_number": one.row.employee_number,
                "field": one.row.field,
                "value": value(one.value, unmask=unmask),
                "kept_at": instant(one.row.kept_at),
            }
            for one in kept
        ],
    }


def differences(found: Differences, policy: Policy, *, then: bool = False) -> Json:
    """Where the systems differ, or did `then`, as the latest check and the latest run left it; values are masked."""
    check, checked = found.check, found.checked
    return {
        "legal_entity": policy.entity.personio_id,
        "check_id": check.check_id if check else None,
        "checked_at": instant(check.checked_at) if check else None,
        "completed": check.completed if check else None,
        "concluded_at": instant(check.concluded_at) if check and check.concluded_at else None,
        "compared": checked.compared if checked else None,
        "not_compared": checked.not_compared if checked else None,
        "items": [difference(one, policy, then=then) for one in found.cases],
        "waiting": _places(found.waiting),
        "foreseen": _places(found.foreseen),
        "looked_ahead_at": instant(found.looked_ahead_at) if found.looked_ahead_at else None,
        "held_out": [
            {"employee_number": one.number, "held_out_by": one.by, "held_out_at": instant(one.at)}
            for one in found.held_out
        ],
    }


def difference(one: Stands, policy: Policy, *, then: bool = False) -> Json:
    """A difference that is or was open, what Loket's audit trail says of it, and what was decided about it by whom."""
    row, case = one.row, one.case
    trail = case.attributed
    return {
        "employee_number": row.employee_number,
        "field": row.field,
        "label": label(row.field),
        "state": row.state.value,
        "cause": row.cause.value,
        "since": instant(row.opened_at),
        "personio": value(case.personio, unmask=False),
        "loket": value(case.loket, unmask=False),
        "until": row.until.isoformat() if row.until else None,
        "position": row.position,
        "trail": trail[0].value if trail else None,
        "trail_at": instant(trail[1]) if trail and trail[1] else None,
        "decided_by": case.decided.by if case.decided else None,
        "decided_at": instant(case.decided.at) if case.decided else None,
        "kept": case.kept is not None,
        "may_be_accepted": not then and may_be_accepted(policy, row.field),
    }


def in_both(case: DriftCase, *, unmask: bool) -> Json:
    """The two values of a difference; of one that is gone by now as they were last seen."""
    return {"personio": value(case.personio, unmask=unmask), "loket": value(case.loket, unmask=unmask)}


def kept_values(entity: str, found: Iterable[ToBeEntered]) -> Json:
    """What is still to be entered in Personio, and who said so; without the values."""
    return {
        "legal_entity": entity,
        "items": [
            {
                "employee_number": one.row.employee_number,
                "field": one.row.field,
                "label": label(one.row.field),
                "kept_at": instant(one.row.kept_at),
                "kept_by": one.kept_by,
                "position": one.row.position,
            }
            for one in found
        ],
    }


def _places(found: Iterable[Place] | None) -> list[Json] | None:
    if found is None:
        return None
    return [{"employee_number": number, "field": field, "label": label(field)} for number, field in found]
