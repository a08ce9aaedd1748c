"""Values pasted from elsewhere carry characters that nobody sees: they are trimmed at the ends and named inside."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attributes import Kind
from domain.planning.comparison import same, tidy, written
from domain.planning.kinds import TREATMENTS, Beside
from domain.values import BLANK, NOT_OBSERVED, employee_number, read_text, trimmed, unseen_after

UNSEEN = [
    "\u200b",
    "\u200d",
    "\u200e",
    "\u202a",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\x00",
    "\x1b",
    "\x9b",
    "\u2028",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\U000e0100",
    "\U000e0041",
    "\u034f",
    "\u180b",
]


@pytest.mark.parametrize("mark", UNSEEN)
def test_a_mark_at_the_ends_is_no_part_of_the_value(mark: str) -> None:
    pasted = f"{mark} Utrecht{mark}{mark}\u00a0"

    assert written(Kind.TEXT, pasted) == "Utrecht"
    assert same(Kind.TEXT, pasted, "Utrecht")
    assert unseen_after(pasted) is None
    assert employee_number(f"{mark}4711{mark}") == 4711


@pytest.mark.parametrize("mark", UNSEEN)
def test_a_value_of_nothing_else_is_blank(mark: str) -> None:
    assert tidy(f" {mark} {mark}") is BLANK
    assert read_text(f"{mark}{mark}") is BLANK


def test_half_a_character_cannot_be_put_on_record_and_is_no_blank_either() -> None:
    assert read_text("Jos\ud83d") is NOT_OBSERVED


@pytest.mark.parametrize("accents", ["\u0301", "\u200b\u0301\u20dd", " \u0308 \u0308"])
def test_accents_without_a_letter_are_nothing(accents: str) -> None:
    assert tidy(accents) is BLANK
    assert written(Kind.TEXT, f"{accents}Utrecht\u0301") == unicodedata.normalize("NFC", "Utrecht\u0301")


@pytest.mark.parametrize("mark", UNSEEN)
def test_a_mark_inside_is_found_where_it_stands(mark: str) -> None:
    assert unseen_after(f"  Utr{mark}echt") == 3
    assert employee_number(f"47{mark}11") is None


@given(st.text())
def test_what_is_left_begins_and_ends_with_something_seen(text: str) -> None:
    left = trimmed(text)

    assert left in text
    assert trimmed(left) == left
    for end in (left[:1], left[-1:]):
        assert not end or not (end.isspace() or unicodedata.category(end) in ("Cc", "Cf", "Zl", "Zp"))


@given(st.text(alphabet=st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="\u115f\u1160\u3164\uffa0")))
def test_everyday_text_is_trimmed_as_ever(text: str) -> None:
    assert trimmed(text) == text.strip()
    assert unseen_after(text) is None


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2003", "\u3000"])
def test_a_space_that_only_looks_like_one_is_an_ordinary_space(space: str) -> None:
    """Nobody could find it in Loket: a search for the name on the screen would not."""
    assert written(Kind.TEXT, f"Den{space}Haag") == "Den Haag"
    assert same(Kind.TEXT, f"Den{space}Haag", "Den Haag")
    assert written(Kind.POSTCODE, f"1012{space}ab") == "1012 AB"
    assert TREATMENTS[Kind.POSTCODE].fault(f"1012{space}AB", Beside(True, (), ())) is None
    assert employee_number(f"47{space}11") is None
