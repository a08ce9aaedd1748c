"""What `make release` makes: the same bytes twice, and nothing in it that is not in the commit."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Final

import pytest

from adapters.log.verify_page.page import sha256_of_page
from deploy.release import (
    ROOT,
    Pinned,
    bill,
    installed,
    licences,
    pinned,
    refuse_changed,
    refuse_other_versions,
    release,
)
from domain.errors import Misconfigured
from tests.architecture.test_repository import pinned as names

NAME: Final = "tweeluik-0.1.0"


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a release is made of a commit")
def test_a_release_is_the_same_bytes_twice_whatever_the_umask(tmp_path: Path) -> None:
    first = release(tmp_path / "first")
    umask = os.umask(0o077)
    try:
        second = release(tmp_path / "second")
    finally:
        os.umask(umask)

    assert first == second
    assert [line.split()[1] for line in first] == [
        f"{NAME}-licences.txt", f"{NAME}-py3-none-any.whl", f"{NAME}.cdx.json", f"{NAME}.tar.gz", "verify.html",
    ]  # fmt: skip
    for line in first:
        digest, name = line.split()
        assert hashlib.sha256((tmp_path / "second" / name).read_bytes()).hexdigest() == digest
    assert f"{sha256_of_page()}  verify.html" in first
    with tarfile.open(tmp_path / "first" / f"{NAME}.tar.gz") as archive:
        inside = archive.getnames()
    assert {f"{NAME}/pyproject.toml", f"{NAME}/requirements.txt", f"{NAME}/domain/rules.py"} <= set(inside)
    assert not [one for one in inside if ".venv" in one or "__pycache__" in one]
    wheel = zipfile.ZipFile(tmp_path / "first" / f"{NAME}-py3-none-any.whl").namelist()
    assert {"domain/rules.py", "adapters/log/verify_page/page.html"} <= set(wheel)
    assert not [one for one in wheel if one.startswith(("tests/", "bench/"))]


def test_the_bill_of_materials_lists_every_package_with_the_hashes_that_count() -> None:
    packages = pinned((ROOT / "requirements.txt").read_text())
    made = bill({"name": "tweeluik", "version": "0.1.0"}, packages, 0)

    assert {one["name"].lower(): one["version"] for one in made["components"]} == names("requirements.txt")
    hashes = [each for one in made["components"] for each in one["hashes"]]
    assert len(hashes) == (ROOT / "requirements.txt").read_text().count("--hash=sha256:")
    assert {each["alg"] for each in hashes} == {"SHA-256"}
    refs = [one["bom-ref"] for one in made["components"]]
    assert len(set(refs)) == len(refs)
    assert made["dependencies"] == [{"ref": "pkg:pypi/tweeluik@0.1.0", "dependsOn": refs}]
    assert made["metadata"]["timestamp"] == "1970-01-01T00:00:00Z"
    assert json.loads(json.dumps(made)) == made


def test_every_package_says_its_licence() -> None:
    told = list(licences(pinned((ROOT / "requirements.txt").read_text())))

    assert [line for line in told if "does not say" in line] == []


def test_no_release_is_made_of_what_is_not_committed(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    refuse_changed(tmp_path)
    (tmp_path / "requirements.txt").touch()

    with pytest.raises(Misconfigured, match=r"not committed: requirements\.txt"):
        refuse_changed(tmp_path)


def test_no_release_is_made_where_another_version_is_installed_than_the_pinned_one() -> None:
    there = installed("pytest")
    assert there is not None
    refuse_other_versions((Pinned("pytest", there, ()),))

    with pytest.raises(Misconfigured, match=f"pytest {there}, nowhere \\(not there\\)"):
        refuse_other_versions((Pinned("pytest", "0.1", ()), Pinned("nowhere", "1", ())))
