"""What a projection is: a fold of facts into row changes, and what one page of them comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from domain.log import Fact, Recorded

Value: TypeAlias = str | int | bool | None
Key: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of a view. Its SQL is written natively for each database; here are the names and types to write by."""

    name: str
    key: Mapping[str, type]
    columns: Mapping[str, type] = field(default_factory=dict)
    grows: bool = False  # each row is of one event, keyed by its position: none is ever met again or dropped

    def put(self, *key: Value, **values: Value) -> Put:
        """Set these columns of the row, made if it is not there; the other columns stay."""
        return Put(self, key, values)

    def drop(self, *key: Value) -> Drop:
        return Drop(self, key)

    def select(self, *, text_order: str) -> str:
        """Every row, key first, in the order of the key: `text_order` is the database's name of that of bytes."""
        order = (f"{name} COLLATE {text_order}" if kind is str else name for name, kind in self.key.items())
        return f"SELECT {', '.join((*self.key, *self.columns))} FROM {self.name} ORDER BY {', '.join(order)}"  # noqa: S608


class Put(NamedTuple):
    table: Table
    key: Key
    values: dict[str, Value]


class Drop(NamedTuple):
    table: Table
    key: Key


Change: TypeAlias = Put | Drop
Handler: TypeAlias = Callable[[Any, Recorded], Iterable[Change]]
Lookup: TypeAlias = Callable[[Table, Set[str]], Mapping[Key, Key]]
"""Rows of a table with one text key as they are before the page: key -> columns, in the table's order."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """One view's fold. Raise `version` when rows or tables change: the view is then rebuilt when next opened."""

    name: str
    version: int
    tables: tuple[Table, ...]
    handlers: Mapping[type[Fact], Handler]
    changes: Callable[[Sequence[Recorded], Lookup], Iterable[Change]] | None = None  # instead of handlers


@dataclass(slots=True)
class TableWrites:
    """What a page does to one table, each row once: first the drops, then the puts."""

    table: Table
    drops: dict[Key, None] = field(default_factory=dict)
    puts: dict[Key, dict[str, Value]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        if isinstance(change, Drop):
            self.drops[change.key] = None
            self.puts.pop(change.key, None)
        elif (row := self.puts.setdefault(change.key, change.values)) is not change.values:
            row.update(change.values)

    def batches(self) -> Iterator[tuple[Sequence[str], list[Key]]]:
        """The puts by the columns they set: column names, and rows of key and values in that order."""
        batches: dict[tuple[str, ...], list[Key]] = {}
        for key, values in self.puts.items():
            batches.setdefault(tuple(values), []).append((*key, *values.values()))
        for columns, rows in batches.items():
            yield (*self.table.key, *columns), rows


def nothing_yet(_table: Table, _keys: Set[str]) -> Mapping[Key, Key]:
    """The lookup of a view that is empty."""
    return {}


def fold(projection: Projection, page: Sequence[Recorded], lookup: Lookup = nothing_yet) -> tuple[TableWrites, ...]:
    """The page's changes, one per row, so that a statement never meets a key twice."""
    writes = {table: TableWrites(table) for table in projection.tables}
    if projection.changes is not None:
        for change in projection.changes(page, lookup):
            writes[change.table].add(change)
        return tuple(writes.values())
    handlers = projection.handlers
    for event in page:
        handler = handlers.get(type(event.fact))
        if handler is not None:
            for change in handler(event.fact, event):
                writes[change.table].add(change)
    return tuple(writes.values())
