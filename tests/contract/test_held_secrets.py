"""The place of Loket's next refresh token is open for writing before the old one is spent (RUN-9)."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from adapters.log.event_log import EventLog
from adapters.log.where import sqlite_path
from adapters.loket.client import LoketClient
from adapters.loket.tokens import secret_name
from adapters.postgres import key_store as on_postgres
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.sqlite import key_store as on_sqlite
from domain.attributes import CATALOGUE
from domain.errors import LogUnavailable, Misconfigured
from domain.settings import LegalEntity
from domain.values import LegalEntityId
from tests.support.log_site import LogSite
from tests.support.raw_sql import execute

FIRST_TOKEN = "refresh-0"


@pytest.fixture
def site(log_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LogSite:
    for store in (on_sqlite, on_postgres):
        monkeypatch.setattr(store, "_WAIT", 1)
    return LogSite.at(log_url, tmp_path)


@pytest.fixture
def log(site: LogSite) -> Iterator[EventLog]:
    with site.open() as opened:
        yield opened


@contextmanager
def locked(site: LogSite) -> Iterator[None]:
    """Somebody else writes to the store, and takes long about it."""
    path = sqlite_path(site.keys_url)
    if path is not None:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
    else:
        with psycopg.connect(site.keys_url) as server:
            server.execute("LOCK TABLE secrets IN EXCLUSIVE MODE")
            yield


@contextmanager
def full(site: LogSite) -> Iterator[None]:
    """Nothing more goes into the store."""
    _refuse(site, "1 = 1")
    yield
    execute(site.keys_url, "DROP TRIGGER full_disk" + ("" if site.is_sqlite else " ON secrets"))


def _refuse(site: LogSite, when: str) -> None:
    if site.is_sqlite:
        refuse = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        execute(site.keys_url, f"CREATE TRIGGER full_disk BEFORE INSERT ON secrets WHEN {when} {refuse}")
    else:
        refuse = "$$ BEGIN IF " + when + " THEN RAISE 'No space left on device'; END IF; RETURN NEW; END $$"
        execute(site.keys_url, f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS {refuse}")
        trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON secrets FOR EACH ROW EXECUTE FUNCTION full_disk()"
        execute(site.keys_url, trigger)


def sign_in(loket: LoketSimulator, log: EventLog) -> None:
    """What every command does first: ask Loket something, for which a token is needed."""
    client = LoketClient(loket.url, loket.token_url, "loket-client", "loket-secret", FIRST_TOKEN, log.vault, CATALOGUE)
    with closing(client):
        client.check(LegalEntity(LegalEntityId("170"), "Tulp", loket.employer_id, loket.administration_id))


@pytest.mark.parametrize("trouble", [locked, full])
@pytest.mark.parametrize("rotation", ["enforced", "lenient", "none"])
def test_a_locked_or_full_store_costs_another_attempt_and_never_the_sign_in(
    site: LogSite, log: EventLog, trouble: Callable[[LogSite], AbstractContextManager[None]], rotation: str
) -> None:
    with LoketSimulator() as loket:
        loket.set_rotation(rotation)
        sign_in(loket, log)
        spent = loket.count("POST", "/token")

        with trouble(site), pytest.raises(Misconfigured, match="Loket was not asked"):
            sign_in(loket, log)
        assert loket.count("POST", "/token") == spent

        sign_in(loket, log)
        kept = log.vault.secret(secret_name("loket-client", FIRST_TOKEN))
        assert kept == (None if rotation == "none" else loket.tokens.refresh_token)


def test_a_lock_that_cannot_be_made_is_told_before_loket_is_asked(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk without an inode left; PostgreSQL's locks are no files."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with LoketSimulator() as loket, LogSite.at(sqlite_url, tmp_path).open() as log:
        monkeypatch.setattr(os, "open", full)
        with pytest.raises(Misconfigured, match=r"No space left on device.*Loket was not asked"):
            sign_in(loket, log)
        monkeypatch.undo()

        assert loket.count("POST", "/token") == 0
        sign_in(loket, log)


def test_a_secret_that_is_not_stored_leaves_the_old_one(log: EventLog) -> None:
    log.vault.store_secret("token", "old")

    with log.vault.replacing("token"):
        pass
    with pytest.raises(ZeroDivisionError), log.vault.replacing("token"):
        raise ZeroDivisionError

    assert log.vault.secret("token") == "old"


def test_nothing_but_the_secret_is_left_in_the_store(site: LogSite, log: EventLog) -> None:
    for value in ("one", "two"):
        with log.vault.replacing("token") as keep:
            keep(value)

    names = {name for (name,) in execute(site.keys_url, "SELECT name FROM secrets")}
    assert log.vault.secret("token") == "two"
    assert names == {"key-encryption-key", "event-mac-key", "secret:token"}


def test_a_store_that_fails_only_after_the_token_was_spent_is_asked_again(site: LogSite, log: EventLog) -> None:
    """The disk is full for a second; on PostgreSQL the server also drops the connection that was held."""
    if site.is_sqlite:
        now = "julianday('now') * 86400"
        ((moment,),) = execute(site.keys_url, f"SELECT {now}")
        _refuse(site, f"NEW.name = 'secret:token' AND {now} < {moment} + 1.5")
    with log.vault.replacing("token") as keep:
        if not site.is_sqlite:
            ours = "query LIKE 'DELETE FROM secrets%' AND pid <> pg_backend_pid()"
            execute(site.keys_url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")
        keep("new")

    assert log.vault.secret("token") == "new"


def test_a_store_that_never_takes_the_secret_is_told(
    site: LogSite, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for store in (on_sqlite, on_postgres):
        monkeypatch.setattr(store, "AGAIN", (0.1,))
    log.vault.store_secret("token", "old")
    _refuse(site, "NEW.name = 'secret:token'")

    with pytest.raises(LogUnavailable), log.vault.replacing("token") as keep:
        keep("new")

    assert log.vault.secret("token") == "old"
