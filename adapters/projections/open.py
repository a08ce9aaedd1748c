"""Opens every view on the database the log is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, cast

from adapters.projections.checked import (
    CheckedAlerts,
    CheckedDrift,
    CheckedHistory,
    CheckedOverwrittenFields,
    CheckedRecorded,
    CheckedRuns,
    CheckedSyncState,
    CheckedTasks,
    CheckedTerminations,
    Events,
)
from adapters.projections.register import PROJECTIONS
from adapters.projections.runner import Progress, Runner, ViewStore, why_behind
from adapters.sqlite.view_store import SqliteViewStore
from adapters.sqlite.views.alerts import SqliteAlerts
from adapters.sqlite.views.drift import SqliteDrift
from adapters.sqlite.views.history import SqliteHistory
from adapters.sqlite.views.overwritten_fields import SqliteOverwrittenFields
from adapters.sqlite.views.recorded import SqliteRecorded
from adapters.sqlite.views.runs import SqliteRuns
from adapters.sqlite.views.schedule import SqliteSchedule
from adapters.sqlite.views.sync_state import SqliteSyncState
from adapters.sqlite.views.tasks import SqliteTasks
from adapters.sqlite.views.terminations import SqliteTerminations
from domain.log import Log
from domain.views import View
from domain.views.alerts import AlertsView
from domain.views.drift import DriftView
from domain.views.history import HistoryView
from domain.views.overwritten_fields import OverwrittenFieldsView
from domain.views.recorded import RecordedView
from domain.views.runs import RunsView
from domain.views.schedule import ScheduleView
from domain.views.sync_state import SyncStateView
from domain.views.tasks import TasksView
from domain.views.terminations import TerminationsView

Asked = TypeVar("Asked")


class _Store(ViewStore, Protocol):
    def close(self) -> None: ...


class OpenViews:
    """`domain.ports.Views`: call `catch_up` before asking, `close` at the end."""

    def __init__(
        self,
        log: Log,
        store: _Store,
        *,
        sync_state: SyncStateView,
        history: HistoryView,
        runs: RunsView,
        overwritten_fields: OverwrittenFieldsView,
        recorded: RecordedView,
        drift: DriftView,
        tasks: TasksView,
        terminations: TerminationsView,
        schedule: ScheduleView,
        alerts: AlertsView,
    ) -> None:
        self._runner = runner = Runner(log, store, PROJECTIONS)
        runs = _followed(runs, View.RUNS, runner)
        events = Events(log, runs)
        self.sync_state = CheckedSyncState(_followed(sync_state, View.SYNC_STATE, runner), events)
        self.history = CheckedHistory(_followed(history, View.HISTORY, runner), events)
        self.runs = CheckedRuns(runs, events)
        self.overwritten_fields = CheckedOverwrittenFields(
            _followed(overwritten_fields, View.OVERWRITTEN_FIELDS, runner), events
        )
        self.recorded = CheckedRecorded(_followed(recorded, View.RECORDED, runner), events)
        self.drift = CheckedDrift(_followed(drift, View.DRIFT, runner), events)
        self.tasks = CheckedTasks(_followed(tasks, View.TASKS, runner), events)
        self.terminations = CheckedTerminations(_followed(terminations, View.TERMINATIONS, runner), events)
        self.schedule = _followed(schedule, View.SCHEDULE, runner)
        self.alerts = CheckedAlerts(_followed(alerts, View.ALERTS, runner), events)
        self._store = store
        try:
            for projection in PROJECTIONS:
                store.prepare(projection)
        except BaseException:
            store.close()  # nobody else could
            raise

    def catch_up(self, *needed: View) -> None:
        """A view that could not follow is refused to whoever asks it, also where it was not said to be needed."""
        self._runner.catch_up(*needed)

    @property
    def behind(self) -> Mapping[View, str]:
        return {View(name): why_behind(reason) for name, reason in self._runner.behind.items()}

    def rebuild(self, progress: Progress | None = None) -> None:
        """Every view from zero (LOG-4)."""
        self._runner.rebuild(progress)

    def close(self) -> None:
        self._store.close()


class _Followed:
    """A view's questions, each refused when it is asked while the view does not say what the log says."""

    def __init__(self, view: object, name: View, runner: Runner) -> None:
        self._view, self._name, self._runner = view, name, runner

    def __getattr__(self, name: str) -> Callable[..., Any]:
        question = getattr(self._view, name)

        def asked(*about: Any, **more: Any) -> Any:
            self._runner.hold(self._name)
            return question(*about, **more)

        return asked


def _followed(view: Asked, name: View, runner: Runner) -> Asked:
    return cast("Asked", _Followed(view, name, runner))


def open_views(url: str, log: Log) -> OpenViews:
    """The views beside the log: `sqlite:///path` (`sqlite://` keeps them in memory) or `postgresql://…`."""
    if url.startswith("sqlite:"):
        return on_sqlite(SqliteViewStore(url.removeprefix("sqlite://").removeprefix("/") or ":memory:"), log)
    return _on_postgres(url, log)


def on_sqlite(store: SqliteViewStore, log: Log) -> OpenViews:
    return OpenViews(
        log,
        store,
        sync_state=SqliteSyncState(store),
        history=SqliteHistory(store),
        runs=SqliteRuns(store),
        overwritten_fields=SqliteOverwrittenFields(store),
        recorded=SqliteRecorded(store),
        drift=SqliteDrift(store),
        tasks=SqliteTasks(store),
        terminations=SqliteTerminations(store),
        schedule=SqliteSchedule(store),
        alerts=SqliteAlerts(store),
    )


def _on_postgres(url: str, log: Log) -> OpenViews:
    """The library of a server is loaded where there is one."""
    from adapters.postgres.view_store import PostgresViewStore
    from adapters.postgres.views.alerts import PostgresAlerts
    from adapters.postgres.views.drift import PostgresDrift
    from adapters.postgres.views.history import PostgresHistory
    from adapters.postgres.views.overwritten_fields import PostgresOverwrittenFields
    from adapters.postgres.views.recorded import PostgresRecorded
    from adapters.postgres.views.runs import PostgresRuns
    from adapters.postgres.views.schedule import PostgresSchedule
    from adapters.postgres.views.sync_state import PostgresSyncState
    from adapters.postgres.views.tasks import PostgresTasks
    from adapters.postgres.views.terminations import PostgresTerminations

    postgres = PostgresViewStore(url)
    return OpenViews(
        log,
        postgres,
        sync_state=PostgresSyncState(postgres),
        history=PostgresHistory(postgres),
        runs=PostgresRuns(postgres),
        overwritten_fields=PostgresOverwrittenFields(postgres),
        recorded=PostgresRecorded(postgres),
        drift=PostgresDrift(postgres),
        tasks=PostgresTasks(postgres),
        terminations=PostgresTerminations(postgres),
        schedule=PostgresSchedule(postgres),
        alerts=PostgresAlerts(postgres),
    )
