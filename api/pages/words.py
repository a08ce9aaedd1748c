"""The languages of the pages, and the words they call things by. English is in the code, Dutch in `locale/nl.po`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import negotiate_locale
from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

DUTCH: Final = "nl"
ENGLISH: Final = "en"
LANGUAGES: Final = (DUTCH, ENGLISH)
NAMES: Final = {DUTCH: "Nederlands", ENGLISH: "English"}
LOCALE: Final = Path(__file__).with_name("locale")
_REGION: Final = {DUTCH: "nl_NL", ENGLISH: "en_GB"}
_ZONE: Final = ZoneInfo("Europe/Amsterdam")


def N_(word: str) -> str:  # noqa: N802  gettext's own name for a word that is translated where it is shown
    return word


OUTCOMES: Final[Mapping[str, str]] = {
    "updated": N_("written"),
    "unchanged": N_("unchanged"),
    "concept_created": N_("concept employee created"),
    "concept_updated": N_("concept employee written"),
    "left_out": N_("left out"),
    "blocked": N_("held"),
    "failed": N_("not written"),
    "unknown": N_("outcome unknown"),
}
STATUSES: Final[Mapping[str, str]] = {
    "in_progress": N_("in progress"),
    "completed": N_("completed"),
    "completed_with_errors": N_("completed with errors"),
    "blocked": N_("blocked"),
    "refused": N_("refused"),
    "cut_off": N_("cut off"),
}
TONES: Final[Mapping[str, str]] = {
    "in_progress": "note",
    "completed": "good",
    "completed_with_errors": "wait",
    "blocked": "stop",
    "refused": "stop",
    "cut_off": "wait",
}
ROLES: Final[Mapping[str, str]] = {
    "auditor": N_("auditor"),
    "payroll_admin": N_("payroll administrator"),
    "operator": N_("operator"),
    "privacy_officer": N_("privacy officer"),
    "hr": N_("HR"),
}
LINKS: Final[Mapping[str, str]] = {
    "final": N_("employee in Loket"),
    "concept": N_("concept employee"),
    "terminated": N_("ended in Loket"),
    "unlinked": N_("not in Loket"),
    "not_visible": N_("no longer visible in Loket"),
}
ACTS: Final[Mapping[str, str]] = {
    "hr": N_("HR, in Personio"),
    "payroll": N_("payroll"),
    "operator": N_("the operator of the connection"),
}
LOOKS: Final[Mapping[str, str]] = {
    "run": N_("the run"),
    "drift_check": N_("the drift check"),
    "validation": N_("the validation"),
}
ENDS: Final[Mapping[str, str]] = {
    "no_longer_found": N_("done"),
    "person_left_out": N_("left out"),
    "person_gone": N_("gone from this legal entity"),
}


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, made when it is first needed."""
    if language == ENGLISH:
        return NullTranslations()
    with (LOCALE / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def preferred(accept_language: str) -> str:
    """The language of somebody who has not said which; Dutch where we speak none of theirs."""
    asked = []
    for part in accept_language[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            asked.append((-float(weight or 1), tag.replace("-", "_")))
        except ValueError:
            continue
    tags = [tag for _, tag in sorted(asked, key=lambda one: one[0]) if tag]
    return negotiate_locale(tags, LANGUAGES) or DUTCH


@lru_cache(maxsize=4096)
def day(when: date, language: str) -> str:
    """18 March 2026, 18 maart 2026."""
    return format_date(when, "d MMMM y", _REGION[language])


@lru_cache(maxsize=4096)
def moment(when: datetime, language: str) -> str:
    """18 March 2026 09:00, in Amsterdam."""
    return format_datetime(when, "d MMMM y HH:mm", _ZONE, _REGION[language])


@lru_cache(maxsize=4096)
def clock(when: datetime, language: str) -> str:
    """09:00, in Amsterdam."""
    return format_time(when, "HH:mm", _ZONE, _REGION[language])


def number(value: int, language: str) -> str:
    """1,204 and 1.204."""
    return format_decimal(value, locale=_REGION[language])
