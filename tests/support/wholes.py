"""Whole objects as Loket shows them: every key it has, null where nothing else is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from adapters.loket import writable
from adapters.loket.writable import Keys
from domain.events.loket import WriteKind

KEYS: Final[Mapping[WriteKind, Keys]] = {
    WriteKind.EMPLOYEE: writable.EMPLOYEE,
    WriteKind.BSN: writable.BSN,
    WriteKind.CONCEPT: writable.CONCEPT,
    WriteKind.CONCEPT_BSN: writable.BSN,
    WriteKind.PAYMENT: writable.PAYMENT,
    WriteKind.WAGE: writable.WAGE,
    WriteKind.BENEFIT: writable.BENEFIT,
    WriteKind.HOURS: writable.HOURS,
    WriteKind.PERIOD_DATA: writable.PERIOD_DATA,
}
"""Of what is sent back whole."""


def filled(keys: Keys, held: Mapping[str, Any]) -> dict[str, Any]:
    """What is held, with null for every other key of the object and of each object in it."""
    return dict.fromkeys(keys) | {
        key: filled(inner, value) if (inner := keys.get(key)) and isinstance(value, Mapping) else value
        for key, value in held.items()
    }
