"""The image, built as the Dockerfile says by podman, which needs no engine that runs; kept in `build/image`.

What `FROM` names is in a registry that cannot be asked everywhere, so Debian with the same Python stands in for it; an
image of that name that is in the store already is taken as it is.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
STORE: Final = ROOT / "build" / "image"
IMAGE: Final = "localhost/tweeluik:built"
TOOLS: Final = ("podman", "runc", "mmdebstrap")
ANYBODY: Final = 1_234_567
"""A user that no image knows, as a cluster gives one."""

_BASE: Final = re.compile(r"^FROM (python:3\.11-slim-trixie)$", re.MULTILINE)
_SUITE: Final = "bookworm"  # which has Python 3.11; the base has it on a newer Debian
_PACKAGES: Final = "python3,python3-pip,ca-certificates"
_AS_IN_THE_BASE: Final = 'rm "$1"/usr/lib/python3*/EXTERNALLY-MANAGED; ln -s python3 "$1"/usr/bin/python'
_TRUSTED: Final = Path("/etc/ssl/certs")  # also of a registry that only this machine knows
_NO_RIGHTS: Final = ("--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=none")
_LIMITS: Final = (
    "--ulimit=nofile=4096:4096",
    "--ulimit=nproc=1024:1024",
)  # podman's own are more than some machines allow
_NO_DISK: Final = ("--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp")


def why_not() -> str:
    """What keeps us from building it; empty where nothing does."""
    if os.geteuid() != 0:
        return "only root builds the image"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"{', '.join(missing)} not installed: make image"
    return "" if _has_base() else "there is no base to build the image on: make image"


def make_base() -> None:
    """From Debian's packages; nothing where there is one. A store that cannot be used, as after a move, begins anew."""
    if _has_base():
        return
    shutil.rmtree(STORE, ignore_errors=True)
    STORE.mkdir(parents=True, exist_ok=True)
    archive = STORE / "base.tar"
    options = ["--quiet", "--variant=minbase", f"--include={_PACKAGES}", f"--customize-hook={_AS_IN_THE_BASE}"]
    _run("mmdebstrap", *options, _SUITE, str(archive), env={**os.environ, "TMPDIR": str(STORE)})
    podman("import", "--quiet", str(archive), _base())
    archive.unlink()


def build() -> str:
    """What the builder said, step by step. What has not changed since the last time is not done again."""
    trusted = [f"--volume={_TRUSTED}:{_TRUSTED}:ro"] if _TRUSTED.exists() else []
    said = podman("build", "--isolation=chroot", "--pull=never", *trusted, f"--tag={IMAGE}", str(ROOT))
    podman("image", "prune", "--force")
    return said


def run(*words: str, entrypoint: str = "tweeluik") -> str:
    """What this says in the image, as a user without a name, a right, a network or a disk that can be written."""
    asked = [*_NO_RIGHTS, *_NO_DISK, *_LIMITS, f"--user={ANYBODY}", f"--entrypoint={entrypoint}"]
    return podman("run", "--rm", *asked, IMAGE, *words)


def podman(*words: str) -> str:
    here = (f"--root={STORE / 'store'}", f"--runroot={STORE / 'run'}", "--runtime=runc", "--log-level=error")
    return _run("podman", *here, *words)


def _has_base() -> bool:
    with suppress(AssertionError):
        return (STORE / "store").exists() and bool(podman("images", "--quiet", _base()).strip())
    return False


def _base() -> str:
    found = _BASE.search((ROOT / "Dockerfile").read_text())
    assert found, "the Dockerfile names another base: look what stands in for it here"
    return f"docker.io/library/{found[1]}"


def _run(*command: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout + done.stderr
