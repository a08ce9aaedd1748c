"""One Dutch word for one thing: what the glossary says is not said is said on no page, paper, alert or handbook."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).parents[2]
_ROW: Final = re.compile(r"^\| [^|]+ \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_CODE: Final = re.compile(
    r"```.*?```|`[^`]*`|\{\w*\}|%\(\w+\)s|[\w-]+\.(?:txt|json|py|ndjson|md|png)|RUN-\d+|sync --[\w-]+", re.DOTALL
)
"""Commands, parts that are filled in, ids of rules and names of files are in nobody's language."""


def unsaid() -> dict[str, str]:
    """What is not said, by what is."""
    table = (ROOT / "docs" / "glossary.md").read_text().partition("## In Dutch")[2]
    rows = [found for found in _ROW.findall(table) if found[0].strip("-") and found[0] != "in Dutch"]
    return {wrong: said for said, words in rows for wrong in words.split(", ")}


def texts() -> Iterator[tuple[str, str]]:
    with (ROOT / "api" / "pages" / "locale" / "nl.po").open("rb") as file:
        for message in read_po(file, locale="nl"):
            if message.id:
                said = (message.string,) if isinstance(message.string, str) else message.string
                yield from ((f"nl.po: {message.id!r:.80}", each) for each in said)
    for path in sorted((ROOT / "docs" / "nl").glob("*.md")):
        yield path.name, path.read_text()
    script = (ROOT / "adapters" / "log" / "verify_page" / "screen.js").read_text()
    dutch = script.partition("const DUTCH = {")[2].partition("\n};")[0]
    yield from (("verify.html", each) for each in re.findall(r'": *\n? *"([^"]+)"', dutch))


def test_nothing_is_said_that_the_glossary_says_is_not_said() -> None:
    words = {wrong: re.compile(rf"\b{re.escape(wrong)}(?:en|s|je)?\b", re.IGNORECASE) for wrong in unsaid()}
    told = [(where, _CODE.sub(" ", text)) for where, text in texts()]

    wrong = [f"{where}: {word}" for where, text in told for word, found in words.items() if found.search(text)]

    assert (wrong, len(words) > 20, len(told) > 1_000) == ([], True, True)
