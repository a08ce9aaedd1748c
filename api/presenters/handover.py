"""The handover sheet as JSON, in the language of whoever reads it; without names unless they may be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from api.languages import translations
from api.presenters.held import held_sentence, in_order, verdict_sentence
from api.presenters.matters import matters, what_of
from api.presenters.tasks import look
from api.presenters.values import Json, instant
from domain.views.handed import Line
from domain.views.handover import UNSEEN, Sheet
from domain.views.matters import TITLES

NOBODY: Final[Mapping[int, str]] = {}
Translate = Callable[[str], str]


def handover(sheet: Sheet, language: str, *, names: Mapping[int, str] = NOBODY) -> Json:
    """Every heading, also those with nothing under them, and why one may lack something: what is held comes first."""
    said, run = cache(translations(language).gettext), sheet.run  # of a hundred lines most say the same
    return {
        "legal_entity": sheet.legal_entity,
        "business_date": sheet.day.isoformat(),
        "language": language,
        "run": None
        if run is None
        else {"run_id": run.run_id, "at": instant(run.started_at), "status": run.status.value},
        "last_look": look(sheet.look),
        "compared_at": instant(sheet.compared_at) if sheet.compared_at else None,
        "held": None
        if sheet.held is None
        else {
            "people": sheet.held.people,
            "taking_part": sheet.held.taking_part,
            "text": held_sentence(sheet.held, language),
        },
        "verdict": sheet.verdict.value,
        "says": verdict_sentence(sheet, language),
        "in_order": in_order(sheet, language),
        "next_run": instant(sheet.next_run) if sheet.next_run else None,
        "matters": matters(sheet, language),
        "lines": len(sheet.lines),
        "sections": [
            {
                "section": section.value,
                "title": said(TITLES[section]),
                "lines": [_line(one, said, names, language) for one in found],
                "unseen": [{"reason": one.value, "text": said(UNSEEN[one])} for one in sheet.unseen[section]],
            }
            for section, found in sheet.under.items()
        ],
    }


def _line(one: Line, said: Translate, names: Mapping[int, str], language: str) -> Json:
    return {
        "matter": one.what.value,
        "employee_number": one.number,
        "person_id": one.person,
        "name": names.get(one.number) if one.number is not None else None,
        "code": one.code,
        "field": one.field,
        "what": what_of(one, language),
        "text": said(one.text),
        "since": instant(one.since) if one.since else None,
        "by": one.by,
        "not_by": one.asked,
        "run": one.at,
    }
