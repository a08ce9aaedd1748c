"""`tweeluik sync --only`: the plan first, a yes on a terminal, and nobody else touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.simulators.company.generate import Colleague, Situation, generate_company
from api.cli.main import main
from api.demo.simulators import Simulation, simulation
from tests.support.terminal import Terminal

SHARES = {Situation.CONCEPT_TO_BE: 1 / 6, Situation.NOT_CONSIDERED: 1 / 6}


@dataclass
class Office:
    running: Simulation
    folder: Path
    command: Path

    def pilot(self, *numbers: int) -> Terminal:
        only = [word for number in numbers for word in ("--only", str(number))]
        return Terminal(self.command, "sync", "--entity", "170", *only, folder=self.folder)

    def mover(self, index: int) -> Colleague:
        one = self.running.company.of(Situation.IN_BOTH)[index]
        self.running.personio.edit(one.person_id, "street", "Geheimlaan")
        return one

    def street(self, one: Colleague) -> object:
        found = self.running.loket.employee(one.employee_number)
        return found and found["address"]["street"]


@pytest.fixture
def office(tmp_path: Path, tweeluik: Path) -> Iterator[Office]:
    with simulation(generate_company(6, seed=7, shares=SHARES)) as running:
        (tmp_path / "tweeluik.toml").write_text(running.configuration())
        yield Office(running, tmp_path, tweeluik)


def test_a_pilot_shows_its_plan_asks_and_writes_for_the_named_person_only(office: Office) -> None:
    one, other = office.mover(0), office.mover(1)

    with office.pilot(one.employee_number) as terminal:
        plan = terminal.expect("Write this to Loket? [y/N]: ")
        before = office.running.loket.writes()
        terminal.type("y")
        code = terminal.ended()

    assert before == ()
    assert code == 0
    assert "address.street" in plan
    assert "Geheimlaan" not in terminal.shown
    assert (office.street(one), office.street(other)) == ("Geheimlaan", other.street)


def test_a_pilot_that_is_declined_writes_nothing_and_starts_no_run(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    one = office.mover(0)

    with office.pilot(one.employee_number) as terminal:
        terminal.expect("Write this to Loket? [y/N]: ")
        terminal.type("n")
        code = terminal.ended()
    main(["--config", str(office.folder / "tweeluik.toml"), "runs", "--json"])

    assert code == 2
    assert "nothing was written" in terminal.shown
    assert office.running.loket.writes() == ()
    assert json.loads(capsys.readouterr().out) == {"runs": []}


def test_a_number_that_nobody_has_is_refused_before_anything_is_asked(office: Office) -> None:
    with office.pilot(office.mover(0).employee_number, 999_999) as terminal:
        code = terminal.ended()

    assert code == 2
    assert "999999" in terminal.shown
    assert "Write this" not in terminal.shown
    assert office.running.loket.writes() == ()


def test_a_script_gets_its_one_json_object_with_everybody_in_it(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    one = office.mover(0)

    code = main([
        "--config", str(office.folder / "tweeluik.toml"),
        "sync", "--entity", "170", "--only", str(one.employee_number), "--json",
    ])  # fmt: skip
    report = json.loads(capsys.readouterr().out)

    assert code == 0
    assert report["counts"] == {"updated": 1, "left_out": 5}
    reasons = {each["employee_number"]: each["reason"] for each in report["outcomes"]}
    assert reasons.pop(one.employee_number) == "EDIT-1"
    assert sorted(reasons.values()) == ["RUN-10"] * 4 + ["WHO-3"]
