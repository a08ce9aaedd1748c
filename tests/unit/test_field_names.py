"""No page, paper or alert shows a path of Loket where we know what it is: every path that can be named has a name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from api.languages import translations
from domain.attributes import CATALOGUE, PAYMENT_BIC, WAGE_FIELDS, WEEKLY_HOURS, name_of
from domain.planning.addresses import ADDRESS, ADDRESS_EXTRAS
from domain.planning.pay.targets import WAGE_EXTRAS, benefit_end, benefit_field, value_field
from domain.planning.together import IDENTITY_DOCUMENT, TOGETHER
from domain.planning.writes import EMPLOYEE_NUMBER_FIELD
from domain.values import FieldPath

_ROOT: Final = Path(__file__).parent.parent.parent
_PATH: Final = re.compile(r'\bFieldPath\(\s*"([^"]+)"')


def _spelled_out() -> set[str]:
    """Every path that a rule names itself, as the field of a finding is."""
    modules = (_ROOT / "domain").rglob("*.py")
    return {path for one in modules for path in _PATH.findall(one.read_text(encoding="utf-8"))}


PATHS: Final = sorted(
    {
        *(path for row in CATALOGUE for path in (row.field, row.concept) if path),
        *(path for pair in TOGETHER for path in (pair.leads, pair.follows)),
        *WAGE_FIELDS, *WAGE_EXTRAS, *ADDRESS_EXTRAS,
        ADDRESS, IDENTITY_DOCUMENT, PAYMENT_BIC, WEEKLY_HOURS, EMPLOYEE_NUMBER_FIELD,
        benefit_field(284), benefit_end(284), value_field(380),
        *map(FieldPath, _spelled_out()),
    }
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("path", PATHS)
def test_every_path_that_can_be_named_has_a_name(path: FieldPath, language: str) -> None:
    name = name_of(path, translations(language).gettext)

    assert path not in name


def test_a_component_of_pay_is_named_by_its_number_in_either_language() -> None:
    english, dutch = (name_of("payrollperioddata.380", translations(one).gettext) for one in ("en", "nl"))

    assert (english, dutch) == ("One-time pay, component 380", "Eenmalige looncomponent 380")


def test_pages_name_fields_by_their_path_and_so_in_the_language_of_the_reader() -> None:
    templates = (_ROOT / "api" / "pages" / "templates").glob("*.html")

    assert [one.name for one in templates if re.search(r"\b\w+\.label\b", one.read_text(encoding="utf-8"))] == []
