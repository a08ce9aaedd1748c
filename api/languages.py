"""The languages we speak: their one catalogue, their days, times and numbers.

English is in the code, Dutch in `pages/locale/nl.po`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache, partial
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from domain.planning.business_date import which
from domain.views.sentences import ENGLISH as SPOKEN
from domain.views.sentences import Tongue

DUTCH: Final = "nl"
ENGLISH: Final = "en"
LANGUAGES: Final = (DUTCH, ENGLISH)
_REGION: Final = {DUTCH: "nl_NL", ENGLISH: "en_GB"}
_ZONE: Final = ZoneInfo("Europe/Amsterdam")
LOCALE: Final = Path(__file__).parent / "pages" / "locale"


class _Catalogue(GNUTranslations):
    """A word that has a plural is found as a word by itself too, as Python 3.12 finds it."""

    def gettext(self, message: str) -> str:
        found = super().gettext(message)
        return self.ngettext(message, message, 1) if found == message else found


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
    return _Catalogue(compiled)


@cache
def tongue(language: str) -> Tongue:
    """What the log's sentences are told in."""
    return SPOKEN if language == ENGLISH else Tongue(translations(language).gettext, partial(_day_in, language))


def _day_in(language: str, when: date) -> str:
    return day(when, language)


@lru_cache(maxsize=4096)
def day(when: date, language: str) -> str:
    """18 March 2026, 18 maart 2026."""
    return format_date(when, "d MMMM y", _REGION[language])


@lru_cache(maxsize=4096)
def moment(when: datetime, language: str) -> str:
    """18 March 2026 09:00, in Amsterdam."""
    return format_datetime(when, "d MMMM y HH:mm", _ZONE, _REGION[language]) + which(when)


@lru_cache(maxsize=4096)
def clock(when: datetime, language: str) -> str:
    """09:00, in Amsterdam."""
    return format_time(when, "HH:mm", _ZONE, _REGION[language]) + which(when)


@lru_cache(maxsize=4096)
def number(value: int, language: str) -> str:
    """1,204 and 1.204."""
    return format_decimal(value, locale=_REGION[language])


def amount(value: Decimal, language: str) -> str:
    """1,204.50 and 1.204,50; with more decimals where the value has more."""
    return format_decimal(value, "#,##0.00######", locale=_REGION[language])
