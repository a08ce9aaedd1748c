"""The command line against both simulators: JSON, exit codes, one clear line for every fault."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.simulators.company.generate import Colleague, Situation, generate_company
from adapters.simulators.personio.attributes import DEFAULT_IDS
from adapters.simulators.wire.faults import FaultKind
from api.bootstrap import SystemClock
from api.cli.main import main
from api.demo.simulators import Simulation, simulation
from domain.attributes import GATES

SHARES = {Situation.CONCEPT_TO_BE: 1 / 6, Situation.NOT_CONSIDERED: 1 / 6}


@dataclass
class Tenant:
    """A company of six on both simulators, and the command line pointed at them."""

    running: Simulation
    config: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str, actor: str = "Marieke") -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), "--as", actor, *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    def json(self, *arguments: str, actor: str = "Marieke") -> tuple[int, Any]:
        code, out, _ = self.run(*arguments, "--json", actor=actor)
        return code, json.loads(out)

    def someone(self, situation: Situation = Situation.IN_BOTH) -> Colleague:
        return self.running.company.of(situation)[0]

    @property
    def database(self) -> Path:
        return self.config.parent / "var" / "tweeluik.db"


@pytest.fixture
def tenant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Tenant]:
    with simulation(generate_company(6, seed=7, shares=SHARES)) as running:
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())
        yield Tenant(running, config, capsys)


SYNC = ("sync", "--entity", "170")


def test_a_first_sync_names_everyone_once_and_a_second_one_writes_nothing(tenant: Tenant) -> None:
    code, first = tenant.json(*SYNC)
    writes = len(tenant.running.loket.writes())
    again, second = tenant.json(*SYNC)

    assert (code, again) == (0, 0)
    assert first["status"] == "completed"
    assert first["counts"] == {"concept_created": 1, "left_out": 1, "unchanged": 4}
    assert sorted(one["person_id"] for one in first["outcomes"]) == sorted(
        one.person_id for one in tenant.running.company.colleagues
    )
    assert second["counts"] == {"left_out": 1, "unchanged": 5}
    assert writes > 0
    assert len(tenant.running.loket.writes()) == writes


def test_values_are_masked_until_a_reason_is_given_and_that_is_on_record(tenant: Tenant) -> None:
    one = tenant.someone()
    tenant.running.personio.edit(one.person_id, "street", "Geheimlaan")

    _, masked = tenant.json("plan", "--entity", "170")
    without_reason, _, complaint = tenant.run("plan", "--entity", "170", "--unmask")
    _, opened = tenant.json("plan", "--entity", "170", "--unmask", "--reason", "a question of the auditor")

    assert "Geheimlaan" not in json.dumps(masked)
    assert "•••" in json.dumps(masked, ensure_ascii=False)
    assert without_reason == 2
    assert "--reason" in complaint
    assert "Geheimlaan" in json.dumps(opened)
    with closing(sqlite3.connect(tenant.database)) as db:
        assert db.execute(
            "SELECT count(*) FROM stored_events WHERE topic = 'custody.values_unmasked.v1'"
        ).fetchone() == (1,)


@pytest.mark.parametrize("command", ["plan", "validate", "sync", "drift"])
def test_without_a_reason_nothing_is_read_or_recorded_for_what_is_not_shown(tenant: Tenant, command: str) -> None:
    tenant.run("sync", "--entity", "170")
    asked = len(tenant.running.personio.requests)
    with closing(sqlite3.connect(tenant.database)) as db:
        before = db.execute("SELECT count(*) FROM stored_events").fetchone()

        code, shown, _ = tenant.run(command, "--entity", "170", "--unmask", "--reason", "why")

        assert (code, shown, len(tenant.running.personio.requests)) == (2, "", asked)
        assert db.execute("SELECT count(*) FROM stored_events").fetchone() == before


def test_findings_block_with_exit_3_and_name_what_to_do(tenant: Tenant) -> None:
    one = tenant.someone()
    tenant.running.personio.edit(one.person_id, "postal_code", "0123 AB")

    code, found = tenant.json("validate", "--entity", "170")
    blocked, report = tenant.json(*SYNC)

    assert (code, blocked) == (3, 3)
    assert [(each["person_id"], each["code"]) for each in found["findings"]] == [(one.person_id, "POSTCODE_FORMAT")]
    assert found["findings"][0]["do"]
    assert report["status"] == "blocked"
    assert "POSTCODE_FORMAT address.postalCode: 1 person" in report["message"]
    assert tenant.running.loket.writes() == ()


def test_a_refused_write_is_exit_4_and_does_not_stop_the_others(tenant: Tenant) -> None:
    first, second = tenant.running.company.of(Situation.IN_BOTH)[:2]
    for one in (first, second):
        tenant.running.personio.edit(one.person_id, "street", "Central Ave")
    tenant.running.loket.faults.add(FaultKind.REFUSE, method="PUT", path="*/employees/*", messages=["het gaat niet"])

    code, report = tenant.json(*SYNC)

    assert code == 4
    assert report["counts"]["failed"] == 1
    assert report["counts"]["updated"] == 1


def test_a_system_that_cannot_be_read_is_exit_6_and_nothing_is_written(tenant: Tenant) -> None:
    tenant.running.loket.stop()

    code, report = tenant.json(*SYNC)

    assert code == 6
    assert (report["status"], report["reason"], report["outcomes"]) == ("refused", "RUN-7", [])


def test_a_saved_filter_that_hides_people_is_exit_2(tenant: Tenant) -> None:
    tenant.running.loket.set_saved_filter("ActiveEmployments")

    code, report = tenant.json(*SYNC)

    assert code == 2
    assert report["reason"] == "RUN-9"
    assert "filter" in report["message"]


def test_why_a_run_was_refused_is_one_line_on_stderr_too_for_whoever_keeps_only_the_data(tenant: Tenant) -> None:
    tenant.running.loket.set_saved_filter("ActiveEmployments")

    code, out, said = tenant.run(*SYNC, "--json")

    told = [line for line in said.splitlines() if line.startswith("tweeluik: ")]
    assert (code, told) == (2, [f"tweeluik: {json.loads(out)['message']}"])


def test_a_person_with_the_longest_texts_that_are_read_and_one_longer_holds_the_run_by_name(tenant: Tenant) -> None:
    someone = tenant.running.company.colleagues[0]
    for role, identifier in DEFAULT_IDS.items():
        if role not in GATES:
            tenant.running.personio.edit(someone.person_id, identifier, "é" * 500)
    tenant.running.personio.edit(someone.person_id, DEFAULT_IDS["street"], "x" * 200_000)

    code, _, said = tenant.run(*SYNC)

    _, checked = tenant.json("validate", "--entity", "170")
    found = {(one["code"], one["field"]) for one in checked["findings"] if one["person_id"] == someone.person_id}
    assert code == 3, said
    assert ("ATTRIBUTE_NOT_READABLE", "address.street") in found
    assert ("VALUE_TOO_LONG", "address.city") in found


def test_a_damaged_log_is_exit_8_with_its_place_and_is_not_appended_to(tenant: Tenant) -> None:
    tenant.run(*SYNC)
    with closing(sqlite3.connect(tenant.database, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f'DROP TRIGGER "{name}"')
        db.execute("UPDATE stored_events SET originator_id = 'person:1' WHERE rowid = 8")
        before = db.execute("SELECT count(*) FROM stored_events").fetchone()

    code, verdict = tenant.json("verify")

    assert code == 8
    assert (verdict["verdict"], verdict["position"]) == ("TAMPERED", 7)
    with closing(sqlite3.connect(tenant.database)) as db:
        assert db.execute("SELECT count(*) FROM stored_events").fetchone() == before


def test_mass_clears_stop_with_exit_10_until_a_second_person_confirms_that_very_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with simulation(generate_company(14, seed=3, shares={})) as running:
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())
        tenant = Tenant(running, config, capsys)
        for one in running.company.colleagues[1:]:  # what nobody shows would not be blank (EDIT-2)
            running.personio.edit(one.person_id, "personal_email", "")

        code, braked = tenant.json(*SYNC)
        confirm = (*SYNC, "--confirm", braked["fingerprint"])
        same_person, _ = tenant.json(*confirm)
        wrong_plan, _ = tenant.json(*SYNC, "--confirm", "0" * 32, actor="Joost")
        second_person, released = tenant.json(*confirm, actor="Joost")

    assert (code, same_person, wrong_plan, second_person) == (10, 10, 10, 0)
    assert braked["reason"] == "BRAKE"
    assert released["counts"] == {"updated": 13, "unchanged": 1}


def test_a_read_that_is_not_believed_ends_with_exit_6_until_a_second_person_accepts_that_very_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with simulation(generate_company(27, seed=3, shares={})) as running:
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())
        tenant = Tenant(running, config, capsys)
        everyone = [one.person_id for one in running.company.colleagues]
        first, _ = tenant.json(*SYNC)
        for person in everyone[:21]:  # of more than twenty nobody is asked for by id: a person has to look
            running.personio.delete_person(person)

        code, refused = tenant.json(*SYNC)
        accept = (*SYNC, "--accept-read", refused["fingerprint"])
        same_person, _ = tenant.json(*accept)
        wrong_read, _ = tenant.json(*SYNC, "--accept-read", "0" * 32, actor="Joost")
        as_a_plan, _ = tenant.json(*SYNC, "--confirm", refused["fingerprint"], actor="Joost")
        with monkeypatch.context() as tomorrow:
            now = SystemClock.now
            tomorrow.setattr(SystemClock, "now", lambda clock: now(clock) + timedelta(hours=24, minutes=5))
            too_late, _ = tenant.json(*accept, actor="Joost")
        running.personio.delete_person(everyone[21])
        other_sizes, smaller = tenant.json(*accept, actor="Joost")
        second_person, accepted = tenant.json(*SYNC, "--accept-read", smaller["fingerprint"], actor="Bram")
        afterwards, _ = tenant.json(*SYNC)
        _, told = tenant.json("runs", refused["run_id"])

    assert (first, code, second_person, afterwards) == (0, 6, 0, 0)
    assert (told["sizes"], told["fingerprint"]) == (refused["sizes"], refused["fingerprint"])
    assert [same_person, wrong_read, as_a_plan, too_late, other_sizes] == [6] * 5
    assert refused["reason"] == "IMPLAUSIBLE_READ"
    assert refused["sizes"]["people"] == {"before": 27, "now": 6}
    assert smaller["sizes"]["people"] == {"before": 27, "now": 5}
    assert smaller["fingerprint"] != refused["fingerprint"]
    assert accepted["status"] == "completed"
    assert accepted["counts"] == {"left_out": 22, "unchanged": 5}


def test_history_and_runs_are_told_from_the_log_and_survive_a_rebuild(tenant: Tenant) -> None:
    one = tenant.someone(Situation.CONCEPT_TO_BE)
    _, report = tenant.json(*SYNC)

    before = [
        tenant.json("history", str(one.employee_number), "--entity", "170"),
        tenant.json("runs", report["run_id"]),
    ]
    rebuilt, _, _ = tenant.run("rebuild")
    after = [tenant.json("history", str(one.employee_number), "--entity", "170"), tenant.json("runs", report["run_id"])]

    assert rebuilt == 0
    assert after == before
    assert any("concept employee was created" in each["sentence"] for each in before[0][1]["events"])
    assert before[1][1]["counts"] == report["counts"]
    assert len(before[1][1]["outcomes"]) == len(report["outcomes"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("history", "99999", "--entity", "170"), "has nothing about employee number 99999"),
        (("sync", "--entity", "171"), "legal entity 171 is not enabled"),
        (("runs", "nonsense"), "has no run nonsense"),
        (("synch",), "synch"),
        (("plan", "--entity", "170", "--on", "tomorrow"), "tomorrow"),
        (("runs", "--format", "xml"), "--format is table or json"),
    ],
)
def test_a_wrong_input_is_one_line_and_exit_2(tenant: Tenant, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = tenant.run(*arguments)

    assert code == 2
    assert said in err
    assert out == ""
    assert len([line for line in err.splitlines() if line.startswith("tweeluik:")]) == 1


def test_a_missing_configuration_says_where_it_was_looked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["--config", str(tmp_path / "none.toml"), "runs"])

    assert code == 2
    assert "none.toml" in capsys.readouterr().err


def test_the_list_of_attributes_says_that_it_is_ours(tenant: Tenant) -> None:
    code, listed = tenant.json("attributes", "--entity", "170")

    assert code == 0
    assert "not Personio's official" in listed["note"]
    assert {"personalDetails.lastName", "citizenServiceNumber", "paymentInformationSepa.iban"} <= {
        one["loket"] for one in listed["attributes"]
    }


def test_people_are_listed_from_the_log_by_what_the_last_run_made_of_them(tenant: Tenant) -> None:
    tenant.json(*SYNC)

    def listed(*asked: str) -> set[str]:
        code, found = tenant.json("people", "list", "--entity", "170", *asked)
        assert code == 0
        assert all(one["since"] for one in found["people"])
        return {one["person_id"] for one in found["people"]}

    left_out = tenant.someone(Situation.NOT_CONSIDERED).person_id
    concept = tenant.someone(Situation.CONCEPT_TO_BE).person_id
    everyone = listed()

    assert {left_out, concept, tenant.someone().person_id} < everyone
    assert listed("--outcome", "left_out", "--reason", "WHO-3") == {left_out}
    assert listed("--link", "concept") == {concept}
    assert listed("--new") == everyone
    assert tenant.run("people", "list", "--entity", "170")[1].count("WHO-3") == 1


def test_people_lists_everyone_with_the_rule_that_leaves_them_out(tenant: Tenant) -> None:
    running = tenant.running
    running.personio.add_legal_entity("999", "Elders GmbH", country="DE")
    stranger = running.personio.add_person(first_name="Kim", last_name="Elders", legal_entity_id="999")

    code, listed = tenant.json("people", "--entity", "170")

    reasons = {one["person_id"]: one["reason"] for one in listed["people"]}
    assert code == 0
    assert reasons[stranger] == "WHO-1"
    assert reasons[tenant.someone(Situation.NOT_CONSIDERED).person_id] == "WHO-3"
    assert reasons[tenant.someone().person_id] is None
