"""Facts as sentences a payroll administrator can read, in the words of the glossary; sealed values are masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from domain.attributes import name_of
from domain.events import loket, personio
from domain.log import Fact
from domain.views.sentences import (
    endings,
    of_custody,
    of_drift,
    of_grounds,
    of_loket,
    of_personio,
    of_runs,
    retold,
    tongue,
)
from domain.views.sentences.of_loket import overwritten
from domain.views.sentences.tongue import (
    ENGLISH,
    NOT_TOLD,
    Sentence,
    Tongue,
    day,
    effective,
    label,
    local_date,
    values,
)

__all__ = [
    "ENGLISH",
    "NOT_TOLD",
    "WORDS",
    "Tongue",
    "day",
    "has_sentence",
    "label",
    "local_date",
    "name_of",
    "sentence",
]

_DATED: Final = (
    personio.AttributesObserved,
    personio.AttributeChanged,
    loket.LoketFieldsObserved,
    loket.FieldOverwritten,
)
_SENTENCES: Final[Mapping[type[Fact], Sentence]] = {
    **of_personio.SENTENCES,
    **of_loket.SENTENCES,
    **of_runs.SENTENCES,
    **of_drift.SENTENCES,
    **of_custody.SENTENCES,
    **of_grounds.SENTENCES,
}
WORDS: Final = (
    *tongue.WORDS,
    *of_personio.WORDS,
    *of_loket.WORDS,
    *of_runs.WORDS,
    *of_drift.WORDS,
    *of_custody.WORDS,
    *of_grounds.WORDS,
    *retold.WORDS,
    *endings.WORDS,
)
"""What is to be translated and stands in no call of `say`."""


def sentence(fact: Fact, *, on: date, first_seen: date | None = None, t: Tongue = ENGLISH) -> str:
    """The fact in one sentence; `on` is the day it was recorded, `first_seen` when Personio first showed its value."""
    if isinstance(fact, personio.AttributesObserved):
        return t.say(
            "First seen in Personio on {day}, {effective}: {values}.",
            day=t.day(on), effective=effective(fact, t), values=values(fact.values, t),
        )  # fmt: skip
    if isinstance(fact, personio.AttributeChanged):
        return t.say(
            "{field} in Personio went from {before} to {after}, first seen on {day}, {effective}.",
            field=t.label(fact.field), before=t.shown(fact.before), after=t.shown(fact.after),
            day=t.day(on), effective=effective(fact, t),
        )  # fmt: skip
    if isinstance(fact, loket.LoketFieldsObserved):
        return t.say("First read from Loket on {day}: {values}.", day=t.day(on), values=values(fact.values, t))
    if isinstance(fact, loket.FieldOverwritten):
        return overwritten(fact, first_seen, t)
    tell = _SENTENCES.get(type(fact))
    return tell(fact, t) if tell else t.say("Something was recorded that only a later version can tell.")


def has_sentence(fact: type[Fact]) -> bool:
    """Whether facts of this type are told in words of their own."""
    return fact in _SENTENCES or fact in _DATED
