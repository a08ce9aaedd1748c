"""`domain.views.runs` asked of PostgreSQL."""

from __future__ import annotations

from datetime import date
from typing import Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.history import LAST
from adapters.projections.runs import outcome_rows, run_row
from domain.values import LegalEntityId, RunId
from domain.views.runs import OutcomeRow, RunRow, Tally

_ALL: Final = "SELECT * FROM runs WHERE position < %s ORDER BY position DESC LIMIT %s"
_OF_ENTITY: Final = "SELECT * FROM runs WHERE legal_entity = %s AND position < %s ORDER BY position DESC LIMIT %s"
_OF_DAY: Final = "SELECT * FROM runs WHERE legal_entity = %s AND business_date = %s ORDER BY position"
_OUTCOMES: Final = """
SELECT person_id, employee_number, outcome, reason, position FROM run_outcomes WHERE run_id = %s ORDER BY position
"""
_TALLIES: Final = """
SELECT outcome, reason, COUNT(*) AS people FROM run_outcomes WHERE run_id = %s
GROUP BY outcome, reason ORDER BY people DESC, outcome, reason
"""
_OVERWRITES: Final = "SELECT person_id, field, position FROM run_overwrites WHERE run_id = %s ORDER BY position"


class PostgresRuns:
    def __init__(self, store: PostgresViewStore) -> None:
        self._rows = store.rows

    def runs(
        self, entity: LegalEntityId | None = None, *, before: int | None = None, limit: int = 50
    ) -> tuple[RunRow, ...]:
        end = LAST if before is None else before
        rows = self._rows(_ALL, end, limit) if entity is None else self._rows(_OF_ENTITY, entity, end, limit)
        return tuple(map(run_row, rows))

    def run(self, run_id: RunId) -> RunRow | None:
        return next(map(run_row, self._rows("SELECT * FROM runs WHERE run_id = %s", run_id)), None)

    def of_day(self, entity: LegalEntityId, day: date) -> tuple[RunRow, ...]:
        return tuple(map(run_row, self._rows(_OF_DAY, entity, day.isoformat())))

    def outcomes(self, run_id: RunId) -> tuple[OutcomeRow, ...]:
        return outcome_rows(self._rows(_OUTCOMES, run_id), self._rows(_OVERWRITES, run_id))

    def tallies(self, run_id: RunId) -> tuple[Tally, ...]:
        return tuple(Tally(*row) for row in self._rows(_TALLIES, run_id))
