"""Who listens to events: each holds a connection for as long as something goes on, so there is a limit to how many."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final

from fastapi import Depends, Request

from api.http.problems import Refused

MOST_OF_ONE: Final = 8
"""Of one key and its sessions: a page listens to one thing at most."""

WHO: Final = "tweeluik.who"
"""In the scope of a request: whose it counts as, once that is known."""

_PART: Final = 4  # of so many connections one may be listened on
_WAIT: Final = {"Retry-After": "5"}


class Listeners:
    """Counts those of one application. Not shared by threads."""

    def __init__(self, connections: int) -> None:
        self.most = max(1, connections // _PART)
        self._of: Counter[str] = Counter()

    @contextmanager
    def one(self, who: str) -> Iterator[None]:
        """As long as it listens. Raises Refused: 429 for one too many of theirs, 503 for one too many of all."""
        if self._of[who] >= MOST_OF_ONE:
            said = f"at most {MOST_OF_ONE} of a key, or of its sessions, listen to events at once"
            raise Refused(429, "too-many-listeners", said, headers=_WAIT)
        if self._of.total() >= self.most:
            raise Refused(503, "busy", "too many listen to events", headers=_WAIT)
        self._of[who] += 1
        try:
            yield
        finally:
            self._of -= Counter([who])


async def _listening(request: Request) -> AsyncIterator[None]:
    listeners: Listeners = request.app.state.listeners
    with listeners.one(request.scope[WHO]):
        yield


COUNTED: Final = Depends(_listening)
"""Stands after the permission of every route that answers with events; until the answer has ended."""
