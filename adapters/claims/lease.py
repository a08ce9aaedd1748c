"""Holds a legal entity for a run with a lease that a thread renews (RUN-3)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from adapters.claimed import CLAIMED
from adapters.claims.holder import Holder, this_process
from adapters.counted import COUNTED, Counted
from domain.errors import ClaimLost, LogUnavailable, RunAlreadyInProgress
from domain.log import Fence
from domain.ports import AtWork
from domain.values import LegalEntityId, RunId

LEASE: Final = 30.0  # seconds
RENEWED_EVERY: Final = 10.0
TOLD_EVERY: Final = 1.0
MOMENTARY: Final = "hints-"  # the ids of work that holds an entity for one append
_MOMENT: Final = 3.0
_TO_SEND: Final = 1 / 6  # of the lease


@dataclass(frozen=True, slots=True)
class Holding:
    """The row of a claimed entity; `run_id` is None once it was released."""

    run_id: str | None
    expires_at: float
    holder: Holder

    def by(self, now: float) -> RunId | None:
        """Whose it is; None when it is free to take."""
        held = self.run_id is not None and self.expires_at > now and not self.holder.is_gone
        return RunId(self.run_id) if self.run_id is not None and held else None

    def refuse_if_held(self, now: float) -> None:
        if held_by := self.by(now):
            raise RunAlreadyInProgress(held_by)


def holding(row: Sequence[Any]) -> Holding:
    """A row of (run, end of the lease, host, process, its start)."""
    return Holding(row[0], row[1], Holder(*row[2:5]))


def at_work(row: Sequence[Any], now: float) -> AtWork | None:
    """A row as of `holding`, followed by what was told under the same claim: phase, done, total, or nothing of them."""
    run_id, said = holding(row).by(now), row[5:8]
    if run_id is None:
        return None
    return AtWork(run_id) if said[0] is None else AtWork(run_id, *said)


class Said(NamedTuple):
    """How far whoever holds a claim is."""

    phase: str
    done: int
    total: int


class ClaimStore(Protocol):
    """The `claims` table, in the database of the log, whose appends check the token in their own transaction."""

    def take(self, entity: LegalEntityId, run_id: RunId, holder: Holder, lease: float) -> int:
        """Write the claim and return its token, one higher than any before.

        Raises RunAlreadyInProgress when another run holds the entity.
        """
        ...

    def renew(self, fence: Fence, lease: float) -> bool:
        """Move the end of the lease; False when the claim was taken over."""
        ...

    def tell(self, fence: Fence, said: Said) -> None:
        """Keep how far the holder of this claim is."""
        ...

    def at_work(self, entity: LegalEntityId) -> AtWork | None:
        """Who holds it now, with what was told under the same claim."""
        ...

    def release(self, fence: Fence) -> None:
        """Let go if still held; the row stays, so that the token never goes back."""
        ...


class Held:
    """`domain.ports.Claim`."""

    def __init__(self, store: ClaimStore, fence: Fence, lease: float, since: float) -> None:
        self.fence = fence
        self._store = store
        self._lease = lease
        self._good_until = since + lease
        self._said = self._kept = Said("", 0, 0)

    def tell(self, phase: str, done: int, total: int) -> None:
        self._said = Said(phase, done, total)

    def count(self, done: int, total: int) -> None:
        """The same phase."""
        self._said = self._said._replace(done=done, total=total)

    def keep_said(self) -> None:
        """Where anybody finds it, if it is anything new."""
        said = self._said
        if said != self._kept:
            self._store.tell(self.fence, said)
            self._kept = said

    def check(self) -> None:
        """Costs nothing while the last renewal is recent; else the claim is renewed here and now, or lost.

        What is left of the lease then is enough to connect and to send one request.
        """
        if _now() > self._good_until - self._lease * _TO_SEND and not self.renew():
            raise ClaimLost(f"this run no longer holds legal entity {self.fence.legal_entity}")

    def renew(self) -> bool:
        since = _now()
        held = self._store.renew(self.fence, self._lease)
        if held:
            self._good_until = since + self._lease
        return held


class LeasedClaims:
    """`domain.ports.Claims`. The durations are arguments for tests only."""

    def __init__(
        self,
        store: ClaimStore,
        *,
        lease: float = LEASE,
        renewed_every: float = RENEWED_EVERY,
        told_every: float = TOLD_EVERY,
    ) -> None:
        self._store = store
        self._lease = lease
        self._renewed_every = renewed_every
        self._told_every = min(told_every, renewed_every)

    def at_work(self, entity: LegalEntityId) -> AtWork | None:
        return self._store.at_work(entity)

    @contextmanager
    def claim(self, entity: LegalEntityId, run_id: RunId) -> Iterator[Held]:
        token, since = self._take(entity, run_id)
        fence = Fence(entity, token)
        held = Held(self._store, fence, self._lease, since)
        released = threading.Event()
        renewing = threading.Thread(
            target=copy_context().run, args=(self._renew, held, released), name=f"claim {entity}", daemon=True
        )
        renewing.start()
        before, outer = COUNTED.get(), CLAIMED.get()
        COUNTED.set(_also(held.count, before))
        CLAIMED.set(held.check)
        try:
            yield held
        finally:
            CLAIMED.set(outer)
            COUNTED.set(before)
            released.set()
            renewing.join()
            self._store.release(fence)

    def _take(self, entity: LegalEntityId, run_id: RunId) -> tuple[int, float]:
        """Token and when it was asked for. What lets go in a moment is waited for; a run or a check is not."""
        until = _now() + _MOMENT
        while True:
            since = _now()
            try:
                return self._store.take(entity, run_id, this_process(), self._lease), since
            except RunAlreadyInProgress as reason:
                if not reason.held_by.startswith(MOMENTARY) or since > until:
                    raise
                time.sleep(0.05)

    def _renew(self, held: Held, released: threading.Event) -> None:
        """And keeps how far it is, beside the run, which is held up by neither."""
        renewed = _now()
        while not released.wait(self._told_every):
            if _now() - renewed >= self._renewed_every:
                renewed = _now()
                with suppress(LogUnavailable):  # the lease has room for two missed renewals
                    if not held.renew():
                        return  # taken over: the run finds out at its next append
            with suppress(LogUnavailable):
                held.keep_said()


def _also(first: Counted, second: Counted | None) -> Counted:
    def counted(done: int, total: int) -> None:
        first(done, total)
        if second is not None:
            second(done, total)

    return counted


def _now() -> float:
    """Seconds that go on while the machine sleeps, where it can tell."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
