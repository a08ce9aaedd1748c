"""The `verify` command: the log against itself and its checkpoints, and the views against the log.

An OK is an event, anything else goes outside.
"""

from __future__ import annotations

from typing import Final

from adapters.log.proof.verdicts import Verification
from adapters.log.proof.verify import verify
from adapters.log.proof.witnessing import heads_seen_by
from adapters.log.stored import checkpoint_key, open_stored
from adapters.projections.comparing import with_views
from api.bootstrap import SystemClock, checkpoint_copies, open_store
from api.config.settings import Settings
from domain.events.custody import LogVerified
from domain.log import Meta, Pending, StreamAppend
from domain.ports import Clock
from domain.streams import CUSTODY
from domain.values import Actor

_SYSTEM: Final = SystemClock()


def verify_log(settings: Settings, *, actor: Actor, clock: Clock = _SYSTEM, log_only: bool = False) -> Verification:
    """Check the log of these settings, and its views unless `log_only` (LOG-4). Only an OK is appended (LOG-2)."""
    section = settings.log
    copies = checkpoint_copies(section)
    key = checkpoint_key(section.keys, copies.folder, section.signing_key_file)
    now = clock.now()
    witnesses = section.asked_witnesses()
    seen = heads_seen_by(witnesses, key)
    with open_stored(section.url) as stored:
        result = verify(stored, copies, key, now=now, witnesses=[each.key for each in witnesses], seen=seen)
        result = result if log_only else with_views(result, stored)
    if not result.ok:
        copies.append_verification({"at": now.isoformat(), "by": actor, **result.as_json()})
        return result
    with open_store(settings, clock=clock) as store:
        version = len(store.log.stream(CUSTODY))
        fact = LogVerified(size=result.size, verdict=result.verdict.value, views=result.views is not None, rule="LOG-2")
        meta = Meta(recorded_at=now, actor=actor, correlation="verify")
        store.log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
        store.log.checkpoint()
    return result
