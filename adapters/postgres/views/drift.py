"""`domain.views.drift` asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.drift import STANDING, case_row, check_row, standing_rows
from adapters.projections.instants import EVER, instant, written
from adapters.projections.of_entities import of_each
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.drift import CaseCount, CaseRow, CheckRow

_COLUMNS: Final = (
    "legal_entity, employee_number, field, person_id, state, cause, opened_at, position, until, how, resolved_at, "
    "kept_at, kept, kept_until"
)
_OPEN: Final = f"""
SELECT {_COLUMNS} FROM drift_cases WHERE legal_entity = %s AND state <> 'resolved' ORDER BY employee_number, field
"""  # noqa: S608  (our own names)
_ALL: Final = f"SELECT {_COLUMNS} FROM drift_cases WHERE legal_entity = %s ORDER BY employee_number, field"  # noqa: S608
_UNSETTLED: Final = f"""
SELECT {_COLUMNS} FROM drift_cases
WHERE legal_entity = %s AND (state <> 'resolved' OR (kept_at IS NOT NULL AND kept_until IS NULL))
ORDER BY employee_number, field
"""  # noqa: S608
_SINCE: Final = f"""
SELECT {_COLUMNS} FROM drift_cases
WHERE legal_entity = %s
AND (state <> 'resolved' OR resolved_at > %s OR (kept_at IS NOT NULL AND (kept_until IS NULL OR kept_until > %s)))
ORDER BY employee_number, field
"""  # noqa: S608
_COUNTS: Final = """
SELECT legal_entity, count(*), min(opened_at) FROM drift_cases
WHERE legal_entity = ANY(%s) AND state <> 'resolved' GROUP BY legal_entity
"""
_HELD_OUT: Final = """
SELECT employee_number FROM held_out WHERE legal_entity = %s AND (ended_at IS NULL OR ended_at > %s)
ORDER BY employee_number
"""
_LAST: Final = """
SELECT latest.check_id, latest.checked_at, latest.completed, concluded.check_id, concluded.checked_at
FROM drift_checks AS latest LEFT JOIN drift_checks AS concluded
ON concluded.legal_entity = latest.legal_entity AND concluded.position = (
    SELECT position FROM drift_checks AS one
    WHERE one.legal_entity = latest.legal_entity AND one.completed AND one.position <= latest.position
    ORDER BY position DESC LIMIT 1
)
WHERE latest.legal_entity = %s AND latest.checked_at <= %s ORDER BY latest.position DESC LIMIT 1
"""
_STANDING: Final = STANDING.replace("?", "%s")


class PostgresDrift:
    def __init__(self, store: PostgresViewStore) -> None:
        self._rows = store.rows

    def counts(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, CaseCount]:
        rows = self._rows(_COUNTS, list(entities))
        return {LegalEntityId(entity): CaseCount(count, instant(since)) for entity, count, since in rows}

    def cases(self, entity: LegalEntityId, *, resolved: bool = False) -> Sequence[CaseRow]:
        return tuple(map(case_row, self._rows(_ALL if resolved else _OPEN, entity)))

    def unsettled(self, entity: LegalEntityId, *, since: datetime | None = None) -> Sequence[CaseRow]:
        if since is None:
            return tuple(map(case_row, self._rows(_UNSETTLED, entity)))
        then = written(since)
        return tuple(map(case_row, self._rows(_SINCE, entity, then, then)))

    def standing(
        self, entities: Sequence[LegalEntityId]
    ) -> Mapping[LegalEntityId, tuple[Sequence[CaseRow], CheckRow | None]]:
        found = of_each(self._rows, _STANDING, entities, lambda one: (one, one))
        return {one: standing_rows(rows) for one, rows in found.items()}

    def held_out(self, entity: LegalEntityId, *, since: datetime | None = None) -> Sequence[EmployeeNumber]:
        return tuple(number for (number,) in self._rows(_HELD_OUT, entity, written(since) if since else None))

    def last_check(self, entity: LegalEntityId, *, by: datetime | None = None) -> CheckRow | None:
        return next(map(check_row, self._rows(_LAST, entity, written(by) if by else EVER)), None)
