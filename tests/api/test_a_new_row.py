"""A coded attribute is one row and its texts: nationality, added to a copy of the catalogue, does everything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TREES = ("adapters", "api", "domain", "tests", "docs")
BEFORE = '    _row("date_of_birth"'
ROW = """\
    _row("nationality", "Nationality", "personalDetails.nationality", nullable=True, codes=Codes(
        list_name="nationality",
        keys={"Dutch": "1", "Belgian": "2"},
        known_as={"Dutch": ("nederlandse", "dutch"), "Belgian": ("belgische", "belgian")},
    )),
"""
TEXTS = {  # of docs/tweeluik.example.toml
    "[personio.attributes]\n": '[personio.attributes]\nnationality = "dynamic_1020"\n',
    "[loket.codes.country]\n": "[loket.codes.nationality]\nDutch = 1\nBelgian = 2\n\n[loket.codes.country]\n",
}
ELSEWHERE = (  # tests that have something to say about every row
    "tests/unit/test_a_new_attribute.py",
    "tests/unit/test_decisions.py",
    "tests/unit/test_kinds.py",
    "tests/unit/test_propose.py",
    "tests/unit/test_writes.py",
    "tests/unit/test_config.py",
    "tests/contract/test_fakes.py",
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout with one row more, the two texts that a person reads, and the reference pages made anew."""
    tree = tmp_path_factory.mktemp("copy")
    for name in TREES:
        shutil.copytree(ROOT / name, tree / name)  # compiled files too: a copy is as old as its source
    shutil.copy(ROOT / "pyproject.toml", tree)
    changed(tree / "domain" / "attributes.py", {BEFORE: ROW + BEFORE})
    changed(tree / "docs" / "tweeluik.example.toml", TEXTS)
    return tree


def changed(file: Path, replacements: dict[str, str]) -> None:
    text = file.read_text()
    for old, new in replacements.items():
        assert text.count(old) == 1, f"{file.name} does not have {old!r} once"
        text = text.replace(old, new)
    file.write_text(text)


def python(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The copy is first on the path, so that nothing of the installed checkout is run by mistake."""
    environment = os.environ | {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": ""}
    return subprocess.run(
        [sys.executable, *arguments], cwd=tree, env=environment, capture_output=True, text=True, check=False
    )


def test_nationality_goes_from_end_to_end_and_no_other_test_counts_the_rows(copy: Path) -> None:
    """With an earlier entry of the customer and without."""
    played = python(copy, "-m", "pytest", "-n", "0", "tests/api/with_nationality.py", *ELSEWHERE)

    assert played.returncode == 0, played.stdout[-6000:]
    assert "skipped" not in played.stdout


def test_its_reference_page_follows_from_the_row(copy: Path) -> None:
    assert python(copy, "-m", "api.reference.generate").returncode == 0

    assert "| nationality | personalDetails.nationality |" in (copy / "docs/reference/attributes.md").read_text()
