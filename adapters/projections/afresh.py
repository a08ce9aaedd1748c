"""The views that papers are made from and erasures are judged by, folded from the events alone, in a scratch file.

Whatever somebody did to the stored views, a report, the evidence of a period and what is known of a person to be erased
are what the log says: no row is missing, and none is added. It takes one pass over the log (`bench/verify.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from adapters.projections.history import HISTORY_PROJECTION
from adapters.projections.overwritten_fields import OVERWRITTEN_FIELDS_PROJECTION
from adapters.projections.projection import Projection
from adapters.projections.recorded import RECORDED_PROJECTION
from adapters.projections.runner import Runner
from adapters.projections.runs import RUNS_PROJECTION
from adapters.sqlite.files import why
from adapters.sqlite.view_store import SCRATCH, SqliteViewStore
from adapters.sqlite.views.history import SqliteHistory
from adapters.sqlite.views.overwritten_fields import SqliteOverwrittenFields
from adapters.sqlite.views.recorded import SqliteRecorded
from domain.errors import LogUnavailable
from domain.log import Log

REPORT: Final = (RUNS_PROJECTION, OVERWRITTEN_FIELDS_PROJECTION)
EVIDENCE: Final = (*REPORT, RECORDED_PROJECTION)


class HistoryAfresh:
    """`domain.ports.HistoryViews`: folded when it is first asked, and gone with whoever asked."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._made: tuple[SqliteHistory, Runner] | None = None

    @property
    def history(self) -> SqliteHistory:
        return self._folded()[0]

    def catch_up(self) -> None:
        self._folded()[1].catch_up(HISTORY_PROJECTION.name)

    def _folded(self) -> tuple[SqliteHistory, Runner]:
        if self._made is None:
            store = SqliteViewStore(SCRATCH)
            runner = Runner(self._log, store, (HISTORY_PROJECTION,))
            store.prepare(HISTORY_PROJECTION)
            runner.rebuild()
            self._made = SqliteHistory(store), runner
        return self._made


class ViewsAfresh:
    """`domain.ports.ReportViews`; with `EVIDENCE` what was recorded too."""

    def __init__(self, log: Log, store: SqliteViewStore, projections: tuple[Projection, ...]) -> None:
        self.overwritten_fields = SqliteOverwrittenFields(store)
        self.recorded = SqliteRecorded(store)
        self._runner = Runner(log, store, projections)
        self._names = [one.name for one in projections]
        for projection in projections:
            store.prepare(projection)
        self._runner.rebuild()

    def catch_up(self) -> None:
        self._runner.catch_up(*self._names)


@contextmanager
def views_afresh(log: Log, projections: tuple[Projection, ...] = REPORT) -> Iterator[ViewsAfresh]:
    """Raises LogUnavailable when there is no room for the scratch file."""
    try:
        with closing(SqliteViewStore(SCRATCH)) as store:
            yield ViewsAfresh(log, store, projections)
    except sqlite3.Error as cause:
        raise LogUnavailable(f"no room to fold the views anew: {why(cause)}; TMPDIR names a folder for it") from cause
