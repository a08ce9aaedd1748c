"""Instants as rows hold them: one width, UTC, so that text sorts as time on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

EVER: Final = "9"
"""Later than every instant."""


@lru_cache
def written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
