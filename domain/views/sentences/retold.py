"""Texts that were stored in English, told in another language: details of findings, and notices with theirs.

Only a text that is one of our own templates as a whole, with numbers and days in its places, is told anew; anything
else was said by a system or a person, and stays as they said it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from domain.personal import Personal
from domain.planning.details import DETAILS
from domain.planning.findings import NOTICE_TEXT
from domain.views.sentences.tongue import Tongue

_DAY: Final = r"(?P<day>\d{4}-\d{2}-\d{2})"
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_BETWEEN: Final = ", "
_NOTICE: Final = {f"{code}: {text}": (code, text) for code, text in NOTICE_TEXT.items()}

WORDS: Final = (*DETAILS, *NOTICE_TEXT.values())
"""To be translated."""


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(
        _PLACE.sub(lambda place: _DAY if place[1] == "day" else rf"(?P<{place[1]}>\d+)", re.escape(template))
    )


_PATTERNS: Final = tuple((template, _pattern(template)) for template in DETAILS)


def retold(text: str, t: Tongue) -> str:
    """A detail of a finding."""
    whole = _template(text, t)
    if whole is not None:
        return whole
    return _BETWEEN.join(_template(one, t) or one for one in text.split(_BETWEEN))


def notices(found: tuple[Personal, ...], t: Tongue) -> Iterator[Personal]:
    """Notices as they were stored, code first."""
    for one in found:
        yield notice(one, t) if type(one) is str else one


def notice(text: str, t: Tongue) -> str:
    """A notice; anything else as it is."""
    for said, (code, words) in _NOTICE.items():
        if text == said:
            return f"{code}: {t.say(words)}"
        if text.startswith(f"{said} (") and text.endswith(")"):
            return f"{code}: {t.say(words)} ({retold(text[len(said) + 2 : -1], t)})"
    return text


def _template(text: str, t: Tongue) -> str | None:
    for template, pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            return t.say(template, **{name: _part(name, said, t) for name, said in found.groupdict().items()})
    return None


def _part(name: str, said: str, t: Tongue) -> str:
    if name != "day":
        return said
    try:
        return t.day(date.fromisoformat(said))
    except ValueError:
        return said
