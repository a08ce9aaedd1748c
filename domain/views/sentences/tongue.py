"""How a sentence is put together: one template a language, whose parts are filled in; sealed values are masked.

A template names its parts, as in "Personio shows {field} again.", so that another language may order them otherwise. It
is written here in English, and found in a catalogue by that. What a customer or a system wrote is never translated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from domain.alerts import Say, as_written
from domain.attributes import FIELD_NAMES, PAY_NAMES, name_of
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact
from domain.personal import MASK, Lost, Personal, Sealed
from domain.values import BLANK, Absence

NOT_TOLD: Final = "effective date not told by Personio"
_AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WORDS: Final = (NOT_TOLD, *dict.fromkeys(FIELD_NAMES.values()), *PAY_NAMES.values(), *(str(one) for one in Lost))
"""To be translated, beside the templates."""


def local_date(instant: datetime) -> date:
    """The day it was in Amsterdam."""
    return instant.astimezone(_AMSTERDAM).date()


def day(when: date) -> str:
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def label(field: str) -> str:
    """A field in English words."""
    return name_of(field, as_written)


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language: its templates and words by the English ones, and how it writes a day."""

    translate: Say = as_written
    day: Callable[[date], str] = day

    def say(self, words: str, /, **parts: object) -> str:
        """A template of ours with its parts; or a word, such as an outcome's, that has none."""
        if not words:
            return ""
        said = self.translate(words)
        return said.format(**parts) if parts else said

    def count(self, number: int, one: str, many: str, /, **parts: object) -> str:
        """A template for 1, and one for every other number, which it names as `count`."""
        return self.say(one, **parts) if number == 1 else self.say(many, count=number, **parts)

    def people(self, number: int) -> str:
        return self.count(number, "1 person", "{count} people")

    def label(self, field: str) -> str:
        """The field's name in this language."""
        return name_of(field, self.translate)

    def shown(self, value: Personal) -> str:
        """A personal value between quotes, masked while sealed, and the ways of having none in words."""
        if isinstance(value, Sealed):
            return MASK
        if isinstance(value, Absence):
            return self.say("blank") if value is BLANK else self.say("not observed")
        if isinstance(value, Lost):
            return f"({self.say(str(value))})"
        return f'"{value}"'


Sentence = Callable[[Any, Tongue], str]
"""Of one type of fact."""

ENGLISH: Final = Tongue()


def effective(fact: Fact, t: Tongue) -> str:
    if fact.effective_on is None:
        return t.say(NOT_TOLD)
    return t.say("effective on {day}", day=t.day(fact.effective_on))


def values(found: Iterable[FieldValue], t: Tongue) -> str:
    return ", ".join(f"{t.label(one.field)} {t.shown(one.value)}" for one in found) or t.say("nothing")


def changes(found: Iterable[FieldChange], t: Tongue) -> str:
    return ", ".join(_change(one, t) for one in found)


def _change(one: FieldChange, t: Tongue) -> str:
    told = {"field": t.label(one.field), "before": t.shown(one.before), "after": t.shown(one.after)}
    if isinstance(one.after, str) and one.before == one.after:  # taken over from the record before
        return t.say("{field} stays {after}", field=told["field"], after=told["after"])
    return t.say("{field} from {before} to {after}", **told)


def quoted(messages: Iterable[Personal], t: Tongue) -> str:
    """What a system or a person said, as they said it."""
    text = "; ".join(message if type(message) is str else t.shown(message) for message in messages)
    return f": {text}" if text else ""


def ended(text: str) -> str:
    return f"{text.rstrip('.')}."


def on(field: str | None, t: Tongue) -> str:
    return t.say(" on {field}", field=t.label(field)) if field else ""
