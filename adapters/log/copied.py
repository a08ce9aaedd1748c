"""A database of ours as one file: copied as it is at one instant while it is written, and put back where nothing is.

On PostgreSQL `pg_dump` and `pg_restore` do it, which must be of the server's version or a newer one; passwords go to
them by their environment.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import make_conninfo

from adapters.log.where import sqlite_path
from adapters.postgres import pool as postgres
from adapters.sqlite import files
from domain.errors import LogUnavailable, Misconfigured

_DUMP: Final = "database.dump"
_TABLES: Final = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


def copied(url: str, folder: Path, asked: str) -> list[Any]:
    """Into this folder, which is made; answers what the copy says to a question. Raises LogUnavailable."""
    folder.mkdir(mode=0o700)
    path = sqlite_path(url)
    try:
        if path is None:
            return _dumped(url, folder / _DUMP, asked)
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)  # makes none where none is
        with closing(source) as here, closing(sqlite3.connect(folder / path.name)) as there:
            here.backup(there)
            return there.execute(asked).fetchall()
    except (sqlite3.Error, psycopg.Error, UnicodeError) as cause:
        raise LogUnavailable(f"{_named(url)} cannot be copied: {_why(cause)}") from cause


def refuse_what_is_there(url: str) -> None:
    """Raises Misconfigured for a database in which anything is, LogUnavailable for one that does not answer."""
    path = sqlite_path(url)
    if path is not None:
        there = path.exists()
    else:
        with postgres.connected(url) as database:
            there = database.execute(_TABLES).fetchone() != (0,)
    if there:
        raise Misconfigured(f"there is something in {_named(url)} already, and nothing is written over it")


def put_back(url: str, folder: Path, owner: str) -> None:
    """What `copied` left in this folder, whole or not at all; raises LogUnavailable.

    `owner`: PostgreSQL, how somebody connects who may give everything back to whom it belonged.
    """
    path = sqlite_path(url)
    if path is None:
        database = postgres.said_in(url).get("dbname")
        if not database:
            raise Misconfigured("the log's url names no database: nothing is put back into the owner's own")
        told = {**postgres.said_in(owner), "dbname": database}
        _run("pg_restore", told, "--exit-on-error", "--single-transaction", str(folder / _DUMP))
        return
    (one,) = folder.glob("*.db")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.restored")
    shutil.copy(one, draft)
    draft.chmod(0o600)
    draft.rename(path)


def _dumped(url: str, file: Path, asked: str) -> list[Any]:
    with psycopg.connect(**postgres.said_in(url)) as held:
        held.isolation_level, held.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        held.execute("SET idle_in_transaction_session_timeout = 0")
        ((snapshot,),) = held.execute("SELECT pg_export_snapshot()").fetchall()
        _run("pg_dump", postgres.said_in(url), "--format=custom", f"--snapshot={snapshot}", f"--file={file}")
        return held.execute(asked.encode()).fetchall()


def _run(tool: str, told: dict[str, Any], *options: str) -> None:
    secret = {"PGPASSWORD": str(told.pop("password"))} if "password" in told else {}
    command = [tool, f"--dbname={make_conninfo('', **told)}", *options]
    try:
        done = subprocess.run(command, check=False, env={**os.environ, **secret})  # noqa: S603  no shell, our own words
    except FileNotFoundError:
        raise Misconfigured(f"{tool} is not installed: it comes with PostgreSQL") from None
    if done.returncode:
        raise LogUnavailable(f"{tool} gave up on {told['dbname']}")


def _named(url: str) -> str:
    return str(sqlite_path(url) or postgres.said_in(url).get("dbname"))


def _why(cause: Exception) -> str:
    return postgres.why(cause) if isinstance(cause, psycopg.Error) else files.why(cause)
