"""Employer-wide lists whose shape no document tells: used when they can be recognised, never guessed (Loket API 12)."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date
from typing import Any

from adapters.loket.api import LoketApi, Notes, Pin

Record = dict[str, Any]


def at_once(
    api: LoketApi,
    path: str,
    pin: Pin,
    notes: Notes,
    *,
    owners: Set[str],
    holding: str,
    owner: str = "employment",
    day: date | None = None,
) -> dict[str, list[Record]] | None:
    """The records of each of `owners` that hold the field `holding`, on a day.

    An item names its owner as `employeeId`, `employee.id` or `id`, and is the record itself or carries one or several.
    None when one cannot be understood, or Loket does not offer the list.
    """
    listed = api.every_if_offered(path, pin, notes, {} if day is None else {"referenceDate": day.isoformat()})
    if listed is None:
        return None
    found: dict[str, list[Record]] = {}
    for item in listed:
        name = _owner(item, owner, owners)
        records = _records(item, holding)
        if name is None or records is None:
            return None
        if name in owners:
            found.setdefault(name, []).extend(records)
    for each in found.values():
        for record in each:
            api.shown.see_at_once(pin, record)
    return found


def _owner(item: Mapping[str, Any], owner: str, owners: Set[str]) -> str | None:
    inner = item.get(owner)
    named = item.get(f"{owner}Id") or (inner.get("id") if isinstance(inner, dict) else None)
    if named is None and item.get("id") in owners:
        named = item["id"]
    return named if isinstance(named, str) else None


def _records(item: Mapping[str, Any], holding: str) -> list[Record] | None:
    if holding in item:
        return [dict(item)]
    for inner in item.values():
        nested = inner if isinstance(inner, list) else [inner]
        if isinstance(inner, dict | list) and all(isinstance(each, dict) and holding in each for each in nested):
            return nested
    return None
