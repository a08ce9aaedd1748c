"""The page as one file: its own policy lets it run this script and this style sheet, and load or send nothing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

NAME: Final = "verify.html"
_HERE: Final = Path(__file__).parent


@cache
def verify_page() -> bytes:
    """The same bytes on every machine: people compare their SHA-256."""
    style, script = _part("page.css"), _part("check.js") + _part("screen.js")
    filled = {
        "{{script-hash}}": _allowed(script),
        "{{style-hash}}": _allowed(style),
        "{{style}}": style,
        "{{script}}": script,
    }
    page = _part("page.html")
    for place, content in filled.items():
        page = page.replace(place, content)
    return page.encode()


@cache
def sha256_of_page() -> str:
    return hashlib.sha256(verify_page()).hexdigest()


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _allowed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
