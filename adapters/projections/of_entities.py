"""Rows of several legal entities that were asked for at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final

from adapters.projections.projection import Value
from domain.values import LegalEntityId

_AT_ONCE: Final = 20
"""Legal entities in one question: SQLite puts no more than 500 together, and plans long for many."""


def of_each(
    rows: Callable[..., Iterable[Sequence[Any]]],
    sql: str,
    entities: Sequence[LegalEntityId],
    asked: Callable[[LegalEntityId], Sequence[Value]],
) -> dict[LegalEntityId, list[Sequence[Any]]]:
    """The rows of a question about one legal entity, which is asked of many at once; every one has its list."""
    found: dict[LegalEntityId, list[Sequence[Any]]] = {one: [] for one in entities}
    for first in range(0, len(entities), _AT_ONCE):
        some = entities[first : first + _AT_ONCE]
        together = " UNION ALL ".join(f"SELECT {nth} AS nth, one.* FROM ({sql}) AS one" for nth in range(len(some)))  # noqa: S608
        for nth, *row in rows(together, *(value for one in some for value in asked(one))):
            found[some[nth]].append(row)
    return found


def by_entity(
    entities: Collection[LegalEntityId], rows: Iterable[Sequence[Any]]
) -> dict[LegalEntityId, list[Sequence[Any]]]:
    """Rows that begin with their legal entity, without it; every one that was asked for has its list."""
    found: dict[LegalEntityId, list[Sequence[Any]]] = {one: [] for one in entities}
    for entity, *row in rows:
        found[LegalEntityId(entity)].append(row)
    return found
