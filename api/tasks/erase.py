"""The eraser that the command line, the API and the schedule work with (AUD-9)."""

from __future__ import annotations

from adapters.projections.afresh import HistoryAfresh
from api.bootstrap import Store
from api.config.settings import Settings
from domain.erasure import RetentionPeriods
from domain.services.erase import Eraser
from domain.values import Actor


def eraser(settings: Settings, store: Store, actor: Actor) -> Eraser:
    section = settings.retention
    periods = RetentionPeriods(section.fiscal_years, section.identity_years, section.hr_years)
    return Eraser(store.log, store.log.vault, HistoryAfresh(store.log), store.clock, actor, periods)
