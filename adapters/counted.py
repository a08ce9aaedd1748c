"""How far a list of many answers is, told to whoever asked for it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Final, TypeAlias

Counted: TypeAlias = Callable[[int, int], None]
COUNTED: Final[ContextVar[Counted | None]] = ContextVar("counted", default=None)
"""Told, while a list is read, how much of it has been, and of how much; 0 while nobody knows."""
