"""What the systems show ahead, as JSON."""

from __future__ import annotations

from api.presenters.values import Json
from domain.planning.forecast import Forecast


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
