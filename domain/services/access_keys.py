"""Giving and taking access keys: on record, with who did it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.events.access import AccessKeyCreated, AccessKeyRevoked, AccessKeysSealed
from domain.log import Fact, Log, Meta, Pending, StreamAppend
from domain.ports import Clock
from domain.streams import ACCESS_KEYS
from domain.values import Actor


def record_key_created(
    log: Log,
    clock: Clock,
    *,
    actor: Actor,
    key_id: str,
    holder: str,
    role: str,
    entities: tuple[str, ...],
    expires_on: date,
    sealed: bool = True,
) -> None:
    """Before the key's secret is shown to anyone. `sealed`: its row has a MAC."""
    fact = AccessKeyCreated(
        key_id=key_id, holder=holder, role=role, legal_entities=entities, expires_on=expires_on, sealed=sealed,
        rule="AUD-8",
    )  # fmt: skip
    _record(log, clock, actor, fact)


def record_key_revoked(log: Log, clock: Clock, *, actor: Actor, key_id: str, holder: str) -> None:
    _record(log, clock, actor, AccessKeyRevoked(key_id=key_id, holder=holder, rule="AUD-8"))


def record_keys_sealed(log: Log, clock: Clock, *, actor: Actor, key_ids: Sequence[str]) -> None:
    """Before any row is sealed: what a crash cuts off is not begun again."""
    _record(log, clock, actor, AccessKeysSealed(key_ids=tuple(key_ids), rule="AUD-8"))


def _record(log: Log, clock: Clock, actor: Actor, fact: Fact) -> None:
    version = len(log.stream(ACCESS_KEYS))
    meta = Meta(recorded_at=clock.now(), actor=actor, correlation="access")
    log.append([StreamAppend(ACCESS_KEYS, version, [Pending(fact)])], meta=meta)
    log.checkpoint()
