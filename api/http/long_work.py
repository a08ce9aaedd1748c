"""Work that takes longer than a request may: begun beside it, and what came of it kept where every server finds it.

The order and its result are one sealed row of the store of repeated requests. While a server works on it, it says there
every few seconds that it is still there; when it stops saying so, the work broke off.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from adapters.access.sealed import SealedAccess
from adapters.counted import COUNTED
from adapters.logs import logger
from api.http.problems import Refused, refused
from api.identifiers import new_run_id
from api.presenters.values import Json
from domain.access import Caller
from domain.errors import LogUnavailable, RunAlreadyInProgress, TweeluikError
from domain.grounds.readers import read_json
from domain.ports import Clock
from domain.services.journal import Progress
from domain.values import LegalEntityId

MOST_OF_ONE: Final = 2  # at once, of one key on one server
MOST: Final = 8  # at once, on one server
GOOD_FOR: Final = timedelta(hours=24)
_ROWS: Final = "(long work)"  # in place of a caller
_PLANS: Final = "(plans)"  # likewise: the newest order by its fingerprint
_ALIVE: Final = timedelta(seconds=60)
_TOLD_EVERY: Final = 20.0  # seconds
_LOOKED_EVERY: Final = 1.0
_BEGUN_WITHIN: Final = 30.0  # seconds; then the answer is the same, and the status tells
_BROKEN_OFF: Final = {
    "status": 503, "type": "broken-off", "detail": "the server that worked on it ended before; order it again",
    "held_by": None,
}  # fmt: skip


class Kind(StrEnum):
    DRIFT_CHECK = "check"
    PLAN = "plan"
    VALIDATION = "validation"
    FORECAST = "forecast"
    WHAT_IF = "what-if"
    VERIFICATION = "verification"  # of the log: no legal entity's


class Status(StrEnum):
    IN_PROGRESS = "in_progress"
    DONE = "done"
    FAILED = "failed"
    BROKEN_OFF = "broken_off"  # the server that did it ended before it was done


@dataclass(frozen=True, slots=True)
class Work:
    """One order, and how far it is. `report` holds masked values only."""

    id: str
    kind: Kind
    legal_entity: str
    ordered_by: str
    ordered_at: datetime
    status: Status
    report: Json | None = None
    problem: Json | None = None
    progress: tuple[str, int, int] = ("", 0, 0)  # phase, done, total; a total of 0: nobody knows it yet


@dataclass(slots=True)
class LongWork:
    _access: SealedAccess
    _clock: Clock
    _threads: list[threading.Thread]
    """Waited for when the server ends."""
    _at_work: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, kind: Kind, entity: LegalEntityId, caller: Caller, make: Callable[[str, Progress], Json]) -> str:
        """Its id, once it has begun. `make` gets that and whom to tell of its progress, and gives the masked report.

        Raises Refused (429) for one too many, and RunAlreadyInProgress where it could not begin for that reason.
        """
        now = self._clock.now()
        name = f"{kind}-{new_run_id(now)}"
        ordered = {"kind": kind, "legal_entity": entity, "ordered_by": caller.subject, "ordered_at": now.isoformat()}
        row = _Row(self._access, name, json.dumps(ordered), self._clock)
        self._enter(caller.counted_as)
        try:
            row.reserve()
        except BaseException:
            self._leave(caller.counted_as)
            raise
        begun, ended = threading.Event(), Future[None]()

        def tell(phase: str, done: int, total: int) -> None:
            row.said = (phase, done, total)
            begun.set()

        def work() -> None:
            COUNTED.set(lambda done, total: tell(row.said[0], done, total))
            try:
                row.keep(make(name, tell))
                ended.set_result(None)
            except BaseException as reason:  # noqa: BLE001  kept with the order, which is asked for
                row.fail(reason)
                ended.set_exception(reason)
            finally:
                self._leave(caller.counted_as)
                begun.set()

        thread = threading.Thread(target=copy_context().run, args=(work,), name=name)
        self._threads[:] = [*(each for each in self._threads if each.is_alive()), thread]
        thread.start()
        begun.wait(_BEGUN_WITHIN)
        if ended.done() and isinstance(reason := ended.exception(), RunAlreadyInProgress):
            raise reason
        return name

    def name_plan(self, entity: LegalEntityId, fingerprint: str, name: str) -> None:
        """So that the newest plan with this fingerprint is found by it."""
        key = f"{entity} {fingerprint}"
        self._access.reserve(_PLANS, key, fingerprint)
        self._access.answer(_PLANS, key, fingerprint, name)

    def plan_named(self, entity: LegalEntityId, fingerprint: str) -> str | None:
        row = self._access.reserved(_PLANS, f"{entity} {fingerprint}")
        return None if row is None else row.answer

    def found(self, kind: Kind, name: str) -> Work | None:
        """Whatever server it was ordered from; None when it never was, or its time is over. Raises RowEdited."""
        row = self._access.reserved(_ROWS, name)
        if row is None:
            return None
        ordered, state = read_json(row.fingerprint), read_json(row.answer or "{}")
        at, now = datetime.fromisoformat(ordered["ordered_at"]), self._clock.now()
        if ordered["kind"] != kind or now >= at + GOOD_FOR:
            return None
        status = Status(state.get("status", Status.IN_PROGRESS))
        alive_until = datetime.fromisoformat(state["alive_until"]) if "alive_until" in state else at + _ALIVE
        if status is Status.IN_PROGRESS and now > alive_until:
            status, state = Status.BROKEN_OFF, {"problem": _BROKEN_OFF}
        return Work(
            name, kind, ordered["legal_entity"], ordered["ordered_by"], at, status, state.get("report"),
            state.get("problem"), tuple(state.get("progress", ("", 0, 0))),
        )  # fmt: skip

    def _enter(self, who: str) -> None:
        with self._lock:
            if self._at_work[who] >= MOST_OF_ONE or self._at_work.total() >= MOST:
                said = f"at most {MOST_OF_ONE} of a key, and {MOST} in all, are worked on at once"
                raise Refused(429, "too-many-orders", said, headers={"Retry-After": "30"})
            self._at_work[who] += 1

    def _leave(self, who: str) -> None:
        with self._lock:
            self._at_work -= Counter([who])


class _Row:
    def __init__(self, access: SealedAccess, name: str, ordered: str, clock: Clock) -> None:
        self._access, self._name, self._ordered, self._clock = access, name, ordered, clock
        self._ended = threading.Event()
        self.said = self._kept = ("", 0, 0)
        self._telling = threading.Thread(target=self._tell, name=f"alive {name}", daemon=True)

    def reserve(self) -> None:
        self._access.reserve(_ROWS, self._name, self._ordered)
        self._say_alive()
        self._telling.start()

    def keep(self, report: Json) -> None:
        self._end({"status": Status.DONE, "report": report})

    def fail(self, reason: BaseException) -> None:
        """What a request would have been answered."""
        logger().error("work ended", work=self._name, kind=type(reason).__name__)
        told = refused(reason) if isinstance(reason, TweeluikError) else Refused(500, "fault", "an internal error")
        problem = {"status": told.status, "type": told.slug, "detail": str(told.detail), "held_by": told.held_by}
        try:
            self._end({"status": Status.FAILED, "problem": problem})
        except LogUnavailable:  # it will be told as broken off
            logger().error("the end of the work could not be kept", work=self._name)

    def _end(self, state: dict[str, Any]) -> None:
        self._ended.set()
        self._telling.join()
        self._say(state)

    def _tell(self) -> None:
        """That it is alive, every so often, and how far it is, at most once a second."""
        seconds = 0.0
        while not self._ended.wait(_LOOKED_EVERY):
            seconds += _LOOKED_EVERY
            try:
                if self.said != self._kept or seconds >= _TOLD_EVERY:
                    self._say_alive()
                    seconds = 0.0
            except LogUnavailable:
                continue  # the next one is in time

    def _say_alive(self) -> None:
        until, said = self._clock.now() + _ALIVE, self.said
        self._say({"status": Status.IN_PROGRESS, "alive_until": until.isoformat(), "progress": said})
        self._kept = said

    def _say(self, state: dict[str, Any]) -> None:
        self._access.answer(_ROWS, self._name, self._ordered, json.dumps(state))
