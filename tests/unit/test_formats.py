"""The checkable formats, on the published test vectors."""

from __future__ import annotations

import pytest

from domain.planning import formats
from domain.planning.findings import FindingCode


@pytest.mark.parametrize("value", ["123456782", "111222333", "012345672", "249566758", "12345672", " 123456782 "])
def test_a_bsn_of_eight_or_nine_digits_that_passes_the_11_test_is_accepted(value: str) -> None:
    assert formats.bsn_fault(value) is None


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("123456789", FindingCode.BSN_ELFPROEF),
        ("042168588", FindingCode.BSN_ELFPROEF),
        ("000000000", FindingCode.BSN_ELFPROEF),
        ("1234567", FindingCode.BSN_FORMAT),
        ("12345678a", FindingCode.BSN_FORMAT),
        ("١٢٣٤٥٦٧٨٢", FindingCode.BSN_FORMAT),
    ],
)
def test_a_wrong_bsn_is_told_apart_by_format_and_11_test(value: str, fault: FindingCode) -> None:
    assert formats.bsn_fault(value) is fault


@pytest.mark.parametrize(
    "value",
    [
        "NL91ABNA0417164300",
        "NL20INGB0001234567",
        "NL52ABNA0424968264",
        "DE89370400440532013000",
        "nl91 abna 0417 1643 00",
    ],
)
def test_a_valid_iban_is_accepted_even_when_its_account_fails_the_old_11_test(value: str) -> None:
    assert formats.iban_fault(value) is None


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("NL91ABNA0417164301", FindingCode.IBAN_CHECKSUM),
        ("NL91ABNA041716430", FindingCode.IBAN_FORMAT),
        ("NL91-ABNA-0417164300", FindingCode.IBAN_FORMAT),
        ("XX", FindingCode.IBAN_FORMAT),
        ("NL9", FindingCode.IBAN_FORMAT),
        ("91NLABNA0417164300", FindingCode.IBAN_FORMAT),
        ("N" * 35, FindingCode.IBAN_FORMAT),
    ],
)
def test_a_wrong_iban_is_told_apart_by_pattern_and_check_digits(value: str, fault: FindingCode) -> None:
    assert formats.iban_fault(value) is fault


@pytest.mark.parametrize(("value", "right"), [
    ("1011 AB", True), ("2511AC", True), ("1234 ab", True), ("0123 AB", False), ("1234 SS", False), ("1234A", False),
])  # fmt: skip
def test_a_dutch_postal_code_has_four_digits_and_two_allowed_letters(value: str, right: bool) -> None:
    assert (formats.postcode_fault(value, dutch=True) is None) is right


def test_a_foreign_postal_code_is_only_limited_in_length() -> None:
    assert formats.postcode_fault("SW1A 1AA", dutch=False) is None
    assert formats.postcode_fault("123456789", dutch=False) is None
    assert formats.postcode_fault("1234567890", dutch=False) is FindingCode.POSTCODE_FORMAT


@pytest.mark.parametrize(("value", "right"), [("12", True), (" 7 ", True), ("0", False), ("12a", False), ("-3", False)])
def test_a_house_number_is_a_whole_number_from_one(value: str, right: bool) -> None:
    assert (formats.house_number_fault(value) is None) is right


@pytest.mark.parametrize(("value", "parts"), [("12-A", ("12", "A")), ("12 bis", ("12", "bis")), ("12a", ("12", "a"))])
def test_a_house_number_with_an_addition_has_a_split_to_propose(value: str, parts: tuple[str, str]) -> None:
    assert formats.house_number_split(value) == parts


@pytest.mark.parametrize("value", ["2026-02-30", "30-01-2026", "2026-1-1", "soon"])
def test_a_date_is_a_real_calendar_day(value: str) -> None:
    assert formats.date_fault(value) is FindingCode.DATE_FORMAT


def test_a_date_with_a_time_behind_it_keeps_its_day() -> None:
    assert str(formats.parse_date("2014-11-09T00:00:00+01:00")) == "2014-11-09"
