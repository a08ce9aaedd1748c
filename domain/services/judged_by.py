"""By which settings everybody is judged: on record once for each change, and named by whatever judges by them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Final

import msgspec

from domain.errors import StreamMoved
from domain.events.setup import PolicyApplied
from domain.services.journal import Journal
from domain.settings import Policy
from domain.streams import policy_stream

_TRIES: Final = 5


def judged_by(journal: Journal, policy: Policy) -> str:
    """The digest of the settings, which are on record when this returns (AUD-10).

    Whoever judges at the same moment may record them first: then they are there.
    """
    applied = policy_applied(policy)
    stream = policy_stream(policy.entity.personio_id)
    for _ in range(_TRIES):
        last = journal.tools.log.newest([stream]).get(stream)
        if last is not None and last.fact == applied:
            break
        journal.knows(stream, 0 if last is None else last.version + 1)
        try:
            journal.record((stream, [applied]))
        except StreamMoved:
            continue
        break
    return applied.digest


def policy_applied(policy: Policy) -> PolicyApplied:
    """Without what judges nobody: who a pilot is for, where alerts go (their addresses may be secrets), the version."""
    judging = replace(policy, only=None, alert_targets=(), tasks_open_days=0, product="")
    text = msgspec.json.encode(judging, order="deterministic").decode()
    return PolicyApplied(
        legal_entity=policy.entity.personio_id,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        policy=text,
        product=policy.product,
        rule="AUD-10",
    )
