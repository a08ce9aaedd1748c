"""What another system says of numbers and times is within bounds, or as if it had not been said."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from adapters import bounded

NOON: Final = datetime(2026, 3, 15, 12, tzinfo=UTC)
PARSES: Final = {"float", "fromisoformat", "fromtimestamp", "parsedate_to_datetime", "strptime"}
READS_OTHERS: Final = [
    *Path("adapters").glob("*.py"), *Path("adapters/personio").glob("*.py"), *Path("adapters/loket").glob("*.py"),
    Path("adapters/access/tokens.py"), Path("adapters/access/code_flow.py"),
]  # fmt: skip


@pytest.mark.parametrize(
    "told",
    [
        None, True, "", "soon", "nan", "inf", "-inf", "-1", "101", "1e400", 10**400, 10**5000, -1, 1e308,
        Decimal("1E99"), "9" * 65, "0" * 100, [], {}, [1], b"1", "1_0", "٣",
    ],
    ids=lambda told: type(told).__name__,
)  # fmt: skip
def test_a_number_without_measure_is_none(told: Any) -> None:
    assert bounded.number(told, 0, 100) is None


@pytest.mark.parametrize("told", [7, 7.0, "7", " 7 ", "7.0", "7e0", Decimal("7.00")])
def test_a_number_is_read_however_it_is_written(told: Any) -> None:
    assert bounded.number(told, 7, 7) == 7.0


@pytest.mark.parametrize(
    "told", [None, True, "", "3_000", "٣٠٠٠", "3.000,00", "1e3", "nan", "Infinity", ".5", "5.", "9" * 41, [3], {}]
)
def test_what_only_python_reads_as_a_number_is_none(told: Any) -> None:
    with pytest.raises(ValueError, match="number"):
        bounded.decimal(told)
    with pytest.raises(ValueError, match="number"):
        bounded.whole(told)


@pytest.mark.parametrize("told", [3000, 3e3, "3000", " 3000.00 ", "+3000", Decimal("3E+3")])
def test_an_amount_is_read_however_it_is_written(told: Any) -> None:
    assert (bounded.decimal(told), bounded.whole(told)) == (3000, 3000)


@pytest.mark.parametrize(
    ("told", "whole"),
    [(12, 12), (Decimal("12.0"), 12), (Decimal("12.5"), None), (Decimal("NaN"), None), ("12", None), (True, None)],
)
def test_a_whole_number_may_be_written_as_a_fraction_and_is_no_text(told: Any, whole: int | None) -> None:
    assert bounded.integral(told) == whole


def test_half_a_number_is_not_whole() -> None:
    with pytest.raises(ValueError, match="number"):
        bounded.whole("2026.5")


@pytest.mark.parametrize("told", [None, 20260201, "", "20260201", "2026-W05-1", "2026-02-30", "٢٠٢٦-٠٢-٠١", {}])
def test_what_only_python_reads_as_a_day_is_none(told: Any) -> None:
    with pytest.raises(ValueError, match="day"):
        bounded.day(told)


@pytest.mark.parametrize(
    "told",
    [
        "", "soon", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 99999999999999999999 Jan 2020 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +9999999999", "Wed, 31 Dec 9999 23:59:59 -2359",
        "Mon, 01 Jan 2020 00:00:00 " + "(" * 9000, "1," * 5000, "Mon, 01 Jan 2020 99:00:00 GMT",
    ],
)  # fmt: skip
def test_a_date_of_a_header_that_cannot_be_reckoned_with_is_none(told: str) -> None:
    assert bounded.http_date(told) is None


@pytest.mark.parametrize(
    "told", [None, 5, [], "", "noon", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00"]
)
def test_an_instant_that_cannot_be_reckoned_with_is_none(told: Any) -> None:
    assert bounded.instant(told) is None


@pytest.mark.parametrize("told", [None, -1, 10**400, 1e300, float("nan"), "x", 32_503_680_001])
def test_a_moment_that_cannot_be_reckoned_with_is_none(told: Any) -> None:
    assert bounded.moment(told) is None


def test_times_are_in_utc_and_a_day_is_as_written() -> None:
    assert bounded.http_date("Sun, 15 Mar 2026 13:00:00 +0100") == NOON
    assert bounded.instant("2026-03-15T13:00:00+01:00") == bounded.instant("2026-03-15T12:00:00") == NOON
    assert bounded.moment(NOON.timestamp()) == NOON
    assert bounded.day("2026-03-15T23:30:00-11:00") == date(2026, 3, 15)


def test_nothing_else_parses_what_another_system_says_of_numbers_and_times() -> None:
    """Each of these raises more than ValueError for something that a server can send."""
    found = {
        f"{path}:{node.lineno}"
        for path in READS_OTHERS
        if path.name != "bounded.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and PARSES & {getattr(node.func, "id", ""), getattr(node.func, "attr", "")}
        if not all(isinstance(argument, ast.Constant) for argument in node.args)
    }

    assert found == set()
