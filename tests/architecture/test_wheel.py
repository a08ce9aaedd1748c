"""The wheel is whole: installed outside the repository, with the pinned packages beside it, it plays the demo."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]


def run(*command: str | Path, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
    return done.stdout


def test_the_wheel_holds_every_file_and_plays_the_demo_outside_the_repository(tmp_path: Path) -> None:
    listed = run("git", "ls-files", "domain", "adapters", "api", "pyproject.toml", "README.md", folder=ROOT).split()
    tracked = [name for name in listed if (ROOT / name).exists()]
    for name in tracked:  # a copy: building leaves its traces
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_bytes((ROOT / name).read_bytes())
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    run(
        *pip,
        "wheel",
        "-q",
        "--no-index",
        tmp_path / "source",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        tmp_path,
        folder=tmp_path,
    )
    (wheel,) = tmp_path.glob("tweeluik-*.whl")

    run(sys.executable, "-m", "venv", "--without-pip", "clean", folder=tmp_path)
    python = tmp_path / "clean/bin/python"
    run(*pip, "--python", python, "install", "-q", "--no-deps", "--no-index", wheel, folder=tmp_path)
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=tmp_path).strip())
    (site / "pinned.pth").write_text(sysconfig.get_path("purelib"))  # the packages; what is editable there is not seen
    where = run(python, "-c", "import api; print(api.__file__)", folder=tmp_path).strip()
    told = run(tmp_path / "clean/bin/tweeluik", "demo", folder=tmp_path)

    inside = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in tracked if "/" in name and name not in inside] == []
    assert Path(where).is_relative_to(tmp_path)
    assert "TAMPERED" in told
