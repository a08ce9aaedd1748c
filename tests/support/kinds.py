"""Samples of each kind of value and of each attribute: as typed, as Loket holds them, and what is a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.simulators.personio.attributes import DEFAULT_IDS
from domain.attributes import CATALOGUE, FIRST_CLASS, GATES, Attribute, Kind, Role
from domain.planning.findings import FindingCode
from domain.values import FieldPath, Observed

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

CUSTOM_ROLES: Final = frozenset({*(row.role for row in CATALOGUE), *GATES} - {*FIRST_CLASS})
IDS: Final[Mapping[Role, str]] = {role: DEFAULT_IDS.get(role, f"dynamic_{role}") for role in CUSTOM_ROLES}
"""The attribute of the simulated tenant for each role, also for one that the simulator does not know by itself."""


def typed(row: Attribute) -> str:
    """A value of this attribute as HR enters it."""
    return next(iter(row.keys)) if row.keys else SAMPLES[row.kind].typed


def another(row: Attribute) -> str:
    """A second one, which is not the same."""
    return [*row.keys][1] if row.keys else SAMPLES[row.kind].other


def in_loket(values: Mapping[Role, Observed] | Mapping[str, Observed]) -> dict[FieldPath, Observed]:
    """What Loket holds of the attributes of these values when it equals Personio."""
    said = {Role(role): value for role, value in values.items()}
    return {
        row.field: row.keys.get(value, value) if isinstance(value := said[row.role], str) else value
        for row in CATALOGUE
        if not row.is_key
    }
