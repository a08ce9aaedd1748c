"""The drift commands against both simulators: the shape of the answer, exit codes, masks, decisions on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.simulators.company.generate import Colleague, Situation, generate_company
from api.cli.main import main
from api.demo.simulators import Simulation, simulation
from domain.planning.business_date import business_date

STREET = "address.street"
SHARES = {Situation.CONCEPT_TO_BE: 1 / 6, Situation.NOT_CONSIDERED: 1 / 6}


@dataclass
class Tenant:
    """A company of six, synced once, in which someone then typed a street into Loket."""

    running: Simulation
    config: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str, actor: str = "Marieke") -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), "--as", actor, *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    def json(self, *arguments: str) -> tuple[int, Any]:
        code, out, _ = self.run(*arguments, "--json")
        return code, json.loads(out)

    @property
    def someone(self) -> Colleague:
        return self.running.company.of(Situation.IN_BOTH)[0]

    def allow(self) -> None:
        self.config.write_text(self.config.read_text() + "\nallow_accepted_drift = true\n")


@pytest.fixture
def tenant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Tenant]:
    with simulation(generate_company(6, seed=7, shares=SHARES)) as running:
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())
        one = Tenant(running, config, capsys)
        assert one.run("sync", "--entity", "170")[0] == 0
        running.loket.edit_employee(one.someone.employee_number, {STREET: "Geheimlaan"})
        yield one


CHECK = ("drift", "--entity", "170")


def test_an_edit_by_hand_is_exit_7_and_a_sync_makes_it_exit_0(tenant: Tenant) -> None:
    code, found = tenant.json(*CHECK)
    tenant.run("sync", "--entity", "170")
    after, nothing = tenant.json(*CHECK)

    assert (code, after) == (7, 0)
    assert list(found) == [
        "check_id", "legal_entity", "personio_read_at", "loket_read_at", "compared",
        "drift", "pending", "left_out", "not_compared", "witness",
    ]  # fmt: skip
    (drift,) = found["drift"]
    assert (drift["employee_number"], drift["field"], drift["cause"]) == (
        tenant.someone.employee_number, STREET, "changed_in_loket",
    )  # fmt: skip
    assert list(drift) == ["employee_number", "field", "personio", "loket", "since", "cause"]
    assert found["compared"] == 5
    assert [one["reason"] for one in found["left_out"]] == ["WHO-3"]
    assert nothing["drift"] == []


def test_what_only_personio_changed_is_pending_and_exit_0(tenant: Tenant) -> None:
    tenant.run("sync", "--entity", "170")
    tenant.running.personio.edit(tenant.someone.person_id, "street", "Central Ave")

    code, found = tenant.json(*CHECK)

    assert code == 0
    assert found["pending"] == [{"employee_number": tenant.someone.employee_number, "field": STREET}]


def test_the_same_difference_keeps_the_day_it_was_first_seen(tenant: Tenant) -> None:
    _, first = tenant.json(*CHECK)
    _, second = tenant.json(*CHECK)

    assert first["drift"] == second["drift"]


def test_values_are_masked_until_a_reason_is_given(tenant: Tenant) -> None:
    _, masked, _ = tenant.run(*CHECK)
    _, clear, _ = tenant.run(*CHECK, "--unmask", "--reason", "asked by payroll")

    assert "Geheimlaan" not in masked
    assert "Geheimlaan" in clear


def test_an_unreadable_loket_is_exit_6(tenant: Tenant) -> None:
    tenant.running.loket.stop()

    code, out, err = tenant.run(*CHECK)

    assert (code, out) == (6, "")
    assert len(err.strip().splitlines()) == 1


def test_a_difference_is_accepted_only_where_the_entity_allows_it(tenant: Tenant) -> None:
    tenant.run(*CHECK)
    accept = ("drift", "accept", str(tenant.someone.employee_number), STREET, "--entity", "170", "--reason", "moving")

    refused, _, said = tenant.run(*accept)
    tenant.allow()
    accepted, _, _ = tenant.run(*accept)
    tenant.run("sync", "--entity", "170")
    code, found = tenant.json(*CHECK)

    assert (refused, accepted, code) == (2, 0, 0)
    assert "allow_accepted_drift" in said
    assert [one["field"] for one in found["accepted"]] == [STREET]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("drift", "acknowledge", "4711", STREET, "--entity", "170", "--reason", "known"), "no open difference"),
        (("drift", "keep", "4711", STREET, "--entity", "170"), "--reason"),
    ],
)
def test_a_wrong_input_is_one_line_and_exit_2(tenant: Tenant, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = tenant.run(*arguments)

    assert (code, out) == (2, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1


def test_terminations_name_who_is_out_and_the_fields_left_to_do_by_hand(tenant: Tenant) -> None:
    one = tenant.someone
    tenant.running.loket.terminate(one.employee_number, "2030-01-31")

    code, found = tenant.json("terminations", "--entity", "170")

    assert code == 0
    (out,) = found["out"]
    assert (out["employee_number"], out["end_date"], out["since"]) == (one.employee_number, "2030-01-31", None)
    assert out["follow_up"] == [STREET]
    assert found["open_in_loket"] == []


def test_the_forecast_sets_what_lies_ahead_against_the_planned_runs(tenant: Tenant) -> None:
    ahead = business_date(datetime.now(UTC)) + timedelta(days=20)
    tenant.running.loket.terminate(tenant.someone.employee_number, ahead)

    code, found = tenant.json("forecast", "--entity", "170", "--run-on", str(ahead - timedelta(days=2)))

    assert code == 0
    assert ("employment ends in Loket", tenant.someone.employee_number, None) in [
        (one["what"], one["employee_number"], one["first_run"]) for one in found["upcoming"]
    ]
    assert any(str(ahead) in one for one in found["warnings"])


def test_the_handover_sheet_is_a_table_json_or_a_pdf_and_names_need_a_reason(tenant: Tenant, tmp_path: Path) -> None:
    tenant.run(*CHECK)

    code, told = tenant.json("handover", "--entity", "170", "--language", "nl")
    (lost,) = (one["lines"] for one in told["sections"] if one["section"] == "lost")
    assert (code, [one["employee_number"] for one in lost]) == (0, [tenant.someone.employee_number])

    _, table, _ = tenant.run("handover", "--entity", "170")
    assert "Different in Loket, and overwritten by the next run" in table
    assert "Payroll: Decide about it" in " ".join(table.split())
    assert "If nobody does: The next run overwrites in Loket what nobody decides about." in " ".join(table.split())
    paper = tmp_path / "handover.pdf"
    assert tenant.run("handover", "--entity", "170", "--out", str(paper))[0] == 0
    assert paper.read_bytes().startswith(b"%PDF")

    assert tenant.run("handover", "--entity", "170", "--names")[0] == 2
    _, named = tenant.json("handover", "--entity", "170", "--names", "--reason", "the accountant asked")
    assert all(one["name"] for section in named["sections"] for one in section["lines"] if one["employee_number"])


def test_pay_mutations_are_a_table_data_or_a_paper_in_either_language(tenant: Tenant, tmp_path: Path) -> None:
    code, told = tenant.json("pay-mutations", "--entity", "170", "--period", "2026-03", "--language", "nl")
    assert (code, told["report"], told["period"]) == (0, "pay_mutations", "1 maart 2026 tot en met 31 maart 2026")
    assert tenant.run("pay-mutations", "--entity", "170", "--period", "2019-01")[1] == (
        "No change of pay belongs to this period.\n"
    )
    for name, begins in (("march.pdf", b"%PDF"), ("march.xlsx", b"PK"), ("march.csv", b'"kind"'), ("march.json", b"{")):
        paper = tmp_path / name
        assert tenant.run("pay-mutations", "--entity", "170", "--period", "2026-03", "--out", str(paper))[0] == 0
        assert paper.read_bytes().startswith(begins)
    for wrong in (("--language", "fr"), ("--period", "March"), ("--unmask",)):
        assert tenant.run("pay-mutations", "--entity", "170", *wrong)[0] == 2
