"""Which tests run which statements of `domain/`: noted once, and kept on disk beside who caught the last mutants."""

from __future__ import annotations

import ast
import gc
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

from tests.mutation.mutants import ROOT, Function, Mutant, functions_of, parsed

_PROBE: Final = "__reached__"
_REMEMBERED: Final = 8  # who caught mutants of a function or file
_IN_PLACE: Final = 0  # the line of the function itself, which each of its calls runs

Lines = dict[str, list[int]]  # statements by function, numbered from its first line


@dataclass
class Reach:
    """Functions are named with a hash of their text, so that what is on disk holds after edits elsewhere.

    A test is run anew when its own file changes. After a change of what tests share, a mutant may miss who would catch
    it, which `--afresh` mends; none is ever counted as caught by mistake.
    """

    seconds: dict[str, float] = field(default_factory=dict)  # by test
    lines: dict[str, Lines] = field(default_factory=dict)  # by test
    catchers: dict[str, list[str]] = field(default_factory=dict)  # tests by file or function, the last one first
    _tests: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    _ran: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))  # text by test, file or function

    @classmethod
    def read(cls, path: Path) -> Reach:
        reach = cls()
        if path.exists():
            tests, reach.catchers = json.loads(path.read_text())
            for test, (seconds, lines) in tests.items():
                reach.add(test, seconds, lines)
        return reach

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        tests = {test: (seconds, self.lines[test]) for test, seconds in self.seconds.items()}
        path.write_text(json.dumps((tests, self.catchers)))

    def add(self, test: str, seconds: float, lines: Lines) -> None:
        self.seconds[test], self.lines[test] = seconds, lines
        for function, numbers in lines.items():
            self._ran[function.partition("::")[0]][test] = self._ran[function.rpartition("::")[0]][test] = function
            for number in numbers:
                self._tests[function][number].add(test)

    def caught(self, mutant: Mutant, test: str) -> None:
        for where in _places(mutant):
            others = [one for one in self.catchers.get(where, []) if one != test]
            self.catchers[where] = [test, *others][:_REMEMBERED]

    def of(self, mutant: Mutant, tests: Iterable[str]) -> list[str]:
        """Those that run the statement: who caught the last mutants beside it, then the quickest first.

        Whoever ran the function before it was changed is asked too; of a new one everybody who runs its file is.
        """
        function = named(mutant.file, mutant.function)
        line = _IN_PLACE if mutant.default else mutant.statement - mutant.function.line
        ran = self._ran[function.rpartition("::")[0]] or self._ran[mutant.file]
        found = self._tests[function][line] | {test for test, text in ran.items() if text != function}
        recent = [test for where in _places(mutant) for test in self.catchers.get(where, [])]
        return sorted(
            found & set(tests), key=lambda one: (recent.index(one) if one in recent else len(recent), self.seconds[one])
        )


class Probes:
    """Tell which statements run, in any thread; for a process that does nothing else any more."""

    def __init__(self) -> None:
        self._seen = set[tuple[str, int, int]]()
        for module in [one for name, one in list(sys.modules.items()) if name.startswith("domain.")]:
            module.__dict__[_PROBE] = self._seen.add
        for (file, name, line), functions in made_of_domain().items():
            code = _probed(file).get((name, line))
            for one in functions if code else ():
                one.__code__ = code

    def told(self) -> Lines:
        """What ran since the last question."""
        found = defaultdict[str, list[int]](list)
        for file, line, number in sorted(self._seen.copy()):
            function = _functions(file).get(line)
            if function:
                found[named(file, function)].append(number)
        self._seen.clear()
        return found


@cache
def named(file: str, function: Function) -> str:
    lines = _text(file)[function.line - 1 : function.until]
    return f"{file}::{function.name}::{hashlib.sha256(''.join(lines).encode()).hexdigest()[:12]}"


def made_of_domain() -> dict[tuple[str, str, int], list[FunctionType]]:
    """Every function object that was made from code of `domain/`, by file, name and first line."""
    found = defaultdict[tuple[str, str, int], list[FunctionType]](list)
    root, domain = len(str(ROOT)) + 1, str(ROOT / "domain")
    gc.unfreeze()  # what is frozen is not listed
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(domain):
            code = one.__code__
            found[code.co_filename[root:], code.co_qualname, code.co_firstlineno].append(one)
    return found


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes(each)


def _places(mutant: Mutant) -> tuple[str, str]:
    return f"{mutant.file}::{mutant.function.name}", mutant.file


@cache
def _text(file: str) -> list[str]:
    return (ROOT / file).read_text(encoding="utf-8").splitlines(keepends=True)


@cache
def _functions(file: str) -> dict[int, Function]:
    """By their first line."""
    return {one.line: one for one, _ in functions_of(parsed(file))}


@cache
def _probed(file: str) -> dict[tuple[str, int], CodeType]:
    tree = parsed(file)
    for function, node in functions_of(tree):
        _probe(node, file, function)
        first = ast.parse(f"{_PROBE}(({file!r}, {function.line}, {_IN_PLACE}))").body
        node.body[:0] = [ast.copy_location(one, node.body[0]) for one in first]
    compiled = compile(ast.fix_missing_locations(tree), str(ROOT / file), "exec")
    return {(one.co_qualname, one.co_firstlineno): one for one in codes(compiled)}


def _probe(node: ast.AST, file: str, function: Function) -> None:
    """Before each statement below a node, one that tells its line."""
    for name, value in ast.iter_fields(node):
        each: list[Any] = value if isinstance(value, list) else [value]
        for child in each:
            if isinstance(child, ast.AST) and name not in ("decorator_list", "args"):
                _probe(child, file, function)
        if name in ("body", "orelse", "finalbody") and each and isinstance(each[0], ast.stmt):
            value[:] = [one for child in each for one in (_telling(child, file, function), child)]


def _telling(statement: ast.stmt, file: str, function: Function) -> ast.stmt:
    number = statement.lineno - function.line
    (call,) = ast.parse(f"{_PROBE}(({file!r}, {function.line}, {number}))").body
    for each in ast.walk(call):
        ast.copy_location(each, statement)
    return call
