"""What goes wrong beside the two systems: processes die at any step, targets refuse, the store of hints fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from adapters.sqlite.hints import SqliteHints
from domain.errors import LogUnavailable
from domain.events.erasure import ErasureConfirmed
from domain.hints import Hint
from domain.log import Fence, Meta, Recorded, StreamAppend
from domain.personal import Retention
from domain.services.alerts.deliver import Post
from domain.values import SubjectRef
from tests.support.fake_log import FakeLog
from tests.support.fake_vault import FakeVault
from tests.support.interposed import ProcessDied


@dataclass
class Fate:
    """Counts the steps that a process has left; none while nobody is to die. `erasing`: from the next erasure on."""

    left: int | None = None
    erasing: int | None = None
    deaths: int = 0

    def step(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.left = None
                raise ProcessDied


class MortalLog(FakeLog):
    """A process may die before an append, and after it is durable."""

    def __init__(self, fate: Fate, vault: MortalVault) -> None:
        super().__init__(vault)
        self._fate = fate
        self.appended: Callable[[str], None] = _nobody_asks  # with the correlation

    def append(
        self, appends: Sequence[StreamAppend], *, meta: Meta, fence: Fence | None = None
    ) -> tuple[Recorded, ...]:
        if self._fate.erasing is not None and any(_confirms(one) for one in appends):
            self._fate.left, self._fate.erasing = self._fate.erasing, None
        self._fate.step()
        recorded = super().append(appends, meta=meta, fence=fence)
        self.appended(meta.correlation)
        self._fate.step()
        return recorded


def _nobody_asks(correlation: str) -> None:
    """As usual."""


class MortalVault(FakeVault):
    """The same between two keys of somebody who is erased."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    def destroy(self, subject: SubjectRef, retention: Retention) -> None:
        super().destroy(subject, retention)
        self._fate.step()


class FlakyHints(SqliteHints):
    """`failing`: how many of the next writes of deliveries fail, each after its commit if it is `late`."""

    fate: Fate
    failing: int = 0
    late: bool = False

    def keep(self, hints: Sequence[Hint]) -> None:
        fails, self.failing = self.failing > 0, max(0, self.failing - 1)
        if not fails or self.late:
            super().keep(hints)
        if fails:
            raise LogUnavailable("the store of webhook hints did not answer")

    def settle(self, hints: Sequence[Hint], at: datetime) -> None:
        self.fate.step()
        super().settle(hints, at)
        self.fate.step()


@dataclass
class Inbox:
    """An alert target. It notes what it took, and what it was sent although it had said that it took it."""

    fate: Fate
    closed_until: datetime | None = None
    loses_answers: int = 0  # of so many posts that it takes the sender hears nothing
    taken: dict[str, int] = field(default_factory=dict)  # how often each alert arrived
    failed: int = 0
    failed_at: datetime | None = None  # last
    again: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)  # sent under another id than before
    _ids: dict[str, str] = field(default_factory=dict)
    _told: dict[str, int] = field(default_factory=dict)  # who died before the sender put it on record may send again

    def send(self, post: Post, at: datetime) -> str | None:
        alert = post.data["alert"]
        if self._ids.setdefault(alert, post.id) != post.id:
            self.renamed.append(alert)
        if self._told.get(alert) == self.fate.deaths:
            self.again.append(alert)
        if self.closed_until is not None and at < self.closed_until:
            self._fails(at)
            return "ConnectError"
        self.taken[alert] = self.taken.get(alert, 0) + 1
        if self.loses_answers:
            self.loses_answers -= 1
            self._fails(at)
            return "ReadTimeout"
        self._told[alert] = self.fate.deaths
        self.fate.step()
        return None

    def _fails(self, at: datetime) -> None:
        self.failed += 1
        self.failed_at = at

    def close(self, now: datetime, hours: int) -> None:
        self.closed_until = now + timedelta(hours=hours)

    def unexpected(self) -> Iterator[str]:
        """What was sent again after it had been confirmed, or under another id, once."""
        yield from (f"alert {one} was sent again after its delivery" for one in self.again)
        yield from (f"alert {one} was sent again under another id" for one in self.renamed)
        self.again.clear()
        self.renamed.clear()


def _confirms(append: StreamAppend) -> bool:
    return any(isinstance(one.fact, ErasureConfirmed) for one in append.facts)
