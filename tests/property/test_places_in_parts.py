"""Whoever is told of in parts of the log is found where a look at every event finds them, and in few parts (RUN-4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from adapters.projections.parts import PART, filed, in_parts, positions_about
from adapters.projections.projection import Key, Value

TOLD = in_parts("told")
NAMES = ("170 sanne", "170 sanne 2", "171 sanne")
SOME = st.lists(st.integers(0, 40 * PART), unique=True, max_size=60).map(sorted)


def folded(told: dict[str, list[int]], breaks: Sequence[int]) -> dict[Key, Key]:
    """The rows after a fold of the log in pages that end at these positions."""
    events = sorted((position, about) for about, its in told.items() for position in its)
    rows: dict[Key, Key] = {}
    for after, until in pairwise((-1, *breaks, 2**53)):
        page = [(about, position) for position, about in events if after < position <= until]
        for put in filed(TOLD, page, lambda _, keys: {key: rows[key] for key in rows if key[0] in keys}):
            rows[put.key] = tuple(put.values.values())
    return rows


@given(st.fixed_dictionaries(dict.fromkeys(NAMES, SOME)), SOME, SOME, st.integers(1, 20), st.booleans())
def test_pages_of_one_are_the_pages_of_a_plain_look(
    told: dict[str, list[int]], breaks: list[int], bounds: list[int], most: int, backwards: bool
) -> None:
    after, until = (bounds[0], bounds[-1]) if bounds else (-1, 2**63 - 1)
    read: list[int] = []
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE told (part TEXT PRIMARY KEY, first INTEGER, places TEXT)")
        rows = folded(told, breaks)
        db.executemany("INSERT INTO told VALUES (?, ?, ?)", [(*key, *values) for key, values in rows.items()])

        def ask(sql: str, values: tuple[Value, ...]) -> Sequence[tuple[int, str]]:
            found = db.execute(sql, values).fetchall()
            read.extend(first for first, _ in found)
            return found

        for about, its in told.items():
            there = [one for one in its if after < one <= until]
            read.clear()

            found = positions_about(ask, TOLD, about, after, until, most, backwards)

            assert found == (there[::-1] if backwards else there)[:most]
            assert len(read) == len(set(read)) <= 4 * most + 2
