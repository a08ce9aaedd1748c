"""Takes webhooks of Personio in: who may deliver, what is ours, and that what was answered for is stored."""

from __future__ import annotations

import hmac
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from adapters.hints.store import HintStore
from adapters.personio.webhooks import hint_of
from api.config.settings import Settings
from domain.errors import LogUnavailable
from domain.hints import MOST_WAITING, Hint
from domain.ports import Clock

_REMEMBERED_HERE: Final = 20_000  # digests; a flood of the same costs no question to the database


def intake(settings: Settings, hints: HintStore, clock: Clock) -> Intake:
    return Intake(hints, clock, company_id=settings.personio.company_id, tokens=settings.personio.webhooks.tokens)


class NotOurs(Exception):
    """A delivery for another company."""


class Intake:
    """Takes deliveries in. What `take` returned for is committed; many that come at once share one commit."""

    def __init__(self, store: HintStore, clock: Clock, *, company_id: str, tokens: Sequence[str]) -> None:
        self._tokens = [one.encode() for one in tokens]
        self._company = company_id.encode()
        self._store, self._clock = store, clock
        self._taken: OrderedDict[str, None] = OrderedDict()
        self._waiting: list[Hint] = []
        self._door, self._desk = threading.Lock(), threading.Lock()

    def admits(self, authorization: bytes) -> bool:
        """The token as Personio sends it, with no word before it; compared with each valid one, in constant time."""
        equal = [hmac.compare_digest(authorization, token) for token in self._tokens]
        return any(equal)

    def read(self, body: bytes) -> Hint:
        """Raises adapters.personio.webhooks.Unreadable, or NotOurs."""
        company, hint = hint_of(body, self._clock.now())
        if not hmac.compare_digest(company.encode(), self._company):
            raise NotOurs
        return hint

    def has(self, hint: Hint) -> bool:
        """Known to be kept, without asking anything that could be slow."""
        return hint.digest in self._taken

    def take(self, hint: Hint) -> None:
        """Raises LogUnavailable when it could not be stored."""
        with self._door:
            self._waiting.append(hint)
        with self._desk:
            if self.has(hint):
                return  # whoever was at the desk before took it along
            with self._door:
                batch, self._waiting = self._waiting, []
            if hint not in batch:
                raise LogUnavailable("the webhook could not be stored with the others")
            self._keep(batch)

    def _keep(self, batch: Sequence[Hint]) -> None:
        full = self._store.how_many_wait() >= MOST_WAITING
        kept = {one.digest: one for one in ([one.too_many() for one in batch] if full else batch)}
        self._store.keep(tuple(kept.values()))
        for one in batch:
            self._taken[one.digest] = None
        while len(self._taken) > _REMEMBERED_HERE:
            self._taken.popitem(last=False)
