"""Drift checks, open cases and terminations as JSON; personal values are masked unless they were asked for (AUD-8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from api.presenters.results import Json, value
from domain.drift.audit_trail import Testimony
from domain.drift.differences import Differing
from domain.planning.forecast import Forecast
from domain.services.drift.check import DriftReport
from domain.services.drift.to_enter import KeptValue
from domain.views.terminations import Interval, Terminations


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
        shown["witness"] = _witness(report.testimony, unmask=unmask)
    return shown


def _witness(testimony: Testimony | None, *, unmask: bool) -> Json:
    """What Loket's own audit trail says about the differences, and which of our writes it does not know."""
    if testimony is None:
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
            for (number, field), one in testimony.attributions.items()
        ],
        "our_writes_confirmed": len(testimony.confirmed),
        "our_writes_missing": [
            {"employee_number": one.number, "field": one.field, "run_id": one.run_id} for one in testimony.missing
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


def instant(when: datetime) -> str:
    return when.astimezone(UTC).isoformat()


def terminations(entity: str, on: date, found: Terminations) -> Json:
    """Who is out, who came back, and where the two systems disagree."""
    return {
        "legal_entity": entity,
        "business_date": on.isoformat(),
        "out": [
            {
                "person_id": one.person,
                "employee_number": one.number,
                "income_number": one.income_number,
                "end_date": one.end_date.isoformat(),
                "since": instant(one.since) if one.since else None,
                "active_in_personio": True,
                "newer_employment": one.newer_employment,
                "follow_up": list(one.follow_up),
            }
            for one in found.out
        ],
        "open_in_loket": [
            {"person_id": one.person, "employee_number": one.number, "income_number": one.income_number}
            for one in found.open_in_loket
        ],
        "ended_in_both": list(found.ended_in_both),
        "intervals": [_interval(one) for one in found.history],
    }


def _interval(one: Interval) -> Json:
    return {
        "employee_number": one.employee_number,
        "income_number": one.income_number,
        "end_dates": [day.isoformat() for day in one.end_dates],
        "since": instant(one.since),
        "until": instant(one.until) if one.until else None,
        "reinstated": one.reinstated,
    }


def forecast(entity: str, found: Forecast) -> Json:
    return {
        "legal_entity": entity,
        "until": found.until.isoformat(),
        "runs": [day.isoformat() for day in found.runs],
        "upcoming": [
            {
                "on": one.on.isoformat(),
                "what": one.what.value,
                "person_id": one.person,
                "employee_number": one.number,
                "first_run": one.first_run.isoformat() if one.first_run else None,
            }
            for one in found.upcoming
        ],
        "warnings": list(found.warnings),
    }
