"""Texts that were stored in English, told in another language: details of findings, and notices with theirs.

Only a text that is one of our own templates as a whole, with numbers and days in its places, is told anew; anything
else was said by a system or a person, and stays as they said it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from typing import Final

from domain.events.loket import WriteKind
from domain.personal import Personal
from domain.planning.details import DETAILS, MESSAGES
from domain.planning.eligibility import LEFT_OUT
from domain.planning.findings import NOTICE_TEXT
from domain.views.sentences.reasons import NOT_STOPPED
from domain.views.sentences.things import THINGS
from domain.views.sentences.tongue import Tongue

_DAY: Final = r"(?P<day>\d{4}-\d{2}-\d{2})"
_WORD: Final = (
    "field", "path", "run", "plan", "now", "system", "method", "trace", "entity", "view", "table", "kind", "clock",
    "outcome", "expected", "since", "then",
)  # fmt: skip
_REST: Final = ("said", "chain", "who", "names", "recorded", "derived", "fields", "stop", "other")
_PLACES: Final = {
    "day": _DAY, "code": r"(?P<code>[A-Z][A-Z_]+)", "at": r"(?P<at>\S+ \S+(?: \(Amsterdam\))?)",
    "reason": r"(?P<reason>\S*)", "instead": r"(?P<instead>\S*)",
    **{name: rf"(?P<{name}>.+)" for name in _REST},
    **{name: rf"(?P<{name}>\S+?)" for name in _WORD},
}  # fmt: skip
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")
_BETWEEN: Final = ", "
_TOGETHER: Final = "; "
_NEXT_CODE: Final = re.compile(r", (?=[A-Z][A-Z0-9]*_[A-Z0-9_]+(?: |,|$))")
NO_DAY: Final = "no day"
NONE: Final = "none"
AND: Final = " and "
KINDS: Final = frozenset(map(str, WriteKind))
_NOTICE: Final = {f"{code}: {text}": (code, text) for code, text in NOTICE_TEXT.items()}

CHAINS: Final = ("wages", "working hours")
PAYMENTS: Final = "payments of component {number}"

WORDS: Final = (*DETAILS, *MESSAGES, *NOTICE_TEXT.values(), *(one.hint for one in LEFT_OUT), *CHAINS, PAYMENTS,
               NO_DAY, NONE, AND, NOT_STOPPED)  # fmt: skip
"""To be translated."""


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(lambda place: _PLACES.get(place[1], rf"(?P<{place[1]}>\d+)"), re.escape(template)))


Retelling = Callable[[str, Tongue], str]


def retold(text: str, t: Tongue) -> str:
    """A detail of a finding, or all details of a task."""
    return _TOGETHER.join(_retold(one, t) for one in text.split(_TOGETHER))


def _retold(text: str, t: Tongue) -> str:
    whole = template(text, t, DETAILS)
    if whole is not None:
        return whole
    return _BETWEEN.join(template(one, t, DETAILS) or one for one in text.split(_BETWEEN))


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
    return t.say(name) if name in CHAINS else template(name, t, [PAYMENTS]) or name


def _as_said(text: str, _: Tongue) -> str:
    return text


def template(text: str, t: Tongue, ours: Iterable[str], within: Retelling = _as_said) -> str | None:
    """The text in another language where it is one of these as a whole; `within` tells what others said in it."""
    for words in ours:
        found = _pattern(words).fullmatch(text)
        if found:
            return t.say(words, **{name: _part(name, said, t, within) for name, said in found.groupdict().items()})
    return None


def _part(name: str, said: str, t: Tongue, within: Retelling) -> str:
    return within(said, t) if name == "said" else _TOLD.get(name, _as_said)(said, t)


def _day(text: str, t: Tongue) -> str:
    try:
        return t.day(date.fromisoformat(text))
    except ValueError:
        return t.say(NO_DAY) if text == str(None) else text


def _listed(text: str, t: Tongue) -> str:
    """Findings and notices, each with its field or detail; details hold commas of their own."""
    parts = (one.partition(" ") for one in _NEXT_CODE.split(text))
    return _BETWEEN.join(t.say(code) if code == NONE else " ".join((code, *_about(of, t))) for code, _, of in parts)


def _about(of: str, t: Tongue) -> Iterator[str]:
    if of:
        label = t.label(of)
        yield retold(of, t) if label == of else label


_TOLD: Final[dict[str, Retelling]] = {
    "field": lambda said, t: t.label(said),
    "fields": lambda said, t: _BETWEEN.join(map(t.label, said.split(_BETWEEN))),
    "chain": chain,
    "day": _day,
    "since": _day,
    "then": _day,
    "recorded": _listed,
    "derived": _listed,
    "outcome": lambda said, t: t.say(said.replace("_", " ")),
    "expected": lambda said, t: t.say(said.replace("_", " ")),
    "kind": lambda said, t: t.say(THINGS[WriteKind(said)]) if said in KINDS else said,
    "names": lambda said, t: t.say(AND).join(said.split(AND)),
    "stop": lambda said, t: t.say(said) if said == NOT_STOPPED else said,
    "other": lambda said, t: t.say(said) if said == NOT_STOPPED else said,
}
"""How each part is told; a part that is not here is in nobody's language."""
