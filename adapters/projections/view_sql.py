"""The SQL of a view, as its file for one database has it: tables first, and the indexes that a rebuild makes last."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

_INDEX: Final = re.compile(r"CREATE INDEX (\w+) ON (\w+)")


class Index(NamedTuple):
    """None of them keeps anything unique: a view is right without them, and slow."""

    name: str
    table: str
    statement: str


class ViewSql(NamedTuple):
    tables: tuple[str, ...]
    indexes: tuple[Index, ...]


@cache
def view_sql(package: str, view: str) -> ViewSql:
    text = files(package).joinpath(f"{view}.sql").read_text(encoding="utf-8")
    statements = [each.strip() for each in text.split(";") if each.strip()]
    found = [(each, _INDEX.match(each)) for each in statements]
    return ViewSql(
        tuple(each for each, index in found if index is None),
        tuple(Index(index[1], index[2], each) for each, index in found if index is not None),
    )
