"""`domain.views.history` asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections import history
from adapters.projections.projection import Value
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.history import Span


class PostgresHistory:
    def __init__(self, store: PostgresViewStore) -> None:
        self._store = store

    def positions(
        self,
        entity: LegalEntityId,
        number: EmployeeNumber,
        *,
        after: int = -1,
        limit: int | None = None,
        carried: Sequence[Span] | None = None,
    ) -> tuple[int, ...]:
        while_theirs = self.carried(entity, number) if carried is None else carried
        return history.positions(self._rows, entity, number, while_theirs, after=after, limit=limit)

    def carried(self, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
        return history.carried(self._rows, entity, number)

    def _rows(self, sql: str, values: tuple[Value, ...]) -> list[tuple[Any, ...]]:
        return self._store.rows(sql.replace("?", "%s"), *values)
