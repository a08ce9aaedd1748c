"""The settings that everybody was judged by, as JSON: since when, by whom, and what each change of them changed."""

from __future__ import annotations

from dataclasses import asdict

from api.presenters.values import Json, instant
from domain.grounds.readers import read_json
from domain.log import Log
from domain.streams import policy_stream
from domain.values import LegalEntityId
from domain.views.settings_applied import Applied, applied


def settings(entity: LegalEntityId, log: Log) -> Json:
    """Newest first."""
    return {"legal_entity": entity, "settings": [_one(each) for each in applied(log.stream(policy_stream(entity)))]}


def _one(one: Applied) -> Json:
    changes = one.changes
    return {
        "digest": one.fact.digest,
        "since": instant(one.event.meta.recorded_at),
        "position": one.event.position,
        "first_judged_by": one.event.meta.correlation,
        "actor": one.event.meta.actor,
        "product": one.fact.product or None,
        "changes": None if changes is None else list(map(asdict, changes)),
        "settings": read_json(one.fact.policy),
    }
