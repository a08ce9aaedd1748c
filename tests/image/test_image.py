"""The image is built as the Dockerfile says, and what is in it needs no name, no right and no disk of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.image import builder

AS_ANYBODY: Final = ("unshare", "--mount", "sh", str(Path(__file__).with_name("anybody.sh")), str(builder.ANYBODY))
WRITTEN: Final = (
    "for each in / /usr/bin /var/tmp /var/lib/tweeluik; do (: >$each/tried) 2>/dev/null && echo $each; done"
)
TRIED: Final = f"{WRITTEN}; id -u"
WHO: Final = f"{builder.ANYBODY}\n"


def as_anybody(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*AS_ANYBODY, *words], capture_output=True, text=True, check=False)


def test_the_image_is_built_and_plays_the_demo_as_any_user_where_it_can_write_nothing() -> None:
    if reason := builder.why_not():
        pytest.skip(reason)

    builder.build()

    assert builder.run("-c", TRIED, entrypoint="sh") == WHO
    assert "TAMPERED" in builder.run("demo")
    asked = ("inspect", "--format={{.Config.User}} {{.Config.Entrypoint}}", builder.IMAGE)
    assert builder.podman(*asked) == "10001 [tweeluik]\n"


def test_the_product_plays_the_demo_as_any_user_where_it_can_write_nothing() -> None:
    """Without an image, which is seldom at hand: what is installed here, on this machine's disk."""
    if not all(map(shutil.which, ("unshare", "setpriv", "findmnt"))) or as_anybody("true").returncode != 0:
        pytest.skip("no mount namespace can be made here")

    assert as_anybody("sh", "-c", TRIED).stdout == WHO
    told = as_anybody(str(Path(sys.executable).with_name("tweeluik")), "demo")

    assert told.returncode == 0, told.stderr
    assert "TAMPERED" in told.stdout
