"""`domain.views.alerts` asked of SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from adapters.projections.alerts import ALERT_COLUMNS, DELIVERY_COLUMNS, alert_row, delivery_row
from adapters.projections.instants import written
from adapters.sqlite.view_store import SqliteViewStore
from domain.views.alerts import AlertRow, DeliveryRow

_ALL: Final = f"SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE position < ? ORDER BY position DESC LIMIT ?"  # noqa: S608
_OF_ENTITY: Final = f"""
SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE legal_entity = ? AND position < ? ORDER BY position DESC LIMIT ?
"""  # noqa: S608 (our own names)
_ONE: Final = f"SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE alert = ?"  # noqa: S608
_OF_ALERT: Final = f"SELECT {DELIVERY_COLUMNS} FROM alert_deliveries WHERE alert = ? ORDER BY target"  # noqa: S608
_DUE: Final = f"""
SELECT {DELIVERY_COLUMNS} FROM (
    SELECT {DELIVERY_COLUMNS}, row_number() OVER (PARTITION BY target ORDER BY next_at, position) AS place
    FROM alert_deliveries WHERE state = 'waiting' AND next_at <= ?
) AS due WHERE place <= ? ORDER BY next_at, position, target
"""  # noqa: S608 (our own names)
_NEWEST: Final = 2**62


class SqliteAlerts:
    def __init__(self, store: SqliteViewStore) -> None:
        self._rows = store.rows

    def raised(self, entity: str | None, *, before: int | None, limit: int) -> Sequence[AlertRow]:
        position = _NEWEST if before is None else before
        asked = (position, limit) if entity is None else (entity, position, limit)
        return tuple(map(alert_row, self._rows(_ALL if entity is None else _OF_ENTITY, *asked)))

    def alert(self, alert: str) -> AlertRow | None:
        return next(map(alert_row, self._rows(_ONE, alert)), None)

    def deliveries(self, alerts: Sequence[str]) -> Sequence[DeliveryRow]:
        return tuple(delivery_row(row) for alert in alerts for row in self._rows(_OF_ALERT, alert))

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryRow]:
        return tuple(map(delivery_row, self._rows(_DUE, written(now), limit)))
