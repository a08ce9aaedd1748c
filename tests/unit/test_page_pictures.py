"""The pictures in the documents show the pages as they are."""

from __future__ import annotations

import json

import pytest

from tests.pages.pictures import LARGEST, MADE_FROM, PICTURES, SEEN, made_from, picture


@pytest.mark.parametrize("name", PICTURES)
def test_no_picture_is_older_than_its_page(name: str) -> None:
    assert json.loads(MADE_FROM.read_text(encoding="utf-8"))[name] == made_from(name), "make pages-pictures"


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(("language", "width"), SEEN)
def test_a_picture_is_there_and_small(name: str, language: str, width: int) -> None:
    assert 0 < picture(name, width, language).stat().st_size < LARGEST
