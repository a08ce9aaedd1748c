"""`tweeluik doctor --acceptance`: what only writing can tell, on one made-up employee, and never in production."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.simulators.company.generate import generate_company
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.tenant import made_up_id
from api.cli.main import main
from api.demo.simulators import simulation
from domain.errors import Misconfigured
from domain.services.setup.acceptance import ACCEPTANCE, MADE_UP, PRODUCTION, require_acceptance

NUMBER = 990001
KEEPS_ID = "Loket keeps a concept employee's id when it is finalised"
LEFT_OUT = "Loket keeps a field that a replacement leaves out"
STALE = "Loket refuses a replacement of an older version"
ENDS = "Loket ends a benefit where a later one of its component begins"


@dataclass
class Trial:
    loket: LoketSimulator
    config: Path
    capture: pytest.CaptureFixture[str]

    def tried(self, *more: str) -> tuple[int, dict[str, dict[str, Any]], str]:
        """Exit code, checks by name, and what was said on stderr."""
        self.capture.readouterr()
        asked = ["doctor", "--entity", "170", "--acceptance", str(NUMBER), "--json", *more]
        code = main(["--config", str(self.config), *asked])
        said = self.capture.readouterr()
        checks = json.loads(said.out)["checks"] if code == 0 else []
        return code, {one["check"]: one for one in checks}, said.err


@pytest.fixture
def trial(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Trial]:
    with simulation(generate_company(2, seed=7)) as running:
        config = tmp_path / "tweeluik.toml"
        phone = f'[pay.components."{made_up_id("type", "Phone")}"]\ncomponent = 284\nkind = "recurring"\n'
        config.write_text(f"{running.configuration()}\n{phone}")
        yield Trial(running.loket, config, capsys)


def finalised(trial: Trial, *, keep_id: bool = True) -> None:
    assert trial.tried("--yes")[0] == 0
    trial.loket.finalise_concept(NUMBER, start_date="2024-01-01", keep_id=keep_id)


def test_the_first_time_a_made_up_concept_employee_waits_to_be_finalised(trial: Trial) -> None:
    for _ in range(2):
        code, checks, _ = trial.tried("--yes")

        assert (code, checks.keys()) == (0, {KEEPS_ID})
        assert "finalise it in Loket" in checks[KEEPS_ID]["do"]
    (request,) = trial.loket.writes()
    assert request.method == "POST"
    assert trial.loket.concept_field(NUMBER, "personalDetails.lastName") == MADE_UP


@pytest.mark.parametrize(
    ("keep_id", "linked", "verdicts"),
    [
        (True, True, {KEEPS_ID: "holds here", ENDS: "holds here"}),
        (False, False, {KEEPS_ID: "does not hold here", ENDS: "does not hold here"}),
    ],
)
def test_then_it_tells_what_only_writing_can_and_leaves_everything_as_it_was(
    trial: Trial, keep_id: bool, linked: bool, verdicts: dict[str, str]
) -> None:
    finalised(trial, keep_id=keep_id)
    trial.loket.set_switch("benefits_linked", linked)
    before = trial.loket.employee(NUMBER)
    others = [one for one in trial.loket.employees() if one["employeeNumber"] != NUMBER]

    code, checks, _ = trial.tried("--yes")

    told = {name: one["verdict"] for name, one in checks.items()}
    assert code == 0
    assert told == {LEFT_OUT: "does not hold here", STALE: "holds here", **verdicts}
    assert "cleared" in checks[LEFT_OUT]["told"]
    assert trial.loket.employee(NUMBER) == before
    assert [one for one in trial.loket.employees() if one["employeeNumber"] != NUMBER] == others
    job = trial.loket.employment(NUMBER)["id"]
    assert trial.loket.state.table("benefitsanddeductions").of(job) == []


def test_somebody_who_is_not_made_up_is_never_written_to(trial: Trial) -> None:
    trial.loket.add_employee(NUMBER, fields={"personalDetails.lastName": "Visser"})

    code, _, said = trial.tried("--yes")

    assert (code, trial.loket.writes()) == (2, ())
    assert "choose a free number" in said
    assert "Visser" not in said


def test_without_a_yes_nothing_is_written(trial: Trial) -> None:
    code, _, _ = trial.tried()

    assert (code, trial.loket.writes()) == (2, ())


@pytest.mark.parametrize("host", [PRODUCTION, "loket.nl", "proxy.example.org", "192.168.1.20", ""])
def test_production_is_refused_by_name_and_every_other_host_too(host: str) -> None:
    with pytest.raises(Misconfigured, match="production" if host == PRODUCTION else ACCEPTANCE):
        require_acceptance(host)


@pytest.mark.parametrize("host", [ACCEPTANCE, "127.0.0.1", "::1", "localhost"])
def test_the_acceptance_environment_and_a_simulator_are_let_pass(host: str) -> None:
    require_acceptance(host)


def test_a_configuration_of_production_is_refused_before_anything_is_asked(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWEELUIK_LOKET__BASE_URL", f"https://{PRODUCTION}")

    code, _, said = trial.tried("--yes")

    assert (code, trial.loket.requests) == (2, [])
    assert PRODUCTION in said
