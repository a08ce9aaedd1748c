"""Whole objects as Loket shows them: every key it has, null where nothing else is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.loket.writable import Keys


def filled(keys: Keys, held: Mapping[str, Any]) -> dict[str, Any]:
    """What is held, with null for every other key of the object and of each object in it."""
    return dict.fromkeys(keys) | {
        key: filled(inner, value) if (inner := keys.get(key)) and isinstance(value, Mapping) else value
        for key, value in held.items()
    }
