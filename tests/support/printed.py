"""What stands on the pages of a PDF, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator

from pdfminer.layout import LTChar, LTContainer


def characters(node: object) -> Iterator[LTChar]:
    if isinstance(node, LTChar):
        yield node
    elif isinstance(node, LTContainer):
        for each in node:
            yield from characters(each)
