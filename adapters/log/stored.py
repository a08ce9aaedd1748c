"""What verification needs of a configured log: the log as it lies on its database, and the key of its checkpoints."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from adapters.log.proof.notes import VerifierKey, load_signing_key
from adapters.log.proof.rows import StoredLog
from adapters.log.where import beside_keys, signing_key_beside, sqlite_path
from adapters.projections.comparing import StoredViews
from adapters.sqlite.stored_log import SqliteStoredLog


class Stored(StoredLog, StoredViews, Protocol):
    """The log and its views as they lie in the database, all seen at the instant of the first read."""


def open_stored(url: str, snapshot: str = "") -> AbstractContextManager[Stored]:
    """Reads in one transaction that begins with the first question; nothing is ever written, nor any table made.

    `snapshot`: as another one that is open tells it; both then see the same instant, where the database can do that.
    """
    path = sqlite_path(url)
    if path is not None:
        return SqliteStoredLog(path)
    from adapters.postgres.stored_log import PostgresStoredLog  # a server's library is loaded where there is one

    return PostgresStoredLog(url, snapshot)


def checkpoint_key(keys_url: str, checkpoints: Path, signing_key_file: Path | None) -> VerifierKey:
    """The public half of the key that `open_log` signs with, given the same arguments."""
    return load_signing_key(signing_key_file, signing_key_beside(beside_keys(keys_url, checkpoints))).verifier
