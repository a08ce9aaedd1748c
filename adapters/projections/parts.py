"""Where in the log somebody is told of: a row for each part of it, since every run tells of everybody (RUN-4).

A row's key is whom it is about and where its part begins; `places` are how far from there, `first`, each position is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, TypeAlias

from adapters.projections.projection import Lookup, Put, Table, Value

PART: Final = 4_096  # positions
_FIRST_READ: Final = 2  # parts; each further question reads four times as many

Rows: TypeAlias = Callable[[str, tuple[Value, ...]], Sequence[Sequence[Any]]]
"""Asks SQL with a question mark for each value."""


def in_parts(name: str) -> Table:
    return Table(name, key={"part": str}, columns={"first": int, "places": str})


def part(about: str, position: int) -> str:
    return f"{about} {position - position % PART:019}"


def parts_of(about: str, since: int, until: int) -> tuple[str, str, int]:
    """The first, the last, and how long all are: a name that goes on where another ends has longer ones."""
    first = part(about, since)
    return first, part(about, until), len(first)


def positions(first: int, places: str) -> list[int]:
    return [first + int(place) for place in places.split(",")]


def filed(table: Table, told: Iterable[tuple[str, int]], lookup: Lookup) -> Iterator[Put]:
    """`told` is whom each position is about, in the order of the log."""
    more: dict[str, list[str]] = {}
    for about, position in told:
        more.setdefault(part(about, position), []).append(str(position % PART))
    before = lookup(table, more.keys())
    for key, places in more.items():
        _, sofar = before.get((key,), (0, None))
        first = int(key.rpartition(" ")[2])
        yield table.put(key, first=first, places=",".join(places if sofar is None else (str(sofar), *places)))


def positions_about(
    rows: Rows, table: Table, about: str, after: int, until: int, most: int, backwards: bool = False
) -> list[int]:
    """At most so many positions past `after`, up to `until`, in order; `backwards` the newest of them, newest first."""
    low, high, many = after + 1, until, _FIRST_READ
    sql = (
        f"SELECT f.first, f.places FROM {table.name} AS f"  # noqa: S608  our own names
        " WHERE f.part BETWEEN ? AND ? AND length(f.part) = ?"
        f" ORDER BY f.part {'DESC' if backwards else 'ASC'} LIMIT ?"
    )
    found: list[int] = []
    while True:
        some = rows(sql, (*parts_of(about, low, high), many))
        for row in some:
            there = [one for one in positions(*row) if after < one <= until]
            found += reversed(there) if backwards else there
        if len(some) < many or len(found) >= most:
            return found[:most]
        last, _ = some[-1]
        low, high = (low, last - 1) if backwards else (last + PART, high)
        many *= 4


def named_in(table: Table) -> str:
    """The condition that the event of row `r` is about whoever is given, of its legal entity."""
    first = f"r.position - r.position % {PART}"
    return (
        f"(SELECT ',' || o.places || ',' FROM {table.name} AS o"  # noqa: S608  our own names
        f" WHERE o.part = r.legal_entity || ' ' || ? || ' 0' || substr(CAST(1000000000000000000 + {first} AS TEXT), 2))"
        f" LIKE '%,' || (r.position % {PART}) || ',%'"
    )
