"""`tweeluik erase`: two people, what is told, and a start that finishes or refuses what it finds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from adapters.log.where import sqlite_path
from adapters.postgres.key_store import PostgresKeyStore
from adapters.sqlite.key_store import SqliteKeyStore
from api.bootstrap import SystemClock, open_store
from api.cli.main import main
from api.config.settings import load
from api.http.server import open_web
from domain.errors import KeysOnDisk, Misconfigured
from domain.events.erasure import DestroyedKey, ErasureConfirmed
from domain.events.loket import FieldOverwritten, LinkObserved, LinkState
from domain.events.loket import TerminationObserved as Ended
from domain.events.personio import AttributesObserved, GatesObserved
from domain.events.runs import RunStarted
from domain.events.values import FieldValue
from domain.log import Fact, Meta, Pending, StreamAppend, StreamId
from domain.personal import MASK
from domain.streams import ERASURES, loket_stream, person_stream, run_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId, RunId
from tests.support.audited_office import CONFIG
from tests.support.raw_sql import execute

EMAIL, STREET = "contactInformation.emailAddress", "address.street"


@dataclass
class Office:
    config: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str, actor: str = "Petra") -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), "--as", actor, *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    def json(self, *arguments: str, actor: str = "Petra") -> Any:
        code, out, err = self.run(*arguments, "--json", actor=actor)
        assert code == 0, err
        return json.loads(out)

    def history(self, *options: str) -> str:
        told: str = "\n".join(
            one["sentence"] for one in self.json("history", "4711", "--entity", "170", *options)["events"]
        )
        return told

    def key_backup(self) -> Callable[[], None]:
        """The key store as it is now; called later, it is put back: its file, or its rows on PostgreSQL."""
        url = load(self.config).log.keys
        path = sqlite_path(url)
        if path is not None:
            kept = shutil.copy(path, path.with_name("backup.db"))

            def put_back() -> None:
                for beside in path.parent.glob(f"{path.name}-*"):
                    beside.unlink()
                shutil.copy(kept, path)

            return put_back
        with psycopg.connect(url) as server:
            rows = server.execute("SELECT key_id, subject, retention, wrapped FROM data_keys").fetchall()

        def insert_again() -> None:
            with psycopg.connect(url) as server:
                server.execute("TRUNCATE data_keys")
                server.cursor().executemany("INSERT INTO data_keys VALUES (%s, %s, %s, %s)", rows)

        return insert_again


@pytest.fixture
def office(log_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """Sanne left in 2020; what is fiscal about her is kept for ninety years here."""
    config = tmp_path / "tweeluik.toml"
    section = f'url = "{log_url}"\ncheckpoints = "{tmp_path}/checkpoints"\n'
    if sqlite_path(log_url) is None:
        section += f'keys = "{log_url}"\n'
    said = CONFIG.replace('url = "sqlite:///var/tweeluik.db"\n', section)
    config.write_text(said + "[retention]\nfiscal_years = 90\n")
    record_a_leaver(config)
    return Office(config, capsys)


def record_a_leaver(config: Path) -> None:
    """Person 3007 with employee number 4711, whose street is fiscal and whose private e-mail is not."""
    meta = Meta(recorded_at=datetime(2020, 3, 15, 8, 30, tzinfo=UTC), actor=Actor("Anna"), correlation="run-1")
    person, loket = person_stream(PersonId("3007")), loket_stream(LegalEntityId("170"), EmployeeNumber(4711))

    def to(stream: StreamId, *facts: Fact) -> StreamAppend:
        return StreamAppend(stream, 0, [Pending(fact) for fact in facts])

    def overwrite(field: str, before: str, after: str) -> FieldOverwritten:
        return FieldOverwritten(
            run_id="run-1", intent="i-1", person_id="3007", subject="s-1", field=field, before=before, after=after
        )

    with open_store(load(config)) as store:
        gates = GatesObserved(
            legal_entity="170", status="ACTIVE", considered="yes", employee_number=4711, income_number=1
        )
        seen = AttributesObserved(subject="s-1", values=(FieldValue(EMAIL, "new@example.org"),))
        store.log.append(
            [
                to(run_stream(RunId("run-1")), RunStarted(legal_entity="170", business_date=date(2020, 3, 15))),
                to(person, gates, seen),
                to(
                    loket,
                    LinkObserved(state=LinkState.FINAL, person_id="3007"),
                    overwrite(EMAIL, "old@example.org", "new@example.org"),
                    overwrite(STREET, "Main St", "Central Ave"),
                    Ended(employment_id="g", income_number=1, effective_on=date(2020, 5, 31)),
                ),
            ],
            meta=meta,
        )


def test_one_person_asks_another_confirms_and_every_command_says_erased_from_then_on(office: Office) -> None:
    asked = office.json("erase", "3007", "--reason", "she asked for it")["erasures"][0]
    alone, _, complaint = office.run("erase", "--confirm", asked["erasure"])
    done = office.json("erase", "--confirm", asked["erasure"], actor="Bram")["erasures"][0]

    assert asked["state"] == "requested"
    assert asked["restricted"] == [{"class": "fiscal_7y", "why": "legal_period", "until": "2111-01-01"}]
    assert (alone, "somebody else has to confirm it" in complaint) == (2, True)
    assert (done["state"], done["erased"]) == ("completed", ["hr_2y"])
    unmasked, masked = office.history("--unmask", "--reason", "audit"), office.history()
    assert "Private e-mail was overwritten in Loket: (erased) became (erased)" in unmasked
    assert 'Street was overwritten in Loket: "Main St" became "Central Ave"' in unmasked
    assert "Values of class fiscal_7y are kept and restricted until 1 January 2111" in unmasked
    assert "Private e-mail was overwritten in Loket: (erased) became (erased)" in masked
    assert f"Street was overwritten in Loket: {MASK} became {MASK}" in masked
    assert office.run("rebuild")[0] == 0
    assert office.history() == masked
    assert office.json("verify")["verdict"] == "OK"


def test_what_must_be_kept_is_judged_by_the_events_whatever_was_done_to_a_view(office: Office, log_url: str) -> None:
    office.history()
    execute(log_url, "DELETE FROM history WHERE about LIKE 'loket:%'")

    asked = office.json("erase", "3007", "--reason", "she asked for it")["erasures"][0]

    assert asked["restricted"] == [{"class": "fiscal_7y", "why": "legal_period", "until": "2111-01-01"}]


def test_an_erasure_that_was_cut_short_is_finished_by_the_next_command_whatever_it_is(office: Office) -> None:
    with open_store(load(office.config)) as store:
        keys = tuple(DestroyedKey("s-1", retention, key_id) for retention, key_id in store.log.vault.held("s-1"))  # type: ignore[arg-type]
        confirmed = ErasureConfirmed(erasure="e-1", person_id="3007", keys=keys)
        meta = Meta(recorded_at=datetime(2026, 3, 15, tzinfo=UTC), actor=Actor("Bram"), correlation="erase")
        store.log.append([StreamAppend(ERASURES, 0, [Pending(confirmed)])], meta=meta)

    assert "(erased) became (erased)" in office.history()

    assert [one["state"] for one in office.json("erase")["erasures"]] == ["completed"]


def test_an_erasure_that_meets_a_backup_stays_confirmed_until_a_command_after_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object) -> None:
        raise KeysOnDisk("the key store is being read")

    asked = office.json("erase", "3007", "--reason", "she asked for it")["erasures"][0]
    with monkeypatch.context() as backup:
        for kind in (SqliteKeyStore, PostgresKeyStore):
            backup.setattr(kind, "wipe", read)
        status, shown, told = office.run("erase", "--confirm", asked["erasure"], actor="Bram")
        unreadable = office.history()
    after = office.json("erase", "--due")

    assert (status, "confirmed" in shown, "tweeluik erase --due finishes it" in told) == (0, True, True)
    assert "(erased) became (erased)" in unreadable
    assert [one["state"] for one in office.json("erase")["erasures"]] == ["completed"]
    assert after["erasures"] == []


def test_a_key_store_from_a_backup_is_refused_until_the_erasures_were_applied_again(office: Office) -> None:
    put_back = office.key_backup()
    asked = office.json("erase", "3007", "--reason", "she asked for it")["erasures"][0]
    office.run("erase", "--confirm", asked["erasure"], actor="Bram")
    before = office.run("history", "4711", "--entity", "170")[0]
    put_back()

    refused, out, complaint = office.run("history", "4711", "--entity", "170")
    office.json("erase", "--reapply")

    assert (before, refused, out) == (0, 2, "")
    assert "from a backup: it holds 1 key of erased people again" in complaint
    assert "tweeluik erase --reapply" in complaint
    assert "Private e-mail was overwritten in Loket: (erased) became (erased)" in office.history()
    assert office.json("verify")["verdict"] == "OK"


def test_serving_does_not_start_on_a_key_store_from_a_backup(office: Office) -> None:
    put_back = office.key_backup()
    asked = office.json("erase", "3007", "--reason", "she asked for it")["erasures"][0]
    office.run("erase", "--confirm", asked["erasure"], actor="Bram")
    put_back()

    with pytest.raises(Misconfigured, match="erase --reapply"), open_web(load(office.config)):
        pass
    code, _, complaint = office.run("serve", "--port", "0")

    assert (code, "erase --reapply" in complaint) == (2, True)


def test_a_file_that_has_left_is_not_reached_and_no_other_copy_of_it_is_kept(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 3, 20, 9, tzinfo=UTC))  # one month throughout
    period = ("overwritten", "--entity", "170", "--from", "2020-01-01", "--to", "2020-12-31", "--format", "csv")
    left, later = tmp_path / "left.csv", tmp_path / "later.csv"
    shown = ("--unmask", "--reason", "audit")
    office.run(*period, "--out", str(left), *shown)
    asked = office.json("erase", "3007", "--reason", "she asked for it")["erasures"][0]
    office.run("erase", "--confirm", asked["erasure"], actor="Bram")
    office.run(*period, "--out", str(later), *shown)
    review = office.json("access-review", "--month", "2026-03")

    assert "old@example.org" in left.read_text()
    assert ("old@example.org" in later.read_text(), "erased" in later.read_text()) == (False, True)
    holding = [one.name for one in tmp_path.rglob("*") if one.is_file() and b"old@example.org" in one.read_bytes()]
    assert holding == ["left.csv"]
    assert [(one["actor"], one["what"]) for one in review["unmasked"]] == 2 * [("Petra", "overwritten fields")]


def test_a_hold_is_listed_and_stops_what_is_due(office: Office) -> None:
    office.run("erase", "3007", "--hold", "--reason", "lawsuit")

    held = office.json("erase", "--due")
    office.run("erase", "3007", "--release", "--reason", "settled")
    due = office.json("erase", "--due")

    assert held == {"erasures": [], "holds": ["3007"]}
    assert [(one["person_id"], one["erased"]) for one in due["erasures"]] == [("3007", ["hr_2y"])]
    assert due["holds"] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("erase", "3007"), "--reason"),
        (("erase", "9999", "--reason", "x"), "no personal value of person 9999"),
        (("erase", "--confirm", "e-0"), "there is no open request e-0"),
        (("erase", "3007", "--due"), "give one of these"),
        (("erase", "--hold", "--reason", "x"), "give one of these"),
    ],
)
def test_a_wrong_question_is_one_line_and_exit_2(office: Office, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = office.run(*arguments)

    assert (code, out) == (2, "")
    assert said in err
