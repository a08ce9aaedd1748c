"""Which alerts were raised, and which of them has not reached whom?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One way of one alert. `position` is of the alert; `next_version` of the delivery's own stream."""

    alert: str
    target: str
    position: int
    raised_at: datetime
    state: DeliveryState
    attempts: int
    next_at: datetime
    cause: str
    next_version: int


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert; the fact is in the log at `position`."""

    alert: str
    legal_entity: str
    raised_at: datetime
    position: int


class AlertsView(Protocol):
    def raised(self, entities: Collection[str] | None, *, before: int | None, limit: int) -> Sequence[AlertRow]:
        """The newest alerts first, of these legal entities or of all; `before` is a position."""
        ...

    def alert(self, alert: str) -> AlertRow | None: ...

    def deliveries(self, alerts: Sequence[str]) -> Sequence[DeliveryRow]:
        """Every way of these alerts, by alert and target."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryRow]:
        """What waits to be sent at this instant, oldest first; at most `limit` to each target."""
        ...
