"""`domain.views.tasks` asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.instants import written
from adapters.projections.of_entities import by_entity, of_each
from adapters.projections.tasks import TASK_COLUMNS, WAITING, count_row, look_row, standing, task_row, waiting_rows
from domain.values import LegalEntityId
from domain.views.tasks import LookRow, TaskCount, TaskFilters, TaskRow, Waiting

_OPEN: Final = f"SELECT {TASK_COLUMNS} FROM tasks WHERE legal_entity = %s AND ended_at IS NULL ORDER BY position"  # noqa: S608
_ONE: Final = f"SELECT {TASK_COLUMNS} FROM tasks WHERE position = %s"  # noqa: S608 (our own names)
_COUNTS: Final = """
SELECT legal_entity, code, count(*), min(since) FROM tasks
WHERE legal_entity = ANY(%s) AND ended_at IS NULL
GROUP BY legal_entity, code ORDER BY legal_entity, code
"""
_WAITING: Final = WAITING.replace("?", "%s")
_LAST: Final = """
SELECT legal_entity, look, kind, at, position FROM task_looks WHERE legal_entity = ANY(%s)
"""


class PostgresTasks:
    def __init__(self, store: PostgresViewStore) -> None:
        self._rows = store.rows

    def waiting(self, entities: Sequence[LegalEntityId], now: datetime) -> Mapping[LegalEntityId, Waiting]:
        found = of_each(self._rows, _WAITING, entities, lambda one: (one, one, one, written(now)))
        return {one: waiting_rows(rows) for one, rows in found.items()}

    def open(self, entity: LegalEntityId) -> Sequence[TaskRow]:
        return tuple(map(task_row, self._rows(_OPEN, entity)))

    def tasks(self, entity: LegalEntityId, filters: TaskFilters, *, after: int, limit: int) -> Sequence[TaskRow]:
        stood, at = standing(filters)
        wanted = {"person_id": filters.person, "employee_number": filters.number}
        asked = {name: value for name, value in wanted.items() if value is not None}
        where = "".join(f" AND {name} = %s" for name in asked)
        codes = filters.codes
        if codes is not None:
            where += f" AND code IN ({', '.join('%s' for _ in codes) or 'NULL'})"
        sql = f"""
            SELECT {TASK_COLUMNS} FROM tasks
            WHERE legal_entity = %s AND {stood.replace("?", "%s")} AND position > %s{where}
            ORDER BY position LIMIT %s
        """  # noqa: S608 (our own names)
        return tuple(map(task_row, self._rows(sql, entity, *at, after, *asked.values(), *(codes or ()), limit)))

    def task(self, position: int) -> TaskRow | None:
        return next(map(task_row, self._rows(_ONE, position)), None)

    def counts(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, Sequence[TaskCount]]:
        found = by_entity(entities, self._rows(_COUNTS, list(entities)))
        return {entity: tuple(map(count_row, rows)) for entity, rows in found.items()}

    def last_look(self, entity: LegalEntityId) -> LookRow | None:
        return self.last_looks([entity]).get(entity)

    def last_looks(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, LookRow]:
        return {LegalEntityId(entity): look_row(row) for entity, *row in self._rows(_LAST, list(entities))}
