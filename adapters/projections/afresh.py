"""The views that papers are made from, folded from the events alone when a paper is asked for, in a scratch file.

Whatever somebody did to the stored views, a report and the evidence of a period are what the log says: no row is
missing, and none is added. It takes one pass over the log (`bench/verify.py` says how long).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from adapters.projections.overwritten_fields import OVERWRITTEN_FIELDS_PROJECTION
from adapters.projections.projection import Projection
from adapters.projections.recorded import RECORDED_PROJECTION
from adapters.projections.runner import Runner
from adapters.projections.runs import RUNS_PROJECTION
from adapters.sqlite.files import why
from adapters.sqlite.view_store import SCRATCH, SqliteViewStore
from adapters.sqlite.views.overwritten_fields import SqliteOverwrittenFields
from adapters.sqlite.views.recorded import SqliteRecorded
from domain.errors import LogUnavailable
from domain.log import Log

REPORT: Final = (RUNS_PROJECTION, OVERWRITTEN_FIELDS_PROJECTION)
EVIDENCE: Final = (*REPORT, RECORDED_PROJECTION)


class ViewsAfresh:
    """`domain.ports.ReportViews`; with `EVIDENCE` what was recorded too."""

    def __init__(self, log: Log, store: SqliteViewStore, projections: tuple[Projection, ...]) -> None:
        self.overwritten_fields = SqliteOverwrittenFields(store)
        self.recorded = SqliteRecorded(store)
        self._runner = Runner(log, store, projections)
        for projection in projections:
            store.prepare(projection)
        self._runner.rebuild()

    def catch_up(self) -> None:
        self._runner.catch_up()


@contextmanager
def views_afresh(log: Log, projections: tuple[Projection, ...] = REPORT) -> Iterator[ViewsAfresh]:
    """Raises LogUnavailable when there is no room for the scratch file."""
    try:
        with closing(SqliteViewStore(SCRATCH)) as store:
            yield ViewsAfresh(log, store, projections)
    except sqlite3.Error as cause:
        raise LogUnavailable(f"no room to fold the views anew: {why(cause)}; TMPDIR names a folder for it") from cause
