"""A disk that is full from one moment on, for the process that is asked about: real to SQLite, told by PostgreSQL."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.support.shims import shim

_SOURCE: Final = Path(__file__).parents[1] / "crash" / "full_disk.c"
_WRITES: Final = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH|CREATE|LOCK)\b", re.IGNORECASE)


def preloaded() -> None:
    """Begins this program anew with the shim, unless it has it already; `fill_up` needs that for SQLite."""
    if _SOURCE.stem in os.environ.get("LD_PRELOAD", ""):
        return
    library = shim(_SOURCE, Path(tempfile.mkdtemp()))
    os.execve(sys.executable, sys.orig_argv, os.environ | {"LD_PRELOAD": str(library)})


def fill_up() -> None:
    """From here on no file of this process grows, and PostgreSQL refuses what writes."""
    _shim(full=True)
    for owner in (psycopg.Connection, psycopg.Cursor):
        _refuse(owner, owner.execute)
    _refuse(psycopg.Cursor, psycopg.Cursor.executemany)


def make_room() -> None:
    """Files grow again."""
    _shim(full=False)


def _shim(*, full: bool) -> None:
    with suppress(AttributeError):  # it is not preloaded where only PostgreSQL is asked
        ctypes.CDLL(None).fill(int(full))


def _refuse(owner: type, call: Callable[..., Any]) -> None:
    def refused(this: Any, query: Any, *given: Any, **named: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else query if isinstance(query, str) else query.as_string()
        if _WRITES.match(text):
            raise psycopg.errors.DiskFull("could not extend file: No space left on device")
        return call(this, query, *given, **named)

    setattr(owner, call.__name__, refused)
