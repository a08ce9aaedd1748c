"""A database's own error text may quote a value: whoever catches one says it in our words, by `why`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DATABASES: Final = ("sqlite3.", "psycopg.", "PersistenceError", "IntegrityError", "InterfaceError", "OperationalError")


def repeated(tree: ast.AST) -> Iterator[int]:
    """Lines where what was caught of a database gets into a text other than through `why`."""
    for handler in ast.walk(tree):
        if not isinstance(handler, ast.ExceptHandler) or handler.type is None or handler.name is None:
            continue
        if any(one in ast.unparse(handler.type) for one in DATABASES):
            yield from _said(handler, handler.name)


def _said(node: ast.AST, name: str) -> Iterator[int]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FormattedValue) and ast.unparse(child.value) == name:
            yield child.lineno
        if isinstance(child, ast.Call) and ast.unparse(child.func) in ("str", "repr", "print"):
            yield from (child.lineno for one in child.args if ast.unparse(one) == name)
        yield from _said(child, name)


def test_no_text_of_a_database_is_repeated() -> None:
    """`"… in str(error)` looks at it and says nothing."""
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("adapters", "api", "domain")
        for path in (ROOT / folder).rglob("*.py")
        for line in repeated(ast.parse(path.read_text()))
        if " in str(" not in path.read_text().splitlines()[line - 1]
    }

    assert found == set()


def test_a_repeated_text_is_found() -> None:
    code = "try: pass\nexcept sqlite3.Error as cause:\n    raise Fault(f'no: {cause}') from cause"

    assert list(repeated(ast.parse(code))) == [3]
    assert list(repeated(ast.parse(code.replace("{cause}", "{why(cause)}")))) == []
