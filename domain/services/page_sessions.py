"""Signing in to the pages and out of them: on record, with who, when and how; never from where."""

from __future__ import annotations

from datetime import datetime

from domain.access import Caller
from domain.events.access import SignedIn, SignedInBy, SignedOut
from domain.log import Fact, Log, Meta, Pending, StreamAppend
from domain.ports import Clock
from domain.streams import session_stream
from domain.values import Actor


def record_signed_in(
    log: Log, clock: Clock, caller: Caller, *, digest: str, by: SignedInBy, credential: str, ends_at: datetime
) -> None:
    """Before the session's secret is shown to anyone; `digest` is the hash of that secret."""
    entities = tuple(sorted(caller.entities or ()))
    fact = SignedIn(
        role=caller.role.value, legal_entities=entities, by=by, credential=credential, ends_at=ends_at, rule="AUD-8"
    )
    _record(log, clock, caller.subject, digest, fact)


def record_signed_out(log: Log, clock: Clock, actor: Actor, *, digest: str) -> None:
    """Before its row goes: whoever brings the row back then finds it ended, whenever we were cut off."""
    _record(log, clock, actor, digest, SignedOut(rule="AUD-8"))


def _record(log: Log, clock: Clock, actor: Actor, digest: str, fact: Fact) -> None:
    stream = session_stream(digest)
    meta = Meta(recorded_at=clock.now(), actor=actor, correlation="access")
    log.append([StreamAppend(stream, len(log.stream(stream)), [Pending(fact)])], meta=meta)
