"""Attributes that a customer adds to the catalogue by configuration: text or codes, with or without a concept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from adapters.simulators.company.generate import Colleague, Situation, generate_company
from api.cli.main import main
from api.demo.simulators import Simulation, simulation

IDS = {
    "partner_last_name": "dynamic_2001",
    "nationality": "dynamic_2002",
    "business_phone": "dynamic_2003",
    "travel_distance": "dynamic_2004",
}
MAPPED = "".join(f'\n{role} = "{identifier}"' for role, identifier in IDS.items())
ADDED = """
[[attribute]]
role = "partner_last_name"
loket_path = "personalDetails.lastNamePartner"
max_length = 25

[[attribute]]
role = "nationality"
loket_path = "personalDetails.nationality"
codes = { Dutch = 1, Belgian = 2 }

[[attribute]]
role = "business_phone"
loket_path = "contactInformation.businessPhoneNumber"
in_concept = false

[[attribute]]
role = "travel_distance"
loket_path = "travel.travelDistanceToWork"
in_concept = false
"""


@dataclass
class Office:
    running: Simulation
    config: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> tuple[int, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), *arguments])
        said = self.capture.readouterr()
        return code, said.out or said.err

    @property
    def someone(self) -> Colleague:
        return self.running.company.of(Situation.IN_BOTH)[0]

    def held(self, path: str) -> Any:
        whole: Any = self.running.loket.employee(self.someone.employee_number)
        for key in path.split("."):
            whole = whole[key]
        return whole


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    """Everybody is called Jansen after their partner, is Dutch, has a telephone at work and lives 12 km from it."""
    shares = {Situation.CONCEPT_TO_BE: 1 / 4}
    with simulation(generate_company(4, seed=7, shares=shares)) as running:
        for identifier in IDS.values():
            running.personio.define_attribute(identifier, identifier)
        for one in running.company.colleagues:
            for identifier, value in zip(IDS.values(), ("Jansen", "Dutch", "0201234567", "12"), strict=True):
                running.personio.edit(one.person_id, identifier, value)
        config = tmp_path / "tweeluik.toml"
        mapped = running.configuration().replace("[personio.attributes]", f"[personio.attributes]{MAPPED}")
        config.write_text(mapped + ADDED)
        yield Office(running, config, capsys)


def test_what_a_customer_adds_travels_is_compared_and_is_cleared_like_our_own(office: Office) -> None:
    assert office.run("sync", "--entity", "170")[0] == 0
    assert office.held("personalDetails.lastNamePartner") == "Jansen"
    assert office.held("personalDetails.nationality")["key"] == 1
    assert office.held("contactInformation.businessPhoneNumber") == "0201234567"
    assert office.held("travel.travelDistanceToWork") == 12
    (concept,) = office.running.loket.concepts()
    assert concept["employeeData"]["personalDetails"]["nationality"]["key"] == 1

    code, plan = office.run("plan", "--entity", "170", "--json")
    assert (code, [write for one in json.loads(plan)["people"] for write in one["writes"]]) == (0, [])

    office.running.personio.edit(office.someone.person_id, IDS["nationality"], "")
    office.running.personio.edit(office.someone.person_id, IDS["partner_last_name"], "De Boer")
    assert office.run("drift", "--entity", "170")[0] == 0  # Personio's own news is no drift
    assert office.run("sync", "--entity", "170")[0] == 0
    assert office.held("personalDetails.nationality") is None
    assert office.held("personalDetails.lastNamePartner") == "De Boer"


def test_a_word_without_a_key_is_a_finding_and_doctor_names_both(office: Office) -> None:
    office.running.personio.edit(office.someone.person_id, IDS["nationality"], "French")
    code, said = office.run("validate", "--entity", "170", "--json")
    assert code != 0
    assert "UNKNOWN_CODE_VALUE" in said

    office.running.personio.define_attribute(IDS["nationality"], "Nationality", options=("Dutch", "French"))
    checks = json.loads(office.run("doctor", "--entity", "170", "--json")[1])["checks"]
    (told,) = (one for one in checks if one["check"] == "codes of nationality")
    assert (told["verdict"], told["told"]) == ("fault", "no key for: French")

    office.config.write_text(office.config.read_text().replace("Belgian = 2", "Belgian = 99"))
    checks = json.loads(office.run("doctor", "--entity", "170", "--json")[1])["checks"]
    (told,) = (one for one in checks if one["check"] == "codes of nationality")
    assert told["verdict"] == "fault"
    assert told["told"].startswith("Belgian is 99, which Loket does not have; Loket has: 1 Nederlandse, 2 Belgische")


def test_text_for_a_whole_number_of_loket_is_a_finding_that_says_so(office: Office) -> None:
    office.running.personio.edit(office.someone.person_id, IDS["travel_distance"], "12 km")

    code, said = office.run("validate", "--entity", "170", "--json")

    assert code != 0
    assert "WHOLE_NUMBER_FORMAT" in said
    assert "HOUSE_NUMBER_FORMAT" not in said


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('role = "x"\nloket_path = "personalDetails.civilStatus"', "needs codes"),
        ('role = "x"\nloket_path = "personalDetails.lastNamePartner"\ncodes = { A = 1 }', "is not a coded field"),
        ('role = "gender"\ncodes = { MALE = 1 }', "changes nothing; its codes are in [loket.codes.gender]"),
    ],
)
def test_a_coded_field_has_codes_and_no_other_has(office: Office, wrong: str, said: str) -> None:
    office.config.write_text(f"{office.config.read_text()}\n[[attribute]]\n{wrong}\n")
    code, told = office.run("people", "--entity", "170")
    assert code == 2
    assert said in told
