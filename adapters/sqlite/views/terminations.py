"""`domain.views.terminations` asked of SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.projections.terminations import seen_row
from adapters.sqlite.view_store import SqliteViewStore
from domain.values import LegalEntityId
from domain.views.terminations import EndDateSeen

_SEEN: Final = """
SELECT employee_number, employment_id, income_number, end_date, recorded_at, position
FROM end_dates_seen WHERE legal_entity = ? ORDER BY employee_number, position
"""


class SqliteTerminations:
    def __init__(self, store: SqliteViewStore) -> None:
        self._rows = store.rows

    def end_dates(self, entity: LegalEntityId) -> Sequence[EndDateSeen]:
        return tuple(map(seen_row, self._rows(_SEEN, entity)))
