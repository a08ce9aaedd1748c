"""Stands between the product and Loket, and lets something happen at a chosen moment: a change, or the end of us."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import date

from domain.drift.audit_trail import AuditEntry
from domain.events.loket import WriteKind
from domain.ports import LoketTarget
from domain.settings import LegalEntity
from domain.snapshots import Fetched, LoketAccess, LoketPay, LoketSnapshot, WriteAnswer, WriteRequest
from domain.values import EmployeeNumber


class ProcessDied(BaseException):
    """The process is gone: nothing of ours may catch it."""


def _nothing() -> None:
    """As usual."""


class Interposed:
    """`LoketTarget`; each hook is called once, at its moment, then forgotten."""

    def __init__(self, target: LoketTarget) -> None:
        self._target = target
        self.on_reading: Callable[[], None] = _nothing
        self.on_pay: Callable[[], None] = _nothing
        self.on_writing: Callable[[], None] = _nothing  # before the first write is even prepared
        self.before_write: Callable[[], None] = _nothing
        self.after_write: Callable[[], None] = _nothing

    def check(self, entity: LegalEntity) -> LoketAccess:
        self._call("on_reading")
        return self._target.check(entity)

    def read(self, entity: LegalEntity, *, numbers: frozenset[EmployeeNumber]) -> LoketSnapshot:
        return self._target.read(entity, numbers=numbers)

    def pay(
        self,
        entity: LegalEntity,
        employments: Set[str],
        *,
        wages: Set[str],
        components: Set[str],
        hours: Set[str],
        mapped: Set[int],
        since: date,
        until: date,
    ) -> LoketPay:
        self._call("on_pay")
        return self._target.pay(
            entity,
            employments,
            wages=wages,
            components=components,
            hours=hours,
            mapped=mapped,
            since=since,
            until=until,
        )

    def audit_trail(self, entity: LegalEntity, *, since: date, until: date) -> tuple[AuditEntry, ...] | None:
        return self._target.audit_trail(entity, since=since, until=until)

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        self._call("on_writing")
        return self._target.fetch(entity, kind, target)

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        self._call("on_writing")
        self._call("before_write")
        answer = self._target.write(entity, request)
        self._call("after_write")
        return answer

    def _call(self, moment: str) -> None:
        hook: Callable[[], None] = getattr(self, moment)
        setattr(self, moment, _nothing)
        hook()
