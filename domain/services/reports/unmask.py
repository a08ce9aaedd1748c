"""Showing personal values in clear: recorded, with who and why, before a value leaves (AUD-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from domain.errors import Misconfigured, StreamMoved
from domain.events.custody import ValuesUnmasked
from domain.log import Log, Meta, Pending, StreamAppend, Vault
from domain.ports import Clock
from domain.streams import CUSTODY, loket_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, SubjectRef, trimmed

_ATTEMPTS: Final = 5  # everybody's showings are one stream


@dataclass(frozen=True, slots=True)
class Unmasking:
    """Who wants to see which values, and why: free text, which is sealed."""

    actor: Actor
    what: str
    reason: str


def record_unmasking(
    log: Log,
    vault: Vault,
    clock: Clock,
    *,
    unmasking: Unmasking,
    entity: LegalEntityId,
    number: EmployeeNumber | None = None,
    subject: SubjectRef | None = None,
) -> None:
    """Put it on record. Raises Misconfigured without a reason."""
    if not trimmed(unmasking.reason):
        raise Misconfigured("showing personal values needs --reason TEXT; it is recorded with your name")
    fact = ValuesUnmasked(
        subject=subject or vault.subject(),
        what=unmasking.what,
        legal_entity=entity,
        employee_number=number,
        reason=unmasking.reason,
        rule="AUD-8",
    )
    meta = Meta(recorded_at=clock.now(), actor=unmasking.actor, correlation=f"unmask-{unmasking.what}")
    for attempt in range(_ATTEMPTS):
        version = len(log.stream(CUSTODY))
        try:
            log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
        except StreamMoved:  # somebody else was shown something at the same moment
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def subject_of(entity: LegalEntityId, number: EmployeeNumber, *, log: Log) -> SubjectRef | None:
    """The natural person whose values are behind a number; None where the log holds none of Loket's."""
    subjects = (getattr(one.fact, "subject", "") for one in log.stream(loket_stream(entity, number)))
    return next((SubjectRef(one) for one in subjects if one), None)
