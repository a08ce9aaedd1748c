"""Whether what is about to be written may still be: asked once more at the last moment, after every wait."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:  # a question to the log claims, and asks nobody else
    import httpx

StillOurs: TypeAlias = Callable[[], None]
CLAIMED: Final[ContextVar[StillOurs | None]] = ContextVar("claimed", default=None)
"""Raises ClaimLost or LogUnavailable where the claim that this work is done under is not held any more."""
WRITES: Final = {"writes": True}
"""What is said of a request that changes something: as `httpx.Request.extensions`."""


def still_ours(request: httpx.Request) -> None:
    """Before each attempt at a write, also after a 401, a 429, or a wait for a limit that many share."""
    if request.extensions.get("writes") and (check := CLAIMED.get()) is not None:
        check()
