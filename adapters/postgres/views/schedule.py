"""`domain.views.schedule` asked of PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.schedule import COLUMNS, job_row, version_row
from domain.schedule import Key
from domain.values import LegalEntityId
from domain.views.schedule import ScheduleRow, VersionRow

_JOBS: Final = f"SELECT {COLUMNS} FROM planned_jobs ORDER BY legal_entity, job"  # noqa: S608 (our own names)
_JOB: Final = f"SELECT {COLUMNS} FROM planned_jobs WHERE legal_entity = %s AND job = %s"  # noqa: S608 (our own names)
_VERSION: Final = "SELECT version, next_version FROM loket_versions_seen WHERE legal_entity = %s"


class PostgresSchedule:
    def __init__(self, store: PostgresViewStore) -> None:
        self._rows = store.rows

    def jobs(self) -> Mapping[Key, ScheduleRow]:
        return dict(map(job_row, self._rows(_JOBS)))

    def job(self, key: Key) -> ScheduleRow | None:
        return next((row for _, row in map(job_row, self._rows(_JOB, *key))), None)

    def version(self, entity: LegalEntityId) -> VersionRow | None:
        return next(map(version_row, self._rows(_VERSION, entity)), None)
