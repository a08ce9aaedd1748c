"""No test may fail by chance: what such tests have in common is looked for in their source."""

from __future__ import annotations

import ast
import os
from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, settings

TESTS: Final = Path(__file__).parents[1]
READS_ITS_CLOCK: Final = {  # elapsed seconds: each with the reason why it judges no machine
    "contract/test_log_witness.py": "thirty seconds, which ten waits for a silent witness would take",
    "mutation/__main__.py": "printed",
    "mutation/trial.py": "which tests to try first",
    "support/drain.py": "which work overlapped, and for bench how long it took",
    "support/terminal.py": "how long a command may take before it is given up",
    "support/waiting.py": "how long anything may take before it is given up",
    "simulation/__main__.py": "printed",
}
TEXTS: Final = {"text", "content", "said", "told", "shown", "out", "err", "everything", "printed"}
DRAWN: Final = {f"random.{one}" for one in ("choice", "random", "randint", "randrange", "shuffle", "sample", "uniform")}
DIGITS: Final = set("0123456789abcdef")


@cache
def sources() -> dict[str, tuple[ast.AST, ...]]:
    """Every node of every file in tests/."""
    return {
        str(path.relative_to(TESTS)): tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        for path in sorted(TESTS.rglob("*.py"))
    }


@cache
def calls() -> tuple[tuple[str, int, str, ast.Call], ...]:
    """File, line and what is called, of every call of a plain name or of an attribute of one."""
    return tuple(
        (file, each.lineno, ast.unparse(each.func), each)
        for file, nodes in sources().items()
        for each in nodes
        if isinstance(each, ast.Call)
    )


def called(*names: str, but: Container[str] = ()) -> list[str]:
    """Where one of these is called."""
    found = ((file, line, call) for file, line, name, call in calls() if name in names and file not in but)
    return [f"{file}:{line} {ast.unparse(call)}" for file, line, call in found]


def test_nothing_waits_for_as_long_as_something_usually_takes() -> None:
    assert called("time.sleep", "sleep", but={"support/waiting.py"}) == []


def test_no_page_is_waited_for_by_a_text_that_it_compiles() -> None:
    """Our pages forbid that: such a wait holds at its first look, and fails where it has to look again."""
    assert [f"{file}:{line}" for file, line, name, _ in calls() if name.endswith(".wait_for_function")] == []


def test_nothing_judges_how_many_seconds_went_by() -> None:
    clocks = ("time.monotonic", "time.perf_counter", "time.process_time")

    assert called(*clocks, but=READS_ITS_CLOCK) == []
    assert {one.partition(":")[0] for one in called(*clocks)} == READS_ITS_CLOCK.keys()


def test_no_expectation_rests_on_the_date_of_today() -> None:
    """A day that is asked for twice may be two days; what needs today's takes it from the product's business date."""
    assert called("date.today", "datetime.today", "datetime.now().date", "datetime.now(UTC).date") == []


def test_no_port_is_let_go_before_it_is_used() -> None:
    """The kernel may give a port that was let go to somebody else at once: `tests.support.ports` keeps one."""
    found = [
        f"{file}:{each.lineno}"
        for file, nodes in sources().items()
        for each in nodes
        if isinstance(each, ast.With) and "socket.socket()" in {ast.unparse(one.context_expr) for one in each.items}
        if ".getsockname()" in ast.unparse(each.body[-1]) and not any(map(_connects, ast.walk(each)))
    ]

    assert found == []


def _connects(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("connect", "connected")


def test_a_few_digits_are_looked_for_in_what_a_text_states_and_not_in_its_ids_and_times() -> None:
    assert [
        f"{file}:{each.lineno} {ast.unparse(each)}"
        for file, nodes in sources().items()
        for node in nodes
        if isinstance(node, ast.Compare)
        for each in _looks_in_vain(node)
        if _by_chance(each)
    ] == []


def _looks_in_vain(node: ast.Compare) -> list[ast.Compare]:
    """What is not to be found: a look by itself, and in a row of looks those whose answer has to be no."""
    match node:
        case ast.Compare(ops=[ast.NotIn()]):
            return [node]
        case ast.Compare(left=ast.Tuple(elts=looks), ops=[ast.Eq()], comparators=[ast.Tuple(elts=answers)]):
            asked = [one for one, answer in zip(looks, answers, strict=False) if ast.unparse(answer) == "False"]
            return [one for one in asked if isinstance(one, ast.Compare) and isinstance(one.ops[0], ast.In)]
    return []


def _by_chance(look: ast.Compare) -> bool:
    """A value of a few hexadecimal digits, or a number, is looked for in the whole text of an answer."""
    where = look.comparators[0]
    whole = where.attr if isinstance(where, ast.Attribute) else where.id if isinstance(where, ast.Name) else ""
    if whole not in TEXTS:
        return False
    if isinstance(look.left, ast.Constant):
        what = look.left.value.decode() if isinstance(look.left.value, bytes) else str(look.left.value)
        return len(what) < 9 and set(what) <= DIGITS
    return ast.unparse(look.left).startswith("str(")


def test_no_example_is_refused_for_the_time_it_took() -> None:
    """Hypothesis gives an example 200 ms unless it is told otherwise, once for all tests in tests/conftest.py."""
    assert settings.default is not None
    assert (settings.default.deadline, settings.default.suppress_health_check) == (None, (HealthCheck.too_slow,))
    assert settings.default.derandomize or "SEARCHING" in os.environ
    assert [one for one in called("settings") if "deadline=" in one and "deadline=None" not in one] == []


def test_chance_has_a_seed() -> None:
    """A `Random` is made from a seed, and nothing is drawn from the one that the module shares."""
    shares = {
        file
        for file, nodes in sources().items()
        if any(isinstance(each, ast.Import) and each.names[0].name == "random" for each in nodes)
    }
    unseeded = [f"{file}:{line}" for file, line, name, call in calls() if name[-6:] == "Random" and not call.args]
    drawn = [f"{file}:{line} {name}" for file, line, name, _ in calls() if file in shares and name in DRAWN]

    assert (unseeded, drawn) == ([], [])
