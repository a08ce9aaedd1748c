"""The frame around the code: pinned packages, a valid compose file, nothing tracked that belongs to one machine."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from bench.__main__ import QUICK

ROOT = Path(__file__).parents[2]
REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)==([^\s\\]+)((?:[^\n]*\\\n\s+--hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)

# spelled so that this file does not find itself
FORBIDDEN = re.compile(
    "|".join(
        [
            r"(?:index-url|find" + r"-links)[ =]\S*[/$]",
            r"pypi" + r"\.org/",
            r"files\.python" + r"hosted",
            r"file:///(?:opt|home|root|work)",
            r"(?<![\w.])/(?:work|root|home)" + r"/[a-z]",
            r"/opt/(?:wheels|pypi)",
        ]
    )
)
COMPOSE: Final = ("docker-compose.yml", "docker-compose.tenants.yml")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_tracked_file_names_a_package_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if path.is_file()
        for match in FORBIDDEN.finditer(path.read_bytes().decode("utf-8", "replace"))
    ]

    assert found == []


def test_the_compose_files_follow_the_compose_specification_and_no_secret_is_written_down() -> None:
    checker = str(Path(sys.executable).with_name("check-jsonschema"))
    command = [checker, "--builtin-schema", "vendor.compose-spec", *COMPOSE]

    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout
    for name in COMPOSE:
        assert not re.search(
            r"(?i)^[^#\n]*(password|secret|key|token):[ ]+[^\s/$-]", (ROOT / name).read_text(), re.MULTILINE
        )


def test_every_service_says_when_it_is_healthy() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    services = text.split("\nservices:\n")[1].split("\n\n#")[0]

    assert services.count("healthcheck:") == len(re.findall(r"^  [a-z]+:$", services, re.MULTILINE)) == 4


def test_hooks_before_a_commit_are_the_checks_of_make_check_and_fetch_nothing() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    (checks,) = re.findall(r"^check: (.+?) ##", (ROOT / "Makefile").read_text(), re.MULTILINE)

    assert re.findall(r"entry: make (\w+)$", hooks, re.MULTILINE) == checks.split()
    assert re.findall(r"repo: (.+)$", hooks, re.MULTILINE) == ["local"]


@pytest.mark.parametrize(("length", "taken"), [(72, True), (73, False)])
def test_a_subject_of_more_than_72_characters_is_refused(length: int, taken: bool, tmp_path: Path) -> None:
    (entry,) = re.findall(r"entry: (sh .+)$", (ROOT / ".pre-commit-config.yaml").read_text(), re.MULTILINE)
    message = tmp_path / "COMMIT_EDITMSG"
    message.write_text(f"{'a' * length}\n\n{'b' * 100}\n")

    result = subprocess.run([*shlex.split(entry), str(message)], check=False)

    assert (result.returncode == 0) is taken


def pinned(name: str) -> dict[str, str]:
    return {match[1].lower(): match[2] for match in REQUIREMENT.finditer((ROOT / name).read_text())}


def test_every_package_is_pinned_with_hashes_and_the_same_for_running_and_for_developing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, development = pinned("requirements.txt"), pinned("requirements-dev.txt")

    for text in (ROOT / "requirements.txt", ROOT / "requirements-dev.txt"):
        assert len(pinned(text.name)) == len(re.findall(r"^[A-Za-z0-9._-]+==", text.read_text(), re.MULTILINE))
    assert runtime.items() <= development.items()
    assert names(project["project"]["dependencies"]) | names(project["build-system"]["requires"]) <= runtime.keys()
    for group in ("dev", "docs"):
        assert names(project["project"]["optional-dependencies"][group]) <= development.keys()


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", each)[0].lower() for each in requirements}


def test_make_alone_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)

    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"^  make ([a-z-]+) ", listed, re.MULTILINE)) == set(phony.split())


def test_every_bench_has_a_quick_form() -> None:
    benches = {one.stem for one in (ROOT / "bench").glob("[!_]*.py") if "__main__" in one.read_text()}

    assert QUICK.keys() == benches
