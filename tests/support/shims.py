"""Libraries of a few lines of C that are preloaded, so that writes of a process fail as a test wants it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def shim(source: Path, folder: Path) -> Path:
    """The library made of this C file, in a folder, for LD_PRELOAD. Raises RuntimeError without a compiler."""
    if shutil.which("cc") is None:
        raise RuntimeError("the tests of failing disks need a C compiler (cc)")
    library = folder / f"{source.stem}.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library
