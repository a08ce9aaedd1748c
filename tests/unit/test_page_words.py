"""Both languages say all that the pages say."""

from __future__ import annotations

import re

import pytest

from api.pages import words
from tests.pages import catalogue

PLACES = re.compile(r"%\(\w+\)s|\{\w*\}")


def test_everything_is_translated_and_nothing_that_is_gone() -> None:
    said, held = catalogue.said(), catalogue.translated()

    wanted = {one.id for one in said if one.id}
    assert {one.id for one in held if one.id} == wanted, "python -m tests.pages.catalogue"
    assert [one.id for one in held if one.id and (not catalogue.translates(one) or one.fuzzy)] == []


def test_a_translation_has_the_places_of_what_it_translates() -> None:
    differ = [one.id for one in catalogue.translated() if one.id and places(one.id) != places(one.string)]

    assert differ == []


def places(text: object) -> set[str]:
    parts = text if isinstance(text, tuple | list) else (text,)
    return {place for part in parts for place in PLACES.findall(part)}


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"), ("en-GB,en;q=0.9", "en"), ("de-DE,en;q=0.5,nl;q=0.4", "en"),
        ("fr", "nl"), ("", "nl"), ("x;q=much, *", "nl"),
    ],
)  # fmt: skip
def test_a_browser_is_answered_in_its_language_or_in_dutch(accepts: str, language: str) -> None:
    assert words.preferred(accepts) == language
