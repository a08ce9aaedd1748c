"""The `verify` command: the log against itself and its checkpoints, and the views against the log.

An OK is an event; any verdict lies outside the log too.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.proof.witnessing import heads_seen_by
from adapters.log.stored import checkpoint_key, open_stored
from adapters.projections.comparing import with_views
from api.bootstrap import SystemClock, checkpoint_copies, open_store, verdict_file
from api.config.settings import Settings
from domain.errors import LogNotBelieved, TweeluikError
from domain.events.custody import LogVerified
from domain.log import Meta, Pending, StreamAppend
from domain.ports import Clock
from domain.streams import CUSTODY
from domain.values import Actor

_SYSTEM: Final = SystemClock()


def verify_log(settings: Settings, *, actor: Actor, clock: Clock = _SYSTEM, log_only: bool = False) -> Verification:
    """Check the log of these settings, and its views unless `log_only` (LOG-4), and keep the verdict (LOG-2).

    Whoever would append asks for it. To a log that is not sound nothing is appended, its verdict included. After
    VIEWS_DIFFER only a look at the views lifts the verdict.
    """
    section = settings.log
    verdict = verdict_file(section)
    copies = checkpoint_copies(section)
    if next(copies.notes(), None) is None:
        _begin(settings, clock)
    key = checkpoint_key(section.keys, copies.folder, section.signing_key_file)
    now = clock.now()
    witnesses = section.asked_witnesses()
    seen = heads_seen_by(witnesses, key)
    with open_stored(section.url) as stored:
        result = verify(stored, copies, key, now=now, witnesses=[each.key for each in witnesses], seen=seen)
        result = result if log_only and not _views_differed(verdict) else with_views(result, stored)
    if not result.ok:
        verdict.keep(result, at=now, by=actor)
        copies.append_verification({"at": now.isoformat(), "by": actor, **result.as_json()})
        if result.verdict is Verdict.STALE:
            _sign(settings, clock)
        return result
    verdict.keep(result, at=now, by=actor)
    with open_store(settings, clock=clock) as store:
        version = len(store.log.stream(CUSTODY))
        fact = LogVerified(size=result.size, verdict=result.verdict.value, views=result.views is not None, rule="LOG-2")
        meta = Meta(recorded_at=now, actor=actor, correlation="verify")
        store.log.append([StreamAppend(CUSTODY, version, [Pending(fact)])], meta=meta)
        store.log.checkpoint()
    return result


def _views_differed(verdict: VerdictFile) -> bool:
    with suppress(LogNotBelieved):  # it cannot be read: nobody knows
        last = verdict.last()
        return last is not None and last.verdict is Verdict.VIEWS_DIFFER
    return True


def _begin(settings: Settings, clock: Clock) -> None:
    """Make the tables of a log that nobody has begun yet: an empty log is sound, and no reason to refuse the first run.

    Where they are already, nothing changes, and what cannot be opened is for the verification to tell.
    """
    with suppress(TweeluikError), open_store(settings, clock=clock, reading=True):
        pass


def _sign(settings: Settings, clock: Clock) -> None:
    """Nothing but age was found, and nobody else may sign until the next verification, which would find it older."""
    with open_store(settings, clock=clock, reading=True) as store:
        store.log.seal()
