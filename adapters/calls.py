"""How often this process called each system, and how it was answered: for whoever watches it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Final

NO_ANSWER: Final = "none"

_lock: Final = threading.Lock()
_calls: Final[Counter[tuple[str, str]]] = Counter()


def note(system: str, status: int | None) -> None:
    """One call; `status` None where no usable answer came."""
    with _lock:
        _calls[system, NO_ANSWER if status is None else f"{status // 100}xx"] += 1


def counted() -> Mapping[tuple[str, str], int]:
    """Calls so far by (system, answer), where an answer is 2xx, 3xx, 4xx, 5xx or none."""
    with _lock:
        return dict(_calls)
