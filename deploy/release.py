"""Everything that a release is, in one folder, the same bytes each time: python -m deploy.release build/release

Wheel, source archive, bill of materials (CycloneDX 1.6, from the pinned packages with their hashes), the licences of
those packages, `verify.html`, and SHA256SUMS over all. Times in them are those of the commit, or SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Any, Final, NamedTuple

from adapters.log.verify_page.page import verify_page
from domain.errors import Misconfigured

ROOT: Final = Path(__file__).parents[1]
_PINNED: Final = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_UMASK: Final = 0o022  # whoever makes it: modes are among the bytes
_LICENCE: Final = "License :: OSI Approved :: "


class Pinned(NamedTuple):
    """One package of `requirements.txt`: the archives that count are those with one of these hashes."""

    name: str
    version: str
    hashes: tuple[str, ...]

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    told = parser.parse_args()
    try:
        refuse_changed(ROOT)
        refuse_other_versions(pinned((ROOT / "requirements.txt").read_text()))
    except Misconfigured as error:
        sys.exit(f"no release was made: {error}")
    for line in release(told.folder):
        print(line)


def refuse_changed(root: Path) -> None:
    """Raises Misconfigured where the folder is other than its commit: the bill and the page are made of the folder."""
    changed = _git("status", "--porcelain", root=root).decode().splitlines()
    if changed:
        raise Misconfigured(f"not committed: {', '.join(line[3:] for line in changed)}")


def refuse_other_versions(packages: tuple[Pinned, ...]) -> None:
    """Raises Misconfigured where what is installed is not what is pinned: licences are read from what is installed."""
    other = [
        f"{one.name} {installed(one.name) or '(not there)'}" for one in packages if installed(one.name) != one.version
    ]
    if other:
        raise Misconfigured(f"installed is other than requirements.txt says: {', '.join(other)}")


def installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def release(folder: Path) -> list[str]:
    """The lines of SHA256SUMS. What is in the folder already is not touched, and not listed."""
    folder.mkdir(parents=True, exist_ok=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    name, at = f"{project['name']}-{project['version']}", made_at()
    packages = pinned((ROOT / "requirements.txt").read_text())
    made = {
        f"{name}.tar.gz": source(f"{name}/", at),
        f"{name}.cdx.json": as_json(bill(project, packages, at)),
        f"{name}-licences.txt": "".join(f"{line}\n" for line in licences(packages)).encode(),
        "verify.html": verify_page(),
    }
    for each, content in made.items():
        (folder / each).write_bytes(content)
    files = sorted([*made, wheel(folder, made[f"{name}.tar.gz"], at)])
    sums = [f"{hashlib.sha256((folder / each).read_bytes()).hexdigest()}  {each}" for each in files]
    (folder / "SHA256SUMS").write_text("".join(f"{line}\n" for line in sums))
    return sums


def made_at() -> int:
    """Seconds since 1970: SOURCE_DATE_EPOCH, or when the commit was made."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    return int(told) if told else int(_git("log", "-1", "--format=%ct"))


def source(prefix: str, at: int) -> bytes:
    """What the commit holds, and nothing that lies beside it."""
    packed = _git("-c", f"tar.umask={_UMASK:04o}", "archive", "--format=tar", f"--prefix={prefix}", "HEAD")
    return gzip.compress(packed, compresslevel=9, mtime=at)


def wheel(folder: Path, archive: bytes, at: int) -> str:
    """Built from the source archive, so that it holds what that holds; its name."""
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = Path(scratch) / "source"
        unpacked.mkdir()
        unpack = ["tar", "-xz", "--strip-components=1", "-C", str(unpacked)]
        subprocess.run(unpack, input=archive, check=True, umask=_UMASK)
        built, quiet = Path(scratch) / "built", ["--quiet", "--disable-pip-version-check"]
        asked = ["wheel", "--no-index", "--no-deps", "--no-build-isolation", f"--wheel-dir={built}", str(unpacked)]
        command = [sys.executable, "-m", "pip", *quiet, *asked]
        subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(at)}, umask=_UMASK)
        (one,) = built.glob("*.whl")
        (folder / one.name).write_bytes(one.read_bytes())
        return one.name


def pinned(requirements: str) -> tuple[Pinned, ...]:
    return tuple(
        Pinned(found[1], found[2], tuple(sorted(_HASH.findall(found[3])))) for found in _PINNED.finditer(requirements)
    )


def bill(project: dict[str, Any], packages: tuple[Pinned, ...], at: int) -> dict[str, Any]:
    """CycloneDX 1.6. Each archive that may be installed is told by its hash; which one is, a platform decides."""
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    serial = uuid.uuid5(uuid.NAMESPACE_URL, f"{own}#{hashlib.sha256(repr(packages).encode()).hexdigest()}")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "timestamp": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}",
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "purl": own,
            },
        },
        "components": [_component(one) for one in packages],
        "dependencies": [{"ref": own, "dependsOn": [one.purl for one in packages]}],
    }


def _component(one: Pinned) -> dict[str, Any]:
    said = licence(one.name)
    return {
        "type": "library",
        "bom-ref": one.purl,
        "name": one.name,
        "version": one.version,
        "purl": one.purl,
        **({"licenses": [{"license": {"name": said}}]} if said else {}),
        "hashes": [{"alg": "SHA-256", "content": each} for each in one.hashes],
    }


def licences(packages: tuple[Pinned, ...]) -> Iterator[str]:
    for one in packages:
        yield f"{one.name} {one.version}: {licence(one.name) or 'not installed here, or it does not say'}"


def licence(name: str) -> str | None:
    """As the package itself says, by expression, by classifier, or by the first line of what it calls its licence."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    classifiers = [each.rpartition(" :: ")[2] for each in told.get_all("Classifier") or () if each.startswith(_LICENCE)]
    (expression, *_), (free, *_) = (told.get_all(key) or ("",) for key in ("License-Expression", "License"))
    return expression or ", ".join(classifiers) or free.strip().partition("\n")[0] or None


def as_json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def _git(*words: str, root: Path = ROOT) -> bytes:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
