"""Every view there is. A new one is a line here, a file beside this one, and its tables for each database."""

from __future__ import annotations

from typing import Final

from adapters.projections.alerts import ALERTS_PROJECTION
from adapters.projections.drift import DRIFT_PROJECTION
from adapters.projections.history import HISTORY_PROJECTION
from adapters.projections.overwritten_fields import OVERWRITTEN_FIELDS_PROJECTION
from adapters.projections.projection import Projection
from adapters.projections.recorded import RECORDED_PROJECTION
from adapters.projections.runs import RUNS_PROJECTION
from adapters.projections.schedule import SCHEDULE_PROJECTION
from adapters.projections.sync_state import SYNC_STATE_PROJECTION
from adapters.projections.tasks import TASKS_PROJECTION
from adapters.projections.terminations import TERMINATIONS_PROJECTION

PROJECTIONS: Final[tuple[Projection, ...]] = (
    RUNS_PROJECTION,
    SYNC_STATE_PROJECTION,
    HISTORY_PROJECTION,
    OVERWRITTEN_FIELDS_PROJECTION,
    DRIFT_PROJECTION,
    TERMINATIONS_PROJECTION,
    TASKS_PROJECTION,
    SCHEDULE_PROJECTION,
    ALERTS_PROJECTION,
    RECORDED_PROJECTION,
)
