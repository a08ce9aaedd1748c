"""A database quotes a value in its error: nobody reads it in an answer, on a terminal or in a log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import psycopg
import pytest

from adapters.access.store import Noted
from adapters.claims.open import open_claims
from adapters.database_faults import told
from adapters.logs import WithoutTexts
from api.cli.main import main
from api.http.state import Web
from domain.access import Role
from domain.errors import LogUnavailable, TweeluikError
from domain.values import Actor, LegalEntityId, RunId
from tests.support.audited_office import CONFIG
from tests.support.http_api import http_api
from tests.support.raw_sql import execute

PLANTED: Final = "Planted-Value-4711"
LAST_DAY: Final = date(2026, 12, 31)
TABLES: Final = ("stored_events", "noted_readings", "idempotency", "api_keys")


@contextmanager
def refused(url: str, table: str) -> Iterator[None]:
    """Every row that is put into this table is refused in words that quote a value."""
    sqlite = url.startswith("sqlite")
    if sqlite:
        refusal = f"BEGIN SELECT RAISE(ABORT, 'row ({PLANTED}) is not allowed'); END"
        execute(url, f"CREATE TRIGGER planted BEFORE INSERT ON {table} {refusal}")
    else:
        execute(url, f'ALTER TABLE {table} ADD CONSTRAINT "{PLANTED}" CHECK (false) NOT VALID')
    try:
        yield
    finally:
        execute(url, "DROP TRIGGER planted" if sqlite else f'ALTER TABLE {table} DROP CONSTRAINT "{PLANTED}"')


def put(web: Web, table: str) -> None:
    match table:
        case "noted_readings":
            web.access.note(Noted("", "", "", "", "", "", None))
        case "idempotency":
            web.access.reserve("Anja", "key", "fingerprint")
        case _:
            web.keys.give(actor=Actor("Petra"), holder="Bram", role=Role.AUDITOR, entities=None, expires_on=LAST_DAY)


@pytest.mark.parametrize("table", TABLES)
def test_what_a_database_says_of_a_row_it_refuses_is_in_no_answer_and_no_log(
    log_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], table: str
) -> None:
    with http_api(log_url, tmp_path) as api:
        officer, settings = api.key(Role.PRIVACY_OFFICER, None), api.web.settings
        headers = {"Idempotency-Key": "monday-1"}
        with refused(settings.log.url if table == "stored_events" else settings.log.keys, table):
            asked = (
                api.get("/v1/rules", officer),
                api.post("/v1/holds", {"person_id": "1", "reason": "x"}, officer, headers),
            )
            said = "".join(one.text for one in asked)
            with pytest.raises(TweeluikError) as raised:
                put(api.web, table)

        assert PLANTED not in "".join((said, str(raised.value), *capfd.readouterr()))


def test_a_claim_that_the_database_refuses_is_told_in_our_words(log_url: str) -> None:
    claims = open_claims(log_url)
    with claims.claim(LegalEntityId("170"), RunId("run-1")):
        pass

    with (
        refused(log_url, "claims"),
        pytest.raises(LogUnavailable) as raised,
        claims.claim(LegalEntityId("171"), RunId("run-2")),
    ):
        pass

    assert PLANTED not in str(raised.value)


def test_a_command_ends_with_one_line_whatever_the_database_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tweeluik.toml").write_text(CONFIG)
    create = ("keys", "create", "--role", "auditor", "--entity", "170", "--expires", "2099-12-31")
    assert main([*create]) == 0
    capsys.readouterr()

    with refused(f"sqlite:///{tmp_path}/var/tweeluik.db", "stored_events"):
        code = main([*create])
    ended = capsys.readouterr()

    assert (code != 0, ended.out, ended.err.count("\n")) == (True, "", 1)
    assert ended.err.startswith("tweeluik: ")
    assert PLANTED not in ended.err


def test_a_fault_that_comes_from_a_database_is_told_by_its_kind(postgres_url: str) -> None:
    fault = RuntimeError(PLANTED)
    with closing(psycopg.connect(postgres_url)) as connection:
        try:
            connection.execute(f"SELECT '{PLANTED}'::integer")
        except psycopg.Error as cause:
            fault.__cause__ = cause

    assert told(fault) == "a database failed: invalid text representation (SQLSTATE 22P02)"
    assert told(RuntimeError(PLANTED)) is None


def test_a_server_logs_where_a_fault_came_from_and_never_what_it_said() -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError as fault:
        caught = (ValueError, fault, fault.__traceback__)
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 1, "it failed: %s", (fault,), caught)

    WithoutTexts().filter(record)
    logged = logging.Formatter().format(record)

    assert PLANTED not in logged
    assert "it failed: ValueError" in logged
    assert "test_database_texts.py" in logged
