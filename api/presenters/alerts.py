"""Alerts as JSON: what was raised, in the words people got, and whom it reached."""

from __future__ import annotations

from collections.abc import Sequence

from api.presenters.values import Json
from domain.alerts import EVERYTHING, message
from domain.events.alert import AlertRaised
from domain.log import Log
from domain.views.alerts import AlertRow, AlertsView


def alerts(rows: Sequence[AlertRow], view: AlertsView, log: Log) -> list[Json]:
    """Newest first, as the rows are."""
    facts = {one.position: one.fact for one in log.at(sorted(row.position for row in rows))}
    ways: dict[str, list[Json]] = {}
    for one in view.deliveries([row.alert for row in rows]):
        waiting = one.state.value == "waiting"
        ways.setdefault(one.alert, []).append(
            {
                "target": one.target,
                "state": one.state.value,
                "attempts": one.attempts,
                "next_at": one.next_at.isoformat() if waiting else None,
                "cause": one.cause or None,
            }
        )
    shown = []
    for row in rows:
        fact = facts[row.position]
        assert isinstance(fact, AlertRaised)
        shown.append(
            {
                "alert": row.alert,
                "legal_entity": row.legal_entity or None,
                "raised_at": row.raised_at.isoformat(),
                "about": fact.about,
                "lines": list(message(fact, "", EVERYTHING).lines),
                "deliveries": ways.get(row.alert, []),
                "position": row.position,
            }
        )
    return shown
