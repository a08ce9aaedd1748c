"""`domain.views.drift` asked of SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from adapters.projections.drift import case_row, check_row, to_enter_row
from adapters.sqlite.view_store import SqliteViewStore
from domain.values import EmployeeNumber, LegalEntityId
from domain.views.drift import CaseRow, CheckRow, ToEnter

_COLUMNS: Final = (
    "legal_entity, employee_number, field, person_id, state, cause, opened_at, position, until, how, resolved_at"
)
_OPEN: Final = f"""
SELECT {_COLUMNS} FROM drift_cases WHERE legal_entity = ? AND state <> 'resolved' ORDER BY employee_number, field
"""  # noqa: S608  (our own names)
_ALL: Final = f"SELECT {_COLUMNS} FROM drift_cases WHERE legal_entity = ? ORDER BY employee_number, field"  # noqa: S608
_HELD_OUT: Final = "SELECT employee_number FROM held_out WHERE legal_entity = ? ORDER BY employee_number"
_TO_ENTER: Final = """
SELECT legal_entity, employee_number, field, kept_at, position FROM to_enter_in_personio
WHERE legal_entity = ? ORDER BY position
"""
_LAST: Final = """
SELECT check_id, checked_at, completed, concluded_id, concluded_at FROM drift_checks WHERE legal_entity = ?
"""


class SqliteDrift:
    def __init__(self, store: SqliteViewStore) -> None:
        self._rows = store.rows

    def cases(self, entity: LegalEntityId, *, resolved: bool = False) -> Sequence[CaseRow]:
        return tuple(map(case_row, self._rows(_ALL if resolved else _OPEN, entity)))

    def held_out(self, entity: LegalEntityId) -> Sequence[EmployeeNumber]:
        return tuple(number for (number,) in self._rows(_HELD_OUT, entity))

    def to_enter(self, entity: LegalEntityId) -> Sequence[ToEnter]:
        return tuple(map(to_enter_row, self._rows(_TO_ENTER, entity)))

    def last_check(self, entity: LegalEntityId) -> CheckRow | None:
        return next(map(check_row, self._rows(_LAST, entity)), None)
