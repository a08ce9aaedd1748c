"""The sweep that the next one is held against (RUN-12)."""

from __future__ import annotations

from domain.planning.plausible import Sweep
from domain.records.sweep_record import sweep_of
from domain.services.journal import Tools
from domain.streams import sweep_stream
from domain.values import LegalEntityId


def last_accepted(tools: Tools, entity: LegalEntityId) -> Sweep | None:
    """That of the last run which completed or whose read was accepted; None: there was none yet.

    The views must be caught up.
    """
    run = tools.views.sync_state.accepted_sweep(entity)
    return None if run is None else sweep_of(tools.log.stream(sweep_stream(run)))
