"""Erasure as the command line, the API and the schedule do it: one eraser, one way of telling (AUD-9)."""

from __future__ import annotations

from typing import Any

from api.bootstrap import Store
from api.config.settings import Settings
from domain.erasure import RetentionPeriods
from domain.records.erasure_book import Erasure
from domain.services.erase import Eraser
from domain.values import Actor


def eraser(settings: Settings, store: Store, actor: Actor) -> Eraser:
    section = settings.retention
    periods = RetentionPeriods(section.fiscal_years, section.identity_years, section.hr_years)
    return Eraser(store.log, store.log.vault, store.views, store.clock, actor, periods)


def told(one: Erasure) -> dict[str, Any]:
    """An erasure ready for JSON; nothing in it is personal but the person id."""
    return {
        "erasure": one.id,
        "person_id": one.person,
        "state": one.state.value,
        "requested_by": one.requested_by,
        "requested_at": one.requested_at.isoformat(),
        "restricted": [
            {
                "class": kept.retention.value,
                "why": kept.why.value,
                "until": kept.until.isoformat() if kept.until else None,
            }
            for kept in one.kept
        ],
        "erased": sorted({key.retention.value for key in one.keys}),
    }
