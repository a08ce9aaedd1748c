"""Runs that have not ended: how far each is, or that nobody works on it any more; and telling that as it moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from fastapi.sse import ServerSentEvent
from starlette.concurrency import run_in_threadpool

from api.http.dependencies import Asking
from api.http.problems import not_found
from api.http.schemas.answers import Progressed
from api.http.state import Web
from api.presenters.values import Json
from domain.ports import AtWork
from domain.values import LegalEntityId, RunId
from domain.views.runs import RunRow, RunStatus

TOLD_EVERY: Final = 2.0  # seconds
_AT_ONCE: Final = 20.0  # seconds of one answer; whoever listens asks again, and a server that is stopped waits for few
_AGAIN_AFTER: Final = 1000  # milliseconds


@dataclass(frozen=True, slots=True)
class Going:
    """`at_work` is None for a run that was cut off: whoever worked on it is gone, and the next run settles it."""

    run: RunRow
    at_work: AtWork | None

    @property
    def status(self) -> RunStatus:
        """No longer in progress as soon as nobody works on it, though the next run is yet to close it."""
        return RunStatus.CUT_OFF if self.at_work is None else RunStatus.IN_PROGRESS

    @property
    def progress(self) -> Progressed | None:
        held = self.at_work
        return None if held is None else progressed(held.phase, held.done, held.total)


def going_on(web: Web, entity: LegalEntityId) -> Going | None:
    """The latest run of a legal entity that has not ended, as the views have it; None: every run has."""
    open_runs = web.store.views.sync_state.open_runs(entity)
    row = web.store.views.runs.run(open_runs[-1]) if open_runs else None
    return going(web, row) if row is not None else None


def going(web: Web, row: RunRow) -> Going | None:
    """How far a run is; None when it has ended meanwhile."""
    if row.status is not RunStatus.IN_PROGRESS:
        return None
    held = web.store.claims.at_work(row.legal_entity)
    if held is not None and held.run_id == row.run_id:
        return Going(row, held)
    web.store.views.catch_up()  # it may have ended between the two questions
    again = web.store.views.runs.run(row.run_id)
    return Going(again, None) if again is not None and again.status is RunStatus.IN_PROGRESS else None


def progressed(phase: str, done: int, total: int) -> Progressed:
    return Progressed(phase=phase, done=done, total=total)


@dataclass(frozen=True, slots=True)
class Listening:
    """A run that somebody listens to."""

    web: Web
    run_id: RunId

    def progress(self) -> Progressed | None:
        """None once it has ended, or was cut off."""
        now = self._now()
        return now.progress if now else None

    def end(self) -> Json:
        row, now = self._row(), self._now()
        return {"status": (now or row).status.value}

    def _now(self) -> Going | None:
        self.web.store.views.catch_up()
        return going(self.web, self._row())

    def _row(self) -> RunRow:
        row = self.web.store.views.runs.run(self.run_id)
        if row is None:
            raise not_found()
        return row


def listening(asking: Asking, run_id: str) -> Listening:
    """Looked up once: how far it is goes on record no more often than once an answer."""
    asking.notes("sync-run progress")
    asking.web.store.views.catch_up()
    return Listening(asking.web, asking.run_named(run_id).run_id)


async def followed(told: Callable[[], Json | None], ended: Callable[[], Json]) -> AsyncIterator[ServerSentEvent]:
    """An event `progress` whenever what is told is something else, and `end` once it is None."""
    said: Json | None = None
    for _ in range(int(_AT_ONCE / TOLD_EVERY)):
        now = await run_in_threadpool(told)
        if now is None:
            yield ServerSentEvent(event="end", data=await run_in_threadpool(ended))
            return
        if now != said:
            said = now
            yield ServerSentEvent(event="progress", data=now, id=f"{now['done']}/{now['total']}", retry=_AGAIN_AFTER)
        await asyncio.sleep(TOLD_EVERY)
