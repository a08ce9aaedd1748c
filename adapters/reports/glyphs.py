"""Which characters a document could not show, because no font of this machine draws them: a box would stand there."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

import typst
from fontTools.ttLib import TTCollection, TTFont

_ALWAYS: Final = (
    range(0x20, 0x250),
    range(0x386, 0x3CF),
    range(0x400, 0x460),
    range(0x1E00, 0x1EFA),
    range(0x2010, 0x2027),
    range(0x20AC, 0x20AD),
)
"""Latin, Greek, Cyrillic and common signs: in the fonts that come with the compiler."""

_DRAWN_AS_NOTHING: Final = ("Cc", "Cf", "Zl", "Zp")


def without_glyph(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters of these texts that no font here can draw, each once, in the order of their codes."""
    asked = {ord(each) for text in texts for each in text}
    asked = {code for code in asked if not any(code in known for known in _ALWAYS)}
    asked = {code for code in asked if unicodedata.category(chr(code)) not in _DRAWN_AS_NOTHING}
    return tuple(map(chr, sorted(asked - _drawable()))) if asked else ()


@cache
def _drawable() -> frozenset[int]:
    """Every code of every font file that the compiler finds on this machine."""
    found: set[int] = set()
    for path in {str(font.path) for font in typst.Fonts().fonts() if font.path}:
        fonts = (
            TTCollection(path, lazy=True).fonts
            if path.lower().endswith((".ttc", ".otc"))
            else [TTFont(path, lazy=True)]
        )
        for font in fonts:
            found.update(font.getBestCmap() or ())
            font.close()
    return frozenset(found)
