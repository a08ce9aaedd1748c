"""Which words of a Dutch text only English has: said by our catalogue, which has thousands of both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from babel.messages.pofile import read_po

from api.languages import LOCALE

_PLACE: Final = re.compile(r"\{\w*\}|%\(\w+\)s")
_OF_MACHINES: Final = re.compile(r"`[^`]*`|\"[^\"]*\"|\S*\d\S*|\S+[._/@\\=]\w\S*")
_WORD: Final = re.compile(r"[a-z]{3,}")


def english_in(text: str) -> set[str]:
    """Without what is quoted, codes, paths, names of files and numbers, which are in nobody's language."""
    return {one for one in _words(text) if one in _english_alone()}


def _words(text: str) -> Iterator[str]:
    yield from _WORD.findall(_OF_MACHINES.sub(" ", text).lower())


@cache
def _english_alone() -> frozenset[str]:
    english, dutch = set[str](), set[str]()
    with (LOCALE / "nl.po").open("rb") as file:
        for message in read_po(file, locale="nl"):
            for held, said in ((english, message.id), (dutch, message.string)):
                for text in (said,) if isinstance(said, str) else said:
                    held |= set(_words(_PLACE.sub(" ", text)))
    return frozenset(english - dutch)
