"""Database files that only their owner may read, and what SQLite says of a fault, in our words.

SQLite's own error texts name tables, triggers and files, and quote what a trigger or a schema says: never repeated.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Final

from adapters.whole_files import made_folder
from domain.errors import Misconfigured


def private_file(path: Path) -> Path:
    """The path of a file that is there and can be written; SQLite gives its side files the same mode.

    A file that is there is never opened: closing it would drop every lock that connections of this process hold on it,
    and another process would believe that nobody uses the database.
    """
    try:
        made_folder(path.parent)
        if not path.exists():
            _made(path)
    except OSError as cause:
        raise Misconfigured(f"{path} cannot be used: {cause.strerror}") from cause
    return path


def why(error: BaseException | None) -> str:
    """The cause in our words."""
    while error is not None and not isinstance(error, sqlite3.Error):  # the library wraps it
        error = error.__cause__ or error.__context__
    name = getattr(error, "sqlite_errorname", "")
    said = next((said for sign, said in _SIGNS.items() if name.startswith(sign)), "the file cannot be used")
    return f"{said} ({name})" if name else said


_SIGNS: Final = {
    "SQLITE_BUSY": "another process is writing",
    "SQLITE_LOCKED": "another process is writing",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it cannot be written",
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "SQLITE_IOERR": "the disk failed, or is full",
    "SQLITE_CORRUPT": "the file is damaged",
    "SQLITE_NOTADB": "the file is no SQLite database",
    "SQLITE_CONSTRAINT": "a constraint or trigger of the database refused it",
    "SQLITE_AUTH": "it is not permitted",
    "SQLITE_PERM": "it is not permitted",
}


def _made(path: Path) -> None:
    with contextlib.suppress(FileExistsError):  # by another process, this very moment
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
