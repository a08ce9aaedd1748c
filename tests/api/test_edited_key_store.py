"""Somebody writes to the key store past the product: nothing that they wrote counts, and one alert tells of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from adapters.access.open import open_access
from adapters.access.store import StoredKey
from adapters.log.where import sqlite_path
from domain.access import KeyStanding, Role
from domain.alerts import AlertRecord
from domain.errors import Misconfigured
from domain.events.erasure import DestroyedKey, ErasureConfirmed
from domain.events.personio import AttributesObserved
from domain.events.values import FieldValue
from domain.services.access_keys import record_key_created
from domain.streams import ERASURES, alert_stream, person_stream
from domain.values import Actor, LegalEntityId, PersonId, SubjectRef
from tests.support.http_api import Api, http_api
from tests.support.log_site import gates

LAST_DAY: Final = date(2026, 12, 31)
INSERTED: Final = "INSERT INTO api_keys (key_id, digest, holder, role, entities, created_at, expires_at) VALUES "


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as api:
        yield api


def edit(api: Api, statement: str, *arguments: Any) -> list[Any]:
    """One statement as somebody with the key store in hands would run it."""
    url = api.web.settings.log.keys
    path = sqlite_path(url)
    if path is not None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            return connection.execute(statement, arguments).fetchall()
    with psycopg.connect(url, autocommit=True) as server:
        cursor = server.execute(statement.replace("?", "%s").encode(), arguments)
        return cursor.fetchall() if cursor.description else []


def status(api: Api, key: str) -> int:
    return api.get("/v1/rules", key).status_code


def standings(api: Api) -> dict[str, KeyStanding]:
    return {one.key_id: one.standing for one in api.web.keys.listed()}


def alerts(api: Api) -> list[tuple[str, ...]]:
    """What each alert about the key store opened."""
    raised = api.web.store.log.stream(alert_stream(LegalEntityId(""), "key-store"))
    return [tuple(one.what for one in event.fact.opened) for event in raised]  # type: ignore[attr-defined]


EDITS: Final = {
    "its role": "UPDATE api_keys SET role = 'privacy_officer' WHERE key_id = ?",
    "its legal entities": "UPDATE api_keys SET entities = 'null' WHERE key_id = ?",
    "its last day": "UPDATE api_keys SET expires_at = '2099-12-31T23:59:59.999999+00:00' WHERE key_id = ?",
    "its holder": "UPDATE api_keys SET holder = 'Bram' WHERE key_id = ?",
    "its secret": f"UPDATE api_keys SET digest = '{sha256(b'mine').hexdigest()}' WHERE key_id = ?",
    "its MAC": "UPDATE api_keys SET mac = NULL WHERE key_id = ?",
    "a MAC that is no text": "UPDATE api_keys SET mac = 'é' WHERE key_id = ?",
}


@pytest.mark.parametrize("statement", EDITS.values(), ids=EDITS)
def test_a_row_that_was_edited_counts_no_more_and_is_told_once(statement: str, tmp_path: Path) -> None:
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        key, other = api.key(), api.key(Role.OPERATOR)
        key_id = key.split(".")[0]

        edit(api, statement, key_id)
        answers = [status(api, one) for one in (key, f"{key_id}.mine", other, key)]
        api.web.seal()

        assert answers == [401, 401, 200, 401]
        assert standings(api)[key_id] is KeyStanding.CHANGED
        assert alerts(api) == [("changed in the store",)]


def test_a_planted_row_is_no_key_and_neither_is_one_that_was_copied(api: Api) -> None:
    key = api.key()
    key_id = key.split(".")[0]
    digest = sha256(b"mine").hexdigest()

    columns = ", ".join(StoredKey._fields[1:])
    edit(api, f"INSERT INTO api_keys SELECT 'tw_copied0000', {columns} FROM api_keys WHERE key_id = ?", key_id)
    row = ("tw_planted000", digest, "Bram", "payroll_admin", "null", "2026-03-01", "2099-12-31T23:59:59+00:00")
    edit(api, INSERTED + "(?, ?, ?, ?, ?, ?, ?)", *row)
    asked = [status(api, one) for one in ("tw_planted000.mine", f"tw_copied0000.{key.split('.')[1]}", key)]

    assert asked == [401, 401, 200]
    assert {name: one for name, one in standings(api).items() if name != key_id} == {
        "tw_planted000": KeyStanding.PLANTED,
        "tw_copied0000": KeyStanding.PLANTED,
    }
    assert alerts(api) == [("planted", "planted")]


def test_what_no_database_can_keep_is_no_key(api: Api) -> None:
    assert api.web.keys.caller("tw_00000\x0000.x") is KeyStanding.REVOKED


def test_a_revoked_key_whose_row_comes_back_is_refused_by_a_server_that_runs(api: Api) -> None:
    key, other = api.key(), api.key(Role.OPERATOR)
    key_id = key.split(".")[0]
    (before,) = edit(api, "SELECT mac FROM api_keys WHERE key_id = ?", key_id)
    assert status(api, key) == 200

    api.web.keys.revoke(key_id, actor=Actor("Petra"))
    revoked = status(api, key)
    edit(api, "UPDATE api_keys SET revoked_at = NULL, mac = ? WHERE key_id = ?", before[0], key_id)
    back = status(api, key)

    assert (revoked, back, status(api, other)) == (401, 401, 200)
    assert standings(api)[key_id] is KeyStanding.REVIVED
    assert alerts(api) == [("revoked on record",)]


def test_a_row_that_was_deleted_is_told_and_it_is_over_when_the_key_is_revoked(api: Api) -> None:
    key = api.key()
    key_id = key.split(".")[0]

    edit(api, "DELETE FROM api_keys WHERE key_id = ?", key_id)
    api.web.seal()
    missing = (status(api, key), standings(api)[key_id], alerts(api))
    api.web.keys.revoke(key_id, actor=Actor("Petra"))
    api.web.seal()
    record = AlertRecord.of(api.web.store.log.stream(alert_stream(LegalEntityId(""), "key-store")))

    assert missing == (401, KeyStanding.MISSING, [("missing from the store",)])
    assert standings(api)[key_id] is KeyStanding.REVOKED
    assert record.open == frozenset()


def test_a_key_whose_giving_was_cut_off_is_refused_and_no_alarm(api: Api) -> None:
    api.web.access.add_key(StoredKey("tw_cut", sha256(b"x").hexdigest(), "Anja", "auditor", "null", "", "2099", None))

    assert status(api, "tw_cut.x") == 401
    assert standings(api)["tw_cut"] is KeyStanding.UNFINISHED
    assert alerts(api) == []


def from_before(api: Api, key_id: str, *, role: str = "auditor", on_record: bool = True) -> str:
    """A row as it was stored before rows had MACs."""
    row = (
        key_id,
        sha256(b"old").hexdigest(),
        "Anja",
        role,
        '["170"]',
        "2026-03-01",
        f"{LAST_DAY}T23:59:59.999999+00:00",
    )
    edit(api, INSERTED + "(?, ?, ?, ?, ?, ?, ?)", *row)
    if on_record:
        record_key_created(
            api.web.store.log, api.clock, actor=Actor("Petra"), key_id=key_id, holder="Anja", role="auditor",
            entities=("170",), expires_on=LAST_DAY, sealed=False,
        )  # fmt: skip
    return f"{key_id}.old"


def test_keys_from_before_are_sealed_once_each_held_against_the_log(api: Api) -> None:
    good, wide, planted = (
        from_before(api, "tw_good"),
        from_before(api, "tw_wide", role="payroll_admin"),
        from_before(api, "tw_planted", on_record=False),
    )
    before = ([status(api, one) for one in (good, wide, planted)], standings(api)["tw_good"])

    sealed = api.web.keys.seal(actor=Actor("Petra"))
    after = [status(api, one) for one in (good, wide, planted)]
    edit(api, "UPDATE api_keys SET mac = NULL, digest = ? WHERE key_id = 'tw_good'", sha256(b"mine").hexdigest())

    assert before == ([401, 401, 401], KeyStanding.UNSEALED)
    assert (sealed, after) == (("tw_good",), [200, 401, 401])
    assert standings(api)["tw_wide"] is KeyStanding.CHANGED
    with pytest.raises(Misconfigured, match="sealed already"):
        api.web.keys.seal(actor=Actor("Petra"))
    assert status(api, "tw_good.mine") == 401


def test_a_key_that_had_a_mac_is_never_taken_for_one_from_before(api: Api) -> None:
    key_id = api.key().split(".")[0]

    edit(api, "UPDATE api_keys SET mac = NULL, digest = ? WHERE key_id = ?", sha256(b"mine").hexdigest(), key_id)

    assert standings(api)[key_id] is KeyStanding.CHANGED
    assert api.web.keys.seal(actor=Actor("Petra")) == ()
    assert status(api, f"{key_id}.mine") == 401


def test_tables_from_before_get_their_column(api: Api) -> None:
    for table in ("api_keys", "idempotency", "noted_readings"):
        edit(api, f"ALTER TABLE {table} DROP COLUMN mac")

    with closing(open_access(api.web.settings.log.keys)) as rows:
        rows.add_key(StoredKey("tw_1", "", "", "", "", "", "", None, "mac"))

        assert [one.mac for one in rows.keys()] == ["mac"]  # noqa: SIM118


def test_a_data_key_that_comes_back_while_the_server_runs_opens_nothing_and_is_told(api: Api) -> None:
    known = AttributesObserved(subject="s", values=(FieldValue("address.street", "Main St"),))
    api.scribe.write(person_stream(PersonId("3007")), gates(4711), known)
    key, path = api.key(Role.PAYROLL_ADMIN), "/v1/legal-entities/170/employees/4711/history"
    before = api.get(path, key, {"Tweeluik-Reason": "asked"}, unmask=True).text
    vault, subject = api.web.store.log.vault, SubjectRef("s")
    ((retention, key_id),) = vault.held(subject)
    (backup,) = edit(api, "SELECT key_id, subject, retention, wrapped FROM data_keys WHERE subject = 's'")
    gone = (DestroyedKey(subject, retention, key_id),)

    api.scribe.write(ERASURES, ErasureConfirmed(erasure="erasure-0", person_id="3007", keys=gone))
    vault.destroy(subject, retention)
    edit(api, "INSERT INTO data_keys (key_id, subject, retention, wrapped) VALUES (?, ?, ?, ?)", *backup)
    after = api.get(path, key, {"Tweeluik-Reason": "asked"}, unmask=True).text
    api.web.seal()

    assert ("Main St" in before, "Main St" in after, "erased" in after) == (True, False, True)
    assert alerts(api) == [("key of an erased person",)]


def erase(api: Api, key: str, idempotency: str) -> Any:
    body = {"person_id": "3007", "reason": "asked"}
    return api.post("/v1/erasures", body, key, {"Idempotency-Key": idempotency})


def test_a_stored_answer_that_was_edited_is_not_given_again(api: Api) -> None:
    """Nor is one that was planted for a request to come; whoever runs into it is told, and so is the alert, once."""
    known = AttributesObserved(subject="s", values=(FieldValue("address.street", "Main St"),))
    api.scribe.write(person_stream(PersonId("3007")), gates(4711), known)
    officer = api.key(Role.PRIVACY_OFFICER, None, holder="Joost")
    access = api.web.access
    access.reserve("Joost", "monday-1", "f")
    access.answer("Joost", "monday-1", "f", "{}")
    mac = edit(api, "SELECT mac FROM idempotency")[0][0]
    planted = (
        "INSERT INTO idempotency (caller, key, fingerprint, answer, mac) VALUES ('Joost', 'monday-2', 'f', '1', ?)"
    )
    edit(api, planted, mac)

    refused = [erase(api, officer, "monday-2") for _ in range(2)]
    raised = api.web.store.log.stream(alert_stream(LegalEntityId(""), "key-store-rows"))

    assert [(one.status_code, one.json()["title"]) for one in refused] == [(409, "answer not believed")] * 2
    assert len(raised) == 1


def test_a_noted_reading_that_was_planted_or_edited_is_not_put_on_record(api: Api) -> None:
    api.get("/v1/rules", api.key(holder="Anja"))
    api.get("/v1/rules", api.key(holder="Bram"))
    edit(api, "UPDATE noted_readings SET reader = 'Cor' WHERE reader = 'Bram'")

    api.web.seal()
    read = [one.meta.actor for one in events(api) if one.name == "access.records_read.v1"]
    raised = api.web.store.log.stream(alert_stream(LegalEntityId(""), "key-store-rows"))

    assert read == ["Anja"]
    assert [[(one.count, one.what) for one in event.fact.happened] for event in raised] == [  # type: ignore[attr-defined]
        [(1, ("a noted reading",))]
    ]


def events(api: Api) -> Sequence[Any]:
    return api.web.store.log.page(-1, 500)


ANY_TYPE: Final[Sequence[Callable[[], Any]]] = (lambda: b"\xff\xfe", lambda: 7, lambda: 0.5)


@pytest.mark.parametrize("value", ANY_TYPE)
@pytest.mark.parametrize("column", ["role", "entities", "expires_at", "digest", "revoked_at", "mac"])
def test_whatever_type_sqlite_gives_is_a_refusal_and_no_fault(
    column: str, value: Callable[[], Any], tmp_path: Path
) -> None:
    with http_api(f"sqlite:///{tmp_path}/log.db", tmp_path) as api:
        key = api.key()
        edit(api, f"UPDATE api_keys SET {column} = ?", value())

        assert status(api, key) == 401
        assert set(standings(api).values()) == {KeyStanding.CHANGED}
