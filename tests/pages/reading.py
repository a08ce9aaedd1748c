"""What is to be read on a page: its texts, and those that only somebody hears who is read to."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

_EMPTY: Final = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect", "line", "use"})
_SAID: Final = ("title", "aria-label", "placeholder", "data-label", "alt")
_OF_MACHINES: Final = frozenset({"code", "pre", "option", "script", "style"})


@dataclass
class _Reader(HTMLParser):
    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _open: list[tuple[str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _EMPTY:
            self._open.append((tag, tag in _OF_MACHINES or ("lang" in given and tag != "html")))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        for name in _SAID:
            self._read(given.get(name, ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._read(data)

    def _read(self, text: str) -> None:
        if text.strip() and not any(apart for _, apart in self._open):
            self.texts.append(" ".join(text.split()))


def texts(page: str) -> list[str]:
    """In order; without what is for machines, and without parts that say themselves which language they are in."""
    return _read(page).texts


def links(page: str) -> list[str]:
    """Where it leads, in order."""
    return _read(page).links


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader
