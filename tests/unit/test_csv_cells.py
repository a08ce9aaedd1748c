"""No cell of a CSV file begins a formula in any spreadsheet program, and what is harmless stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.reports.csv_file import harmless

SIGNS = "=+-@＝＋－＠"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "+31612345678", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1",
        "＝1+1", "＋31", "－1", "＠SUM(1)", "\u200b=1", "\ufeff=1", "\u2028=1", "\x85=1", "\ttext", "\nplain",
    ],
)  # fmt: skip
def test_what_could_begin_a_formula_gets_an_apostrophe_in_front(text: str) -> None:
    made = harmless(text)

    assert made.startswith("'")
    assert made.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["", "Main St", "a=b", "12.50", "-12.50", "jan@example.org", "'t Hooft", "line\nline"])
def test_what_cannot_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("text", ["ok\n=1", "ok\r\n＋1", "ok\u2028@x", "ok\n \u200b-x"])
def test_a_line_inside_a_cell_cannot_begin_a_formula_either(text: str) -> None:
    made = harmless(text)

    assert made != text
    assert made.replace("'", "") == text


@given(st.text(alphabet=SIGNS + " \t\r\n\x0b\x85\u2028\u200b\ufeffa1'", max_size=12))
def test_whatever_is_mixed_no_line_begins_with_a_sign_after_what_cannot_be_seen(text: str) -> None:
    made = harmless(text)

    plain_number = made == text and text[:1] == "-" and text[1:].isdigit()
    seen = [line.strip(" \t\r\n\x0b\x85\u2028\u200b\ufeff") for line in made.splitlines()]
    assert plain_number or not any(line.startswith(tuple(SIGNS)) for line in seen)
    assert made.replace("'", "") == text.replace("'", "")
