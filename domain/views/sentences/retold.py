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
from domain.planning.details import DETAILS, MESSAGES
from domain.planning.findings import DO, NOTICE_TEXT
from domain.views.sentences.tongue import Tongue

_DAY: Final = r"(?P<day>\d{4}-\d{2}-\d{2})"
_PLACES: Final = {"day": _DAY, "said": r"(?P<said>.+)", "field": r"(?P<field>\S+)"}
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_BETWEEN: Final = ", "
_NOTICE: Final = {f"{code}: {text}": (code, text) for code, text in NOTICE_TEXT.items()}

WORDS: Final = (*DETAILS, *MESSAGES, *NOTICE_TEXT.values())
"""To be translated."""


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(lambda place: _PLACES.get(place[1], rf"(?P<{place[1]}>\d+)"), re.escape(template)))


_PATTERNS: Final = tuple((template, _pattern(template)) for template in DETAILS)
_MESSAGES: Final = tuple((template, _pattern(template)) for template in MESSAGES)
_FINDING: Final = re.compile(r"(?P<code>[A-Z0-9_]+)(?: (?P<field>[^ :()]+))?(?: \((?P<detail>.*)\))?: (?P<do>.+)")


def retold(text: str, t: Tongue) -> str:
    """A detail of a finding."""
    whole = _template(text, t, _PATTERNS)
    if whole is not None:
        return whole
    return _BETWEEN.join(_template(one, t, _PATTERNS) or one for one in text.split(_BETWEEN))


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


def messages(said: tuple[Personal, ...], t: Tongue) -> Iterator[Personal]:
    """What a run said of one person, as it was stored: findings and notices, code first, and how writes went."""
    for one in said:
        yield (_template(one, t, _MESSAGES) or _finding(one, t) or notice(one, t)) if type(one) is str else one


def _finding(text: str, t: Tongue) -> str | None:
    found = _FINDING.fullmatch(text)
    if found is None or found["do"] not in DO.values():
        return None
    where = f" {found['field']}" if found["field"] else ""
    detail = f" ({retold(found['detail'], t)})" if found["detail"] else ""
    return f"{found['code']}{where}{detail}: {t.say(found['do'])}"


def _template(text: str, t: Tongue, patterns: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    for template, pattern in patterns:
        found = pattern.fullmatch(text)
        if found:
            return t.say(template, **{name: _part(name, said, t) for name, said in found.groupdict().items()})
    return None


def _part(name: str, said: str, t: Tongue) -> str:
    if name == "field":
        return t.label(said)
    if name != "day":
        return said
    try:
        return t.day(date.fromisoformat(said))
    except ValueError:
        return said
