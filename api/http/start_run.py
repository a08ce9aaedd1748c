"""Starts a run beside the request that asked for it: answered once the run holds its legal entity."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass
from typing import Final

from adapters.logs import logger
from api.http.schemas.answers import RunAccepted
from api.http.state import Web
from api.identifiers import new_run_id
from api.telemetry import traced
from domain.errors import RunAlreadyInProgress, TweeluikError, Unreachable
from domain.services.sync.named import pilot_of
from domain.services.sync.report import RunReport
from domain.services.sync.run import run_sync
from domain.values import Actor, LegalEntityId

_ANSWERED_WITHIN: Final = 30.0  # seconds to hold the entity; then the run's state has to be asked for


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is given: see `domain.services.sync.run.run_sync`; `only`: numbers of a pilot, or everyone."""

    confirm: str | None = None
    accept_read: str | None = None
    only_if: str | None = None
    only: Sequence[int] | None = None


def start(web: Web, entity: LegalEntityId, actor: Actor, wanted: Wanted, *, base: str = "") -> RunAccepted:
    """A run in a thread of its own; `base` begins the address at which it is told.

    Raises RunAlreadyInProgress, or what kept it from starting at all.
    """
    policy = pilot_of(web.settings.policy(entity), wanted.only)
    run_id = new_run_id(web.store.clock.now())
    holding = threading.Event()
    result: Future[RunReport] = Future()

    def work() -> None:
        try:
            with web.tools() as tools, traced("sync run", entity, run_id, lambda *_: holding.set()) as progress:
                report = run_sync(
                    policy,
                    tools,
                    actor=actor,
                    run_id=run_id,
                    confirm=wanted.confirm,
                    accept_read=wanted.accept_read,
                    only_if=wanted.only_if,
                    progress=progress,
                )
            result.set_result(report)
        except TweeluikError as reason:
            logger().error("run ended", run_id=run_id, kind=type(reason).__name__)
            result.set_exception(reason)
        except BaseException as reason:
            result.set_exception(reason)
            raise
        finally:
            holding.set()

    thread = threading.Thread(target=copy_context().run, args=(work,), name=f"run {run_id}")
    web.runs.append(thread)
    thread.start()
    if not holding.wait(_ANSWERED_WITHIN):
        raise Unreachable("the run has not begun yet")
    if result.done():
        report = result.result()
        if report.held_by:
            raise RunAlreadyInProgress(report.held_by)
    return RunAccepted(run_id=run_id, status="in_progress", status_url=f"{base}/v1/sync-runs/{run_id}")
