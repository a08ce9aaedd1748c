"""Invented colleagues: everyone has every supported attribute, and no two share a number, BSN, birthday or account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from stdnum import iban as stdnum_iban
from stdnum.nl import bsn as stdnum_bsn

from domain.attributes import CATALOGUE, CONSIDER, EMPLOYEE_NUMBER, ENTRY_DATE, GENDER, INCOME_NUMBER, Role
from domain.settings import LegalEntity
from domain.values import BLANK, Observed, PersonId
from tests.support.kinds import typed

START: Final = date(2024, 1, 1)
_LAST_NAMES: Final = ("Jansen", "Bakker", "Visser", "Smit", "Meijer", "Mol", "Dekker", "Kok", "Vos", "Peters")
_FIRST_NUMBER: Final = 4711


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone in the world; `values` follow every edit in Personio."""

    name: str
    number: int
    entity: LegalEntity
    start: date
    values: dict[Role, Observed]
    person: PersonId | None = None  # None: unknown in Personio
    old_person: PersonId | None = None  # the profile before a rehire


def colleague(name: str, index: int, *, entity: LegalEntity, number: int | None = None) -> Colleague:
    """The index-th colleague; the same index is the same person."""
    number = number or _FIRST_NUMBER + index
    mail = name.casefold()
    own: dict[str, Observed] = {
        "first_name": name,
        "last_name": _LAST_NAMES[index % len(_LAST_NAMES)],
        "initials": f"{name[0]}.",
        "name_prefix": "de",
        "date_of_birth": (date(1985, 5, 1) + timedelta(days=index)).isoformat(),
        "place_of_birth": "Delft",
        "street": "Main St",
        "house_number": "12",
        "house_number_addition": BLANK,
        "postal_code": "3511 AB",
        "city": "Utrecht",
        "country": "NL",
        "personal_email": f"{mail}@example.net",
        "email": f"{mail}@work.example",
        "phone": "030 555 0199",
        "mobile_phone": "06 55501990",
        "bsn": _bsn(index),
        "iban": _iban(index),
    }
    keys: dict[Role, Observed] = {
        CONSIDER: "Yes",
        EMPLOYEE_NUMBER: str(number),
        INCOME_NUMBER: "1",
        ENTRY_DATE: START.isoformat(),
        GENDER: "FEMALE",
    }
    values = keys | {Role(role): value for role, value in own.items()}
    values |= {row.role: typed(row) for row in CATALOGUE if row.role not in values}
    return Colleague(name, number, entity, START, values)


def _bsn(index: int) -> str:
    numbers = map(str, range(100_000_000 + 100 * index, 200_000_000))
    return next(number for number in numbers if stdnum_bsn.is_valid(number))


def _iban(index: int) -> str:
    account = f"RABO{310_000_000 + index:010d}"
    return f"NL{stdnum_iban.calc_check_digits(f'NL00{account}')}{account}"
