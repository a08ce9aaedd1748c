"""`tweeluik what-if` and `doctor --what-if`: what else might have been decided, as table, JSON and files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.cli.main import main
from tests.support.planned import Office, office


@pytest.fixture
def small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    with office(tmp_path, f"sqlite:///{tmp_path}/log.db", "compensation_start_date = 2026-01-01\n", local="") as one:
        first = one.running.company.colleagues[0]
        one.running.personio.edit(first.person_id, "street", "Central Ave")
        assert main(["--config", str(one.config), "sync", "--entity", "170"]) == 0
        capsys.readouterr()
        yield one


def asked(small: Office, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    ended = main(["--config", str(small.config), *arguments])
    told = capsys.readouterr()
    return ended, told.out, told.err


def without_street(small: Office) -> Path:
    """Another configuration, which does not map the street."""
    lines = small.config.read_text().splitlines(keepends=True)
    other = small.config.with_name("without-street.toml")
    other.write_text("".join(line for line in lines if not line.startswith("street ")))
    return other


def test_another_file_says_per_person_what_would_have_become_of_them(
    small: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    other = without_street(small)
    arguments = ("--entity", "170", "--from", "2026-01-01", "--under", str(other))

    ended, told, _ = asked(small, capsys, "what-if", *arguments, "--json")

    (look,) = json.loads(told)["looks"]
    (person,) = look["people"]
    (write,) = [one for one in person["then"]["writes"] if one["field"] == "address.street"]
    assert (ended, look["then"]["writing"] - look["other"]["writing"]) == (0, 1)
    assert (person["other"]["outcome"], write["after"]) == ("unchanged", "•••")


@pytest.mark.parametrize("kind", ["table", "csv", "xlsx", "pdf"])
def test_the_same_stands_in_every_kind_of_file(small: Office, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    out = small.config.with_name(f"what-if.{kind}")
    where = () if kind == "table" else ("--out", str(out))

    ended, told, _ = asked(
        small,
        capsys,
        "what-if",
        "--entity",
        "170",
        "--from",
        "2026-01-01",
        "--under",
        str(without_street(small)),
        *where,
    )

    number = str(small.running.company.colleagues[0].employee_number)
    assert ended == 0
    if kind == "csv":
        told = out.read_text()
        (_, _, line) = csv.reader(io.StringIO(told))
        assert line[3] == number
    if kind in ("table", "csv"):
        assert number in told
        assert "Central Ave" not in told
    else:
        assert out.read_bytes()[:2] in (b"PK", b"%P")


@pytest.mark.parametrize("days", [("0001-01-01", "9999-12-31"), ("2026-01-01", "9999-12-31")])
def test_the_ends_of_time_are_days_like_any_other(
    small: Office, capsys: pytest.CaptureFixture[str], days: tuple[str, str]
) -> None:
    since, until = days

    ended, told, _ = asked(
        small, capsys, "what-if", "--entity", "170", "--from", since, "--to", until, "--set", "rules.bic_required=true",
        "--json",
    )  # fmt: skip

    assert (ended, len(json.loads(told)["looks"])) == (0, 1)


def test_a_file_is_tried_before_anybody_switches_to_it(small: Office, capsys: pytest.CaptureFixture[str]) -> None:
    ended, told, _ = asked(small, capsys, "doctor", "--entity", "170", "--what-if", str(without_street(small)))

    assert ended == 0
    assert "something else would have become of 1 person in 1 look" in told


def test_what_was_known_late_tells_runs_and_periods(small: Office, capsys: pytest.CaptureFixture[str]) -> None:
    first = small.running.company.colleagues[0]
    small.running.personio.edit(first.person_id, "city", "Arnhem")
    asked(small, capsys, "sync", "--entity", "170")

    ended, told, _ = asked(
        small, capsys, "what-if", "--entity", "170", "--known", str(first.employee_number), "--from", "2026-01-01",
        "--field", "address.city", "--json",
    )  # fmt: skip

    data: dict[str, Any] = json.loads(told)
    assert (ended, data["runs"], data["periods"]) == (0, 2, [])
    assert [(one["field"], one["after"]) for one in data["missed"]] == [("address.city", "•••")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2026-01-01"), "give other settings"),
        (("--from", "2026-01-01", "--set", "rules.nothing=1"), "write section.setting=value"),
        (("--from", "2026-01-01", "--set", "rules.bic_required=maybe"), "rules.bic_required=maybe"),
        (("--from", "2099-01-01", "--set", "rules.bic_required=true"), "can be derived again"),
        (("--run", "none", "--set", "rules.bic_required=true"), "no run, check or validation none"),
        (("--known", "4711"), "--known goes with --from"),
        (("--known", "4711", "--from", "2026-01-01", "--field", "street"), "judged nobody"),
        (("--run", "x", "--from", "2026-01-01", "--set", "rules.bic_required=true"), "--run goes without"),
    ],
)
def test_a_question_that_makes_no_sense_is_told_in_one_line(
    small: Office, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    ended, told, error = asked(small, capsys, "what-if", "--entity", "170", *arguments)

    assert (ended, told) == (2, "")
    assert said in error
    assert "Traceback" not in error
