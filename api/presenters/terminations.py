"""Terminations as JSON: who is out, who came back, and where the two systems disagree."""

from __future__ import annotations

from datetime import date

from api.presenters.values import Json, instant
from domain.values import PersonId
from domain.views.terminations import Interval, OnlyIn, Terminations


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
        "disagreements": [
            disagreement(one.person, one.ended_in) | {"employee_number": one.number} for one in found.disagreements
        ],
        "ended_in_both": list(found.ended_in_both),
        "intervals": [interval(one) for one in found.history],
    }


def disagreement(person: PersonId, ended_in: OnlyIn) -> Json:
    """In which system alone the employment has ended; an alert counts these."""
    return {"person_id": person, "ended_only_in": ended_in.value, "rule": ended_in.rule}


def interval(out: Interval) -> Json:
    """From the first sight of an end date until it was gone, or another employment took its place (AUD-7)."""
    return {
        "employee_number": out.employee_number,
        "income_number": out.income_number,
        "end_dates": [day.isoformat() for day in out.end_dates],
        "since": instant(out.since),
        "until": instant(out.until) if out.until else None,
        "reinstated": out.reinstated,
    }
