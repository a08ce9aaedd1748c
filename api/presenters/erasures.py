"""Erasures and holds as JSON; nothing in it is personal but the person ids (AUD-9)."""

from __future__ import annotations

from collections.abc import Iterable

from api.presenters.values import Json
from domain.records.erasure_book import Erasure
from domain.values import PersonId


def erasures(shown: Iterable[Erasure], holds: Iterable[PersonId]) -> Json:
    return {"erasures": [erasure(one) for one in shown], "holds": sorted(holds)}


def erasure(found: Erasure) -> Json:
    """One erasure, and how far it is."""
    return {
        "erasure": found.id,
        "person_id": found.person,
        "state": found.state.value,
        "requested_by": found.requested_by,
        "requested_at": found.requested_at.isoformat(),
        "restricted": [
            {
                "class": kept.retention.value,
                "why": kept.why.value,
                "until": kept.until.isoformat() if kept.until else None,
            }
            for kept in found.kept
        ],
        "erased": sorted({key.retention.value for key in found.keys}),
    }


def hold(person: PersonId, *, held: bool) -> Json:
    return {"person_id": person, "held": held}
