"""What a text states: everything in it but ids, digests and times, which may hold any few digits by chance."""

from __future__ import annotations

import re
from typing import Final

_BY_CHANCE: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # a UUID
    r"|\d{8}-\d{6}-[0-9a-f]{6}"  # a run
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"  # an instant
    r"|(?<![0-9A-Za-z])[0-9a-f]{16,}(?![0-9A-Za-z])",  # a digest or a correlation id
)


def stated(text: str) -> str:
    """Look in this for short values that must not be said; longer ones and words are looked for in the text itself."""
    return _BY_CHANCE.sub("…", text)
