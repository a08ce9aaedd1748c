"""Drift checks, open cases and terminations as JSON; personal values are masked unless they were asked for (AUD-8)."""

from __future__ import annotations

from datetime import UTC, datetime

from api.shown import Json, value
from domain.drift import Differing
from domain.services.check_drift import DriftReport


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
    return shown


def _differing(one: Differing, report: DriftReport, *, unmask: bool) -> Json:
    return {
        "employee_number": one.number,
        "field": one.field,
        "personio": value(one.personio, unmask=unmask),
        "loket": value(one.loket, unmask=unmask),
        "since": instant(report.since(one)),
        "cause": one.cause.value,
    }


def instant(when: datetime) -> str:
    return when.astimezone(UTC).isoformat()
