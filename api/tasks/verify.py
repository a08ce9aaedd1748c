"""The `verify` command: the log against itself and its checkpoints, its keys and its views against the log.

An OK is an event; any verdict lies outside the log too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from adapters.log.processes import Processes
from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.proof.rows import StoredLog
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.log.proof.verify import verify
from adapters.log.proof.witnessing import heads_seen_by
from adapters.log.sealing.key_check import with_keys
from adapters.log.stored import checkpoint_key, open_stored
from adapters.projections.comparing import with_views
from api.bootstrap import Store, SystemClock, checkpoint_copies, open_event_macs, open_store, verdict_file
from api.config.settings import Settings
from domain.errors import LogDamaged, LogNotBelieved, TweeluikError
from domain.events.custody import CopiesRestored, EventsTakenOver, KeysLost, LogVerified
from domain.log import Fact, Meta, Pending, StreamAppend
from domain.planning.business_date import time_told
from domain.ports import Clock
from domain.schedule import whole_again
from domain.streams import CUSTODY
from domain.values import Actor

_SYSTEM: Final = SystemClock()
VIEWS_KEPT: Final = "views-as-compared.db"  # beside the heads: what the next comparison of what is new goes on from
_IDS: Final = 2_000  # of keys in one event, which must fit one log entry


class Losses(NamedTuple):
    """What somebody says was lost for good, and knows the price of: it is recorded with their name."""

    copies: bool = False  # the heads outside the database
    keys: bool = False  # data keys, and with them the values they sealed


NOTHING_LOST: Final = Losses()
_Check: TypeAlias = Callable[..., Verification]


def verify_log(
    settings: Settings,
    *,
    actor: Actor,
    clock: Clock = _SYSTEM,
    log_only: bool = False,
    losses: Losses = NOTHING_LOST,
    events_known: bool = False,
    new_only: bool = False,
    settled: bool = True,
    processes: int | None = 1,
) -> Verification:
    """Check the log of these settings, its keys and views too unless `log_only`, and keep the verdict (LOG-2, LOG-4).

    Whoever would append asks for it. To a log that is not sound nothing is appended, its verdict included. After
    KEYS_DIFFER or VIEWS_DIFFER only a look at these lifts the verdict. STALE is told, and `settled` at once: what lacks
    a head gets one, and what a second look then finds is kept. A crash leaves such a tail, and damages nothing.

    `new_only`: what was added since everything was last found sound, and every view, folded on from where the last such
    look left them. Where there is nothing to go on from, or something is odd, everything is looked at.

    `processes`: how many look at everything side by side, None for as many as pay; what is new is for one.

    `events_known`: events without a MAC of ours stay and count, where nothing else is wrong. Raises LogUnavailable when
    the database broke off: that is no verdict, and the last one stands.
    """
    section = settings.log
    verdict = verdict_file(section)
    if new_only and (found := _new_only(settings, verdict, actor, clock)) is not None:
        return found
    copies = checkpoint_copies(section)
    if next(copies.notes(), None) is None:
        _begin(settings, clock)
    key = checkpoint_key(section.keys, copies.folder, section.signing_key_file)
    now = clock.now()
    witnesses = section.asked_witnesses()
    restored = 0
    if losses.copies:
        with open_stored(section.url) as stored:
            restored = copies.restore(stored.checkpoints(), key)
    seen = heads_seen_by(witnesses, key)
    lost: tuple[str, ...] = ()
    known: list[Fact] = []
    with (
        open_stored(section.url) as stored,
        Processes(section.url, stored, processes, views=not log_only or _more_differed(verdict)) as beside,
    ):
        believed = [each.key for each in witnesses]
        check = partial(verify, stored, copies, key, now=now, witnesses=believed, seen=seen, beside=beside)
        result = _with_macs(settings, check)
        if events_known and not result.ok and (otherwise := check()).verdict in (Verdict.OK, Verdict.STALE):
            verdict.keep(result, at=now, by=actor)  # until everything else was looked at
            known = [EventsTakenOver(first=result.first or 0, size=otherwise.size, rule="LOG-2")]
            result = otherwise
        if not log_only or _more_differed(verdict):
            if result.ok:
                result, lost = _with_keys(settings, result, stored, clock, accept=losses.keys)
            result = with_views(result, stored, beside=beside.sound_views)
    if not result.ok:
        copies.append_verification({"at": now.isoformat(), "by": actor, **result.as_json()})
        if result.verdict is Verdict.STALE and settled:
            _sign(settings, clock)
            again = verify_log(settings, actor=actor, clock=clock, log_only=log_only, losses=losses,
                               events_known=events_known, settled=False, processes=processes)  # fmt: skip
            return again if known else result
        if not only_back(result):
            verdict.keep(result, at=now, by=actor)
        return result
    if known:
        with open_event_macs(settings) as macs:
            macs.take_over(result.size)
    verdict.keep(result, at=now, by=actor)
    facts: list[Fact] = [LogVerified(size=result.size, verdict=result.verdict.value, views=result.views is not None,
                                     rule="LOG-2")]  # fmt: skip
    if restored:
        facts.append(CopiesRestored(heads=restored, rule="LOG-2"))
    facts += known
    facts += [KeysLost(key_ids=lost[start : start + _IDS]) for start in range(0, len(lost), _IDS)]
    with open_store(settings, clock=clock) as store:
        _put_on_record(store, facts, now, actor)
    return result


def only_back(result: Verification) -> bool:
    """Keys came back after an erasure, and nothing else: `erase --reapply` has to be possible, and is recorded."""
    keys = result.keys
    return result.verdict is Verdict.KEYS_DIFFER and keys is not None and not (keys.gone or keys.exchanged)


def verify_as_planned(settings: Settings, *, actor: Actor, clock: Clock = _SYSTEM) -> Verification:
    """Of everything every `verify_whole_days`, in `verify_processes`, and of what is new in between (LOG-2)."""
    whole: datetime | None = None
    with suppress(LogNotBelieved):  # a verdict that cannot be read
        last = verdict_file(settings.log).last()
        whole = None if last is None else last.whole
    planned = settings.schedule
    new_only = not whole_again(whole, clock.now(), days=planned.verify_whole_days)
    return verify_log(settings, actor=actor, clock=clock, new_only=new_only, processes=planned.verify_processes)


def _new_only(settings: Settings, verdict: VerdictFile, actor: Actor, clock: Clock) -> Verification | None:
    """OK for what is new; None where only a look at everything can tell."""
    with suppress(LogDamaged):  # it will be told where; so will a verdict that cannot be read
        last = verdict.last()
        if last is None or last.whole is None:
            return None
        kept = checkpoint_copies(settings.log).folder / VIEWS_KEPT
        with open_store(settings, clock=clock) as store:
            now, witnesses = clock.now(), settings.log.asked_witnesses()
            seen = heads_seen_by(witnesses, store.log.verifier)
            with open_stored(settings.log.url) as stored:
                result = store.log.verified_tail(stored, now, [each.key for each in witnesses], seen)
                if result is not None and result.ok:
                    result = with_views(with_keys(result, stored, store.log.key_check()), stored, kept=kept)
            if result is None or not result.ok:
                kept.unlink(missing_ok=True)
                return None
            whole = f"{time_told(last.whole)} (Amsterdam)"
            before = f"; events before {result.since}, and their keys, were looked at in whole at {whole}"
            result = replace(result, reason=result.reason + before, whole_at=last.whole)
            verdict.keep(result, at=now, by=actor)
            fact = LogVerified(
                size=result.size, verdict=result.verdict.value, views=True, since=result.since, rule="LOG-2"
            )
            _put_on_record(store, [fact], now, actor)
            return result
    return None


def _put_on_record(store: Store, facts: Sequence[Fact], at: datetime, actor: Actor) -> None:
    version = len(store.log.stream(CUSTODY))
    meta = Meta(recorded_at=at, actor=actor, correlation="verify")
    store.log.append([StreamAppend(CUSTODY, version, [Pending(fact) for fact in facts])], meta=meta)
    store.log.checkpoint()


def _with_macs(settings: Settings, check: _Check) -> Verification:
    """Of the events with their MACs; without the keys for that, whatever else is wrong is told first."""
    try:
        with open_event_macs(settings) as macs:
            return check(macs=macs.there())
    except TweeluikError:
        result = check()
        if result.ok:
            raise
        return result


def _with_keys(
    settings: Settings, result: Verification, stored: StoredLog, clock: Clock, *, accept: bool
) -> tuple[Verification, tuple[str, ...]]:
    """The verification with the key store, and the keys that were just accepted as lost."""
    with open_store(settings, clock=clock, honour_erasures=False, reading=True) as store:
        held = with_keys(result, stored, store.log.key_check())
        if not accept or held.keys is None or not (held.keys.gone or held.keys.exchanged):
            return held, ()
        lost = tuple(key_id for key_id, _ in (*held.keys.gone, *held.keys.exchanged))
        return with_keys(result, stored, store.log.key_check(frozenset(lost))), lost


def _more_differed(verdict: VerdictFile) -> bool:
    with suppress(LogNotBelieved):  # it cannot be read: nobody knows
        last = verdict.last()
        return last is not None and last.verdict in (Verdict.KEYS_DIFFER, Verdict.VIEWS_DIFFER)
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
