"""`domain.views.recorded` asked of SQLite."""

# ruff: noqa: S608  every name in a statement is ours

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from adapters.projections.recorded import COLUMNS, LEADING, Question, bounds, entry_of, find
from adapters.sqlite.view_store import SqliteViewStore
from domain.views.recorded import Entry, Filters, Found

_ANY: Final = f"""
SELECT {COLUMNS} FROM recorded AS r
WHERE r.legal_entity = ? AND r.position > ? AND r.position <= ? ORDER BY r.position LIMIT ?
"""
_BY: Final = {
    name: f"""
SELECT {COLUMNS} FROM recorded AS r
WHERE r.legal_entity = ? AND r.{name} = ? AND r.position > ? AND r.position <= ? ORDER BY r.position LIMIT ?
"""
    for name in LEADING
} | {
    "field": f"""
SELECT {COLUMNS} FROM recorded_fields AS f JOIN recorded AS r ON r.position = f.position
WHERE f.legal_entity = ? AND f.field = ? AND f.position > ? AND f.position <= ? ORDER BY f.position LIMIT ?
""",
    "effective_on": f"""
SELECT {COLUMNS} FROM recorded AS r
WHERE r.legal_entity = ? AND r.effective_on IS NOT NULL AND r.position > ? AND r.position <= ?
ORDER BY r.position LIMIT ?
""",
}
_SPAN: Final = "SELECT min(first), max(last) FROM recorded_hours WHERE hour BETWEEN ? AND ?"
_ENTRY: Final = f"SELECT {COLUMNS} FROM recorded AS r WHERE r.position = ?"
_DECISIONS: Final = """
SELECT rule, sum(times) FROM recorded_decisions WHERE legal_entity IN (SELECT value FROM json_each(?)) GROUP BY rule
"""


class SqliteRecorded:
    def __init__(self, store: SqliteViewStore) -> None:
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
