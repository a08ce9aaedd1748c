"""Rows of several legal entities that were asked for at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from domain.values import LegalEntityId


def of_each(sql: str, entities: Collection[LegalEntityId]) -> str:
    """A question about one legal entity, of each of them at once: a row begins with the place of the one it is of."""
    return " UNION ALL ".join(f"SELECT {nth} AS nth, one.* FROM ({sql}) AS one" for nth in range(len(entities)))  # noqa: S608


def apart(entities: Sequence[LegalEntityId], rows: Iterable[Sequence[Any]]) -> dict[LegalEntityId, list[Sequence[Any]]]:
    """The rows of `of_each` by whose they are, without its place."""
    found: dict[LegalEntityId, list[Sequence[Any]]] = {one: [] for one in entities}
    for nth, *row in rows:
        found[entities[nth]].append(row)
    return found


def by_entity(
    entities: Collection[LegalEntityId], rows: Iterable[Sequence[Any]]
) -> dict[LegalEntityId, list[Sequence[Any]]]:
    """Rows that begin with their legal entity, without it; every one that was asked for has its list."""
    found: dict[LegalEntityId, list[Sequence[Any]]] = {one: [] for one in entities}
    for entity, *row in rows:
        found[LegalEntityId(entity)].append(row)
    return found
