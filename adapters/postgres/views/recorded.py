"""`domain.views.recorded` asked of PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections import recorded_pages
from adapters.projections.projection import Value
from domain.values import LegalEntityId
from domain.views.recorded import Entry, Filters, Found

_PLACE: Final = "(r.position + 0)"
"""Not the primary key: the planner would walk it, and the whole log, for a kind that an entity has no event of."""

_DECISIONS: Final = """
SELECT rule, sum(times) FROM recorded_decisions
WHERE legal_entity IN (SELECT json_array_elements_text(%s::json)) GROUP BY rule
"""


class PostgresRecorded:
    def __init__(self, store: PostgresViewStore) -> None:
        self._store = store

    def find(
        self, entities: Sequence[str], filters: Filters, *, after: int = -1, limit: int = 50, before: int | None = None
    ) -> Found:
        return recorded_pages.find(self._rows, entities, filters, after=after, limit=limit, before=before, place=_PLACE)

    def entry(self, position: int) -> Entry | None:
        return recorded_pages.entry(self._rows, position)

    def instants(self, entity: LegalEntityId, kinds: Sequence[str], *, before: int, limit: int) -> Sequence[datetime]:
        return recorded_pages.instants(self._rows, entity, kinds, before=before, limit=limit, place=_PLACE)

    def decisions(self, entities: Sequence[str]) -> Mapping[str, int]:
        return {rule: int(times) for rule, times in self._store.rows(_DECISIONS, json.dumps(list(entities)))}

    def _rows(self, sql: str, values: tuple[Value, ...]) -> list[tuple[Any, ...]]:
        return self._store.rows(sql.replace("%", "%%").replace("?", "%s"), *values)
