"""The one sentence that says how a legal entity stands, on every page, paper and table that begins with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.languages import moment, number, translations
from api.presenters.values import Json
from domain.views.handover import Sheet, Verdict
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
_SAYS: Final[Mapping[Verdict, str]] = {
    Verdict.BRAKED: (
        "The brake stopped a plan: a second person has to agree to it. Until then nothing of it is written to Loket."
    ),
    Verdict.STOPPED: "The last run wrote nothing to Loket. This waits for somebody:",
    Verdict.WAITS: "The sync is not held. This waits for somebody:",
    Verdict.NEVER: ("No run or check has looked at these people yet. A first run or check says what there is to do."),
    Verdict.UNSEEN: "Nothing is known that has to be done, but not everything was looked at.",
    Verdict.CALM: "Nothing to do.",
}
_BY_HR: Final = "HR corrects it in Personio."
_BY_ALL: Final = "Everybody who has a task resolves it."
_CHECK: Final = "HR or payroll checks again, on the page Tasks: what is resolved goes away there at once."
_START: Final = "Payroll starts the run, on the page Plan."
_OR_PLANNED: Final = "Payroll starts the run, on the page Plan; if not, the planned one begins at %(at)s."
TEXTS: Final = (
    _HR, _SEVERAL, _OF_ALL, _OF_ANYONE, *_SAYS.values(), _BY_HR, _BY_ALL, _CHECK, _START, _OR_PLANNED,
)  # fmt: skip


def verdict_sentence(sheet: Sheet, language: str) -> str:
    if sheet.held:
        return held_sentence(sheet.held, language)
    return translations(language).gettext(_SAYS[sheet.verdict])


def in_order(sheet: Sheet, language: str) -> list[Json]:
    """What is to be done one after the other, and on which page, before a sync that is held by tasks goes on."""
    if not sheet.held:
        return []
    said = translations(language).gettext
    start = said(_START)
    if sheet.next_run:
        start = said(_OR_PLANNED) % {"at": moment(sheet.next_run, language)}
    return [
        {"do": said(_BY_HR if sheet.held.only_hr else _BY_ALL), "page": "tasks"},
        {"do": said(_CHECK), "page": "tasks"},
        {"do": start, "page": "plan"},
    ]


def held_sentence(held: Held, language: str) -> str:
    """Who has to act, and for how many nothing is written meanwhile."""
    said = translations(language)
    who = said.ngettext(*(_HR if held.only_hr else _SEVERAL), held.people) % {"people": number(held.people, language)}
    then = _OF_ALL if held.taking_part > 1 else _OF_ANYONE
    return f"{who} {said.gettext(then) % {'all': number(held.taking_part, language)}}"
