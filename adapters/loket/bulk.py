"""Employer-wide lists whose shape no document tells: used when they can be recognised, never guessed (Loket API 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Any

Record = dict[str, Any]


def by_owner(
    items: Iterable[Mapping[str, Any]], owner: str, owners: Set[str], holding: str
) -> dict[str, list[Record]] | None:
    """The records of each of `owners` that hold the field `holding`; None when an item cannot be understood.

    An item names its owner as `employeeId`, `employee.id` or `id`, and is the record itself or carries one or several.
    """
    found: dict[str, list[Record]] = {}
    for item in items:
        name = _owner(item, owner, owners)
        records = _records(item, holding)
        if name is None or records is None:
            return None
        if name in owners:
            found.setdefault(name, []).extend(records)
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
