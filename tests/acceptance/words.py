"""The words of the features and what they stand for: fields, dates, statuses, numbers."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Final

from domain.attributes import CATALOGUE, CONSIDER, EMPLOYEE_NUMBER, GROSS_WAGE, PAYMENT_BIC, WEEKLY_HOURS, Kind, Role
from domain.values import BLANK, FieldPath, Observed

NAME: Final = r"[A-Z]\w+"
NAMES: Final = rf"(?P<names>{NAME}(?:(?:, | and ){NAME})*)"
WHOSE: Final = rf"(?P<whose>{NAME}'s|[Hh]er|[Hh]is)"
LABEL: Final = r"(?P<label>[A-Za-z][A-Za-z -]*?)"
VALUE: Final = r'(?P<value>"[^"]*"|blank)'
DATE: Final = r"(?P<day>\d{1,2} [A-Z]\w+ \d{4})"

_BY_LABEL: Final = {row.label.casefold(): row for row in CATALOGUE}
ROLES: Final[dict[str, Role]] = {
    **{label: row.role for label, row in _BY_LABEL.items()},
    "employee number": EMPLOYEE_NUMBER,
    "consider in nl payroll": CONSIDER,
}
PATHS: Final[dict[str, FieldPath]] = {
    **{label: row.field for label, row in _BY_LABEL.items()},
    "name usage": FieldPath("personalDetails.howToFormatLastName"),
    "address note": FieldPath("address.location"),
    "wage": GROSS_WAGE,
    "weekly hours": WEEKLY_HOURS,
    "bic": PAYMENT_BIC,
}
ADDRESS_LABELS: Final = tuple(label for label, row in _BY_LABEL.items() if row.in_address)
_DATES: Final = {label for label, row in _BY_LABEL.items() if row.kind is Kind.DATE}
_GENDERS: Final = {"Male": "MALE", "Female": "FEMALE", "Diverse": "DIVERSE", "Undefined": "UNSPECIFIED"}
LOKET_GENDERS: Final = {"Man": "1", "Woman": "2"}
COUNTS: Final = {"no": 0, "one": 1, "two": 2}


def day(text: str) -> date:
    """ "15 March 2026" """
    return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007  a day has no zone


def role(label: str) -> Role:
    return ROLES[label.casefold()]


def path(label: str) -> FieldPath:
    return PATHS[label.casefold()]


def in_personio(label: str, text: str) -> Observed:
    """A value as it is entered in Personio; a day that does not exist stays as it was typed."""
    if text == "blank":
        return BLANK
    value = text.strip('"')
    if label.casefold() == "gender":
        return _GENDERS[value]
    return _iso(value) if label.casefold() in _DATES else value


def in_loket(label: str, text: str) -> Observed:
    """A value as Loket holds it."""
    if text == "blank":
        return BLANK
    value = text.strip('"')
    if label.casefold() == "gender":
        return LOKET_GENDERS[value]
    return _iso(value) if label.casefold() in _DATES else value


def _iso(text: str) -> str:
    try:
        return day(text).isoformat()
    except ValueError:
        return text


def names(text: str) -> list[str]:
    return re.split(r", | and ", text)


def outcome(text: str) -> str:
    """ "concept created" is concept_created in a result."""
    return text.replace(" ", "_")


def count(text: str) -> int:
    return COUNTS[text] if text in COUNTS else int(text)
