"""The questions that the log is asked, one a file: rows, and the protocol that asks for them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class View(StrEnum):
    """Every view, as its projection and the property of `domain.ports.Views` are named."""

    RUNS = "runs"
    SYNC_STATE = "sync_state"
    HISTORY = "history"
    OVERWRITTEN_FIELDS = "overwritten_fields"
    DRIFT = "drift"
    TERMINATIONS = "terminations"
    TASKS = "tasks"
    SCHEDULE = "schedule"
    ALERTS = "alerts"
    RECORDED = "recorded"


JUDGED_BY: Final = frozenset(View) - {View.SCHEDULE, View.ALERTS, View.RECORDED}
"""What a run or a check asks on its way: one that is behind must stop it before it begins and not midway."""
