"""What people may leave out or type in their own way: entities, dates, ids of runs, keys of the configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer

from adapters.simulators.company.generate import Situation, generate_company
from api.bootstrap import SystemClock
from api.cli.dates import day, month, period
from api.cli.main import main
from api.config.settings import load
from api.demo.simulators import Simulation, simulation
from api.presenters.values import local_day, local_time
from domain.errors import Misconfigured
from domain.planning.business_date import business_date

BESIDE = """
[[legal_entity]]
personio_id = "171"
name = "Roos Retail"
loket_employer_id = "9a7e2b1c-0000-4000-8000-000000000002"
loket_payroll_administration_id = "54aa2b1c-0000-4000-8000-000000000002"
"""


class Line:
    """The command line on a company of three."""

    def __init__(self, running: Simulation, config: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.running, self.config, self.capture = running, config, capture

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        code = main(["--config", str(self.config), "--as", "Marieke", *arguments])
        said = self.capture.readouterr()
        return code, said.out, said.err

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json")[1])

    def add(self, text: str) -> None:
        self.config.write_text(self.config.read_text() + text)


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Line]:
    with simulation(generate_company(3, seed=7, shares={})) as running:
        config = tmp_path / "tweeluik.toml"
        config.write_text(running.configuration())
        yield Line(running, config, capsys)


ASKED = (
    ("sync",), ("plan",), ("validate",), ("people",), ("people", "list"),
    ("people", "release", "1"), ("history", "1"), ("drift",),
    ("drift", "acknowledge", "1", "f"), ("drift", "accept", "1", "f"), ("drift", "keep", "1", "f"), ("drift", "to-do"),
    ("drift", "hold-out", "1"), ("terminations",), ("forecast",), ("overwritten",), ("evidence", "--out", "e.zip"),
    ("doctor",), ("more-people", "ask", "--people", "3"),
    ("keys", "create", "--role", "auditor", "--expires", "2099-01-01"),
)  # fmt: skip


@pytest.mark.parametrize("command", ASKED, ids=" ".join)
def test_two_entities_to_choose_from_are_named_and_a_wrong_one_makes_nothing(
    command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], running_text: str
) -> None:
    config = tmp_path / "tweeluik.toml"
    config.write_text(running_text + BESIDE)

    chosen = main(["--config", str(config), *command])
    choice = capsys.readouterr().err
    wrong = main(["--config", str(config), *command, "--entity", "999"])
    refused = capsys.readouterr().err

    assert (chosen, wrong) == (2, 2)
    assert "170 (" in choice
    assert "171 (Roos Retail)" in choice
    assert "legal entity 999 is not enabled" in refused
    assert (choice.count("\n"), refused.count("\n")) == (1, 1)
    assert [one.name for one in tmp_path.iterdir()] == ["tweeluik.toml"]


@pytest.fixture(scope="module")
def running_text() -> Iterator[str]:
    with simulation(generate_company(1, seed=7, shares={})) as running:
        yield running.configuration()


def test_one_entity_needs_no_name_and_a_report_without_dates_is_this_month(line: Line) -> None:
    one = line.running.company.of(Situation.IN_BOTH)[0]
    line.run("sync")
    line.running.personio.edit(one.person_id, "city", "Breda")
    changed = line.json("plan", "--changes")
    line.run("sync")
    today = business_date(SystemClock().now())

    report = line.json("overwritten")

    assert [each["person_id"] for each in changed["people"]] == [one.person_id]
    assert sum(changed["counts"].values()) == 3
    assert [each["field"] for each in report["overwritten"]] == ["address.city"]
    assert (report["filter"]["from"], report["filter"]["to"][:7]) == (f"{today:%Y-%m}-01", f"{today:%Y-%m}")


def test_runs_are_listed_whole_and_found_by_how_their_ids_begin(line: Line) -> None:
    line.run("sync")
    line.run("sync")
    newest, oldest = (each["run_id"] for each in line.json("runs")["runs"])

    _, table, _ = line.run("runs")
    one = line.json("runs", newest[:-3])
    of_one = line.json("overwritten", "--run", oldest[:-2])
    several, _, said = line.run("runs", newest[:4])
    none, _, nothing = line.run("runs", "x")

    assert newest in table
    assert one["run_id"] == newest
    assert of_one["filter"]["run_id"] == oldest
    assert (several, none) == (2, 2)
    assert newest in said
    assert oldest in said
    assert said.count("\n") == 1
    assert nothing == "tweeluik: the log has no run x\n"


@pytest.mark.parametrize("text", ["2026-03-15", "15-03-2026", "2026-3-15", "15-3-2026"])
def test_a_day_is_taken_in_both_ways_of_writing_it(text: str) -> None:
    assert day(text) == date(2026, 3, 15)


@pytest.mark.parametrize("text", ["15/03/2026", "15-03-26", "03-2026", "2026-02-30", "31-04-2026", "13-13-2026", ""])
def test_a_day_that_may_be_read_in_two_ways_or_is_none_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"2026-03-15 or 15-03-2026|no such day"):
        day(text)


def test_a_month_and_a_period_are_whole() -> None:
    assert month("03-2026") == month("2026-03") == date(2026, 3, 1)
    assert period(None, None, date(2026, 2, 9)) == (date(2026, 2, 1), date(2026, 2, 28))
    assert period(date(2026, 3, 5), None, date(2026, 2, 9)) == (date(2026, 3, 5), date(2026, 3, 31))
    assert period(None, date(2026, 1, 9), date(2026, 2, 9)) == (date(2026, 1, 1), date(2026, 1, 9))
    with pytest.raises(typer.BadParameter, match="after the last"):
        period(date(2026, 3, 5), date(2026, 3, 4), date(2026, 2, 9))


def test_times_are_told_as_clocks_in_amsterdam_show_them() -> None:
    assert local_time("2026-11-28T23:30:00+00:00") == "2026-11-29 00:30"
    assert local_time("2026-06-28T22:30:00+00:00") == "2026-06-29 00:30"
    assert local_day("2026-06-28T22:30:00+00:00") == "2026-06-29"
    assert local_day("2026-06-28") == "2026-06-28"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[brakee]\nmost_clears = 1\n", "brakee is not a known key; did you mean brake?"),
        ("\n[serve]\nprot = 1\n", "serve.prot is not a known key; did you mean port?"),
        (BESIDE + 'compensation_start_dat = "2026-01-01"\n', "did you mean compensation_start_date?"),
        ("\n[qqqqqq]\n", "qqqqqq is not a known key"),
    ],
)
def test_a_misspelt_key_is_named_with_the_likely_one(text: str, said: str, tmp_path: Path, running_text: str) -> None:
    config = tmp_path / "tweeluik.toml"
    config.write_text(running_text + text)

    with pytest.raises(Misconfigured, match="is not a known key") as refused:
        load(config)

    assert said in str(refused.value)
