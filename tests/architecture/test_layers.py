"""Which way imports may point, and what the domain may know at all."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOMAIN = sorted((ROOT / "domain").rglob("*.py"))

# nothing here reads a clock, a file, a socket or the environment; a new name is a decision, not a detail
PURE = {
    "__future__",
    "base64",
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "decimal",
    "domain",
    "enum",
    "functools",
    "hashlib",
    "ipaddress",
    "itertools",
    "json",
    "math",
    "msgspec",
    "operator",
    "re",
    "stdnum",
    "types",
    "typing",
    "unicodedata",
    "zoneinfo",
}
LOCKED = {"domain/grounds/readers.py": {"threading"}}  # one lock, around what a library cannot do in two threads
CLOCKS = {"now", "today", "utcnow"}


def test_api_drives_adapters_reach_out_and_the_domain_decides() -> None:
    linter = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_whoever_logs_does_so_through_what_masks() -> None:
    loggers = [one for floor in ("domain", "adapters", "api") for one in (ROOT / floor).rglob("*.py")
               if "get_logger" in one.read_text()]  # fmt: skip

    assert [str(one.relative_to(ROOT)) for one in loggers] == ["adapters/logs.py"]


@pytest.mark.parametrize("module", DOMAIN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_domain_module_is_pure(module: Path) -> None:
    tree = ast.parse(module.read_text())

    allowed = PURE | LOCKED.get(str(module.relative_to(ROOT)), set())
    assert {name.split(".")[0] for name in imported(tree)} <= allowed
    assert not [each.attr for each in ast.walk(tree) if isinstance(each, ast.Attribute) and read_a_clock(each)]
    assert not [each for each in ast.walk(tree) if isinstance(each, ast.Call) and opens_a_file(each)]


MASKS = {"domain.personal", "domain.values.BLANK", "domain.values.Absence", "domain.values.NOT_OBSERVED"}


@pytest.mark.parametrize("module", sorted((ROOT / "api").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_presenters_decide_how_a_personal_value_is_shown(module: Path) -> None:
    """A second place would forget the mask one day (AUD-8); logs mask what looks personal in any text."""
    if module.parent.name == "presenters" or module.name == "logs.py":
        return
    names = {
        f"{each.module}{end}"
        for each in ast.walk(ast.parse(module.read_text()))
        if isinstance(each, ast.ImportFrom)
        for end in ("", *(f".{alias.name}" for alias in each.names))
    }

    assert not names & MASKS


def imported(tree: ast.Module) -> Iterator[str]:
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            yield from (alias.name for alias in each.names)
        elif isinstance(each, ast.ImportFrom):
            yield each.module or "."


def read_a_clock(attribute: ast.Attribute) -> bool:
    owner = attribute.value
    name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
    return attribute.attr in CLOCKS and name in {"datetime", "date"}


def opens_a_file(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in {"open", "print", "input", "exec", "eval"}


@pytest.mark.parametrize("parser", ["employee_number", "income_number"])
def test_only_a_snapshot_reads_a_number_out_of_what_personio_says(parser: str) -> None:
    readers = [
        str(module.relative_to(ROOT))
        for floor in ("domain", "adapters", "api")
        for module in sorted((ROOT / floor).rglob("*.py"))
        for each in ast.walk(ast.parse(module.read_text()))
        if isinstance(each, ast.Call) and ast.unparse(each.func).removeprefix("values.") == parser
    ]

    assert readers == ["domain/snapshots.py"]
