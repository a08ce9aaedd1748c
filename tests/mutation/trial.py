"""A pytest session that notes which tests reach which lines of `domain/`, and then tries mutants on them in forks."""

from __future__ import annotations

import ast
import gc
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, Final

import pytest

from tests.mutation.mutants import ROOT, Function, Mutant

_LIMIT: Final = 20.0  # times as long as a test, taken for a second at least, may compute with a mutant
_STUCK: Final = 600  # seconds after which a test that waits for something has caught one
_RED: Final = 10  # the exit code of a fork in which a test failed
_BROKEN: Final = 11  # and of one that did not come so far
_FORKS: Final = os.cpu_count() or 1
_DOMAIN: Final = str(ROOT / "domain") + os.sep


@dataclass
class Reach:
    """Which tests execute which lines, and how long each test takes."""

    tests: dict[str, dict[int, set[int]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    seconds: dict[int, float] = field(default_factory=dict)

    def of(self, mutant: Mutant) -> list[int]:
        """Indexes of tests, the quickest first."""
        lines = self.tests[mutant.file]
        span = (
            range(mutant.function.line, mutant.function.line + 1)
            if mutant.default
            else range(mutant.line, mutant.until + 1)
        )
        return sorted({test for line in span for test in lines[line]}, key=lambda one: self.seconds[one])


class Trial:
    """The plugin. After collection it runs every test once, traced, and then `mutants` on those that reach them."""

    def __init__(self, mutants: Sequence[Mutant], tell: Callable[[Mutant, str], None]) -> None:
        self._mutants = mutants
        self._tell = tell
        self._failed = False

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if _is_in_process(one)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        reach = self._reach(session)
        waiting, running = list(self._mutants), dict[int, Mutant]()
        while waiting or running:
            while waiting and len(running) < _FORKS:
                mutant = waiting.pop(0)
                tests = [(session.items[at], reach.seconds[at]) for at in reach.of(mutant)]
                if tests:
                    running[_fork(session, partial(self._try, mutant, tests))] = mutant
                else:
                    self._tell(mutant, "not reached")
            if running:
                pid, status = os.wait()
                self._tell(running.pop(pid), _verdict(status))
        return True

    def _reach(self, session: pytest.Session) -> Reach:
        """Runs every test, in a few forks that share them."""
        reach, folder = Reach(), Path(tempfile.mkdtemp())
        shares = [range(first, len(session.items), _FORKS) for first in range(_FORKS)]
        traced = [
            _fork(session, partial(self._trace, session.items, share, folder / f"{share.start}")) for share in shares
        ]
        ended = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in traced]
        assert not any(ended), f"traced runs ended with {ended}"
        for told in folder.iterdir():
            for at, seconds, lines in json.loads(told.read_text()):
                reach.seconds[at] = seconds
                for file, numbers in lines.items():
                    for number in numbers:
                        reach.tests[file][number].add(at)
        shutil.rmtree(folder)
        return reach

    def _trace(self, items: Sequence[pytest.Item], share: Sequence[int], told: Path) -> int:
        found = []
        for at in share:
            lines, self._failed, began = _Lines(), False, time.perf_counter()
            with lines:
                _run(items[at], None)
            if not self._failed:
                seen = {file: sorted(each) for file, each in lines.seen.items()}
                found.append((at, time.perf_counter() - began, seen))
        told.write_text(json.dumps(found))
        return 0

    def _try(self, mutant: Mutant, tests: Sequence[tuple[pytest.Item, float]]) -> int:
        """Only a test that goes on and on is out of time: many tests that nothing fails in have caught nothing."""
        mutate(mutant)
        self._failed = False
        for at, (one, seconds) in enumerate(tests):
            signal.setitimer(signal.ITIMER_PROF, _LIMIT * max(1.0, seconds))
            signal.alarm(_STUCK)
            _run(one, tests[at + 1][0] if at + 1 < len(tests) else None)
            if self._failed:
                return _RED
        return 0


def _fork(session: pytest.Session, work: Callable[[], int]) -> int:
    """A copy of this process that does the work, says nothing and ends with its answer; its folders are its own."""
    pid = os.fork()
    if pid:
        return pid
    folder, code = tempfile.mkdtemp(), _BROKEN
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        session.config._tmp_path_factory._basetemp = Path(folder)  # type: ignore[attr-defined]
        code = work()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(code)


def mutate(mutant: Mutant) -> None:
    """Changes every function object that was made from the code in question."""
    file, function = str(ROOT / mutant.file), mutant.function
    made = [
        one
        for one in gc.get_objects()
        if isinstance(one, FunctionType) and one.__code__.co_filename == file
        if (one.__code__.co_qualname, one.__code__.co_firstlineno) == (function.name, function.line)
    ]
    assert made, f"{mutant} is in no function that was imported"
    tree = mutant.tree()
    code = next(_codes(compile(tree, file, "exec"), function))
    for one in made:
        if mutant.default is None:
            one.__code__ = code
        elif mutant.default in (one.__kwdefaults__ or {}):
            one.__kwdefaults__ = {**one.__kwdefaults__, mutant.default: ast.literal_eval(mutant.after)}
        else:
            names = code.co_varnames[: code.co_argcount]
            at = names.index(mutant.default) - len(names)
            values = list(one.__defaults__ or ())
            values[at] = ast.literal_eval(mutant.after)
            one.__defaults__ = tuple(values)


def _codes(code: CodeType, function: Function) -> Iterator[CodeType]:
    if (code.co_qualname, code.co_firstlineno) == (function.name, function.line):
        yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each, function)


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)


def _is_in_process(item: pytest.Item) -> bool:
    given = getattr(item, "callspec", None)
    world = given.params.get("kind_of_world") if given else None
    return world in (None, "in process") and "postgres" not in item.nodeid


def _verdict(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    ends = {0: "survived", _RED: "caught", -signal.SIGPROF: "caught: out of time", -signal.SIGALRM: "caught: stuck"}
    return ends.get(code, f"broken: {code}")


class _Lines:
    """Lines of `domain/` that run in this thread while it is entered."""

    def __init__(self) -> None:
        self.seen: dict[str, set[int]] = defaultdict(set)

    def __enter__(self) -> None:
        sys.settrace(self._called)

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _called(self, frame: FrameType, event: str, argument: Any) -> Any:
        file = frame.f_code.co_filename
        if not file.startswith(_DOMAIN):
            return None
        seen = self.seen[file[len(str(ROOT)) + 1 :]]
        seen.add(frame.f_code.co_firstlineno)

        def line(frame: FrameType, event: str, argument: Any) -> Any:
            seen.add(frame.f_lineno)
            return line

        return line
