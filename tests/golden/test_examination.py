"""A consultant reads an examination line by line: its pages change on purpose only."""

from __future__ import annotations

from tests.golden.examination import FILE, collected


def test_every_page_of_an_examination_is_on_record() -> None:
    """If a page reads as it should: python -m tests.golden.examination"""
    assert collected() == FILE.read_text(encoding="utf-8")
