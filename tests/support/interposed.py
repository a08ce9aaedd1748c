"""Stands between the product and Loket, and lets something happen at a chosen moment: a change, or the end of us."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from domain.events.loket import WriteKind
from domain.ports import LoketTarget, Spared, never
from domain.settings import LegalEntity
from domain.snapshots import (
    Fetched,
    LoketAccess,
    LoketPay,
    LoketSnapshot,
    VersionNumbers,
    WriteAnswer,
    WriteRequest,
)
from domain.values import EmployeeNumber
from tests.support.passing_on import PassesOn


class ProcessDied(BaseException):
    """The process is gone: nothing of ours may catch it."""


def _nothing() -> None:
    """As usual."""


class Interposed(PassesOn):
    """`LoketTarget`; each hook is called once, at its moment, then forgotten."""

    def __init__(self, target: LoketTarget) -> None:
        super().__init__(target)
        self.on_reading: Callable[[], None] = _nothing
        self.on_versions: Callable[[], None] = _nothing  # once they are told, before anything else is read
        self.read_last: frozenset[EmployeeNumber] = frozenset()  # of whom more than lists tell was asked for last
        self.on_pay: Callable[[], None] = _nothing
        self.on_writing: Callable[[], None] = _nothing  # before the first write is even prepared
        self.before_write: Callable[[], None] = _nothing
        self.after_write: Callable[[], None] = _nothing

    def check(self, entity: LegalEntity) -> LoketAccess:
        self._call("on_reading")
        return super().check(entity)

    def versions(self, entity: LegalEntity) -> VersionNumbers | None:
        told = super().versions(entity)
        self._call("on_versions")
        return told

    def read(
        self,
        entity: LegalEntity,
        *,
        numbers: frozenset[EmployeeNumber],
        spared: Spared = never,
    ) -> LoketSnapshot:
        snapshot = super().read(entity, numbers=numbers, spared=spared)
        self.read_last = numbers - {number for number, one in snapshot.employees.items() if spared(one)}
        return snapshot

    def pay(self, entity: LegalEntity, employments: Set[str], **asked: Any) -> LoketPay:
        self._call("on_pay")
        return super().pay(entity, employments, **asked)

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        self._call("on_writing")
        return super().fetch(entity, kind, target)

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        self._call("on_writing")
        self._call("before_write")
        answer = super().write(entity, request)
        self._call("after_write")
        return answer

    def _call(self, moment: str) -> None:
        hook: Callable[[], None] = getattr(self, moment)
        setattr(self, moment, _nothing)
        hook()
