"""The handover sheet for paper: in the language of whoever reads it, ready for the compiler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from api.languages import day, moment, number, translations
from api.presenters.matters import told_of
from api.presenters.values import Json
from domain.log import Checkpoint
from domain.planning.business_date import local
from domain.rules import RULES
from domain.services.reports.up_to import up_to

TITLE: Final = "Handover sheet"
_HEADS: Final = ("Employee", "What", "Do this", "Since", "Who sees to it")
_AS_OF: Final = ("The tasks as of", "The notices as of the run of", "The differences as of the check of")
_NEVER: Final = "never"
_NAMES: Final = ("not shown", "shown, for a reason that is on record")
_STOPS: Final = ("held", "braked", "stopped")
_NOTHING: Final = "Nothing."
TEXTS: Final = (TITLE, *_HEADS, *_AS_OF, _NEVER, *_NAMES, _NOTHING, "Legal entity", "Made by", "Names")
"""Everything that the paper itself says, to be translated."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Who made a paper when, of which legal entity, from which log."""

    legal_entity: str
    made_by: str
    made_at: datetime
    log_size: int
    checkpoint: Checkpoint | None


def handover_paper(sheet: Json, imprint: Imprint) -> dict[str, Any]:
    """`sheet` as the API tells it, which says its language."""
    language = sheet["language"]
    said = translations(language).gettext
    look, run = sheet["last_look"], sheet["run"]
    seen = (look and look["at"], run and run["at"], sheet["compared_at"])
    named = any(line["name"] for section in sheet["sections"] for line in section["lines"])
    return {
        "language": language,
        "title": said(TITLE),
        "day": day(date.fromisoformat(sheet["business_date"]), language),
        "about": [
            (said("Legal entity"), f"{imprint.legal_entity} ({sheet['legal_entity']})"),
            *((said(what), _moment(at, language) or said(_NEVER)) for what, at in zip(_AS_OF, seen, strict=True)),
            (said("Names"), said(_NAMES[named])),
            (said("Made by"), f"{imprint.made_by}, {moment(imprint.made_at, language)}"),
        ],
        "heads": [said(one) for one in _HEADS],
        "says": sheet["says"],
        "in_order": [one["do"] for one in sheet["in_order"]],
        "stops": sheet["verdict"] in _STOPS,
        "nothing": said(_NOTHING),
        "sections": [
            {
                "title": each["title"],
                "count": len(each["lines"]),
                "matters": [_matter(one, each, said, language) for one in sheet["matters"] if _under(one, each)],
                "unseen": [one["text"] for one in each["unseen"]],
            }
            for each in sheet["sections"]
        ],
        "log": up_to(imprint.log_size, imprint.checkpoint, said, partial(number, language=language)),
        "checkpoint": imprint.checkpoint.text if imprint.checkpoint else None,
        "warning": None,
    }


def _under(matter: Json, section: Json) -> bool:
    return bool(matter["section"] == section["section"])


def _matter(matter: Json, section: Json, said: Callable[[str], str], language: str) -> Json:
    who, lines = str(matter["who_in_words"]), section["lines"]
    return {
        "who": who[:1].upper() + who[1:],
        "told": told_of(matter, language),
        "lines": [_cells(one, said, language) for one in lines if one["matter"] == matter["matter"]],
    }


def _cells(line: Json, said: Callable[[str], str], language: str) -> list[str | None]:
    who = line["employee_number"] or (f"{said('person in Personio')} {line['person_id']}" if line["person_id"] else "–")
    return [
        " ".join(str(each) for each in (who, line["name"]) if each),
        " · ".join(each for each in (line["what"], line["code"] if line["code"] in RULES else None) if each),
        line["text"],
        day(local(datetime.fromisoformat(line["since"])).date(), language) if line["since"] else None,
        line["by"],
    ]


def _moment(at: str | None, language: str) -> str | None:
    return moment(datetime.fromisoformat(at), language) if at else None
