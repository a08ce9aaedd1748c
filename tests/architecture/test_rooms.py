"""What makes the code a house to find one's way in: no circles, no crowded rooms, every room on the map."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Set
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("domain", "adapters", "api")
MAP = ROOT / "docs" / "architecture.md"
MOST_MODULES = 25


def modules_of(*tops: str) -> list[Path]:
    return sorted(path for top in tops for path in (ROOT / top).rglob("*.py") if "__pycache__" not in path.parts)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def import_graph() -> Mapping[str, Set[str]]:
    """Module to the modules it imports, at whatever depth of its code, for types only, or when first needed."""
    paths = {name_of(path): path for path in modules_of(*FLOORS)}
    return {name: frozenset(imported_by(path, paths.keys())) - {name} for name, path in paths.items()}


def imported_by(path: Path, known: Set[str]) -> Iterator[str]:
    for each in ast.walk(ast.parse(path.read_text())):
        if isinstance(each, ast.Import):
            yield from (alias.name for alias in each.names if alias.name in known)
        elif isinstance(each, ast.ImportFrom) and each.module is not None:
            assert each.level == 0, f"{path}: imports name their module in full"
            for alias in each.names:
                below = f"{each.module}.{alias.name}"
                if below in known or each.module in known:
                    yield below if below in known else each.module


def circles(graph: Mapping[str, Set[str]]) -> list[list[str]]:
    """Every set of modules that reach each other, by Tarjan's algorithm."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for each in sorted(graph[node]):
            if each not in index:
                visit(each)
                low[node] = min(low[node], low[each])
            elif each in stack:
                low[node] = min(low[node], index[each])
        if low[node] == index[node]:
            at = stack.index(node)
            circle, stack[at:] = sorted(stack[at:]), []
            if len(circle) > 1:
                found.append(circle)

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return found


def test_no_module_imports_itself_through_others() -> None:
    assert circles(import_graph()) == []


def test_a_circle_is_found_wherever_it_is_closed(tmp_path: Path) -> None:
    late = tmp_path / "late.py"
    late.write_text("def later():\n    from api import early\n")

    assert set(imported_by(late, {"api", "api.early"})) == {"api.early"}
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}) == [["b", "c"]]


def test_rooms_import_each_other_in_one_direction_where_that_was_won() -> None:
    """Two folders side by side, of which the first knows the second and is unknown to it."""
    one_way = [
        ("domain.planning", "domain.events"), ("domain.drift", "domain.planning"),
        ("domain.services", "domain.records"),
        ("domain.services", "domain.drift"), ("domain.records", "domain.events"),
    ]  # fmt: skip
    back = [
        f"{module} imports {each}"
        for above, below in one_way
        for module, imported in import_graph().items()
        if module.startswith(f"{below}.")
        for each in imported
        if each.startswith(f"{above}.")
    ]

    assert back == []


@pytest.mark.parametrize("folder", sorted({path.parent for path in modules_of(*FLOORS)}), ids=str)
def test_no_room_is_crowded(folder: Path) -> None:
    modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]

    assert len(modules) <= MOST_MODULES


def folders() -> list[Path]:
    return sorted({path.parent for path in modules_of(*FLOORS, "tests")})


@pytest.mark.parametrize("folder", folders(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_room_is_on_the_map_with_a_line_of_its_own(folder: Path) -> None:
    named = f"{folder.relative_to(ROOT)}/"
    (line,) = [one for one in MAP.read_text().splitlines() if one.startswith(f"| `{named}`")]

    assert len(line.split("|")[2].split()) >= 3, "a line says what the room holds"


def test_the_map_names_no_room_that_is_gone() -> None:
    named = re.findall(r"^\| `([a-z_/]+)/`", MAP.read_text(), re.MULTILINE)

    assert [one for one in named if not (ROOT / one).is_dir()] == []
    assert len(named) == len(set(named))


@pytest.mark.parametrize("module", modules_of(*FLOORS, "tests", "bench"), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_first_what_it_holds(module: Path) -> None:
    tree = ast.parse(module.read_text())
    first = (ast.get_docstring(tree) or "").split("\n")[0]

    assert not tree.body or len(first.split()) >= 3


LENDERS = {
    "tests.api.test_cli_erase", "tests.api.test_configured_attributes", "tests.api.test_first_contact",
    "tests.api.test_http_reading", "tests.api.test_http_runs", "tests.api.test_shared_queue",
    "tests.architecture.test_repository", "tests.contract.test_log_not_believed", "tests.contract.test_postgres_roles",
    "tests.contract.test_verify", "tests.contract.test_verify_product", "tests.pages.test_every_page",
    "tests.unit.test_dutch_sentences",
}  # fmt: skip
"""Modules of tests from which others still take something; none is to be added."""


def test_what_several_tests_share_lies_in_no_module_of_tests() -> None:
    taken = re.compile(r"^from (tests\.[a-z_.]*\.test_[a-z_]+) import", re.MULTILINE)
    lend = {name for path in modules_of("tests") for name in taken.findall(path.read_text())}

    assert lend == LENDERS
