"""`domain.views.history` asked of SQLite."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from adapters.projections.history import carried, positions
from adapters.sqlite.view_store import SqliteViewStore
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.history import Span

_LINKS: Final = """
SELECT person_id, position, legal_entity, employee_number, left_entity FROM person_links
WHERE person_id IN (SELECT person_id FROM person_links WHERE legal_entity = ? AND employee_number = ?)
ORDER BY person_id, position
"""
_SPAN: Final = """
SELECT h.position FROM history AS h LEFT JOIN history_runs AS r ON r.run_id = h.run_id
WHERE h.about = ? AND h.position BETWEEN ? AND ? AND (h.run_id IS NULL OR r.legal_entity = ?)
ORDER BY h.position LIMIT ?
"""


class SqliteHistory:
    def __init__(self, store: SqliteViewStore) -> None:
        self._rows = store.rows

    def positions(
        self, entity: LegalEntityId, number: EmployeeNumber, *, after: int = -1, limit: int | None = None
    ) -> tuple[int, ...]:
        def ask(about: str, since: int, until: int, most: int | None) -> Iterable[int]:
            rows = self._rows(_SPAN, about, since, until, entity, -1 if most is None else most)
            return (position for (position,) in rows)

        return positions(entity, number, self._rows(_LINKS, entity, number), ask, after=after, limit=limit)

    def carried(self, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
        return carried(entity, number, self._rows(_LINKS, entity, number))
