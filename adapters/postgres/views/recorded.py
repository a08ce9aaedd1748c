"""`domain.views.recorded` asked of PostgreSQL."""

# ruff: noqa: S608  every name in a statement is ours

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.recorded import COLUMNS, LEADING, Question, bounds, entry_of, find
from domain.views.recorded import Entry, Filters, Found

_ANY: Final = f"""
SELECT {COLUMNS} FROM recorded AS r
WHERE r.legal_entity = %s AND r.position > %s AND r.position <= %s ORDER BY r.position LIMIT %s
"""
_BY: Final = {
    name: f"""
SELECT {COLUMNS} FROM recorded AS r
WHERE r.legal_entity = %s AND r.{name} = %s AND r.position > %s AND r.position <= %s ORDER BY r.position LIMIT %s
"""
    for name in LEADING
} | {
    "field": f"""
SELECT {COLUMNS} FROM recorded_fields AS f JOIN recorded AS r ON r.position = f.position
WHERE f.legal_entity = %s AND f.field = %s AND f.position > %s AND f.position <= %s ORDER BY f.position LIMIT %s
""",
    "effective_on": f"""
SELECT {COLUMNS} FROM recorded AS r
WHERE r.legal_entity = %s AND r.effective_on IS NOT NULL AND r.position > %s AND r.position <= %s
ORDER BY r.position LIMIT %s
""",
}
_SPAN: Final = "SELECT min(first), max(last) FROM recorded_hours WHERE hour BETWEEN %s AND %s"
_ENTRY: Final = f"SELECT {COLUMNS} FROM recorded AS r WHERE r.position = %s"
_DECISIONS: Final = """
SELECT rule, sum(times) FROM recorded_decisions
WHERE legal_entity IN (SELECT json_array_elements_text(%s::json)) GROUP BY rule
"""


class PostgresRecorded:
    def __init__(self, store: PostgresViewStore) -> None:
        self._rows = store.rows

    def find(self, entities: Sequence[str], filters: Filters, *, after: int = -1, limit: int = 50) -> Found:
        low, high = bounds(filters, lambda since, until: self._rows(_SPAN, since, until)[0], after)
        return find(self._ask, entities, filters, after=low, until=high, limit=limit)

    def entry(self, position: int) -> Entry | None:
        return next(map(entry_of, self._rows(_ENTRY, position)), None)

    def decisions(self, entities: Sequence[str]) -> Mapping[str, int]:
        return {rule: int(times) for rule, times in self._rows(_DECISIONS, json.dumps(list(entities)))}

    def _ask(self, question: Question) -> Iterable[Sequence[Any]]:
        entity, column, value, after, until, limit = question
        if column is None:
            return self._rows(_ANY, entity, after, until, limit)
        if column == "effective_on":
            return self._rows(_BY[column], entity, after, until, limit)
        return self._rows(_BY[column], entity, value, after, until, limit)
