"""The patches: what each breaks, and which tests must catch it."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
_CAUGHT_BY: Final = "Caught by: "


@dataclass(frozen=True, slots=True)
class Sabotage:
    """A patch file: a sentence that says what is broken, `Caught by:` pytest arguments, and the difference."""

    path: Path
    what: str
    caught_by: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    @classmethod
    def read(cls, path: Path) -> Sabotage:
        what, caught_by, *_ = path.read_text(encoding="utf-8").splitlines()
        return cls(path, what, tuple(shlex.split(caught_by.removeprefix(_CAUGHT_BY))))

    def apply(self, tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Little context is asked for, so that work nearby does not make a patch useless."""
        command = ["git", "apply", "-C1", "--recount", *options, str(self.path)]
        return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def sabotages() -> list[Sabotage]:
    return [Sabotage.read(path) for path in sorted(FOLDER.glob("*.patch"))]
