"""Which of the media types on offer a caller accepts most (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

_NAME: Final = r"[a-z0-9!#$%&'*+.^_`|~-]+"
_RANGE: Final = re.compile(rf"({_NAME}/{_NAME})\s*((?:;.*)?)")
_WEIGHT: Final = re.compile(r";\s*q\s*=(.*?)(?:;|$)")
_NUMBER: Final = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def accepted(header: str, offered: Sequence[str]) -> str | None:
    """The one that the caller likes most, among equals the one offered first; None when none will do.

    No header accepts everything. Of parameters only the weight counts; what is no media range counts as not there.
    """
    if not header.strip():
        return offered[0]
    ranges = _ranges(header)
    best = max(offered, key=lambda media: _weight(media, ranges))
    return best if _weight(best, ranges) > 0 else None


def _ranges(header: str) -> dict[str, float]:
    found = {}
    for one in header.lower().split(","):
        if matched := _RANGE.fullmatch(one.strip()):
            said = _WEIGHT.search(matched[2])
            weight = said[1].strip() if said else "1"
            if _NUMBER.fullmatch(weight):
                found[matched[1]] = float(weight)
    return found


def _weight(media: str, ranges: Mapping[str, float]) -> float:
    """That of the most specific range the type falls under, whatever their order."""
    essence = media.split(";")[0]
    under = (essence, f"{essence.split('/')[0]}/*", "*/*")
    return next((ranges[one] for one in under if one in ranges), 0.0)
