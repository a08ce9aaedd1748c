"""What waits for somebody, in words: what, who acts, by when, and what happens if nobody does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from api.languages import day, moment, tongue, translations
from api.presenters.values import Json, instant
from domain.planning.business_date import local
from domain.planning.findings import WRONG, FindingCode, NoticeCode
from domain.views.handed import Line
from domain.views.handover import Sheet
from domain.views.matters import ABOUT, OF_ACTS, SUBJECTS, WHO, Matter, What
from domain.views.sentences import name_of
from domain.views.sentences.retold import retold

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_AGREED_UNTIL: Final = "Somebody can agree until %(at)s."
_END: Final = "The end date in Loket is %(day)s."
_ENDS: Final = "The earliest end date in Loket is %(day)s."
_PLANNED: Final = "The next run is planned for %(at)s."
_NOT_PLANNED: Final = "No run is planned: payroll starts one, on the page Plan."
_WITH_THE_NEXT: Final = "What is held back until then goes with the first run after it."
_HR_FIRST: Final = "No run of everybody goes through before HR has resolved its tasks."
_TASKS_FIRST: Final = "No run of everybody goes through before the tasks are resolved."
_SINCE: Final = "Since %(day)s."
_NOT_BY: Final = "Somebody other than %(who)s."
_OTHERWISE: Final = "If nobody does:"
TEXTS: Final = (
    _OTHERWISE, _AGREED_UNTIL, _END, _ENDS, _PLANNED, _NOT_PLANNED, _SINCE, _NOT_BY, _WITH_THE_NEXT, _HR_FIRST,
    _TASKS_FIRST,
)  # fmt: skip


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
        "details": list(_details(lines, language, people)),
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


def _details(lines: Sequence[Line], language: str, people: bool) -> Iterator[Json]:
    """Which field or component, and what is wrong with it, of how many and whom; the most frequent first."""
    found: dict[str, list[Line]] = {}
    for one in lines:
        if is_particular(one) if people else _is_of_no_one(one):
            found.setdefault(what_of(one, language), []).append(one)
    for words, told in sorted(found.items(), key=lambda each: -len(each[1])):
        numbers = dict.fromkeys(int(one.number) for one in told if one.number is not None) if people else ()
        yield {"what": words, "count": len(told), "employee_numbers": list(numbers)}


def is_particular(one: Line) -> bool:
    """Whether a line says more of what it is about than its kind does."""
    return _is_of_no_one(one) or bool(one.detail and not _DAY.fullmatch(one.detail))


def _is_of_no_one(one: Line) -> bool:
    """Whether what it says is ours, of a field or of a finding, and quotes nothing of anybody."""
    return bool(one.field) or _wrong(one) is not None


def _wrong(one: Line) -> str | None:
    """What is wrong by its finding; a notice may have a finding's code."""
    finding = one.code in WRONG and not isinstance(one.what, NoticeCode)
    return WRONG[FindingCode(one.code)] if finding else None


def what_of(one: Line, language: str) -> str:
    """Fields and components by their names, and what is wrong; else what it is about, with the day if there is one."""
    said = translations(language).gettext
    if (words := _wrong(one)) is not None:
        wrong = said(words)
        return f"{name_of(one.field, said)}: {wrong}" if one.field else f"{wrong[:1].upper()}{wrong[1:]}"
    if one.field:
        return name_of(one.field, said)
    if is_particular(one):
        return ", ".join(_named(part, language) for part in one.detail.split(", "))
    about = said(SUBJECTS[one.about.section])
    return f"{about}, {day(date.fromisoformat(one.detail), language)}" if one.detail else about


def _named(part: str, language: str) -> str:
    """A field by its name, a detail of ours in words; what a customer named stays as it is."""
    name = name_of(part, translations(language).gettext)
    return retold(part, tongue(language)) if name == part else name


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
    if sheet.held and what not in OF_ACTS.values():
        first = said(_HR_FIRST if sheet.held.only_hr else _TASKS_FIRST)
        return f"{said(_WITH_THE_NEXT)} {first}" if what is Matter.CONCEPT else first
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
