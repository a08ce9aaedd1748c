"""Applies each patch to a copy of this checkout and runs the tests that must catch it; one that survives is a failure.

    python -m tests.sabotage.run [NAME ...]

First the tests are run on the copy as it is: a test that fails anyway catches nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.sabotage.patches import Sabotage, sabotages

ROOT: Final = Path(__file__).parent.parent.parent
_PASSED, _FAILED = 0, 1  # what pytest ends with


def main() -> None:
    console = Console()
    chosen = [one for one in sabotages() if not sys.argv[1:] or one.name in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as name:
        tree = copied(Path(name) / "tree")
        healthy = {arguments: tested(tree, arguments) for arguments in {one.caught_by for one in chosen}}
        table = Table("broken build", "what is broken", "result", title=f"{len(chosen)} broken builds")
        survived = 0
        for one in chosen:
            with console.status(one.name):
                result = "its tests fail without it" if healthy[one.caught_by] != _PASSED else judged(one, tree)
            survived += result != "caught"
            table.add_row(one.name, one.what, result, style=None if result == "caught" else "red")
    console.print(table)
    sys.exit(1 if survived else 0)


def judged(one: Sabotage, tree: Path) -> str:
    applied = one.apply(tree)
    if applied.returncode:
        return f"does not apply: {applied.stderr.strip()}"
    try:
        code = tested(tree, one.caught_by)
    finally:
        one.apply(tree, "--reverse")
    return {_FAILED: "caught", _PASSED: "SURVIVED"}.get(code, f"the tests ended with {code}")


def tested(tree: Path, arguments: tuple[str, ...]) -> int:
    """The copy is first on the path, so that nothing of the installed checkout is tested by mistake."""
    command = [sys.executable, "-m", "pytest", "-n", "0", "-x", "-q", "-p", "no:cacheprovider", *arguments]
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False).returncode


def copied(tree: Path) -> Path:
    """What git knows of this checkout, as it lies here."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    return tree


if __name__ == "__main__":
    main()
