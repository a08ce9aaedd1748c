"""`tweeluik doctor` against both simulators: it names what is wrong, says what to do, goes on, and writes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.log.open import open_log
from adapters.simulators.company import Situation, generate_company
from adapters.simulators.personio_attributes import DEFAULT_IDS
from api.cli import main
from api.simulating import Simulation, simulation
from domain.contact_events import TenantExamined
from domain.streams import examination_stream
from domain.values import LegalEntityId

SHARES = {Situation.CONCEPT_TO_BE: 1 / 6, Situation.NOT_CONSIDERED: 1 / 6}


@dataclass
class Doctor:
    running: Simulation
    config: Path
    capture: pytest.CaptureFixture[str]

    def sees(self) -> tuple[int, dict[str, dict[str, str]], str]:
        """Exit code, the checks by name, and everything that was printed."""
        self.capture.readouterr()
        code = main(["--config", str(self.config), "doctor", "--entity", "170", "--json"])
        said = self.capture.readouterr()
        return code, {one["check"]: one for one in json.loads(said.out)["checks"]}, said.out + said.err

    def configured(self, line: str) -> None:
        self.config.write_text(f"{self.config.read_text()}\n{line}\n")

    def wrongly(self, key: str, value: str) -> None:
        lines = self.config.read_text().splitlines()
        self.config.write_text("\n".join(f'{key} = "{value}"' if one.startswith(f"{key} = ") else one for one in lines))

    def someone(self) -> str:
        return self.running.company.of(Situation.IN_BOTH)[0].person_id


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Doctor]:
    with simulation(generate_company(6, seed=7, shares=SHARES)) as running:
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())
        yield Doctor(running, config, capsys)


def test_a_sound_tenant_has_no_fault_and_its_open_behaviours_are_told(doctor: Doctor) -> None:
    code, checks, _ = doctor.sees()

    assert code == 0
    assert {one["verdict"] for one in checks.values()} <= {"ok", "holds here", "does not hold here", "not seen"}
    assert checks["people on both sides"]["told"].startswith("6 people: 5 included, 4 known in Loket, 1 would become")
    assert checks["people left out"]["told"] == "1 by WHO-3"
    assert checks["empty attributes"]["told"].startswith("sent empty")
    assert checks["Personio tells its rate limits"]["verdict"] == "holds here"
    assert checks["Loket tells its rate limits"]["verdict"] == "does not hold here"
    assert doctor.running.loket.writes() == ()


def test_the_whole_examination_is_recorded_without_a_personal_value(doctor: Doctor) -> None:
    _, checks, printed = doctor.sees()

    url = f"sqlite:///{doctor.config.parent}/var/tweeluik.db"
    keys = url.replace("tweeluik.db", "tweeluik-keys.db")
    with closing(open_log(url, keys_url=keys, checkpoints=doctor.config.parent / "var/checkpoints")) as log:
        facts = [
            one.fact
            for one in log.stream(examination_stream(LegalEntityId("170")))
            if isinstance(one.fact, TenantExamined)
        ]
    assert [{each.check for each in one.results} for one in facts] == [checks.keys()]
    for one in doctor.running.company.colleagues:
        assert one.last_name not in printed
        assert one.bsn not in printed


Fault = Callable[[Doctor], Any]
FAULTS: dict[str, tuple[Fault, str, str, str]] = {
    "the Personio secret is wrong": (
        lambda at: at.wrongly("client_id", "papi-unknown"),
        "Personio token",
        "fault",
        "check [personio]",
    ),
    "Personio withholds persons": (
        lambda at: at.running.personio.withdraw_right("persons"),
        "Personio: persons",
        "fault",
        "add the right",
    ),
    "Personio withholds employments": (
        lambda at: at.running.personio.withdraw_right("employments"),
        "Personio: employments",
        "fault",
        "add the right",
    ),
    "Personio withholds compensations": (
        lambda at: at.running.personio.withdraw_right("compensations"),
        "Personio: compensations",
        "fault",
        "add the right",
    ),
    "Personio withholds the attribute list": (
        lambda at: at.running.personio.withdraw_right("attributes"),
        "Personio: attribute list",
        "warning",
        "add the right",
    ),
    "a gate is hidden from everybody": (
        lambda at: at.running.personio.hide(DEFAULT_IDS["income_number"]),
        "attribute income_number",
        "fault",
        "[personio.attributes]",
    ),
    "an attribute is hidden for one": (
        lambda at: at.running.personio.hide(DEFAULT_IDS["city"], [at.someone()]),
        "attribute city",
        "warning",
        "empty attributes",
    ),
    "empty attributes are left out": (
        lambda at: at.running.personio.empty_as("omitted"),
        "empty attributes",
        "warning",
        "rules.absent_is_blank = true",
    ),
    "empties are sent, but absent counts as blank": (
        lambda at: at.configured("[rules]\nabsent_is_blank = true"),
        "empty attributes",
        "warning",
        "absent_is_blank = false",
    ),
    "no option means Yes": (
        lambda at: at.configured('[rules]\ntruthy = ["oui"]'),
        "options of Consider in NL payroll",
        "fault",
        "rules.truthy",
    ),
    "a number is malformed": (
        lambda at: at.running.personio.edit(at.someone(), "employee_number_loket", "12a"),
        "finding EMPLOYEE_NUMBER_FORMAT employeeNumber",
        "fault",
        "correct the employee number",
    ),
    "the Loket token is dead": (
        lambda at: at.running.loket.revoke_refresh_token(),
        "Loket token",
        "fault",
        "tweeluik login",
    ),
    "the employer is hidden": (
        lambda at: at.running.loket.hide_employer(),
        "Loket employer, administration and filter",
        "fault",
        "is not visible",
    ),
    "the saved filter hides people": (
        lambda at: at.running.loket.set_saved_filter("ActiveEmployments"),
        "Loket employer, administration and filter",
        "fault",
        "saved filter hides people",
    ),
    "Loket withholds employees": (
        lambda at: at.running.loket.revoke_right("GetEmployees"),
        "Loket: employees",
        "fault",
        "ask whoever manages Loket users",
    ),
    "Loket withholds concept employees": (
        lambda at: at.running.loket.revoke_right("GetConceptEmployees"),
        "Loket: concept employees",
        "fault",
        "ask whoever manages Loket users",
    ),
    "Loket withholds the BSN": (
        lambda at: at.running.loket.revoke_bsn_right(),
        "Loket: citizen service number",
        "warning",
        "neither compared nor written",
    ),
    "Loket withholds the audit trail": (
        lambda at: at.running.loket.revoke_right("GetAuditTrailEmployeeData"),
        "Loket: audit trail",
        "warning",
        "stays unknown",
    ),
    "a version is withdrawn": (
        lambda at: at.running.loket.announce_successor("employee", "2027-06-30"),
        "Loket version",
        "warning",
        "2027-06-30",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_what_to_do_and_the_other_system_is_still_examined(doctor: Doctor, fault: str) -> None:
    broken, name, verdict, told = FAULTS[fault]
    broken(doctor)

    code, checks, _ = doctor.sees()

    assert checks[name]["verdict"] == verdict
    assert told in checks[name]["told"] + checks[name]["do"]
    assert code == (9 if any(one["verdict"] == "fault" for one in checks.values()) else 0)
    assert (verdict == "fault") <= (code == 9)
    assert any(one.startswith("Personio") for one in checks)
    assert any(one.startswith("Loket") for one in checks)
    assert doctor.running.loket.writes() == ()
