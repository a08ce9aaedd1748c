"""Rows of several legal entities that were asked for at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from domain.values import LegalEntityId


def by_entity(
    entities: Collection[LegalEntityId], rows: Iterable[Sequence[Any]]
) -> dict[LegalEntityId, list[Sequence[Any]]]:
    """Rows that begin with their legal entity, without it; every one that was asked for has its list."""
    found: dict[LegalEntityId, list[Sequence[Any]]] = {one: [] for one in entities}
    for entity, *row in rows:
        found[LegalEntityId(entity)].append(row)
    return found
