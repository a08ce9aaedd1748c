"""Database files that only their owner may read."""

from __future__ import annotations

import os
from pathlib import Path

from domain.errors import Misconfigured


def private_file(path: Path) -> Path:
    """The path of a file that is there and can be written; SQLite gives its side files the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as cause:
        raise Misconfigured(f"{path} cannot be used: {cause.strerror}") from cause
    return path
