"""Whether a number leads to somebody else: two telling attributes that differ, or a BSN that another number has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.attributes import CITIZEN_SERVICE_NUMBER
from domain.planning.details import BSN_OF
from domain.planning.findings import Finding, FindingCode
from domain.planning.identity import asks_others, bsn_holders, mismatch
from domain.planning.matching import Concept, FinalLink, Link, NotVisible, Terminated, Unlinked, Unresolved
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketEmployee, PersonioPerson
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath, Observed
from tests.support.people import POLICY, employee, loket, mapping_only, person

NUMBER, OTHER = EmployeeNumber(4711), EmployeeNumber(4800)
OWN, ANOTHERS = "123456782", "111222333"
JOB = employee().employments[0]
NUMBER_FIELD = FieldPath("employeeNumber")
GUARD_OFF = replace(POLICY, rules=replace(POLICY.rules, identity_guard=False))
DIFFERS = (Finding(FindingCode.IDENTITY_MISMATCH, NUMBER_FIELD),)
HELD_BY_OTHER = (Finding(FindingCode.IDENTITY_MISMATCH, NUMBER_FIELD, BSN_OF.format(number=OTHER)),)


def final(**held: Observed) -> FinalLink:
    return FinalLink(NUMBER, employee(**held), JOB)


def holder(bsn: Observed = OWN, end: date | None = None, number: int = OTHER) -> LoketEmployee:
    return employee(number, bsn=bsn, end=end)


def found(
    link: Link, *others: LoketEmployee, of: PersonioPerson | None = None, policy: Policy = POLICY
) -> tuple[Finding, ...]:
    return mismatch(of or person(), link, bsn_holders(loket(*others)), policy)


@pytest.mark.parametrize(
    ("held", "differs"),
    [
        ({}, False),
        ({"last_name": "Bakker"}, False),  # one alone is an ordinary correction
        ({"last_name": "Bakker", "date_of_birth": "1971-01-01"}, True),
        ({"last_name": "Bakker", "date_of_birth": "1971-01-01", "bsn": ANOTHERS}, True),
        ({"last_name": "Bakker", "date_of_birth": BLANK}, False),  # what is not known tells nothing
        ({"last_name": "Bakker", "date_of_birth": NOT_OBSERVED}, False),
        (
            {"last_name": "Bakker", "first_name": "Jan", "place_of_birth": "Delft"},
            False,
        ),  # nor does what anybody may have
    ],
)
def test_two_telling_attributes_that_differ_say_that_it_is_somebody_else(
    held: dict[str, Observed], differs: bool
) -> None:
    assert found(final(**held)) == (DIFFERS if differs else ())
    assert found(final(**held), policy=GUARD_OFF) == ()


def test_whoever_the_number_leads_to_is_looked_at_and_nobody_where_it_leads_to_nobody() -> None:
    other = employee(last_name="Bakker", date_of_birth="1971-01-01")
    concept = LoketConcept("c", NUMBER, other.fields)

    for link in (FinalLink(NUMBER, other, JOB), Terminated(NUMBER, other, JOB), Unresolved(NUMBER, (), other)):
        assert found(link) == DIFFERS
    assert found(Concept(NUMBER, concept)) == DIFFERS
    assert found(Unlinked(NUMBER)) == found(Unresolved(NUMBER, ())) == found(NotVisible(NUMBER, "e")) == ()
    assert found(FinalLink(NUMBER, other, JOB), of=person(last_name=BLANK)) == ()


@pytest.mark.parametrize(
    ("own", "others", "finding"),
    [
        (ANOTHERS, (holder(),), HELD_BY_OTHER),  # twins whose numbers were swapped
        (ANOTHERS, (holder(end=date(2025, 12, 31)),), HELD_BY_OTHER),
        (ANOTHERS, (), ()),
        (ANOTHERS, (holder(ANOTHERS),), ()),
        (OWN, (holder(),), ()),  # hired again under a new number: the same BSN twice
        (BLANK, (holder(),), HELD_BY_OTHER),
        (BLANK, (holder(end=date(2025, 12, 31)),), ()),
        (NOT_OBSERVED, (holder(end=date(2025, 12, 31)), holder(number=4801)), None),
    ],
)
def test_the_bsn_of_the_person_under_another_number_says_whose_data_it_is(
    own: Observed, others: tuple[LoketEmployee, ...], finding: tuple[Finding, ...] | None
) -> None:
    running = (Finding(FindingCode.IDENTITY_MISMATCH, NUMBER_FIELD, BSN_OF.format(number=4801)),)

    assert found(final(bsn=own), *others) == (running if finding is None else finding)
    assert found(final(bsn=own), *others, of=person(bsn=BLANK)) == ()
    unmapped = mapping_only("last_name")
    assert found(final(bsn=own), *others, policy=unmapped) == ()


def test_bsns_are_listed_as_they_are_compared_each_with_everybody_who_has_it() -> None:
    first, second, blank = holder(" 123456782"), holder(OWN, number=4801), holder(BLANK, number=4802)

    assert bsn_holders(loket(first, second, blank)) == {OWN: (first, second)}
    assert first.value(CITIZEN_SERVICE_NUMBER) == " 123456782"


@pytest.mark.parametrize(
    ("link", "asks"),
    [
        (final(), False),  # its own BSN is the person's
        (final(bsn=" 123456782"), False),
        (final(bsn=ANOTHERS), True),
        (final(bsn=BLANK), True),
        (final(bsn=NOT_OBSERVED), True),
        (Unlinked(NUMBER), False),
    ],
)
def test_others_are_asked_for_their_bsn_where_the_own_one_does_not_tell(link: Link, asks: bool) -> None:
    assert asks_others(person(), link, POLICY) is asks
    assert not asks_others(person(), link, GUARD_OFF)
    assert not asks_others(person(bsn=BLANK), link, POLICY)
