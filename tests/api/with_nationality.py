"""What nationality does from end to end once it is a row of the catalogue; `test_a_new_row` plays this on a copy."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.simulators.company.generate import Situation, generate_company
from api.config.settings import load
from api.demo.simulators import simulation
from domain.attributes import CATALOGUE, Role
from tests.api.test_configured_attributes import Office
from tests.api.test_first_contact import Newcomer

FIELD, ID = "personalDetails.nationality", "dynamic_2002"
THEIRS = """
[[attribute]]
role = "nationality"
loket_path = "personalDetails.nationality"
codes = { NL = 1, BE = 2 }
"""
REPORT = ("--entity", "170", "--from", "2020-01-01", "--to", "2099-12-31", "--field", FIELD)
WORDS = {"": ("Dutch", "Belgian"), THEIRS: ("NL", "BE")}  # what this customer's Personio says

pytestmark = pytest.mark.skipif(
    Role("nationality") not in {row.role for row in CATALOGUE}, reason="the row is in a copy only"
)


@pytest.fixture(params=WORDS, ids=["without an entry of theirs", "with an earlier entry of theirs"])
def earlier(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office(earlier: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    """Everybody is Dutch, and so far only Personio knows."""
    with simulation(generate_company(4, seed=7, shares={Situation.CONCEPT_TO_BE: 1 / 4})) as running:
        running.personio.define_attribute(ID, "Nationality", options=WORDS[earlier])
        for one in running.company.colleagues:
            running.personio.edit(one.person_id, ID, WORDS[earlier][0])
        config = tmp_path / "tweeluik.toml"
        mapped = running.configuration().replace(
            "[personio.attributes]", f'[personio.attributes]\nnationality = "{ID}"'
        )
        config.write_text(mapped + earlier)
        yield Office(running, config, capsys)


def told(office: Office, *arguments: str) -> tuple[int, Any]:
    code, said = office.run(*arguments, "--json")
    return code, json.loads(said)


def test_it_is_planned_written_guarded_and_reported(office: Office, earlier: str) -> None:
    _, plan = told(office, "plan", "--entity", "170")
    planned = [change["field"] for one in plan["people"] for write in one["writes"] for change in write["changes"]]
    assert planned.count(FIELD) == 4

    assert office.run("sync", "--entity", "170")[0] == 0
    assert office.held(FIELD)["key"] == 1
    (concept,) = office.running.loket.concepts()
    assert concept["employeeData"]["personalDetails"]["nationality"]["key"] == 1
    assert [one["writes"] for one in told(office, "plan", "--entity", "170")[1]["people"]] == [[], [], [], []]

    office.running.loket.edit_employee(office.someone.employee_number, {FIELD: {"key": 2}})
    _, found = told(office, "drift", "--entity", "170")
    assert [one["field"] for one in found["drift"]] == [FIELD]

    office.running.personio.edit(office.someone.person_id, ID, WORDS[earlier][1])
    office.running.loket.edit_employee(office.someone.employee_number, {FIELD: {"key": 1}})
    assert office.run("sync", "--entity", "170")[0] == 0
    assert office.held(FIELD)["key"] == 2
    _, report = told(office, "overwritten", *REPORT)
    assert {(one["field"], one["label"]) for one in report["overwritten"]} == {(FIELD, "Nationality")}
    assert office.someone.employee_number in {one["employee_number"] for one in report["overwritten"]}


def test_a_word_without_a_key_is_a_finding(office: Office) -> None:
    office.running.personio.edit(office.someone.person_id, ID, "Martian")

    code, said = office.run("validate", "--entity", "170", "--json")

    assert code != 0
    assert "UNKNOWN_CODE_VALUE" in said


def test_doctor_examines_its_codes_and_names_where_they_are(office: Office, earlier: str) -> None:
    dutch, belgian = WORDS[earlier]
    checks = {one["check"]: one for one in told(office, "doctor", "--entity", "170")[1]["checks"]}
    assert checks["attribute nationality"]["verdict"] == "ok"
    assert (checks["codes of nationality"]["verdict"], checks["codes of nationality"]["told"]) == (
        ("ok", f"{dutch} is Nederlandse, {belgian} is Belgische")
    )

    wrong = earlier.replace("BE = 2", "BE = 99") or "\n[loket.codes.nationality]\nDutch = 1\nBelgian = 99\n"
    office.config.write_text(office.config.read_text().replace(earlier or "\0", "") + wrong)
    checks = {one["check"]: one for one in told(office, "doctor", "--entity", "170")[1]["checks"]}
    assert checks["codes of nationality"]["verdict"] == "fault"
    assert checks["codes of nationality"]["told"].startswith(f"{belgian} is 99, which Loket does not have")
    where = "the codes of [[attribute]] nationality" if earlier else "[loket.codes.nationality]"
    assert checks["codes of nationality"]["do"] == f"correct {where}"


def test_a_first_configuration_maps_it_and_proposes_its_codes(tmp_path: Path, tweeluik: Path) -> None:
    with simulation(generate_company(4, seed=7)) as running:
        running.personio.define_attribute(ID, "Nationality")
        newcomer = Newcomer(running, tmp_path, tweeluik)
        newcomer.signs_in()
        code, said = newcomer.looks_around()
        assert code == 0, said

        written = tomllib.loads(newcomer.config.read_text())
        assert written["personio"]["attributes"]["nationality"] == ID
        assert written["loket"]["codes"]["nationality"] == {"Dutch": 1, "Belgian": 2}
        assert newcomer.ends("doctor", "--entity", "170")[0] == 0

        newcomer.config.write_text(newcomer.config.read_text().replace("\nDutch = 1 #", "\nDutch = 2 #"))
        assert "[loket.codes.nationality] Dutch = 1 # Nederlandse; now it is 2" in newcomer.ends("init")[1]


def test_a_customer_who_had_added_it_is_told_nothing_new(office: Office, earlier: str) -> None:
    """Their words stay the ones that count, and nobody asks for those of ours."""
    settings = load(office.config)
    (row,) = (one for one in settings.catalogue() if one.role == "nationality")

    assert [*row.keys] == [*WORDS[earlier]]
    assert row.nullable
    assert "nationality" not in office.run("init")[1]


def test_the_same_codes_in_two_places_are_refused(office: Office, earlier: str) -> None:
    office.config.write_text(office.config.read_text() + "\n[loket.codes.nationality]\nNL = 1\n")

    code, said = office.run("people", "--entity", "170")

    assert (code == 2) is bool(earlier), said
    assert ("keep one of the two" in said) is bool(earlier)
