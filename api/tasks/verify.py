"""The `verify` command: the log against itself and its checkpoints; an OK is an event, anything else goes outside."""

from __future__ import annotations

from typing import Final

from adapters.log.proof.verdicts import Verification
from adapters.log.proof.verify import verify
from adapters.log.proof.witnessing import heads_seen_by
from adapters.log.stored import checkpoint_key, open_stored
from api.bootstrap import SystemClock, checkpoint_copies, open_store
from api.config.settings import Settings
from domain.events.custody import LogVerified
from domain.log import Meta, Pending, StreamAppend
from domain.ports import Clock
from domain.streams import CUSTODY
from domain.values import Actor

_SYSTEM: Final = SystemClock()


def verify_log(settings: Settings, *, actor: Actor, clock: Clock = _SYSTEM) -> Verification:
    """Check the log of these settings. Nothing is appended to a log that is not sound (LOG-2)."""
    section = settings.log
    copies = checkpoint_copies(section)
    key = checkpoint_key(section.keys, copies.folder, section.signing_key_file)
    now = clock.now()
    witnesses = section.asked_witnesses()
    seen = heads_seen_by(witnesses, key)
    with open_stored(section.url) as stored:
        result = verify(stored, copies, key, now=now, witnesses=[each.key for each in witnesses], seen=seen)
    if not result.ok:
        copies.append_verification({"at": now.isoformat(), "by": actor, **result.as_json()})
        return result
    with open_store(settings, clock=clock) as store:
        version = len(store.log.stream(CUSTODY))
        fact = LogVerified(size=result.size, verdict=result.verdict.value, rule="LOG-2")
        meta = Meta(recorded_at=now, actor=actor, correlation="verify")
        store.log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
        store.log.checkpoint()
    return result
