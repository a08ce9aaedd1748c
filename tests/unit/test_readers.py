"""Types are made known to msgspec one at a time: two threads that do so at once can end the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
import pytest

from domain.grounds.case import Case
from domain.grounds.readers import converted, reader

ROOT: Final = Path(__file__).parents[2]
APART: Final = (
    "domain/grounds/readers.py",
    "adapters/log/offline_verifier.py",
)  # the only maker; what imports nothing of ours


def test_nothing_else_makes_a_reader_of_a_type() -> None:
    files = (file for room in ("domain", "adapters", "api") for file in (ROOT / room).rglob("*.py"))
    names = {str(file.relative_to(ROOT)): file for file in files}
    assert [
        *found({name: file for name, file in names.items() if name not in APART and "simulators" not in name})
    ] == []


def found(files: dict[str, Path]) -> Iterator[str]:
    for name, file in files.items():
        for call in (one for one in ast.walk(ast.parse(file.read_text())) if isinstance(one, ast.Call)):
            what = ast.unparse(call.func)
            typed = any(each.arg == "type" for each in call.keywords)
            decodes = what in ("msgspec.json.decode", "msgspec.msgpack.decode") and typed
            makes = what.startswith("msgspec.") and what.endswith(".Decoder") and call.args
            if decodes or makes or what == "msgspec.convert":
                yield f"{name}:{call.lineno} {what}"


def test_a_reader_is_made_once_and_refuses_what_is_not_of_its_type() -> None:
    assert reader(Case) is reader(Case)
    with pytest.raises(msgspec.ValidationError):
        reader(Case).decode(b"{}")
    with pytest.raises(msgspec.ValidationError):
        converted({}, Case)
