"""`domain.views.sync_state` asked of SQLite."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Final

from adapters.projections.instants import written
from adapters.projections.of_entities import by_entity
from adapters.projections.sync_state import fields_by_stream, person_state, states_question
from adapters.sqlite.view_store import SqliteViewStore
from domain.log import StreamId
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, RunId
from domain.views.sync_state import EVERYONE, Concept, FieldState, PeopleFilters, PersonState, Place

_PEOPLE: Final = "SELECT person_id, employee_number FROM entity_people WHERE legal_entity = ?"
_CONCEPTS: Final = """
SELECT employee_number FROM link_states WHERE legal_entity = ? AND state = 'concept' ORDER BY employee_number
"""
_WAITING: Final = """
SELECT link.legal_entity, person.person_id, link.employee_number FROM link_states AS link
JOIN entity_people AS person
ON person.legal_entity = link.legal_entity AND person.employee_number = link.employee_number
WHERE link.legal_entity IN (SELECT value FROM json_each(?)) AND link.state = 'concept'
"""
_INTENTS: Final = "SELECT stream, intent FROM open_intents WHERE legal_entity = ? ORDER BY position"
_UNKNOWN: Final = """
SELECT stream FROM open_intents WHERE legal_entity = ? AND NOT EXISTS (
    SELECT 1 FROM runs
    WHERE runs.legal_entity = open_intents.legal_entity AND runs.status = 'in_progress'
    AND runs.position < open_intents.position
)
"""
_OPEN_RUNS: Final = "SELECT run_id FROM runs WHERE legal_entity = ? AND status = 'in_progress' ORDER BY position"
_BRAKED: Final = """
SELECT legal_entity, run_id, fingerprint, actor FROM runs
WHERE legal_entity IN (SELECT value FROM json_each(?))
AND reason = 'BRAKE' AND ended_at >= ? AND fingerprint IS NOT NULL
AND NOT EXISTS (
    SELECT 1 FROM runs AS used
    WHERE used.legal_entity = runs.legal_entity AND used.released = runs.fingerprint AND used.position > runs.position
)
ORDER BY legal_entity, ended_at, position
"""
_DOUBTED: Final = """
SELECT run_id, fingerprint, actor FROM runs
WHERE legal_entity = ? AND (reason = 'IMPLAUSIBLE_READ' OR status = 'blocked') AND ended_at >= ?
AND fingerprint IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM runs AS used
    WHERE used.legal_entity = runs.legal_entity AND used.accepted_read = runs.fingerprint
    AND used.position > runs.position
)
ORDER BY ended_at, position
"""
_LAST_COMPLETED: Final = """
SELECT position, run_id FROM runs WHERE legal_entity = ? AND status IN ('completed', 'completed_with_errors')
ORDER BY position DESC LIMIT 1
"""
_LAST_ACCEPTED: Final = """
SELECT position, run_id FROM runs WHERE legal_entity = ? AND accepted_read IS NOT NULL
ORDER BY position DESC LIMIT 1
"""
_COMPLETED: Final = """
SELECT 1 FROM runs WHERE legal_entity = ? AND status IN ('completed', 'completed_with_errors') LIMIT 1
"""
_FIELDS: Final = """
SELECT stream, field, position, visible FROM field_states WHERE stream IN (SELECT value FROM json_each(?))
"""


class SqliteSyncState:
    """Runs come from the tables of the runs view, the rest from its own."""

    def __init__(self, store: SqliteViewStore) -> None:
        self._rows = store.rows

    def people(self, entity: LegalEntityId) -> Mapping[str, int | None]:
        return dict(self._rows(_PEOPLE, entity))

    def concepts(self, entity: LegalEntityId) -> Sequence[EmployeeNumber]:
        return [EmployeeNumber(number) for (number,) in self._rows(_CONCEPTS, entity)]

    def waiting(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, Sequence[Concept]]:
        found = by_entity(entities, self._rows(_WAITING, json.dumps(list(entities))))
        return {
            entity: tuple(Concept(*row) for row in sorted(rows, key=itemgetter(1, 0))) for entity, rows in found.items()
        }

    def open_intents(self, entity: LegalEntityId) -> Sequence[tuple[str, str]]:
        return [(stream, intent) for stream, intent in self._rows(_INTENTS, entity)]

    def unknown(self, entity: LegalEntityId) -> int:
        return len(set(self._rows(_UNKNOWN, entity)))

    def open_runs(self, entity: LegalEntityId) -> Sequence[RunId]:
        return [run_id for (run_id,) in self._rows(_OPEN_RUNS, entity)]

    def braked(
        self, entities: Collection[LegalEntityId], since: datetime
    ) -> Mapping[LegalEntityId, Sequence[tuple[str, str, str]]]:
        found = by_entity(entities, self._rows(_BRAKED, json.dumps(list(entities)), written(since)))
        return {entity: [(run, print_, actor) for run, print_, actor in rows] for entity, rows in found.items()}

    def doubted(self, entity: LegalEntityId, since: datetime) -> Sequence[tuple[str, str, str]]:
        return [(run, print_, actor) for run, print_, actor in self._rows(_DOUBTED, entity, written(since))]

    def accepted_sweep(self, entity: LegalEntityId) -> RunId | None:
        runs = [*self._rows(_LAST_COMPLETED, entity), *self._rows(_LAST_ACCEPTED, entity)]
        return max(runs)[1] if runs else None

    def has_completed_run(self, entity: LegalEntityId) -> bool:
        return bool(self._rows(_COMPLETED, entity))

    def states(
        self, entity: LegalEntityId, filters: PeopleFilters = EVERYONE, *, after: Place | None = None, limit: int = 500
    ) -> tuple[PersonState, ...]:
        question, values = states_question(entity, filters, after, limit)
        return tuple(map(person_state, self._rows(question, *values)))

    def fields(self, streams: Collection[StreamId]) -> Mapping[StreamId, Mapping[FieldPath, FieldState]]:
        return fields_by_stream(self._rows(_FIELDS, json.dumps(list(streams))))
