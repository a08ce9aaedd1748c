"""A sample of each kind of value: as it is typed, as the simulated Loket holds it, and one that is a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from domain.attributes import Kind
from domain.planning.findings import FindingCode

COUNTRY_KEYS: Final = {"NL": 530, "BE": 540}
_ISO_CODES: Final = {key: iso for iso, key in COUNTRY_KEYS.items()}


@dataclass(frozen=True, slots=True)
class Sample:
    """`typed` and `other` are two values in written form; a code is Loket's key. `wrong`: what is found, and how."""

    typed: str
    other: str
    wrong: tuple[str, FindingCode] | None = None  # None: any text will do
    held: Callable[[str], Any] = str  # by the simulated Loket
    shown: Callable[[Any], str] = str  # what it holds, as text again


SAMPLES: Final[dict[Kind, Sample]] = {
    Kind.TEXT: Sample("Delft", "Utrecht"),
    Kind.EMAIL: Sample("sanne@example.org", "s.visser@example.org", ("sanne", FindingCode.EMAIL_FORMAT)),
    Kind.POSTCODE: Sample("1234 AB", "3511 AB", ("1234", FindingCode.POSTCODE_FORMAT)),
    Kind.IBAN: Sample("NL91ABNA0417164300", "NL20INGB0001234567", ("NL91", FindingCode.IBAN_FORMAT)),
    Kind.BSN: Sample("123456782", "111222333", ("1234", FindingCode.BSN_FORMAT)),
    Kind.DATE: Sample("1990-04-12", "1991-05-13", ("12 April 1990", FindingCode.DATE_FORMAT)),
    Kind.INTEGER: Sample("12", "13", ("twelve", FindingCode.WHOLE_NUMBER_FORMAT), int),
    Kind.HOUSE_NUMBER: Sample("12", "13", ("12-A", FindingCode.HOUSE_NUMBER_FORMAT), int),
    Kind.CODE: Sample("1", "2", ("no such word", FindingCode.UNKNOWN_CODE_VALUE), int),
    Kind.COUNTRY: Sample(
        "NL", "BE", ("Nederland", FindingCode.UNKNOWN_CODE_VALUE), COUNTRY_KEYS.__getitem__, _ISO_CODES.__getitem__
    ),
    Kind.MONEY: Sample("3200.10", "3300.00", ("a lot", FindingCode.AMOUNT_RANGE), float, "{:.2f}".format),
}
