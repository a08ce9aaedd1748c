"""What waits for somebody, in words: what, who acts, by when, and what happens if nobody does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from api.languages import day, moment, translations
from api.presenters.values import Json, instant
from domain.planning.business_date import local
from domain.views.handed import Line
from domain.views.handover import Sheet
from domain.views.matters import ABOUT, WHO, Matter, What

_AGREED_UNTIL: Final = "Somebody can agree until %(at)s."
_END: Final = "The end date in Loket is %(day)s."
_ENDS: Final = "The earliest end date in Loket is %(day)s."
_PLANNED: Final = "The next run is planned for %(at)s."
_NOT_PLANNED: Final = "No run is planned: payroll starts one."
_SINCE: Final = "Since %(day)s."
_NOT_BY: Final = "Somebody other than %(who)s."
_OTHERWISE: Final = "If nobody does:"
TEXTS: Final = (_OTHERWISE, _AGREED_UNTIL, _END, _ENDS, _PLANNED, _NOT_PLANNED, _SINCE, _NOT_BY)


def matters(sheet: Sheet, language: str, *, people: bool = True) -> list[Json]:
    """What blocks payroll most first; without `people` how many there are, and not who."""
    return [_matter(sheet, what, lines, language, people) for what, lines in sheet.matters.items()]


def _matter(sheet: Sheet, what: What, lines: Sequence[Line], language: str, people: bool) -> Json:
    said, about = translations(language), ABOUT[what]
    numbers = dict.fromkeys(int(one.number) for one in lines if one.number is not None) if people else ()
    since = min((one.since for one in lines if one.since), default=None)
    return {
        "matter": what.value,
        "section": about.section.value,
        "count": len(lines),
        "what": said.ngettext(about.one, about.many, len(lines)),
        "employee_numbers": list(numbers),
        "who": about.who.value,
        "who_in_words": said.gettext(WHO[about.who]),
        "not_by": sorted({one.asked for one in lines if one.asked}),
        "do": said.gettext(about.do),
        "otherwise": said.gettext(about.otherwise),
        "by_when": _by_when(sheet, what, lines, language),
        "since": instant(since) if since else None,
        "runs": sorted({one.at for one in lines if one.at}),
        "to_know": about.to_know,
    }


def _by_when(sheet: Sheet, what: What, lines: Sequence[Line], language: str) -> str | None:
    """The date that decides, as far as the log or the timetable has it; none is made up."""
    said = translations(language).gettext
    days = [one.until for one in lines if one.until]
    if what is Matter.ENDS_IN_LOKET and days:
        words = _END if len(lines) == 1 else _ENDS
        return said(words) % {"day": day(min(one for one in days if not isinstance(one, datetime)), language)}
    until = min((one for one in days if isinstance(one, datetime)), default=None)
    if until is not None:
        return said(_AGREED_UNTIL) % {"at": moment(until, language)}
    if not ABOUT[what].next_run:
        return None
    return said(_PLANNED) % {"at": moment(sheet.next_run, language)} if sheet.next_run else said(_NOT_PLANNED)


def told_of(matter: Json, language: str) -> str:
    """One paragraph for paper and terminals: what to do, since and until when, and what happens otherwise."""
    said = translations(language).gettext
    since = local(datetime.fromisoformat(matter["since"])).date() if matter["since"] else None
    parts = (
        matter["do"],
        *(said(_NOT_BY) % {"who": one} for one in matter["not_by"]),
        _since(since, language) if since else None,
        said(_OTHERWISE),
        matter["otherwise"],
        matter["by_when"],
    )
    return " ".join(one for one in parts if one)


def _since(since: date, language: str) -> str:
    return translations(language).gettext(_SINCE) % {"day": day(since, language)}
