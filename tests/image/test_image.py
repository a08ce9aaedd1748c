"""The image is built as the Dockerfile says, and what is in it needs no name, no right and no disk of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.image import builder
from tests.support.bureau import OPERATOR, configuration

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
    for tool in ("pg_dump", "pg_restore"):  # which backup and restore start
        assert "PostgreSQL" in builder.run("--version", entrypoint=tool)
    asked = ("inspect", "--format={{.Config.User}} {{.Config.Entrypoint}}", builder.IMAGE)
    assert builder.podman(*asked) == "10001 [tweeluik]\n"


NO_NAMESPACE: Final = "no mount namespace can be made here: nothing is tried as any user"
JOB: Final = builder.ROOT / "deploy" / "kubernetes" / "tenants" / "prepare.yaml"


def skip_without_namespaces(*needed: Path) -> None:
    """`needed`: places that have to be seen, and are not below /tmp, of which whoever is tried has one of their own."""
    if any(one.is_relative_to("/tmp") for one in (builder.ROOT, Path(sys.executable), *needed)):
        pytest.skip("this checkout, or what its tests write, is below /tmp: nothing is tried as any user")
    if not all(map(shutil.which, ("unshare", "setpriv", "findmnt"))) or as_anybody("true").returncode != 0:
        pytest.skip(NO_NAMESPACE)


def test_the_product_plays_the_demo_as_any_user_where_it_can_write_nothing() -> None:
    """Without an image, which is seldom at hand: what is installed here, on this machine's disk."""
    skip_without_namespaces()

    assert as_anybody("sh", "-c", TRIED).stdout == WHO
    told = as_anybody(str(Path(sys.executable).with_name("tweeluik")), "demo")

    assert told.returncode == 0, told.stderr
    assert "TAMPERED" in told.stdout


def test_the_job_for_tenants_needs_no_more_than_its_manifest_gives(tmp_path: Path) -> None:
    """Their folder as a cluster mounts it: root's, readable for the group of the pod, writable for nobody."""
    skip_without_namespaces(tmp_path)
    (tmp_path / "operator.toml").write_text(OPERATOR)
    text = configuration("roos", 1).replace("sqlite:///", "sqlite:////tmp/")
    (tmp_path / "roos.toml").write_text(text.replace('checkpoints = "', 'checkpoints = "/tmp/'))
    (tmp_path / "roos.secrets.toml").write_text('[loket]\nclient_secret = "kept"\n')
    for each in tmp_path.iterdir():
        each.chmod(0o440)
    (box,) = yaml.safe_load(JOB.read_text())["spec"]["template"]["spec"]["containers"]

    env = (f"TWEELUIK_TENANTS={tmp_path}", "HOME=/tmp", f"PATH={Path(sys.executable).parent}:/usr/bin:/bin")
    told = as_anybody("env", *env, *box["command"], *box["args"])

    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.startswith("roos\n")
