"""A pytest session that learns which tests run which statements of `domain/`, then tries mutants on them in forks."""

from __future__ import annotations

import ast
import gc
import hashlib
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import FunctionType
from typing import Final

import pytest

from tests.mutation.mutants import ROOT, Mutant
from tests.mutation.reach import Lines, Probes, Reach, codes, made_of_domain

_LIMIT: Final = 20.0  # times as long as a test, taken for a second at least, may compute with a mutant
_STUCK: Final = 600  # seconds after which a test that waits for something has caught one
_RED: Final = 10  # the exit code of a fork in which a test failed
_BROKEN: Final = 11  # and of one that did not come so far
_LONG: Final = 8.0  # seconds: a longer test is not asked
_OUTSIDE: Final = ("tests/api/", "tests/faults/")  # asked only about what all others let pass


class Trial:
    """The plugin. It runs each test that it does not know once, and then `mutants` on those that run them."""

    def __init__(self, mutants: Sequence[Mutant], tell: Callable[[Mutant, str], None], known: Path, forks: int) -> None:
        self._mutants = mutants
        self._tell = tell
        self._known = known
        self._forks = forks
        self._failed = False

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [one for one in items if _is_in_process(one)]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {_identity(item): item for item in session.items}
        reach = Reach.read(self._known)
        self._learn(session, items, reach)
        asked = [test for test in items if 0 <= reach.seconds[test] < _LONG]
        made = made_of_domain()
        gc.freeze()  # what forks share stays shared
        waiting, running = list(self._mutants), dict[int, tuple[Mutant, list[str], Path]]()
        with tempfile.TemporaryDirectory() as folder:
            while waiting or running:
                while waiting and len(running) < self._forks:
                    mutant = waiting.pop(0)
                    tests = sorted(reach.of(mutant, asked), key=lambda one: one.startswith(_OUTSIDE))
                    if not tests:
                        self._tell(mutant, "not reached")
                        continue
                    told = Path(folder) / f"{len(waiting)}"
                    functions = made[mutant.file, mutant.function.name, mutant.function.line]
                    trial = [(items[test], reach.seconds[test]) for test in tests]
                    running[_fork(session, partial(self._try, mutant, functions, trial, told))] = mutant, tests, told
                if running:
                    pid, status = _ended()
                    mutant, tests, told = running.pop(pid)
                    verdict = _verdict(status)
                    if verdict.startswith("caught"):
                        reach.caught(mutant, tests[int(told.read_text())])
                    self._tell(mutant, verdict)
        reach.write(self._known)
        return True

    def _learn(self, session: pytest.Session, items: dict[str, pytest.Item], reach: Reach) -> None:
        """Runs tests that are new or have changed, in a few forks that share them."""
        unknown = [test for test in items if test not in reach.seconds]
        folder = Path(tempfile.mkdtemp())
        shares = [unknown[first :: self._forks] for first in range(self._forks)]
        running = {
            _fork(session, partial(self._trace, [(test, items[test]) for test in share], folder / str(at)))
            for at, share in enumerate(shares)
        }
        while running:
            pid, status = _ended()
            running.remove(pid)
            assert os.waitstatus_to_exitcode(status) == 0, f"a fork that learns ended with {status}"
        for told in sorted(folder.iterdir()):
            for test, seconds, lines in json.loads(told.read_text()):
                reach.add(test, seconds, lines)
        shutil.rmtree(folder)
        if unknown:
            reach.write(self._known)

    def _trace(self, share: Sequence[tuple[str, pytest.Item]], told: Path) -> int:
        """A test that fails anyway is never asked: it is noted as one of less than no time."""
        probes, found = Probes(), list[tuple[str, float, Lines]]()
        for at, (test, item) in enumerate(share):
            began, self._failed = time.process_time(), False
            _run(item, share[at + 1][1] if at + 1 < len(share) else None)
            took = time.process_time() - began
            found.append((test, -1.0 if self._failed else took, probes.told()))
        told.write_text(json.dumps(found))
        return 0

    def _try(
        self,
        mutant: Mutant,
        functions: Sequence[FunctionType],
        tests: Sequence[tuple[pytest.Item, float]],
        told: Path,
    ) -> int:
        """Only a test that goes on and on is out of time: many tests that nothing fails in have caught nothing."""
        mutate(mutant, functions)
        self._failed = False
        for at, (one, seconds) in enumerate(tests):
            told.write_text(str(at))
            signal.setitimer(signal.ITIMER_PROF, _LIMIT * max(1.0, seconds))
            signal.alarm(_STUCK)
            _run(one, tests[at + 1][0] if at + 1 < len(tests) else None)
            if self._failed:
                return _RED
        return 0


def mutate(mutant: Mutant, made: Sequence[FunctionType]) -> None:
    """Changes every function object that was made from the code in question."""
    assert made, f"{mutant} is in no function that was imported"
    compiled = compile(mutant.tree(), str(ROOT / mutant.file), "exec")
    place = mutant.function.name, mutant.function.line
    code = next(one for one in codes(compiled) if (one.co_qualname, one.co_firstlineno) == place)
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


def _fork(session: pytest.Session, work: Callable[[], int]) -> int:
    """A copy of this process that does the work, says nothing and ends with its answer; its folders are its own."""
    pid = os.fork()
    if pid:
        return pid
    folder, code = tempfile.mkdtemp(), _BROKEN
    try:
        os.setpgid(0, 0)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        session.config._tmp_path_factory._basetemp = Path(folder)  # type: ignore[attr-defined]
        code = work()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(code)


def _ended() -> tuple[int, int]:
    """Which fork ended, and how; whatever it had started ends with it."""
    pid, status = os.wait()
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return pid, status


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.ihook.pytest_runtest_protocol(item=item, nextitem=following)


def _is_in_process(item: pytest.Item) -> bool:
    given = getattr(item, "callspec", None)
    world = given.params.get("kind_of_world") if given else None
    return world in (None, "in process") and "postgres" not in f"{item.nodeid} {item.fixturenames}"  # type: ignore[attr-defined]


def _identity(item: pytest.Item) -> str:
    """Its name and what its own file says, of a scenario that of its feature."""
    scenario = getattr(getattr(item, "function", None), "__scenario__", None)
    return f"{item.nodeid} {_hash(scenario.feature.filename if scenario else str(item.path))}"


@cache
def _hash(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()[:8]


def _verdict(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    ends = {0: "survived", _RED: "caught", -signal.SIGPROF: "caught: out of time", -signal.SIGALRM: "caught: stuck"}
    return ends.get(code, f"broken: {code}")
