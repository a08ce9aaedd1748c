"""The checkable formats: BSN, IBAN, Dutch postal code, whole number, e-mail, date, amount."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from domain.planning.findings import FindingCode
from domain.values import trimmed, whole_number

_DUTCH_POSTCODE: Final = re.compile(r"[1-9][0-9]{3} ?(?!SA|SD|SS)[A-Z]{2}")
_LETTERS_AND_DIGITS: Final = re.compile(r"[A-Z0-9]+")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_HOUSE_NUMBER_WITH_ADDITION: Final = re.compile(r"\s*([1-9][0-9]*)\s*[-/ ]?\s*([0-9A-Za-z]{1,4})\s*")
_AMOUNT: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")
_ISO_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MAX_INT32: Final = 2_147_483_647


def bsn_fault(value: str) -> FindingCode | None:
    """Nine digits (eight are left-padded) that pass the 11-test, and are not all zeros."""
    digits = trimmed(value)
    if not (digits.isascii() and digits.isdigit() and len(digits) in (8, 9)):
        return FindingCode.BSN_FORMAT
    from stdnum.nl import bsn as stdnum_bsn

    return None if stdnum_bsn.is_valid(digits) else FindingCode.BSN_ELFPROEF


def iban_fault(value: str) -> FindingCode | None:
    """The country's pattern and length (NL: 18), and mod 97. The old Dutch 11-test is advisory only and not applied."""
    compact = "".join(value.upper().split())
    if len(compact) > 34 or not _LETTERS_AND_DIGITS.fullmatch(compact):
        return FindingCode.IBAN_FORMAT
    from stdnum import iban as stdnum_iban
    from stdnum.exceptions import InvalidChecksum, ValidationError

    try:
        stdnum_iban.validate(compact, check_country=False)
    except InvalidChecksum:
        return FindingCode.IBAN_CHECKSUM if _has_pattern(compact) else FindingCode.IBAN_FORMAT
    except ValidationError:
        return FindingCode.IBAN_FORMAT
    return None


def _has_pattern(compact: str) -> bool:
    """Whether only the check digits are wrong: with the right ones the number would be valid."""
    from stdnum import iban as stdnum_iban
    from stdnum.exceptions import ValidationError

    try:
        return stdnum_iban.is_valid(
            compact[:2] + stdnum_iban.calc_check_digits(compact) + compact[4:], check_country=False
        )
    except ValidationError:
        return False


def postcode_fault(value: str, *, dutch: bool) -> FindingCode | None:
    """In the Netherlands four digits, the first not 0, and two letters other than SA, SD, SS; at most 9 anywhere."""
    text = trimmed(value).upper()
    wrong = len(text) > 9 or (dutch and not _DUTCH_POSTCODE.fullmatch(text))
    return FindingCode.POSTCODE_FORMAT if wrong else None


def integer_fault(value: str) -> FindingCode | None:
    """Every whole number that Loket takes of an attribute starts at 1 and fits 32 bits."""
    number = whole_number(value)
    return None if number is not None and 1 <= number <= MAX_INT32 else FindingCode.WHOLE_NUMBER_FORMAT


def house_number_fault(value: str) -> FindingCode | None:
    return FindingCode.HOUSE_NUMBER_FORMAT if integer_fault(value) else None


def house_number_split(value: str) -> tuple[str, str] | None:
    """A proposal for "12-A" or "12 bis": number and addition. Nothing is split by itself (CHECK-1)."""
    found = _HOUSE_NUMBER_WITH_ADDITION.fullmatch(value)
    return (found[1], found[2]) if found else None


def email_fault(value: str) -> FindingCode | None:
    return None if _EMAIL.fullmatch(trimmed(value)) else FindingCode.EMAIL_FORMAT


def date_fault(value: str) -> FindingCode | None:
    return None if parse_date(value) else FindingCode.DATE_FORMAT


def amount_fault(value: str) -> FindingCode | None:
    """Euros and cents with a point, from 0.01 to 999,999.99."""
    fits = _AMOUNT.fullmatch(trimmed(value)) and Decimal(value) > 0
    return None if fits else FindingCode.AMOUNT_RANGE


def parse_date(value: str) -> date | None:
    """The calendar date in the first ten characters, or None; never through a datetime (time zones move days)."""
    text = trimmed(value)[:10]
    try:
        return date.fromisoformat(text) if _ISO_DATE.fullmatch(text) else None
    except ValueError:
        return None
