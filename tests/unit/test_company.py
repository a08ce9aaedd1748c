"""The made-up company: the same every time, valid where a check exists, and nobody's data."""

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from stdnum import iban as iban_number
from stdnum.nl import bsn as bsn_number
from stdnum.nl import postcode

from adapters.simulators.company.generate import IN_LOKET, Company, Situation, demo_company, generate_company
from adapters.simulators.company.populate import populate
from adapters.simulators.loket.simulator import LoketSimulator
from adapters.simulators.personio.simulator import PersonioSimulator

LOKET_LIMITS = {
    "first_name": 28,
    "last_name": 25,
    "initials": 6,
    "name_prefix": 10,
    "place_of_birth": 24,
    "street": 24,
    "house_number_addition": 4,
    "postal_code": 9,
    "city": 24,
    "email": 255,
    "personal_email": 255,
    "phone": 15,
    "mobile_phone": 15,
    "iban": 35,
}

LOKET_PATHS = {
    "first_name": "personalDetails.firstName",
    "last_name": "personalDetails.lastName",
    "initials": "personalDetails.initials",
    "name_prefix": "personalDetails.prefix",
    "date_of_birth": "personalDetails.dateOfBirth",
    "place_of_birth": "personalDetails.placeOfBirth",
    "street": "address.street",
    "house_number_addition": "address.houseNumberAddition",
    "postal_code": "address.postalCode",
    "city": "address.city",
    "email": "contactInformation.businessEmailAddress",
    "personal_email": "contactInformation.emailAddress",
    "phone": "contactInformation.phoneNumber",
    "mobile_phone": "contactInformation.mobilePhoneNumber",
}


@pytest.fixture(scope="module")
def company() -> Company:
    return generate_company(2_000, seed=7)


def test_the_same_seed_gives_the_same_company_bit_for_bit() -> None:
    assert generate_company(200, seed=3) == generate_company(200, seed=3)
    assert generate_company(200, seed=3) != generate_company(200, seed=4)
    digest = sha256(repr(demo_company()).encode()).hexdigest()
    assert digest[:16] == "1c93d2a50ce1cb24", "the demo company is quoted in documents: change it on purpose only"


def test_every_number_passes_its_check_and_occurs_once(company: Company) -> None:
    people = company.colleagues
    assert all(bsn_number.is_valid(each.bsn) for each in people)
    assert all(iban_number.is_valid(each.iban) and len(each.iban) == 18 for each in people)
    assert all(postcode.is_valid(each.postal_code) for each in people)
    for name in ("bsn", "iban", "employee_number", "person_id", "email", "personal_email", "mobile_phone"):
        assert len({getattr(each, name) for each in people}) == len(people), name


def test_nobody_is_real(company: Company) -> None:
    for each in company.colleagues:
        assert each.bsn.startswith("00")  # never handed out
        assert each.iban[4:8] == "TULP"  # no such bank
        assert each.email.endswith("@example.org")
        assert each.personal_email.endswith("@example.org")
        assert each.mobile_phone.startswith("06-00")


@pytest.mark.parametrize(("name", "limit"), LOKET_LIMITS.items())
def test_every_text_fits_into_loket(company: Company, name: str, limit: int) -> None:
    texts = [getattr(each, name) for each in company.colleagues if getattr(each, name) is not None]
    assert 1 <= min(map(len, texts)) <= max(map(len, texts)) <= limit


def test_the_effective_salary_converts_back_to_the_full_time_one_without_a_cent_lost(company: Company) -> None:
    for each in company.colleagues:
        assert (each.salary * 40 / each.weekly_hours).quantize(Decimal("0.01")) == each.full_time_salary
        assert each.salary == each.salary.quantize(Decimal("0.01"))


def test_the_shares_come_out_as_asked() -> None:
    shares = {Situation.ON_LEAVE: 0.1, Situation.CONCEPT_TO_BE: 0.25}
    company = generate_company(40, seed=1, shares=shares)
    counts = {situation: len(company.of(situation)) for situation in Situation}
    assert {situation: count for situation, count in counts.items() if count} == {
        Situation.ON_LEAVE: 4,
        Situation.CONCEPT_TO_BE: 10,
        Situation.IN_BOTH: 26,
    }


def test_dates_fit_the_situation() -> None:
    today = date(2026, 3, 15)
    company = generate_company(1_000, seed=5, today=today)
    assert all(each.entry_date > today for each in company.of(Situation.ONBOARDING))
    assert all(each.entry_date <= today for each in company.of(Situation.CONCEPT_TO_BE))
    for situation, past in ((Situation.ENDED_IN_LOKET, True), (Situation.ENDING_IN_LOKET, False)):
        ends = [each.end_date for each in company.of(situation)]
        assert ends
        assert all(end is not None and (end < today) is past for end in ends)
    assert all(each.end_date is None for each in company.of(Situation.IN_BOTH))
    assert all(each.end_date is None or each.end_date > each.entry_date for each in company.colleagues)
    assert all((each.entry_date - each.date_of_birth).days > 18 * 365 for each in company.colleagues)


@pytest.fixture(scope="module")
def both() -> tuple[PersonioSimulator, LoketSimulator]:
    """Not served: what is asked here is what they hold."""
    at = datetime(2026, 3, 15, 11, tzinfo=UTC)
    personio, loket = PersonioSimulator(now=lambda: at), LoketSimulator(now=lambda: at)
    populate(personio, loket, demo_company())
    return personio, loket


def test_everyone_is_in_personio_with_the_status_of_the_situation(
    both: tuple[PersonioSimulator, LoketSimulator],
) -> None:
    personio = both[0]
    expected = {Situation.ONBOARDING: "ONBOARDING", Situation.ON_LEAVE: "LEAVE", Situation.INACTIVE: "INACTIVE"}
    for each in demo_company().colleagues:
        status = personio.employment(each.person_id).values.at("status", personio.now())
        assert status == expected.get(each.situation, "ACTIVE")
        considered = personio.shown(each.person_id, "consider_in_nl_payroll")
        assert considered == ("No" if each.situation is Situation.NOT_CONSIDERED else "Yes")


def test_loket_knows_those_who_started_there_by_the_same_values(
    both: tuple[PersonioSimulator, LoketSimulator],
) -> None:
    personio, loket = both
    known = {each.employee_number: each for each in demo_company().colleagues if each.situation in IN_LOKET}
    assert {each["employeeNumber"] for each in loket.employees()} == known.keys()
    for number, each in known.items():
        in_loket = {name: loket.employee_field(number, path) for name, path in LOKET_PATHS.items()}
        in_loket |= {"bsn": loket.bsn(number), "iban": loket.iban(number, each.income_number)}
        assert in_loket == {name: personio.shown(each.person_id, name) for name in in_loket}
        assert loket.employee_field(number, "address.houseNumber") == each.house_number
        assert loket.employee_field(number, "personalDetails.gender") == {"FEMALE": 2, "MALE": 1}[each.gender]
        assert loket.employee_field(number, "address.country") == 530


def test_loket_has_the_full_time_wage_and_an_end_date_where_the_situation_says_so(
    both: tuple[PersonioSimulator, LoketSimulator],
) -> None:
    ended = (Situation.INACTIVE, Situation.ENDED_IN_LOKET, Situation.ENDING_IN_LOKET)
    for each in demo_company().colleagues:
        if each.situation in IN_LOKET:
            employment = both[1].employment(each.employee_number, each.income_number)
            assert employment["startDate"] == each.entry_date.isoformat()
            assert (employment["endDate"] is not None) is (each.situation in ended)
            wage = both[1].wages(each.employee_number, each.income_number)[0]
            assert Decimal(str(wage["grossWage"])) == each.full_time_salary
