"""Stands between the product and Loket, and lets something happen at a chosen moment: a change, or the end of us."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

from domain.events.loket import WriteKind
from domain.ports import LoketTarget
from domain.settings import LegalEntity
from domain.snapshots import Fetched, LoketAccess, LoketPay, WriteAnswer, WriteRequest
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
        self.on_pay: Callable[[], None] = _nothing
        self.on_writing: Callable[[], None] = _nothing  # before the first write is even prepared
        self.before_write: Callable[[], None] = _nothing
        self.after_write: Callable[[], None] = _nothing

    def check(self, entity: LegalEntity) -> LoketAccess:
        self._call("on_reading")
        return super().check(entity)

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
