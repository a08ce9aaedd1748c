"""`domain.views.history` asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.history import carried, positions
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.history import Span

_LINKS: Final = """
SELECT person_id, position, legal_entity, employee_number, left_entity FROM person_links
WHERE person_id IN (SELECT person_id FROM person_links WHERE legal_entity = %s AND employee_number = %s)
ORDER BY person_id, position
"""
_SPAN: Final = """
SELECT h.position FROM history AS h LEFT JOIN history_runs AS r ON r.run_id = h.run_id
WHERE h.about = %s AND h.position BETWEEN %s AND %s AND (h.run_id IS NULL OR r.legal_entity = %s)
ORDER BY h.position LIMIT %s
"""


class PostgresHistory:
    def __init__(self, store: PostgresViewStore) -> None:
        self._rows = store.rows

    def positions(
        self, entity: LegalEntityId, number: EmployeeNumber, *, after: int = -1, limit: int | None = None
    ) -> tuple[int, ...]:
        def ask(about: str, since: int, until: int, most: int | None) -> Iterable[int]:
            rows = self._rows(_SPAN, about, since, until, entity, most)
            return (position for (position,) in rows)

        return positions(entity, number, self._rows(_LINKS, entity, number), ask, after=after, limit=limit)

    def carried(self, entity: LegalEntityId, number: EmployeeNumber) -> tuple[Span, ...]:
        return carried(entity, number, self._rows(_LINKS, entity, number))
