"""The documents say what is: their commands run, in order, on simulated systems; what they name is there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from adapters.simulators.company.generate import Situation, generate_company
from api.demo.simulators import Simulation, simulation

ROOT: Final = Path(__file__).parents[2]
DECISIONS: Final = ROOT / "docs" / "decisions"
DOCUMENTS: Final = sorted((ROOT / "docs").glob("*.md"))
DUTCH: Final = sorted((ROOT / "docs" / "nl").glob("*.md"))
BLOCK: Final = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK: Final = re.compile(r"\]\((?!https?:)([^)#]+)")
NAMED: Final = re.compile(r"`((?:domain|adapters|api|tests|features|bench|docs)/[\w/.-]*)`")
COMMAND: Final = re.compile(r"""\btweeluik(?: --as (?:"[^"]+"|\S+))? ([a-z]+)\b""")


def named(path: Path) -> str:
    return path.name


def blocks(path: Path) -> list[str]:
    return BLOCK.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", [one for one in DOCUMENTS if blocks(one)], ids=named)
def test_every_command_of_a_document_works_as_it_stands(document: Path, tweeluik: Path, tmp_path: Path) -> None:
    company = generate_company(6, seed=1)
    mover = next(one for one in company.of(Situation.IN_BOTH) if one.employee_number == 201)

    with simulation(company) as running:
        running.personio.edit(mover.person_id, "street", "Central Ave")
        follow(document, tweeluik, tmp_path, running)


def follow(document: Path, tweeluik: Path, folder: Path, running: Simulation) -> None:
    """Run its commands, block by block, each in a shell of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWEELUIK_")}
    environment["PATH"] = os.pathsep.join((str(tweeluik.parent), str(Path(sys.executable).parent), environment["PATH"]))

    (folder / "tweeluik.toml").write_text(running.configuration())
    for block in blocks(document):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.parametrize(("people", "seed", "edited"), [(5, 3, False), (9, 12, True)])
def test_an_auditor_follows_the_guide_on_any_company(
    tweeluik: Path, tmp_path: Path, people: int, seed: int, edited: bool
) -> None:
    company = generate_company(people, seed=seed)
    with simulation(company) as running:
        if edited:
            running.personio.edit(company.of(Situation.IN_BOTH)[-1].person_id, "street", "Central Ave")
        follow(ROOT / "docs" / "auditing.md", tweeluik, tmp_path, running)

    proven = json.loads((tmp_path / "claim.json").read_text())["event"]["name"]
    assert (proven == "loket_record.field_overwritten.v1") is edited


@pytest.mark.parametrize(
    "document", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCUMENTS, *DUTCH, *DECISIONS.glob("*.md")], ids=named
)
def test_every_file_and_command_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    commands = re.findall(r"^## `tweeluik ([a-z]+)", (ROOT / "docs/reference/commands.md").read_text(), re.MULTILINE)

    missing = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    missing += [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    said = "\n".join(re.findall(r"`tweeluik [^`]+`|^(?: {4}|)\S*tweeluik .*$", text, re.MULTILINE))
    missing += [name for name in COMMAND.findall(said) if name not in commands]

    assert missing == []


RECORD: Final = re.compile(
    r"^\| \[([^\]]+)\]\(([\w-]+\.md)\) \| [^|]{10,} "
    r"\| (in force|replaced by \[[^\]]+\]\([\w-]+\.md\)) \| (\d{4}-\d\d-\d\d) \|$",
    re.MULTILINE,
)


def test_the_index_of_decisions_names_each_record_with_its_title_status_and_date_in_order() -> None:
    listed = RECORD.findall((DECISIONS / "README.md").read_text(encoding="utf-8"))
    titles = {
        path.name: path.read_text(encoding="utf-8").split("\n")[0].removeprefix("# ")
        for path in DECISIONS.glob("*.md")
        if path.name != "README.md"
    }
    days = [date.fromisoformat(day) for *_, day in listed]

    assert {name: title for title, name, *_ in listed} == titles
    assert days == sorted(days)


ACCESSES: Final = ("database", "key store", "checkpoint folder", "network", "access key", "account")
TRIED: Final = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_line_about_what_a_single_access_is_good_for_names_a_test_that_is_there() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    _, _, section = text.partition("\n## What a single access is good for\n")
    section, _, _ = section.partition("\n## ")
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    lines = [line for line in lines if line[0] != "what they try"]

    tried = {line[0]: TRIED.findall(line[-1]) for line in lines}
    files = {path for tests in tried.values() for path, _ in tests}
    there = {path: (ROOT / path).read_text(encoding="utf-8") for path in files}

    heads = re.findall(r"^\*\*(?:The|One) ([^*]+?)\.?\*\*", section, re.MULTILINE)
    assert tuple(heads) == ACCESSES
    assert [what for what, tests in tried.items() if not tests] == []
    assert [name for tests in tried.values() for path, name in tests if f"\ndef {name}(" not in there[path]] == []
    assert len(tried) == len(lines) == section.count("\n| ") - len(ACCESSES)
