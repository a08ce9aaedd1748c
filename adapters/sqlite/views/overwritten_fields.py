"""`domain.views.overwritten_fields` asked of SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from adapters.projections import overwritten_fields as asked
from adapters.sqlite.view_store import SqliteViewStore
from domain.values import RunId
from domain.views.overwritten_fields import (
    OverwrittenFilters,
    OverwrittenRow,
    OverwrittenTotals,
    RunWritten,
    Tallied,
)


class SqliteOverwrittenFields:
    """Business dates come from the tables of the runs view, the rest from its own."""

    def __init__(self, store: SqliteViewStore) -> None:
        self._store = store

    def rows(
        self, filters: OverwrittenFilters, *, below: int, after: int = -1, limit: int = 500
    ) -> Sequence[OverwrittenRow]:
        found = self._rows(asked.rows_question(filters, self._span(filters, below, after), limit=limit))
        intents = sorted({row[-1] for row in found})
        periods = self._rows(asked.periods_question(intents, below=below)) if intents else []
        return asked.overwritten_rows(found, [(intent, period) for intent, period in periods])

    def tallies(self, filters: OverwrittenFilters, *, below: int) -> Sequence[Tallied]:
        span = self._span(filters, below)
        if filters.number is not None or filters.person is not None:
            return asked.tallied(self._rows(asked.each_question(filters, span)))
        begun = [RunId(run) for (run,) in self._rows(asked.begun_question(below))]
        found = self._rows(asked.tallies_question(filters, begun))
        for run in begun:
            if filters.run in (None, run):
                found += self._rows(asked.each_question(replace(filters, run=run), span))
        return asked.tallied(found)

    def totals(self, filters: OverwrittenFilters, *, below: int) -> OverwrittenTotals:
        span = self._span(filters, below)
        people = self._rows(asked.people_question(filters, span))
        return asked.totals(people, self._rows(asked.fields_question(filters, span)))

    def runs(self, filters: OverwrittenFilters, *, below: int) -> Sequence[RunWritten]:
        return asked.runs_written(self._rows(asked.runs_question(filters, self._span(filters, below), below=below)))

    def _span(self, filters: OverwrittenFilters, below: int, after: int = -1) -> asked.Span:
        return asked.span(self._rows(asked.span_question(filters)), below, after)

    def _rows(self, question: asked.Question) -> list[tuple[Any, ...]]:
        return self._store.rows(question.sql, *question.values)
