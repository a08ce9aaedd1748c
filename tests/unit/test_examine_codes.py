"""What an examination says of codes: words of Personio without a key, keys that Loket has not or calls otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

from domain.attributes import CONSIDER, COUNTRY, GENDER, Role
from domain.examination import Check, Code, CustomAttribute, Look, Verdict
from domain.services.setup.examine_codes import check_codes
from tests.support.people import mapping_only

MAPPED: Final = mapping_only("gender", "country")
IDS: Final = {GENDER: "g", COUNTRY: "c", CONSIDER: "y"}
MAN, WOMAN = Code("1", "Man"), Code("2", "Vrouw")
NL, BE = Code("1", "Nederland", "NL"), Code("2", "België", "BE")


def told(
    options: Mapping[Role, Sequence[str]],
    listed: Mapping[str, tuple[Code, ...]] | None = None,
    countries: Mapping[str, int] | None = None,
) -> list[tuple[str, Verdict, str]]:
    attributes = {IDS[role]: CustomAttribute(IDS[role], str(role), tuple(words)) for role, words in options.items()}
    checks: list[Check] = list(
        check_codes(Look(attributes=attributes), Look(codes=listed), IDS, MAPPED, countries or {})
    )
    assert all(bool(one.do) is (one.verdict is Verdict.FAULT) for one in checks)
    return [(one.name, one.verdict, one.told) for one in checks]


@pytest.mark.parametrize(
    ("options", "verdict", "said"),
    [
        (("Yes", "No"), Verdict.OK, "Yes is: Yes"),
        ((" YES ",), Verdict.OK, "Yes is:  YES "),
        (("yes\u200b",), Verdict.OK, "Yes is: yes\u200b"),
        (("Oui", "Non"), Verdict.FAULT, "none of its options means Yes: Oui, Non"),
    ],
)
def test_one_of_the_options_of_consider_has_to_mean_yes(options: tuple[str, ...], verdict: Verdict, said: str) -> None:
    assert told({CONSIDER: options}) == [("options of Consider in NL payroll", verdict, said)]


@pytest.mark.parametrize(
    ("options", "offered", "verdict", "said"),
    [
        ((), (MAN, WOMAN), Verdict.OK, "MALE is Man, FEMALE is Vrouw"),
        (("MALE", "FEMALE"), (MAN, WOMAN), Verdict.OK, "MALE is Man, FEMALE is Vrouw"),
        (("MALE\u00a0", "FEMALE"), (MAN, WOMAN), Verdict.OK, "MALE is Man, FEMALE is Vrouw"),
        (("MALE", "DIVERSE"), (MAN, WOMAN), Verdict.FAULT, "no key for: DIVERSE"),
        (("DIVERSE",), (), Verdict.FAULT, "no key for: DIVERSE"),
        ((), (MAN,), Verdict.FAULT, "FEMALE is 2, which Loket does not have; Loket has: 1 Man"),
        (
            (),
            (Code("5", "Man"), WOMAN),
            Verdict.FAULT,
            "MALE is 1, which Loket does not have; Loket has: 5 Man, 2 Vrouw",
        ),
        (
            ("DIVERSE",),
            (Code("1", "Vrouw"), Code("2", "Man")),
            Verdict.FAULT,
            "MALE is 1, which Loket calls Vrouw; FEMALE is 2, which Loket calls Man; Loket has: 1 Vrouw, 2 Man",
        ),
        ((), (Code("1", "X"), Code("2", "Y")), Verdict.OK, "MALE is X, FEMALE is Y"),  # nobody knows these words
    ],
)
def test_a_coded_attribute_has_a_key_for_each_word_and_the_right_one(
    options: tuple[str, ...], offered: tuple[Code, ...], verdict: Verdict, said: str
) -> None:
    assert told({GENDER: options}, {"gender": offered}) == [("codes of gender", verdict, said)]


def test_what_neither_side_lists_is_not_checked() -> None:
    assert told({}) == told({}, {"gender": ()}) == told({GENDER: ("MALE",)}) == []


@pytest.mark.parametrize(
    ("options", "offered", "configured", "said"),
    [
        (("NL", "be"), (NL, BE), {}, [("options of country", Verdict.OK, "Loket knows all 2")]),
        (("NL", "DE"), (NL, BE), {}, [("options of country", Verdict.FAULT, "Loket has no country for: DE")]),
        (("NL", "DE"), (NL,), {"DE": 1}, [("options of country", Verdict.OK, "Loket knows all 2")]),
        ((), (NL,), {"DE": 7}, [("codes of country", Verdict.FAULT, "Loket has no such country: DE is 7")]),
        (("NL",), (), {"NL": 1}, [("options of country", Verdict.OK, "Loket knows all 1")]),
        (("NL",), (), {}, []),  # nothing is known of either
        ((), (NL,), {}, []),
    ],
)
def test_every_country_of_personio_s_list_has_a_key_that_loket_has(
    options: tuple[str, ...],
    offered: tuple[Code, ...],
    configured: Mapping[str, int],
    said: list[tuple[str, Verdict, str]],
) -> None:
    assert told({COUNTRY: options}, {"country": offered}, configured) == said
    assert told({COUNTRY: options}, None, configured) == (told({COUNTRY: options}, {}, configured))


def test_of_a_long_list_ten_words_are_told_and_the_rest_counted() -> None:
    ten = [f"word {place}" for place in range(10)]

    assert told({CONSIDER: ten})[0][2] == f"none of its options means Yes: {', '.join(ten)}"
    assert told({CONSIDER: [*ten, "a", "b"]})[0][2] == f"none of its options means Yes: {', '.join(ten)} and 2 more"


def test_countries_that_the_customer_does_not_map_are_not_checked() -> None:
    look = Look(attributes={"c": CustomAttribute("c", "Country", ("DE",))})

    assert list(check_codes(look, Look(codes={"country": (NL,)}), IDS, mapping_only("city"), {"DE": 7})) == []
