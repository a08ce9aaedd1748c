"""`domain.views.alerts` asked of SQLite."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from adapters.projections.alerts import ALERT_COLUMNS, DELIVERY_COLUMNS, alert_row, delivery_row
from adapters.projections.instants import written
from adapters.sqlite.view_store import SqliteViewStore
from domain.views.alerts import AlertRow, DeliveryRow

_ALL: Final = f"SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE position < ? ORDER BY position DESC LIMIT ?"  # noqa: S608
_OF_ENTITIES: Final = f"""
SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE position IN (
    SELECT newest.position FROM json_each(?) JOIN alerts_raised AS newest ON newest.position IN (
        SELECT position FROM alerts_raised WHERE legal_entity = json_each.value AND position < ?
        ORDER BY position DESC LIMIT ?
    )
) ORDER BY position DESC LIMIT ?
"""  # noqa: S608 (our own names)
_ONE: Final = f"SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE alert = ?"  # noqa: S608
_OF_ALERTS: Final = f"""
SELECT {DELIVERY_COLUMNS} FROM alert_deliveries WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY alert, target
"""  # noqa: S608
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

    def raised(self, entities: Collection[str] | None, *, before: int | None, limit: int) -> Sequence[AlertRow]:
        position = _NEWEST if before is None else before
        if entities is None:
            return tuple(map(alert_row, self._rows(_ALL, position, limit)))
        return tuple(map(alert_row, self._rows(_OF_ENTITIES, json.dumps(list(entities)), position, limit, limit)))

    def alert(self, alert: str) -> AlertRow | None:
        return next(map(alert_row, self._rows(_ONE, alert)), None)

    def deliveries(self, alerts: Sequence[str]) -> Sequence[DeliveryRow]:
        return tuple(map(delivery_row, self._rows(_OF_ALERTS, json.dumps(list(alerts)))))

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryRow]:
        return tuple(map(delivery_row, self._rows(_DUE, written(now), limit)))
