"""One row for each kind of value: its written and compared form, what is wrong with one, and whether length counts.

The plan, the run, the drift check, validation and reports take all that is particular to a kind from here (DRIFT-2).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple, TypeAlias

from domain.attributes import Kind
from domain.planning import formats
from domain.planning.findings import FindingCode
from domain.values import trimmed, whole_number

Form: TypeAlias = Callable[[str], str]
Cell: TypeAlias = str | Decimal | date

_DUTCH_POSTCODE: Final = re.compile(r"([0-9]{4})([A-Z]{2})")
_OTHER_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Spaces that look like the one on the keyboard; what is pasted from a web page or Word often has no other."""


class Beside(NamedTuple):
    """What a value is judged beside: the person's address, the customer's codes and Loket's countries."""

    dutch_address: bool
    words: Collection[str]  # that have a key in Loket
    countries: Collection[str]  # ISO codes that have one


Fault: TypeAlias = Callable[[str, Beside], FindingCode | None]


def no_proposal(_: str) -> None:
    """Most faults are for a person to solve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """Everything that is particular to one kind. A kind without a row here is treated by nothing."""

    written: Form  # as it is sent to Loket; a code becomes its key before
    compared: Form  # equal forms mean the same value in another spelling
    fault: Fault  # of a value that is neither blank nor padded with space
    limited: bool  # whether an attribute's longest length counts; where it does not the format is the limit
    cell: Callable[[str], Cell]  # in a spreadsheet. Raises ValueError or InvalidOperation for invalid text
    proposal: Callable[[str], str | None] = no_proposal


def _alone(fault: Callable[[str], FindingCode | None]) -> Fault:
    """A fault that nothing else decides about."""
    return lambda text, _: fault(text)


def _nothing_wrong(_: str, __: Beside) -> None:
    """Any text will do."""


def _text(value: str) -> str:
    text = trimmed(unicodedata.normalize("NFC", value))
    return text if text.isascii() else _OTHER_SPACES.sub(" ", text)


def folded(value: str) -> str:
    return _text(value).casefold()


def word_of(text: str, words: Collection[str], form: Form = _text) -> str | None:
    """The one of the customer's words that the text is, once both are in one form."""
    wanted = form(text)
    return wanted if wanted in words else min((one for one in words if form(one) == wanted), default=None)


def _squeezed(value: str) -> str:
    return "".join(_text(value).upper().split())


def _postcode(value: str) -> str:
    dutch = _DUTCH_POSTCODE.fullmatch(_squeezed(value))
    return " ".join(dutch.groups()) if dutch else _text(value)


def _integer(value: str) -> str:
    number = whole_number(value)
    return _text(value) if number is None else str(number)


def _bsn(value: str) -> str:
    digits = trimmed(value)
    return digits.zfill(9) if digits.isdigit() else digits


def _day(value: str) -> str:
    return trimmed(value)[:10]


def _money(value: str) -> str:
    try:
        return f"{Decimal(trimmed(value)):.2f}"
    except InvalidOperation:
        return trimmed(value)


def _postcode_fault(text: str, beside: Beside) -> FindingCode | None:
    return formats.postcode_fault(_text(text), dutch=beside.dutch_address)


def _code_fault(text: str, beside: Beside) -> FindingCode | None:
    return FindingCode.UNKNOWN_CODE_VALUE if word_of(text, beside.words) is None else None


def _country_fault(text: str, beside: Beside) -> FindingCode | None:
    return None if _squeezed(text) in beside.countries else FindingCode.UNKNOWN_CODE_VALUE


def _number_and_addition(text: str) -> str | None:
    split = formats.house_number_split(text)
    return f"number {split[0]}, addition {split[1]}" if split else None


TREATMENTS: Final[dict[Kind, Treatment]] = {
    Kind.TEXT: Treatment(written=_text, compared=_text, fault=_nothing_wrong, limited=True, cell=str),
    Kind.EMAIL: Treatment(
        written=_text, compared=folded, fault=_alone(formats.email_fault), limited=True, cell=str,
    ),
    Kind.POSTCODE: Treatment(
        written=_postcode, compared=_squeezed, fault=_postcode_fault, limited=False, cell=str,
    ),
    Kind.IBAN: Treatment(
        written=_squeezed, compared=_squeezed, fault=_alone(formats.iban_fault), limited=False, cell=str,
    ),
    Kind.BSN: Treatment(written=_bsn, compared=_bsn, fault=_alone(formats.bsn_fault), limited=False, cell=str),
    Kind.DATE: Treatment(
        written=_day, compared=_day, fault=_alone(formats.date_fault), limited=False, cell=date.fromisoformat,
    ),
    Kind.INTEGER: Treatment(
        written=_integer, compared=_integer, fault=_alone(formats.integer_fault), limited=False, cell=Decimal,
    ),
    Kind.HOUSE_NUMBER: Treatment(
        written=_integer, compared=_integer, fault=_alone(formats.house_number_fault), limited=False, cell=Decimal,
        proposal=_number_and_addition,
    ),
    Kind.CODE: Treatment(written=_text, compared=_text, fault=_code_fault, limited=False, cell=str),
    Kind.COUNTRY: Treatment(written=_squeezed, compared=_squeezed, fault=_country_fault, limited=False, cell=str),
    Kind.MONEY: Treatment(
        written=_money, compared=_money, fault=_alone(formats.amount_fault), limited=False, cell=Decimal,
    ),
}  # fmt: skip
