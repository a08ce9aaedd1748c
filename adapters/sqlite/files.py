"""Database files that only their owner may read."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from domain.errors import Misconfigured


def private_file(path: Path) -> Path:
    """The path of a file that is there and can be written; SQLite gives its side files the same mode.

    A file that is there is never opened: closing it would drop every lock that connections of this process hold on it,
    and another process would believe that nobody uses the database.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _made(path)
    except OSError as cause:
        raise Misconfigured(f"{path} cannot be used: {cause.strerror}") from cause
    return path


def _made(path: Path) -> None:
    with contextlib.suppress(FileExistsError):  # by another process, this very moment
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
