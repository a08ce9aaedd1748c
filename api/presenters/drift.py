"""Drift as JSON: a check, the open cases, and what is to be entered by hand; personal values are masked (AUD-8)."""

from __future__ import annotations

from collections.abc import Iterable

from api.presenters.values import Json, instant, value
from domain.drift.audit_trail import AuditTrailAnswer
from domain.drift.differences import Differing
from domain.events.drift import DriftMoved, DriftOpened, DriftReopened
from domain.log import Fact, Recorded
from domain.services.drift.check import DriftReport
from domain.services.drift.to_enter import KeptValue
from domain.views.drift import CaseRow, CheckRow


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


def cases(entity: str, check: CheckRow | None, rows: Iterable[CaseRow], events: Iterable[Recorded]) -> Json:
    """The open differences as the latest check and the latest run left them; values are masked."""
    facts = {one.position: one.fact for one in events}
    return {
        "legal_entity": entity,
        "check_id": check.check_id if check else None,
        "checked_at": instant(check.checked_at) if check else None,
        "completed": check.completed if check else None,
        "items": [_case(row, facts.get(row.position)) for row in rows],
    }


def _case(row: CaseRow, fact: Fact | None) -> Json:
    seen = fact if isinstance(fact, DriftOpened | DriftMoved | DriftReopened) else None
    return {
        "employee_number": row.employee_number,
        "field": row.field,
        "state": row.state.value,
        "cause": row.cause.value,
        "since": instant(row.opened_at),
        "personio": value(seen.personio, unmask=False) if seen else None,
        "loket": value(seen.loket, unmask=False) if seen else None,
        "until": row.until.isoformat() if row.until else None,
        "position": row.position,
    }
