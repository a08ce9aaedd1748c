"""Alerts as this installation sends them."""

from __future__ import annotations

from api.bootstrap import Store
from api.config import Settings
from domain.services.deliver_alerts import Deliverer


def deliverer(settings: Settings, store: Store) -> Deliverer:
    section = settings.alerts
    return Deliverer(
        log=store.log,
        views=store.views,
        claims=store.claims,
        clock=store.clock,
        targets=section.channels(),
        names={one.personio_id: one.name or one.personio_id for one in settings.legal_entity},
        link_base=section.link_base,
    )


def deliver_due(settings: Settings, store: Store) -> int:
    """Send what is due; how many alerts reached a target."""
    return deliverer(settings, store).deliver_due()
