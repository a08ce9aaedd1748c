"""One customer's backup, in three folders that are kept apart: python -m deploy.backup tweeluik.toml FOLDER

`log` (the log's database), `keys` (the key store) and `checkpoints`. Nothing has to stop for it. The key-encryption key
and the signing key are in none of them: they are copied once, by hand, to a place of their own. Passwords go to pg_dump
by its environment.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from adapters.log.proof.checkpoints import Copies
from adapters.log.where import sqlite_path
from api.bootstrap import database_identity
from api.config.log import LogSection
from api.config.settings import load
from domain.errors import LogUnavailable, Misconfigured, TweeluikError

LOG: Final = "log"
KEYS: Final = "keys"
CHECKPOINTS: Final = "checkpoints"
_SIGNED: Final = "SELECT machine, note FROM log_checkpoints"
_IS_KEY_STORE: Final = "SELECT count(*) FROM data_keys"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configuration", type=Path)
    parser.add_argument("folder", type=Path)
    told = parser.parse_args()
    try:
        backup(load(told.configuration).log, told.folder)
    except (TweeluikError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"no backup was made: {error}")


def backup(section: LogSection, folder: Path, pg_dump: str = "pg_dump") -> None:
    """Into a folder that is not there yet, readable for its owner alone; nothing of it is left when it fails."""
    try:
        for _ in taken(section, folder, pg_dump):
            pass
    except FileExistsError:
        raise Misconfigured(f"{folder} is there already") from None
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def taken(section: LogSection, folder: Path, pg_dump: str) -> Iterator[None]:
    """Goes on between one part and the next, when anything may happen to the log.

    What was signed before the log was copied must be in the copy; of what was signed later, it has what the copy names.
    So a log that lost events shows it in its backup too, and one that went on meanwhile is sound. The keys come after
    the log, so that none of its keys is missing.
    """
    if _which(section.url) == _which(section.keys):
        raise Misconfigured(
            "log.url and log.keys name one database, so the key of everybody who is erased would stay in every backup "
            "of the log. Move the keys to a database of their own: docs/operating.md, PostgreSQL, has the commands"
        )
    folder.mkdir(parents=True, mode=0o700)
    signed = shutil.copytree(section.checkpoints, folder / CHECKPOINTS, ignore=shutil.ignore_patterns(".*"))  # drafts
    signed.chmod(0o700)
    yield
    stored = set(_copied(section.url, folder / LOG, pg_dump, _SIGNED))
    yield
    _copied(section.keys, folder / KEYS, pg_dump, _IS_KEY_STORE)
    yield
    Copies(signed).append_from(Path(section.checkpoints), stored)


def _which(url: str) -> str:
    path = sqlite_path(url)
    return (database_identity(url) or url) if path is None else str(path.resolve())


def _copied(url: str, folder: Path, pg_dump: str, asked: str) -> list[Any]:
    """The database as it is at one instant, and what that answers to a question."""
    folder.mkdir(mode=0o700)
    path = sqlite_path(url)
    try:
        if path is None:
            return _dumped(url, folder / "database.dump", pg_dump, asked)
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)  # makes none where none is
        with closing(source) as here, closing(sqlite3.connect(folder / path.name)) as there:
            here.backup(there)
            return there.execute(asked).fetchall()
    except (sqlite3.Error, psycopg.Error) as cause:
        where = path or conninfo_to_dict(url).get("dbname")
        raise LogUnavailable(f"{where} cannot be copied as {folder.name}: {str(cause).strip()}") from cause


def _dumped(url: str, file: Path, pg_dump: str, asked: str) -> list[Any]:
    told = conninfo_to_dict(url)
    secret = {"PGPASSWORD": str(told.pop("password"))} if "password" in told else {}
    with psycopg.connect(url) as held:
        held.isolation_level, held.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        held.execute("SET idle_in_transaction_session_timeout = 0")
        ((snapshot,),) = held.execute("SELECT pg_export_snapshot()").fetchall()
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={file}"]
        command = [pg_dump, *options, f"--dbname={make_conninfo('', **told)}"]
        subprocess.run(command, check=True, env={**os.environ, **secret})
        return held.execute(asked.encode()).fetchall()


if __name__ == "__main__":
    main()
