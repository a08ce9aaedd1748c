"""What administrators kept of Loket's values and is still to be entered in Personio by hand (DRIFT-4)."""

from __future__ import annotations

from dataclasses import dataclass

from domain.drift.case import DriftCase
from domain.personal import Opened
from domain.services.journal import Tools, opened_streams
from domain.values import NOT_OBSERVED, LegalEntityId
from domain.views.drift import ToEnter, to_enter


@dataclass(frozen=True, slots=True)
class KeptValue:
    row: ToEnter
    value: Opened  # personal


def values_to_enter(tools: Tools, entity: LegalEntityId) -> tuple[KeptValue, ...]:
    """Oldest first. A value whose key was destroyed is told as erased."""
    tools.views.catch_up()
    rows = to_enter(tools.views.drift.unsettled(entity))
    histories = opened_streams(tools, [one.stream for one in rows])
    cases = {stream: DriftCase.of(events) for stream, events in histories.items()}
    kept = ((one, cases[one.stream].kept) for one in rows)
    return tuple(KeptValue(one, NOT_OBSERVED if value is None else value) for one, value in kept)
