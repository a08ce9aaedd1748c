"""After a verdict other than OK: what commands, HTTP and the schedule still do, what they refuse, and what lifts it."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from adapters.log.mapper import stored
from adapters.log.offline_verifier import Rejected, verified, verified_archive
from adapters.log.proof.checkpoints import Copies
from adapters.log.proof.last_verdict import VerdictFile
from adapters.log.proof.tree import leaf
from adapters.log.proof.verdicts import Verdict, Verification
from adapters.simulators.company.generate import generate_company
from adapters.simulators.personio.attributes import DEFAULT_IDS
from api.bootstrap import SystemClock, open_store
from api.cli.app import loaded
from api.cli.listed import COMMANDS
from api.cli.main import main
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from api.tasks.verify import verify_log
from domain.access import Role
from domain.errors import LogNotBelieved
from domain.events.drift import DriftChecked
from domain.events.erasure import DestroyedKey, ErasureConfirmed
from domain.events.personio import GatesObserved
from domain.events.setup import LoketSignedIn
from domain.log import Fact, Meta, StreamId
from domain.personal import Retention
from domain.values import Actor
from tests.support.http_api import NOW, Api, http_api
from tests.support.inboxes import mailbox
from tests.support.planned import office
from tests.support.scribe import Scribe

SYNC: Final = ("sync", "--entity", "170")
NUMBER: Final = "an employee number"
PERIOD: Final = ("--entity", "170", "--from", "2026-01-01", "--to", "2027-12-31")
WHY: Final = ("--reason", "gevraagd")
FIELD: Final = (NUMBER, "address.street")
READING: Final = (
    ("runs",), ("history", NUMBER, "--entity", "170"), ("overwritten", *PERIOD), ("certificate", "3"),
    ("evidence", "--entity", "170", "--period", "2026-01-01..2027-12-31", "--out", "evidence.zip"), ("schedule",),
    ("alerts", "list"), ("keys", "list"), ("access-review", "--month", "2026-03"), ("erase",),
    ("drift", "to-do", "--entity", "170"), ("rebuild",), ("handover",), ("more-people", "list"), ("pay-mutations",),
    ("people", "list"), ("settings",), ("doctor", "--what-if", "tweeluik.toml"), ("tasks",), ("replay", "--all"),
    ("what-if", "--from", "2026-01-01", "--set", "rules.leave_counts_as_active=true"),
)  # fmt: skip
REFUSED: Final = (
    SYNC, ("plan", "--entity", "170"), ("validate", "--entity", "170"), ("drift", "--entity", "170"),
    ("terminations", "--entity", "170"), ("forecast", "--entity", "170"), ("doctor", "--entity", "170"),
    ("erase", "1", "--reason", "asked"), ("erase", "--due"), ("alerts", "deliver"), ("people", "--entity", "170"),
    ("keys", "create", "--role", "auditor", "--expires", "2030-01-01", "--all-entities"),
    ("history", NUMBER, "--entity", "170", "--unmask", "--reason", "audit"),
    ("overwritten", *PERIOD, "--unmask", "--reason", "audit"), ("handover", "--names", *WHY),
    *(("drift", word, *FIELD, *WHY) for word in ("accept", "acknowledge", "extend", "keep", "withdraw")),
    ("drift", "hold-out", NUMBER, *WHY), ("people", "release", NUMBER, *WHY), ("keys", "seal"), ("migrate",),
    ("more-people", "ask", "--people", "30", *WHY), ("trust-versions", *WHY),
    ("tasks", "take", "0"), ("tasks", "give-back", "0"),
    ("init", "--personio-client-id", "a", "--loket-client-id", "b"),
    ("login", "--client-id", "a", "--redirect", "http://127.0.0.1:1/", "--paste"),
)  # fmt: skip
APART: Final = {
    "verify": "lifts it",
    "keys revoke": "ends a key whatever the log is",
    "more-people agree": "to what nobody could ask for",
    "backup": "copies it as it is",
    "restore": "puts another in its place",
    "serve": "over HTTP",
    "worker": "the schedule",
    **dict.fromkeys(("webhooks install", "webhooks remove", "webhooks status"), "at Personio alone"),
    **dict.fromkeys(("demo", "simulate", "verify-page", "witness", "attributes", "alerts test"), "has no log"),
    **dict.fromkeys(("tenants add", "tenants check", "tenants list", "tenants remove"), "of many logs"),
}
"""Commands that are neither, and why."""


BAD: Final = "Made from a log that is known to be bad, and may not say what happened: the log did not verify: TAMPERED"


class Later(SystemClock):
    def now(self) -> datetime:
        return super().now() + timedelta(hours=1)


@dataclass
class Site:
    running: Simulation
    folder: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.folder / "tweeluik.toml"), "--as", "Marieke", *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    def run_all(self, commands: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], tuple[int, str, str]]:
        number = str(self.running.company.colleagues[0].employee_number)
        return {words: self.run(*[number if one == NUMBER else one for one in words]) for words in commands}

    def execute(self, *statements: str) -> list[Any]:
        with closing(sqlite3.connect(self.folder / "var" / "tweeluik.db", isolation_level=None)) as db:
            return [db.execute(one).fetchall() for one in statements][-1]

    def requests(self) -> int:
        return self.running.loket.log.count("*", "*") + self.running.personio.log.count("*", "*")


@pytest.fixture
def site(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """After a first run, and an edit that the next one would send."""
    monkeypatch.chdir(tmp_path)
    with simulation(generate_company(3, seed=7, shares={})) as running:
        (tmp_path / "tweeluik.toml").write_text(running.configuration())
        site = Site(running, tmp_path, capsys)
        assert site.run(*SYNC)[0] == 0
        running.personio.edit(running.company.colleagues[0].person_id, DEFAULT_IDS["street"], "Nieuwe Gracht")
        yield site


def exchange(one: str, other: str) -> str:
    """Of the first event: who did it."""
    text = f"replace(CAST(state AS TEXT), '{one}', '{other}')"
    return f"UPDATE stored_events SET state = CAST({text} AS BLOB) WHERE rowid = 1"


def test_only_verification_and_what_reads_the_log_works_until_it_is_ok_again(site: Site) -> None:
    names = [name for (name,) in site.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    site.execute(*[f'DROP TRIGGER "{one}"' for one in names])
    site.execute(exchange("Marieke", "Mallory"))
    assert site.run("verify")[0] == 8
    events = site.execute("SELECT count(*) FROM stored_events")
    asked = site.requests()

    refused = site.run_all(REFUSED)

    assert {words: code for words, (code, _, _) in refused.items() if code != 8} == {}
    line = "tweeluik: the log did not verify: TAMPERED at event 0, found by Marieke"
    assert [said for _, _, said in refused.values() if not said.startswith(line) or said.count("\n") != 1] == []
    assert site.requests() == asked
    site.execute("DROP TRIGGER IF EXISTS stored_events_no_update")  # opening the log made it again
    site.execute(exchange("Mallory", "Marieke"))
    told = site.run_all(READING)
    assert {words: (code, said) for words, (code, _, said) in told.items() if code} == {}
    assert {words[0] for words, (_, _, said) in told.items() if BAD not in said} <= {"erase", "keys", "rebuild"}
    proof = site.run("certificate", "3")[1]
    assert verified(proof)[0].startswith(f"WARNING: {BAD}")
    with pytest.raises(Rejected):
        verified(proof.replace("TAMPERED", "TRUNCATED"))
    assert verified_archive(site.folder / "evidence.zip")[0].startswith(f"WARNING: {BAD}")
    assert site.execute("SELECT count(*) FROM stored_events") == events

    assert site.run("verify")[0] == 0
    assert site.run(*SYNC)[0] == 0
    assert site.run("verify")[0] == 0


def test_every_command_reads_or_is_refused_or_is_neither_for_a_reason() -> None:
    """A new one finds no place here before somebody thought of it."""
    every = set()
    for name in COMMANDS:
        command = loaded(name)
        below = {f"{name} {one}" for one in getattr(command, "commands", {})}
        every |= below | ({name} if not below or command.invoke_without_command else set())

    def called(words: tuple[str, ...]) -> str:
        return next(one for one in (" ".join(words[:2]), words[0]) if one in every)

    assert {*map(called, READING), *map(called, REFUSED), *APART} == every


def test_a_key_ends_at_once_on_a_log_that_is_not_believed_and_goes_on_record_later(site: Site) -> None:
    made = ("keys", "create", "--role", "auditor", "--expires", "2030-01-01", "--all-entities")
    key_id = site.run(*made)[1].partition(".")[0]
    condemn(site.folder / "var" / "checkpoints")

    refused = site.run("keys", "revoke", key_id)[0]
    listed = site.run("keys", "list")[1]
    assert site.run("verify")[0] == 0
    recorded = site.run("keys", "revoke", key_id)[0]

    assert (refused, recorded) == (8, 0)
    assert f"key_id {key_id}, " in listed
    assert "status revoked" in listed


def test_events_that_nobody_signed_for_long_are_told_and_signed_and_stop_nobody(site: Site) -> None:
    config = site.folder / "tweeluik.toml"
    with open_store(load(config)) as store:
        gates = GatesObserved(legal_entity="170", status="ACTIVE", considered="yes", employee_number=1, income_number=1)
        Scribe(store.log).write("person:77", gates)

    first = verify_log(load(config), actor=Actor("cron"), clock=Later())
    synced = site.run(*SYNC)[0]
    second = verify_log(load(config), actor=Actor("cron"), clock=Later())

    assert (first.verdict, synced, second.verdict) == (Verdict.STALE, 0, Verdict.OK)


def condemn(folder: Path, verdict: Verdict = Verdict.TAMPERED) -> None:
    found = Verification(verdict, 5, "because", 4, 4)
    VerdictFile(folder).keep(found, at=NOW, by=Actor("Anja"))


@pytest.fixture
def api(log_url: str, tmp_path: Path) -> Iterator[Api]:
    with http_api(log_url, tmp_path) as api:
        api.scribe.write("person:1", GatesObserved(
            legal_entity="170", status="ACTIVE", considered="yes", employee_number=1, income_number=1
        ))  # fmt: skip
        api.web.seal()
        yield api


def test_over_http_only_reading_is_answered_and_readiness_says_so(api: Api, tmp_path: Path) -> None:
    operator, _ = api.key(Role.OPERATOR), api.key()
    run = "/v1/legal-entities/170/sync-runs"
    condemn(tmp_path / "checkpoints")
    size = api.web.store.log.size()

    ready, alive = api.ask("GET", "/readyz", None), api.ask("GET", "/healthz", None)
    refused = api.post(run, {}, operator, {"Idempotency-Key": "a-key-of-mine"})
    read = [api.get(one).status_code for one in ("/v1/sync-runs", "/v1/log/head", "/v1/log/events/0/proof")]
    warning = api.get("/v1/sync-runs").headers["Tweeluik-Warning"]
    api.web.seal()

    assert warning.startswith(BAD)
    assert (ready.status_code, alive.status_code, refused.status_code) == (503, 200, 503)
    assert {one.json()["type"] for one in (ready, refused)} == {"urn:tweeluik:problem:log-not-believed"}
    assert read == [200, 200, 200]
    assert api.web.store.log.size() == size

    condemn(tmp_path / "checkpoints", Verdict.OK)
    assert "Tweeluik-Warning" not in api.get("/v1/sync-runs").headers
    assert Api(api.web, api.scribe, api.clock).ask("GET", "/readyz", None).status_code == 200  # asked anew
    api.web.seal()
    assert api.web.store.log.size() > size  # what was read meanwhile is on record now


def test_the_schedule_waits_tells_once_and_goes_on_by_itself(tmp_path: Path, log_url: str) -> None:
    with mailbox() as mail:
        told = f"[alerts]\nprivate_hosts = ['127.0.0.1']\n[alerts.targets.desk]\nurl = 'mailto://127.0.0.1:{mail.port}?from=tweeluik@example.org&to=desk@example.org'\n"
        with office(tmp_path, log_url, f'\n[schedule]\ndrift_check = "30 6 * * *"\n{told}') as daily:
            with daily.scheduler() as scheduler:
                scheduler.look()
                folder = Path(daily.settings.log.checkpoints)
                condemn(folder)
                for _ in range(3):
                    daily.clock.pass_by(timedelta(days=1))
                    with pytest.raises(LogNotBelieved):
                        scheduler.look()
                assert daily.running.loket.log.count("GET", "*/employers/*/employees") == 0
                condemn(folder, Verdict.OK)
                scheduler.look()
            assert len(daily.facts(DriftChecked)) == 1
        subjects = [subject for subject, _ in mail.messages if "this installation" in subject]
    assert len(subjects) == 2, mail.messages
    lines = [json.loads(one) for one in next(folder.glob("*.verifications.jsonl")).read_text().splitlines()]
    assert [one["sound"] for one in lines if "alert" in one] == [False, True]


def test_whoever_wants_to_know_hears_of_an_event_that_somebody_planted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with mailbox() as mail:
        told = (
            "\n[schedule]\ndrift_check = '30 6 * * *'\n[alerts]\nprivate_hosts = ['127.0.0.1']\n[alerts.targets.desk]"
        )
        told += f"\nurl = 'mailto://127.0.0.1:{mail.port}?from=tweeluik@example.org&to=desk@example.org'\n"
        with (
            office(tmp_path, "sqlite:///var/tweeluik.db", told) as daily,
            daily.scheduler() as scheduler,
        ):
            scheduler.look()
            planted(Site(daily.running, tmp_path, capsys), "custody", LoketSignedIn(client_id="tweeluik"))
            for _ in range(3):
                daily.clock.pass_by(timedelta(seconds=30))
                with pytest.raises(LogNotBelieved, match="TAMPERED"):
                    scheduler.look()

        assert len([subject for subject, _ in mail.messages if "this installation" in subject]) == 1


def test_a_command_does_not_begin_on_a_log_that_lost_what_was_signed(site: Site) -> None:
    for name in ("no_delete", "no_update"):
        site.execute(f"DROP TRIGGER stored_events_{name}", "DROP TRIGGER IF EXISTS log_checkpoints_" + name)
    last = site.execute("SELECT max(rowid) FROM stored_events")[0][0]
    site.execute(f"DELETE FROM stored_events WHERE rowid > {last - 3}",
                 f"DELETE FROM log_checkpoints WHERE size > {last - 3}",
                 f"UPDATE sqlite_sequence SET seq = {last - 3} WHERE name = 'stored_events'")  # fmt: skip

    code, _, said = site.run("keys", "create", "--role", "auditor", "--expires", "2030-01-01", "--all-entities")

    assert (code, f"its checkpoint covers {last}" in said) == (8, True)
    assert site.execute("SELECT max(rowid) FROM stored_events") == [(last - 3,)]


def test_a_lost_folder_stops_everything_until_somebody_says_that_it_is_lost(site: Site) -> None:
    shutil.rmtree(site.folder / "var" / "checkpoints")

    told = [site.run(*words)[0] for words in (SYNC, ("verify",), SYNC, ("verify", "--copies-lost"), SYNC, ("verify",))]

    assert told == [8, 8, 8, 0, 0, 0]
    on_record = "SELECT count(*) FROM stored_events WHERE topic = 'custody.copies_restored.v1'"
    assert site.execute(on_record) == [(1,)]


def test_a_lost_key_stops_everything_until_somebody_says_that_it_is_lost(site: Site) -> None:
    with closing(sqlite3.connect(site.folder / "var" / "tweeluik-keys.db", isolation_level=None)) as keys:
        keys.execute("DELETE FROM data_keys WHERE key_id = (SELECT key_id FROM data_keys LIMIT 1)")

    code, out, _ = site.run("verify", "--json")
    later = (SYNC, ("verify", "--log-only"), ("verify", "--keys-lost"), ("verify",), SYNC)
    told = [site.run(*words)[0] for words in later]

    assert (code, json.loads(out)["verdict"], len(json.loads(out)["keys"]["gone"])) == (8, "KEYS_DIFFER", 1)
    assert told[:4] == [8, 8, 0, 0]
    assert told[4] != 8


def planted(site: Site, stream: str, fact: Fact) -> None:
    """A well-made event, as somebody adds it who can write to the database and has no key."""
    ((size, version),) = site.execute(
        f"SELECT max(rowid), sum(originator_id = '{stream}') FROM stored_events"
    )  # positions begin at 0, rows at 1
    row = stored(StreamId(stream), version, Meta(recorded_at=NOW, actor=Actor("Bram"), correlation="c"), fact)
    with closing(sqlite3.connect(site.folder / "var" / "tweeluik.db", isolation_level=None)) as db:
        values = (size + 1, *row, leaf(size, *row))
        db.execute("INSERT INTO stored_events VALUES (?,?,?,?,?,?)", values)


def test_no_key_is_destroyed_on_the_word_of_somebody_who_only_has_the_database(site: Site) -> None:
    with closing(sqlite3.connect(site.folder / "var" / "tweeluik-keys.db", isolation_level=None)) as keys:
        all_keys = "SELECT subject, retention, key_id FROM data_keys"
        before = keys.execute(all_keys).fetchall()
        doomed = tuple(DestroyedKey(subject, Retention(retention), one) for subject, retention, one in before)
        planted(site, "erasures", ErasureConfirmed(erasure="retention-1", person_id="1", keys=doomed))
        asked = site.requests()

        told = [site.run(*words)[0] for words in (SYNC, ("runs",), ("erase", "--due"), ("erase",))]

        assert told == [8, 0, 8, 0]
        assert (keys.execute(all_keys).fetchall(), site.requests()) == (before, asked)
    code, out, _ = site.run("verify")
    assert (code, "it was not stored by Tweeluik" in out) == (8, True)


def test_events_of_an_older_tweeluik_that_went_on_count_once_somebody_says_so(site: Site) -> None:
    planted(site, "custody", LoketSignedIn(client_id="tweeluik"))

    told = [site.run(*words)[0] for words in (("verify",), SYNC, ("verify", "--events-known"), ("verify",), SYNC)]

    assert told == [8, 8, 0, 0, 0]
    on_record = "SELECT count(*) FROM stored_events WHERE topic = 'custody.events_taken_over.v1'"
    assert site.execute(on_record) == [(1,)]
    assert site.run("verify", "--events-known")[0] == 0  # nothing to say
    assert site.execute(on_record) == [(1,)]


def test_whatever_else_is_wrong_is_not_taken_over(site: Site) -> None:
    planted(site, "custody", LoketSignedIn(client_id="tweeluik"))
    site.execute("DROP TRIGGER stored_events_no_update", "UPDATE stored_events SET state = x'7b7d' WHERE rowid = 3")

    code, out, _ = site.run("verify", "--events-known")

    assert (code, "event 2" in out) == (8, True)


def test_a_new_installation_may_be_verified_before_anything_else(tmp_path: Path, site: Site) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    (fresh / "tweeluik.toml").write_text(site.running.configuration())
    new = Site(site.running, fresh, site.capture)

    code, out, said = new.run("verify")

    assert (code, "OK" in out) == (0, True), said
    assert list(Copies(fresh / "var" / "checkpoints").notes())


def test_every_answer_carries_the_newest_head_though_another_process_signed_it(api: Api) -> None:
    before = size_of_head(api)
    with open_store(api.web.settings, clock=api.clock) as other:
        gates = GatesObserved(legal_entity="170", status="ACTIVE", considered="yes", employee_number=2, income_number=1)
        Scribe(other.log).write("person:2", gates)
        other.log.checkpoint()
        head = api.get("/v1/log/head").json()

    assert size_of_head(api) == head["size"] == before + 1


def size_of_head(api: Api) -> int:
    note = base64.b64decode(api.get("/v1/sync-runs").headers["Tweeluik-Checkpoint"]).decode()
    return int(note.split("\n")[1])
