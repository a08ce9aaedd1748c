"""Waiting in tests: until something holds, or until a time has run out; never for as long as something usually takes.

A test that fails beside other work judges the machine. So nothing but this module sleeps (an architecture test), and
how fast the product is, is judged in bench/.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 120.0  # seconds, on a busy machine


def until(holds: Callable[[], object], what: str = "it", *, every: float = 0.02, patience: float = PATIENCE) -> None:
    """Returns as soon as it holds; fails when it still does not after a time that no machine needs."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"{what} did not happen in time"
        time.sleep(every)


def let_pass(seconds: float) -> None:
    """Lets a lease or a lifetime run out, or gives a fault time to show; what follows holds however long it takes."""
    time.sleep(seconds)
