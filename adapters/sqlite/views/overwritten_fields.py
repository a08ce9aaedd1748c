"""`domain.views.overwritten_fields` asked of SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from adapters.projections import overwritten_fields as asked
from adapters.sqlite.view_store import SqliteViewStore
from domain.views.overwritten_fields import OverwrittenFilters, OverwrittenRow, OverwrittenTotals, RunWritten


class SqliteOverwrittenFields:
    """Business dates come from the tables of the runs view, the rest from its own."""

    def __init__(self, store: SqliteViewStore) -> None:
        self._store = store

    def rows(
        self, filters: OverwrittenFilters, *, below: int, after: int = -1, limit: int = 500
    ) -> Sequence[OverwrittenRow]:
        after = max(after, self._start(filters))
        found = self._rows(asked.rows_question(filters, below=below, after=after, limit=limit))
        intents = sorted({row[-1] for row in found})
        periods = self._rows(asked.periods_question(intents, below=below)) if intents else []
        return asked.overwritten_rows(found, [(intent, period) for intent, period in periods])

    def totals(self, filters: OverwrittenFilters, *, below: int) -> OverwrittenTotals:
        start = self._start(filters)
        people = self._rows(asked.people_question(filters, below=below, after=start))
        return asked.totals(people, self._rows(asked.fields_question(filters, below=below, after=start)))

    def runs(self, filters: OverwrittenFilters, *, below: int) -> Sequence[RunWritten]:
        return asked.runs_written(self._rows(asked.runs_question(filters, below=below, after=self._start(filters))))

    def _start(self, filters: OverwrittenFilters) -> int:
        ((first,),) = self._rows(asked.start_question(filters))
        return -1 if first is None else int(first)

    def _rows(self, question: asked.Question) -> list[tuple[Any, ...]]:
        return self._store.rows(question.sql, *question.values)
