"""`domain.views.runs` asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.history import LAST
from adapters.projections.instants import EVER, written
from adapters.projections.of_entities import of_each
from adapters.projections.runs import (
    LAST_RUNS,
    asked_of_last,
    counted_so,
    first_event,
    last_runs,
    noted_rows,
    outcome_rows,
    run_row,
    told_of,
)
from domain.values import LegalEntityId, RunId
from domain.views.runs import LastRuns, OutcomeRow, RunRow, Tally

_ALL: Final = "SELECT * FROM runs WHERE position < %s ORDER BY position DESC LIMIT %s"
_OF_ENTITY: Final = "SELECT * FROM runs WHERE legal_entity = %s AND position < %s ORDER BY position DESC LIMIT %s"
_THESE: Final = "SELECT * FROM runs WHERE run_id = ANY(%s) ORDER BY position"
_OF_DAY: Final = "SELECT * FROM runs WHERE legal_entity = %s AND business_date = %s ORDER BY position"
_COMPLETED: Final = """
SELECT * FROM runs WHERE legal_entity = %s AND status IN ('completed', 'completed_with_errors') AND ended_at <= %s
ORDER BY started_at DESC LIMIT 1
"""
_TOLD: Final = """
SELECT * FROM runs WHERE legal_entity = %s AND tallies IS NOT NULL AND only_numbers IS NULL AND ended_at <= %s
AND status <> 'cut_off' ORDER BY position DESC LIMIT 1
"""
_LAST: Final = LAST_RUNS.replace("?", "%s")
_NEWEST: Final = """
SELECT newest.* FROM unnest(%s::text[]) AS entity (id) CROSS JOIN LATERAL (
    SELECT * FROM runs WHERE legal_entity = entity.id ORDER BY position DESC LIMIT 1
) AS newest
"""
_OUTCOMES: Final = "SELECT position, outcome, reason, people FROM run_outcomes WHERE run_id = %s ORDER BY position"
_NOTED: Final = """
SELECT run_id, position, outcome, reason, people FROM run_outcomes
WHERE run_id = ANY(%s) AND noted
"""
_SOME: Final = """
SELECT position, outcome, reason, people FROM run_outcomes
WHERE run_id = %s AND position >= %s AND outcome || ' ' || reason = ANY(%s)
ORDER BY position LIMIT %s
"""
_OF_THEM: Final = """
SELECT person_id, field, position FROM run_overwrites
WHERE run_id = %s AND person_id = ANY(%s) ORDER BY position
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

    def these(self, run_ids: Collection[RunId]) -> tuple[RunRow, ...]:
        return tuple(map(run_row, self._rows(_THESE, list(run_ids)))) if run_ids else ()

    def of_day(self, entity: LegalEntityId, day: date) -> tuple[RunRow, ...]:
        return tuple(map(run_row, self._rows(_OF_DAY, entity, day.isoformat())))

    def completed(self, entity: LegalEntityId, *, by: datetime | None = None) -> RunRow | None:
        return next(map(run_row, self._rows(_COMPLETED, entity, written(by) if by else EVER)), None)

    def last(
        self, entities: Sequence[LegalEntityId], *, good_since: datetime | None = None
    ) -> Mapping[LegalEntityId, LastRuns]:
        found = of_each(self._rows, _LAST, entities, lambda one: asked_of_last(one, good_since))
        return {one: last_runs(rows) for one, rows in found.items()}

    def newest(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, RunRow]:
        return {one.legal_entity: one for one in map(run_row, self._rows(_NEWEST, list(entities)))}

    def told_of_all(self, entity: LegalEntityId, *, by: datetime) -> RunRow | None:
        return next(map(run_row, self._rows(_TOLD, entity, written(by))), None)

    def outcomes(self, run_id: RunId) -> tuple[OutcomeRow, ...]:
        return outcome_rows(told_of(self._rows(_OUTCOMES, run_id)), self._rows(_OVERWRITES, run_id))

    def some_outcomes(
        self, run_id: RunId, tallies: Collection[Tally], *, after: int = -1, limit: int = 100
    ) -> tuple[OutcomeRow, ...]:
        events = self._rows(_SOME, run_id, first_event(after), counted_so(tallies), limit + 1)
        found = told_of(events, after=after, limit=limit)
        return outcome_rows(found, self._rows(_OF_THEM, run_id, [person for person, *_ in found]))

    def noted(self, run_ids: Collection[RunId]) -> Mapping[RunId, tuple[OutcomeRow, ...]]:
        rows = self._rows(_NOTED, list(run_ids)) if run_ids else ()
        return noted_rows(run_ids, rows)
