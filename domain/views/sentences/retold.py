"""Texts that were stored in English, told in another language: details of findings, and notices with theirs.

Only a text that is one of our own templates as a whole, with numbers and days in its places, is told anew; anything
else was said by a system or a person, and stays as they said it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from domain.personal import Personal
from domain.planning.details import DETAILS, MESSAGES
from domain.planning.eligibility import LEFT_OUT
from domain.planning.findings import NOTICE_TEXT
from domain.views.sentences.tongue import Tongue

_DAY: Final = r"(?P<day>\d{4}-\d{2}-\d{2})"
_WORD: Final = ("field", "path", "run", "plan", "now", "system", "method", "trace", "entity")
_PLACES: Final = {
    "day": _DAY, "said": r"(?P<said>.+)", "chain": r"(?P<chain>.+)", "code": r"(?P<code>[A-Z][A-Z_]+)",
    "who": r"(?P<who>.+)", "at": r"(?P<at>\S+ \S+)",
    **{name: rf"(?P<{name}>\S+?)" for name in _WORD},
}  # fmt: skip
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_BETWEEN: Final = ", "
_NOTICE: Final = {f"{code}: {text}": (code, text) for code, text in NOTICE_TEXT.items()}

CHAINS: Final = ("wages", "working hours")
PAYMENTS: Final = "payments of component {number}"

WORDS: Final = (*DETAILS, *MESSAGES, *NOTICE_TEXT.values(), *(one.hint for one in LEFT_OUT), *CHAINS, PAYMENTS)
"""To be translated."""


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(lambda place: _PLACES.get(place[1], rf"(?P<{place[1]}>\d+)"), re.escape(template)))


Patterns = tuple[tuple[str, re.Pattern[str]], ...]
Retelling = Callable[[str, Tongue], str]


def patterns(templates: Iterable[str]) -> Patterns:
    return tuple((one, _pattern(one)) for one in templates)


_PATTERNS: Final = patterns(DETAILS)
_PAYMENTS: Final = patterns((PAYMENTS,))


def retold(text: str, t: Tongue) -> str:
    """A detail of a finding."""
    whole = template(text, t, _PATTERNS)
    if whole is not None:
        return whole
    return _BETWEEN.join(template(one, t, _PATTERNS) or one for one in text.split(_BETWEEN))


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


def chain(name: str, t: Tongue) -> str:
    """What is rebuilt as one unit."""
    return t.say(name) if name in CHAINS else template(name, t, _PAYMENTS) or name


def _as_said(text: str, _: Tongue) -> str:
    return text


def template(text: str, t: Tongue, ours: Patterns, within: Retelling = _as_said) -> str | None:
    """The text in another language where it is one of these as a whole; `within` tells what others said in it."""
    for words, pattern in ours:
        found = pattern.fullmatch(text)
        if found:
            return t.say(words, **{name: _part(name, said, t, within) for name, said in found.groupdict().items()})
    return None


def _part(name: str, said: str, t: Tongue, within: Retelling) -> str:
    if name == "field":
        return t.label(said)
    if name == "chain":
        return chain(said, t)
    if name == "said":
        return within(said, t)
    if name != "day":
        return said
    try:
        return t.day(date.fromisoformat(said))
    except ValueError:
        return said
