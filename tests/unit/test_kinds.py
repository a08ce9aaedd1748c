"""Every kind of value has all its parts, and a kind without one is told which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, cast

import pytest

from adapters.loket.documents import changed, in_employee, read
from domain.attributes import CATALOGUE, Attribute, Kind, Role
from domain.planning.comparison import same, written
from domain.planning.decide import Memory, decide
from domain.planning.findings import FindingCode
from domain.planning.kinds import TREATMENTS, Beside
from domain.values import BLANK, NOT_OBSERVED, FieldPath, Observed
from tests.support.kinds import COUNTRY_KEYS, SAMPLES
from tests.support.people import POLICY, TODAY, loket, person, personio

BESIDE = Beside(dutch_address=True, words={"1", "2"}, countries=COUNTRY_KEYS)
FIELD = FieldPath("personalDetails.something")


def sent_and_read(kind: Kind, value: str) -> Mapping[FieldPath, Observed]:
    sent = changed({}, {FIELD: value}, {FIELD: kind}, in_employee, COUNTRY_KEYS)
    return read(sent, [(FIELD, kind)], in_employee, COUNTRY_KEYS)


PARTS: Mapping[str, Callable[[Kind], Any]] = {
    "a treatment in domain/planning/kinds.py": TREATMENTS.__getitem__,
    "a form in adapters/loket/documents.py": lambda kind: sent_and_read(kind, "1" if kind != "country" else "NL"),
    "a sample in tests/support/kinds.py": SAMPLES.__getitem__,
}


def missing(kind: Kind) -> list[str]:
    found = []
    for part, of in PARTS.items():
        try:
            of(kind)
        except (KeyError, AssertionError):
            found.append(part)
    return found


@pytest.mark.parametrize("kind", Kind)
def test_a_kind_has_all_its_parts(kind: Kind) -> None:
    lacking = missing(kind)

    assert not lacking, f"{kind} lacks {' and '.join(lacking)}"


def test_a_new_kind_without_its_parts_is_told_every_one_of_them() -> None:
    class Invented(StrEnum):
        COLOUR = "colour"

    assert missing(cast(Kind, Invented.COLOUR)) == [*PARTS]


def test_a_treatment_without_one_of_its_parts_cannot_be_made() -> None:
    parts = {name: getattr(TREATMENTS[Kind.TEXT], name) for name in ("written", "compared", "fault", "cell")}

    with pytest.raises(TypeError, match="limited"):
        type(TREATMENTS[Kind.TEXT])(**parts)


@pytest.mark.parametrize("kind", Kind)
def test_a_sample_is_in_written_form_and_without_fault(kind: Kind) -> None:
    for value in (SAMPLES[kind].typed, SAMPLES[kind].other):
        assert written(kind, value) == value
        assert TREATMENTS[kind].fault(value, BESIDE) is None
        assert TREATMENTS[kind].cell(value) is not None
    assert not same(kind, SAMPLES[kind].typed, SAMPLES[kind].other)


@pytest.mark.parametrize("kind", Kind)
def test_an_absence_is_the_same_as_its_own_kind_alone(kind: Kind) -> None:
    values = [SAMPLES[kind].typed, BLANK, NOT_OBSERVED]

    assert [[same(kind, one, other) for other in values] for one in values] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


@pytest.mark.parametrize("kind", Kind)
def test_what_is_written_to_loket_is_read_as_the_same_value(kind: Kind) -> None:
    typed = SAMPLES[kind].typed

    assert same(kind, sent_and_read(kind, typed)[FIELD], typed)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.TEXT])
def test_a_wrong_value_is_a_finding_of_its_own_kind(kind: Kind) -> None:
    wrong = SAMPLES[kind].wrong
    assert wrong is not None
    value, code = wrong

    assert TREATMENTS[kind].fault(value, BESIDE) is code


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("1234ab", "1234 AB"),
        (" 12 34 AB ", "1234 AB"),
        ("1234 5a", "1234 5a"),
        ("K1A 0b1", "K1A 0b1"),
        ("1234", "1234"),
    ],
)
def test_a_dutch_postcode_is_sent_as_loket_writes_it_and_any_other_as_it_was_typed(typed: str, sent: str) -> None:
    assert written(Kind.POSTCODE, typed) == sent


def found(row: Attribute, value: str) -> list[tuple[FindingCode, FieldPath | None]]:
    """The findings about a person whose catalogue has this row more."""
    policy = replace(POLICY, catalogue=(*POLICY.catalogue, row))
    (decision,) = decide(personio(person(**{row.role: value})), loket(), (), Memory(), policy, today=TODAY).decisions
    return [(one.code, one.field) for one in decision.findings if one.field == row.field]


SHOE_SIZE = Attribute(
    role=Role("shoe_size"), label="Shoe size", field=FieldPath("personalDetails.shoeSize"), concept=None
)


def test_a_whole_number_that_is_no_house_number_has_a_finding_that_fits() -> None:
    row = replace(SHOE_SIZE, kind=Kind.INTEGER)

    assert found(row, "42") == []
    assert found(row, "42-A") == [(FindingCode.WHOLE_NUMBER_FORMAT, row.field)]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.CODE])  # a code's key has no length
def test_the_longest_length_of_an_attribute_counts_where_its_kind_says_so(kind: Kind) -> None:
    row = replace(SHOE_SIZE, kind=kind, max_length=1)

    told = [FindingCode.VALUE_TOO_LONG] if TREATMENTS[kind].limited else []

    assert [code for code, _ in found(row, SAMPLES[kind].typed)] == told


@pytest.mark.parametrize("row", [row for row in CATALOGUE if row.max_length], ids=lambda row: row.role)
def test_nothing_longer_than_loket_takes_is_without_a_finding(row: Attribute) -> None:
    too_long = person(**{row.role: "x" * 300})

    (decision,) = decide(personio(too_long), loket(), (), Memory(), POLICY, today=TODAY).decisions

    assert row.field in [one.field for one in decision.findings]
