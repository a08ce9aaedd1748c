"""Loket's port with everything passed on: what stands between overrides the moments it is about."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from types import MappingProxyType

from domain.drift.audit_trail import AuditEntry
from domain.events.loket import WriteKind
from domain.ports import LoketTarget, Spared, never
from domain.settings import LegalEntity
from domain.snapshots import (
    Fetched,
    HeldPay,
    LoketAccess,
    LoketPay,
    LoketSnapshot,
    VersionNumbers,
    WriteAnswer,
    WriteRequest,
)
from domain.values import EmployeeNumber


class PassesOn:
    """`LoketTarget`."""

    def __init__(self, target: LoketTarget) -> None:
        self._target = target

    def check(self, entity: LegalEntity) -> LoketAccess:
        return self._target.check(entity)

    def read(
        self,
        entity: LegalEntity,
        *,
        numbers: frozenset[EmployeeNumber],
        spared: Spared = never,
    ) -> LoketSnapshot:
        return self._target.read(entity, numbers=numbers, spared=spared)

    def versions(self, entity: LegalEntity) -> VersionNumbers | None:
        return self._target.versions(entity)

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
        known: Mapping[str, tuple[HeldPay, ...]] = MappingProxyType({}),
    ) -> LoketPay:
        return self._target.pay(
            entity,
            employments,
            wages=wages,
            components=components,
            hours=hours,
            mapped=mapped,
            since=since,
            until=until,
            known=known,
        )

    def audit_trail(self, entity: LegalEntity, *, since: date, until: date) -> tuple[AuditEntry, ...] | None:
        return self._target.audit_trail(entity, since=since, until=until)

    def fetch(self, entity: LegalEntity, kind: WriteKind, target: str) -> Fetched:
        return self._target.fetch(entity, kind, target)

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        return self._target.write(entity, request)
