"""What the pages say, taken from their code and templates, beside what `locale/nl.po` has of it.

`python -m tests.pages.catalogue` adds what is new to the catalogue, to be translated, and drops what is gone.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from adapters.reports.evidence import README
from adapters.reports.overwritten import TEXTS as PAPER
from adapters.reports.summary import TEXTS as SUMMARY
from api.cli.commands.alerts import TEST
from api.languages import LOCALE
from api.pages import words
from api.presenters.handover_paper import TEXTS as PRINTED
from api.presenters.held import TEXTS as HELD
from api.presenters.matters import TEXTS as BY_WHEN
from api.presenters.pay_mutations import TEXTS as PAY
from api.presenters.what_if import TEXTS as WHAT_IF
from api.tasks import alert_wording
from domain import alerts
from domain.article import TEXTS as ARTICLE
from domain.attributes import CATALOGUE
from domain.planning.findings import DO, WRONG
from domain.rules import RULES
from domain.services.alerts import deliver
from domain.services.replay.derive import TEXTS as DERIVED
from domain.services.reports.up_to import TEXTS as UP_TO
from domain.views import sentences
from domain.views.handed import TEXTS as HANDED
from domain.views.handover import TEXTS as SHEET
from domain.views.matters import TEXTS as MATTERS

PAGES: Final = Path(words.__file__).parent
SENTENCES: Final = Path(sentences.__file__).parent
DUTCH: Final = LOCALE / "nl.po"
_NEVER: Final = datetime(2026, 1, 1, tzinfo=UTC)
_METHODS: Final = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS: Final = {"templates/**.html": {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}}
_KEYWORDS: Final = {"N_": None, "_": None, "gettext": None, "ngettext": (1, 2), "NN_": (1, 2)}


def said() -> Catalog:
    """Everything that is to be translated, in the order of its files."""
    found = Catalog()
    for file, line, message, _, _ in extract_from_dir(PAGES, _METHODS, _OPTIONS, _KEYWORDS):
        found.add(message, locations=[(file, line)])
    for file, line, message, _, _ in extract_from_dir(SENTENCES, _METHODS[:1], {}, {"say": None}):
        found.add(message, locations=[(file, line)])
    for file, line, pair, _, _ in extract_from_dir(SENTENCES, _METHODS[:1], {}, {"count": (2, 3)}):
        for message in pair:
            found.add(message, locations=[(file, line)])
    fields = (str(row.label) for row in CATALOGUE)
    pages = (name for name, _ in (*alert_wording.PAGES.values(), alert_wording.A_RUN))
    for text in (
        *DO.values(),
        *WRONG.values(),
        *sentences.WORDS,
        *(rule.statement for rule in RULES.values()),
        *fields,
        *alerts.WORDS,
        *deliver.WORDS,
        *pages,
        *TEST,
        *HANDED,
        *SHEET,
        *MATTERS,
        *BY_WHEN,
        *PRINTED,
        *HELD,
        *PAY,
        *PAPER,
        *SUMMARY,
        *DERIVED,
        *UP_TO,
        README,
        *ARTICLE,
        *WHAT_IF,
    ):  # said elsewhere
        found.add(text)
    return found


def translated() -> Catalog:
    with DUTCH.open("rb") as file:
        return read_po(file, locale="nl")


def main() -> None:
    held = translated()
    held.update(said(), no_fuzzy_matching=True)
    held.obsolete.clear()
    held.creation_date = _NEVER  # a day of its own would make two changes conflict
    with DUTCH.open("wb") as file:
        write_po(file, held, no_location=True, omit_header=False, sort_output=True, width=110)
    print(f"{sum(1 for one in held if one.id and not translates(one))} to translate in {DUTCH}")


def translates(message: object) -> bool:
    text = getattr(message, "string")  # noqa: B009
    return all(text) if isinstance(text, tuple | list) else bool(text)


if __name__ == "__main__":
    main()
