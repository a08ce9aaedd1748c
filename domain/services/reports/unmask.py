"""Showing personal values in clear: recorded, with who and why, before a value leaves (AUD-8)."""

from __future__ import annotations

from domain.errors import Misconfigured
from domain.events.custody import ValuesUnmasked
from domain.log import Log, Meta, Pending, StreamAppend, Vault
from domain.ports import Clock
from domain.streams import CUSTODY
from domain.values import Actor, EmployeeNumber, LegalEntityId, SubjectRef


def record_unmasking(
    log: Log,
    vault: Vault,
    clock: Clock,
    *,
    actor: Actor,
    what: str,
    reason: str,
    entity: LegalEntityId,
    number: EmployeeNumber | None = None,
    subject: SubjectRef | None = None,
) -> None:
    """Append who looks at what and why. `reason` is free text and is sealed. Raises Misconfigured without a reason."""
    if not reason.strip():
        raise Misconfigured("showing personal values needs --reason TEXT; it is recorded with your name")
    fact = ValuesUnmasked(
        subject=subject or vault.subject(),
        what=what,
        legal_entity=entity,
        employee_number=number,
        reason=reason,
        rule="AUD-8",
    )
    version = len(log.stream(CUSTODY))
    meta = Meta(recorded_at=clock.now(), actor=actor, correlation=f"unmask-{what}")
    log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
