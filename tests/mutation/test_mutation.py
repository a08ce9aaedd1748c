"""The mutants are what a programmer could have written by mistake, and the trial tells a caught one from a survivor."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.mutation import mutants as made
from tests.mutation.__main__ import draw
from tests.mutation.mutants import ROOT, mutants
from tests.mutation.reach import codes

CAUGHT = {  # by the tests of their file; one that survives is a hole in them
    "domain/four_eyes.py": "→  name.startswith(spelt(_SCHEDULE)) and name == spelt(_SYSTEM)",
    "domain/schedule.py": "meant.weekday() == 0  →  meant.weekday() != 0",
    "domain/alerts.py": "not self.entities or not entity or entity in self.entities  →  not self.entities or entity in",
}
CATCHERS = ("tests/unit/test_four_eyes.py", "tests/unit/test_schedule.py", "tests/unit/test_alert_rules.py")
SOURCE = '''
"""Two rules."""
LIMIT = 3

class Rule:
    @property
    def strict(self) -> bool:
        """Said twice."""
        return self.level > LIMIT and not self.off

def most(numbers: list[int], at_least: int = 0) -> int:
    found = [one for one in numbers if one != at_least]
    if not found:
        raise ValueError("none")
    return max(found) - 1

def last(numbers: list[int]) -> bool:
    for one in zip(after(-1), numbers, strict=True):
        return one == numbers[-1]
    return False
'''
EXPECTED = """
9 return self.level > LIMIT and (not self.off) => return None
9 self.level > LIMIT and (not self.off) => self.level > LIMIT or not self.off
9 self.level > LIMIT and (not self.off) => not self.off
9 self.level > LIMIT and (not self.off) => self.level > LIMIT
9 self.level > LIMIT => self.level >= LIMIT
9 not self.off => self.off
11 0 => 1
12 for one in numbers if one != at_least => for one in numbers
12 one != at_least => one == at_least
13 if not found => if False
13 if not found => if True
13 not found => found
14 raise ValueError('none') => (dropped)
15 return max(found) - 1 => return None
15 max(found) - 1 => max(found) + 1
15 1 => 2
19 return one == numbers[-1] => return None
19 one == numbers[-1] => one != numbers[-1]
19 1 => 2
"""


def test_every_small_change_to_a_function_is_a_mutant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rules.py").write_text(SOURCE)
    monkeypatch.setattr(made, "ROOT", tmp_path)

    found = [f"{one.line} {one.before} => {one.after}" for one in mutants("rules.py")]

    assert found == EXPECTED.strip().splitlines()
    assert {one.function.name for one in mutants("rules.py")} == {"Rule.strict", "most", "last"}


def test_a_function_without_one_of_its_statements_fits_where_the_whole_one_was() -> None:
    dropped = next(one for one in mutants("domain/errors.py") if "super()" in one.before and one.after == "(dropped)")
    name = dropped.function.name

    whole, without = (
        next(one for one in codes(compile(tree, dropped.file, "exec")) if one.co_qualname == name)
        for tree in (made.parsed(dropped.file), dropped.tree())
    )

    assert without.co_freevars == whole.co_freevars == ("__class__",)
    assert without.co_code != whole.co_code


def test_the_same_seed_draws_the_same_mutants() -> None:
    first, again, other = (draw(seed, 5, ["domain/schedule.py"]) for seed in (1, 1, 2))

    assert first == again != other


def trial(*options: str) -> tuple[int, str]:
    """In a process of its own: a session in a session would share what both import."""
    command = [sys.executable, "-m", "tests.mutation", "--count", "0", "--at-least", "100", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def options(**given: Iterable[str]) -> list[str]:
    return [part for name, values in given.items() for value in values for part in (f"--{name}", value)]


def test_known_mutants_are_caught() -> None:
    code, told = trial(*options(only=CAUGHT, mutant=CAUGHT.values(), tests=CATCHERS))

    assert (code, "3 mutants" in told) == (0, True), told


def test_a_mutant_that_nobody_looks_at_survives_and_is_told_with_its_line(tmp_path: Path) -> None:
    idle = tmp_path / "test_idle.py"
    idle.write_text(
        "from domain.four_eyes import named_by\nfrom domain.values import Actor\n"
        "def test_calls():\n    named_by(Actor('Petra'))\n"
    )
    code, told = trial(
        *options(only=["domain/four_eyes.py"], mutant=[CAUGHT["domain/four_eyes.py"]], tests=[str(idle)])
    )

    assert code == 1
    assert re.search(r"^survived: domain/four_eyes\.py:\d+  name", told, re.MULTILINE), told
