"""The one sentence that says who holds the sync, on every page, paper and table that begins with it."""

from __future__ import annotations

from typing import Final

from api.languages import number, translations
from domain.views.tasks import Held

_HR: Final = (
    "HR has to correct data of one person in Personio.",
    "HR has to correct data of %(people)s people in Personio.",
)
_SEVERAL: Final = (
    "One person has tasks that are blocking the sync.",
    "%(people)s people have tasks that are blocking the sync.",
)
_OF_ALL: Final = "Until then nothing is written to Loket for any of the %(all)s people who take part."
_OF_ANYONE: Final = "Until then nothing is written to Loket for anyone."
TEXTS: Final = (_HR, _SEVERAL, _OF_ALL, _OF_ANYONE)


def held_sentence(held: Held, language: str) -> str:
    """Who has to act, and for how many nothing is written meanwhile."""
    said = translations(language)
    who = said.ngettext(*(_HR if held.only_hr else _SEVERAL), held.people) % {"people": number(held.people, language)}
    then = _OF_ALL if held.taking_part > 1 else _OF_ANYONE
    return f"{who} {said.gettext(then) % {'all': number(held.taking_part, language)}}"
