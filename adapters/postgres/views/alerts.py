"""`domain.views.alerts` asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.alerts import ALERT_COLUMNS, DELIVERY_COLUMNS, alert_row, delivery_row
from adapters.projections.instants import written
from domain.views.alerts import AlertRow, DeliveryRow

_ALL: Final = f"SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE position < %s ORDER BY position DESC LIMIT %s"  # noqa: S608
_OF_ENTITIES: Final = f"""
SELECT {ALERT_COLUMNS} FROM unnest(%s::text[]) AS entity (id) CROSS JOIN LATERAL (
    SELECT * FROM alerts_raised WHERE legal_entity = entity.id AND position < %s ORDER BY position DESC LIMIT %s
) AS newest ORDER BY position DESC LIMIT %s
"""  # noqa: S608 (our own names)
_ONE: Final = f"SELECT {ALERT_COLUMNS} FROM alerts_raised WHERE alert = %s"  # noqa: S608
_OF_ALERTS: Final = f"""
SELECT {DELIVERY_COLUMNS} FROM alert_deliveries WHERE alert = ANY(%s) ORDER BY alert, target
"""  # noqa: S608
_DUE: Final = f"""
SELECT {DELIVERY_COLUMNS} FROM (
    SELECT {DELIVERY_COLUMNS}, row_number() OVER (PARTITION BY target ORDER BY next_at, position) AS place
    FROM alert_deliveries WHERE state = 'waiting' AND next_at <= %s
) AS due WHERE place <= %s ORDER BY next_at, position, target
"""  # noqa: S608 (our own names)
_NEWEST: Final = 2**62


class PostgresAlerts:
    def __init__(self, store: PostgresViewStore) -> None:
        self._rows = store.rows

    def raised(self, entities: Collection[str] | None, *, before: int | None, limit: int) -> Sequence[AlertRow]:
        position = _NEWEST if before is None else before
        if entities is None:
            return tuple(map(alert_row, self._rows(_ALL, position, limit)))
        return tuple(map(alert_row, self._rows(_OF_ENTITIES, list(entities), position, limit, limit)))

    def alert(self, alert: str) -> AlertRow | None:
        return next(map(alert_row, self._rows(_ONE, alert)), None)

    def deliveries(self, alerts: Sequence[str]) -> Sequence[DeliveryRow]:
        return tuple(map(delivery_row, self._rows(_OF_ALERTS, list(alerts))))

    def due(self, now: datetime, limit: int) -> Sequence[DeliveryRow]:
        return tuple(map(delivery_row, self._rows(_DUE, written(now), limit)))
