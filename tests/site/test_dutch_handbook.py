"""What the Dutch handbook quotes from the screen is on the screen: every bold text is one of the product's own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).parents[2]
HANDBOOK: Final = sorted((ROOT / "docs" / "nl").glob("*.md"))
VERIFY_PAGE: Final = ROOT / "adapters" / "log" / "verify_page" / "screen.js"
_QUOTED: Final = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_PART: Final = re.compile(r"%\(\w+\)s|\{\w*\}")
_OF_THE_PAGE: Final = re.compile(r'"[^"\n]+":\s*"([^"\n]+)"')


def quoted(document: Path) -> list[str]:
    """Its bold texts, each on one line; three dots stand for what differs from time to time."""
    text = _FENCED.sub("", document.read_text(encoding="utf-8"))
    return [" ".join(one.split()) for one in _QUOTED.findall(text)]


@cache
def said() -> frozenset[str]:
    """Everything that the pages and verify.html say in Dutch, with three dots where a name, number or date stands."""
    with (ROOT / "api/pages/locale/nl.po").open("rb") as file:
        strings = [one.string for one in read_po(file, locale="nl") if one.id]
    texts = [text for one in strings for text in ((one,) if isinstance(one, str) else one)]
    texts += _OF_THE_PAGE.findall(VERIFY_PAGE.read_text(encoding="utf-8"))
    return frozenset(" ".join(_PART.sub("…", text).split()) for text in texts)


@pytest.mark.parametrize("document", HANDBOOK, ids=lambda path: path.stem)
def test_every_text_that_the_handbook_quotes_is_on_the_screen(document: Path) -> None:
    texts = quoted(document)

    assert len(texts) > 20
    assert [one for one in texts if one not in said()] == []


def test_a_text_that_is_not_on_the_screen_is_told(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("Kies **Nu\ncontroleren** of **Nu contrôleren**.\n")

    assert [one for one in quoted(document) if one not in said()] == ["Nu contrôleren"]


def test_the_handbook_speaks_the_words_of_the_pages() -> None:
    text = "\n".join(one.read_text(encoding="utf-8").lower() for one in HANDBOOK)

    assert [
        word for word in ("concept-werknemer", "conceptwerknemer", "drift", "finding", "bevinding") if word in text
    ] == []


def test_the_commands_for_auditors_are_those_of_the_english_edition_which_our_tests_run() -> None:
    block = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    dutch, english = (
        block.findall((ROOT / "docs" / name).read_text(encoding="utf-8"))
        for name in ("nl/controleren.md", "auditing.md")
    )

    assert dutch == english
    assert [one.stem for one in HANDBOOK if block.search(one.read_text(encoding="utf-8"))] == ["controleren"]
