"""Loket's own record of who changed a value, asked beside ours (DRIFT-7)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.drift.audit_trail import LOOK_BACK, AuditTrailAnswer, attribute_differences, our_writes
from domain.drift.differences import Differing
from domain.planning.business_date import business_date
from domain.services.journal import Tools
from domain.services.sync.remember import Remembered
from domain.settings import Policy


def ask_audit_trail(
    tools: Tools, policy: Policy, differences: Iterable[Differing], remembered: Remembered
) -> AuditTrailAnswer | None:
    """What it says about these differences; None when it cannot be had, and then the snapshots must do."""
    now = tools.clock.now()
    since = now - LOOK_BACK
    entries = tools.loket.audit_trail(policy.entity, since=business_date(since), until=business_date(now))
    if entries is None:
        return None
    return attribute_differences(differences, our_writes(remembered.numbers, since), entries)
