"""Decisions about everyone: the order of the reasons, what blocks, and what no write follows from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GENDER, GROSS_WAGE, catalogue
from domain.events.loket import WriteKind
from domain.planning.decide import Decision, Memory, decide
from domain.planning.eligibility import NOT_SEEN, TERMINATED, TERMINATED_BEFORE_ENTRY, LeftOut
from domain.planning.findings import FindingCode
from domain.planning.matching import Concept, FinalLink, Terminated, Unlinked
from domain.snapshots import (
    Compensation,
    CompensationCategory,
    LoketConcept,
    LoketEmployment,
    PaymentRecord,
    PersonioPerson,
)
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, PersonId
from tests.support.people import ADMINISTRATION, POLICY, TODAY, employee, loket, person, personio


def decided(
    *people: PersonioPerson, held: object = None, memory: Memory | None = None, pay: tuple[Compensation, ...] = ()
) -> list[Decision]:
    snapshot = held or loket(employee())
    plan = decide(personio(*people), snapshot, pay, memory or Memory(), POLICY, today=TODAY)  # type: ignore[arg-type]
    return list(plan.decisions)


def codes(decision: Decision) -> set[str]:
    return {one.code.value for one in decision.findings}


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (person(consider_in_nl_payroll="No"), "WHO-3"),
        (person(consider_in_nl_payroll=BLANK), "WHO-3"),
        (person("INACTIVE"), "END-3"),
        (person("ONBOARDING"), "JOIN-1"),
        (person("LEAVE"), "WHO-2"),
        (person("INACTIVE", consider_in_nl_payroll="No"), "WHO-3"),
        (person("INACTIVE", without="consider_in_nl_payroll"), "END-3"),
        (person(NOT_OBSERVED, consider_in_nl_payroll="nee"), "WHO-3"),
    ],
)
def test_the_first_readable_reason_in_the_decision_table_leaves_a_person_out(one: PersonioPerson, rule: str) -> None:
    (decision,) = decided(one)

    assert decision.left_out is not None
    assert decision.left_out.rule == rule
    assert decision.findings == ()


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (person(without="consider_in_nl_payroll"), FindingCode.ATTRIBUTE_NOT_READABLE),
        (person("UNSPECIFIED"), FindingCode.STATUS_UNDECIDABLE),
        (person(NOT_OBSERVED), FindingCode.STATUS_UNDECIDABLE),
        (person("SOMETHING_NEW"), FindingCode.STATUS_UNDECIDABLE),
        (person(employee_number_loket=" "), FindingCode.MISSING_EMPLOYEE_NUMBER),
        (person(employee_number_loket="15 6"), FindingCode.EMPLOYEE_NUMBER_FORMAT),
        (person(employee_number_loket="0"), FindingCode.EMPLOYEE_NUMBER_FORMAT),
        (person(income_number="0"), FindingCode.INCOME_NUMBER_RANGE),
        (person(income_number="10000"), FindingCode.INCOME_NUMBER_RANGE),
        (person(income_number=BLANK), FindingCode.MISSING_INCOME_NUMBER),
        (person(income_number="2"), FindingCode.EMPLOYMENT_NOT_FOUND_IN_LOKET),
        (person(entry_date_current_period="2024-03-01"), FindingCode.ENTRY_DATE_MISMATCH),
        (person(entry_date_current_period=BLANK), FindingCode.REQUIRED_FIELD_BLANK),
        (person(last_name=BLANK), FindingCode.REQUIRED_FIELD_BLANK),
        (person(initials=BLANK), FindingCode.REQUIRED_FIELD_BLANK),
        (person(iban=BLANK), FindingCode.REQUIRED_FIELD_BLANK),
        (person(city=BLANK), FindingCode.REQUIRED_FIELD_BLANK),
        (person(street="Burgemeester van Tienhovengracht"), FindingCode.VALUE_TOO_LONG),
        (person(gender="DIVERSE"), FindingCode.UNKNOWN_CODE_VALUE),
        (person(country="XX"), FindingCode.UNKNOWN_CODE_VALUE),
        (person(personal_email="sanne at home"), FindingCode.EMAIL_FORMAT),
        (person(house_number="12-A"), FindingCode.HOUSE_NUMBER_FORMAT),
        (person(without="street"), FindingCode.ATTRIBUTE_NOT_READABLE),
        (person(last_name="Bakker", date_of_birth="1980-01-01"), FindingCode.IDENTITY_MISMATCH),
    ],
)
def test_what_must_be_fixed_is_a_finding_that_blocks(one: PersonioPerson, code: FindingCode) -> None:
    (decision,) = decided(one)

    assert decision.included
    assert code in codes(decision)


SPELLINGS = ("Café één", "Cafe\u0301 e\u0301e\u0301n", "Café\u00a0één", " Café één\u200b")


@pytest.mark.parametrize("configured", SPELLINGS)
@pytest.mark.parametrize("said", SPELLINGS)
def test_a_word_of_the_configuration_is_known_by_how_it_looks(configured: str, said: str) -> None:
    keys, truthy = {GENDER: {"MALE": "1", configured: "7"}}, frozenset({configured.casefold()})
    policy = replace(
        POLICY,
        catalogue=catalogue([row.role for row in POLICY.catalogue], keys=keys),
        rules=replace(POLICY.rules, truthy=truthy),
    )
    one = person(gender=said, consider_in_nl_payroll=said.upper())

    (decision,) = decide(personio(one), loket(employee()), (), Memory(), policy, today=TODAY).decisions

    assert (decision.included, codes(decision)) == (True, set())
    assert {change.after for write in decision.writes for change in write.changes} == {"7"}


def test_one_changed_trait_is_an_ordinary_correction() -> None:
    (decision,) = decided(person(last_name="Visser-de Jong"))

    assert decision.findings == ()
    assert len(decision.writes) == 1


def test_a_foreign_address_needs_no_postal_code() -> None:
    (decision,) = decided(person(country="BE", postal_code=BLANK))

    assert decision.findings == ()


def test_two_included_people_with_one_number_are_both_held_and_a_left_out_one_is_not_counted() -> None:
    first, second, third = decided(
        person(person_id="1"),
        person(person_id="2", employee_number_loket="0" + "4711"),
        person("INACTIVE", person_id="3"),
    )

    assert "DUPLICATE_EMPLOYEE_NUMBER" in codes(first) & codes(second)
    assert third.left_out is not None


def test_an_employment_with_any_end_date_is_out_before_its_findings_are_looked_at() -> None:
    (decision,) = decided(person(city=BLANK), held=loket(employee(end=date(2027, 1, 31))))

    assert isinstance(decision.link, Terminated)
    assert decision.left_out is not None
    assert decision.left_out.rule == "END-2"


def test_an_older_ended_employment_beside_the_running_one_does_not_exclude() -> None:
    both = (
        LoketEmployment("m0", ADMINISTRATION, 2, date(2020, 1, 1), date(2022, 12, 31)),
        LoketEmployment("m1", ADMINISTRATION, 1, date(2024, 2, 1), None),
    )
    (decision,) = decided(person(), held=loket(employee(employments=both)))

    assert isinstance(decision.link, FinalLink)
    assert decision.link.employment.id == "m1"


def test_an_entry_date_is_held_against_the_employment_by_its_day() -> None:
    (on_time,) = decided(person(entry_date_current_period="2024-02-01T00:00:00+01:00"))
    (another,) = decided(person(entry_date_current_period="2024-02-02T00:00:00+01:00"))

    assert isinstance(on_time.link, FinalLink)
    assert codes(another) == {"ENTRY_DATE_MISMATCH"}


@pytest.mark.parametrize(
    ("start", "end", "newer"),
    [
        (date(2024, 3, 1), None, True),
        (date(2024, 2, 1), None, False),
        (date(2024, 3, 1), date(2024, 6, 30), False),
    ],
)
def test_beside_an_employment_that_ended_a_newer_one_is_told_that_runs(
    start: date, end: date | None, newer: bool
) -> None:
    """Of whoever came back under a new income number HR has to copy it (EMPL-2)."""
    ended = LoketEmployment("m1", ADMINISTRATION, 1, date(2024, 2, 1), date(2024, 2, 28))
    beside = LoketEmployment("m2", ADMINISTRATION, 2, start, end)

    (decision,) = decided(person(), held=loket(employee(employments=(ended, beside))))

    assert isinstance(decision.link, Terminated)
    assert decision.link.newer_runs is newer


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("2024-02-01", TERMINATED),
        ("2024-02-28", TERMINATED),
        ("2024-02-29", TERMINATED_BEFORE_ENTRY),
        ("29-02-2024", TERMINATED),
    ],
)
def test_an_entry_date_after_the_end_of_the_employment_is_of_another(entry: str, reason: LeftOut) -> None:
    """Hired again, or somebody new under a used number, with the old income number: nobody pays them (EMPL-2)."""
    ended = LoketEmployment("m1", ADMINISTRATION, 1, date(2024, 2, 1), date(2024, 2, 28))

    (decision,) = decided(person(entry_date_current_period=entry), held=loket(employee(employments=(ended,))))

    assert decision.left_out == reason


def test_of_two_employments_with_one_income_number_the_entry_date_says_which_is_meant() -> None:
    first, second = (LoketEmployment(f"m{n}", ADMINISTRATION, 1, date(2024, n, 1), None) for n in (1, 2))
    ended = [replace(one, end=date(2025, 12, 31)) for one in (second, first)]

    def link(entry: str, *employments: LoketEmployment) -> Decision:
        (decision,) = decided(
            person(entry_date_current_period=entry), held=loket(employee(employments=tuple(employments)))
        )
        return decision

    meant, unclear = link("2024-01-01", second, first), link("2024-05-01", second, first)
    over = link("2024-05-01", *ended)

    assert isinstance(meant.link, FinalLink)
    assert meant.link.employment == first
    assert codes(unclear) == {"DUPLICATE_INCOME_RELATION"}
    assert isinstance(over.link, Terminated)
    assert over.link.employment == ended[0]  # the later one


def test_an_employment_of_another_administration_is_not_this_one() -> None:
    elsewhere = (LoketEmployment("m9", "another", 1, date(2024, 2, 1), None),)
    (decision,) = decided(person(), held=loket(employee(employments=elsewhere)))

    assert codes(decision) == {"EMPLOYMENT_NOT_FOUND_IN_LOKET"}


def test_a_number_that_nobody_has_becomes_a_concept_and_a_concept_stays_the_same_one() -> None:
    concept = LoketConcept("c1", EmployeeNumber(4711), {})
    (new,), (known,) = decided(person(), held=loket()), decided(person(), held=loket(concepts=(concept,)))

    assert isinstance(new.link, Unlinked)
    assert isinstance(known.link, Concept)
    assert {one.target for one in known.writes} <= {"c1"}


def salary(category: CompensationCategory, amount: str, interval: str) -> Compensation:
    hours = Decimal(40)
    return Compensation(
        "s1", PersonId("3007"), "t1", category, Decimal(amount), "EUR", interval, date(2026, 1, 1), hours, hours
    )


@pytest.mark.parametrize(("period", "wage"), [(1, "3000.00"), (None, None)])
def test_a_concepts_monthly_salary_needs_the_payroll_period_to_be_converted(
    period: int | None, wage: str | None
) -> None:
    monthly = salary(CompensationCategory.FIXED_SALARY, "3000", "MONTHLY")

    (decision,) = decided(person(), held=replace(loket(), payroll_period=period), pay=(monthly,))

    assert wages(decision) == ([wage] if wage else [])
    assert codes(decision) == (set() if wage else {"AMOUNT_NOT_CONVERTIBLE"})


@pytest.mark.parametrize("period", [1, 3, None])
def test_a_concepts_hourly_pay_is_the_same_whatever_the_payroll_period(period: int | None) -> None:
    hourly = salary(CompensationCategory.HOURLY_SALARY, "17.50", "")

    (decision,) = decided(person(), held=replace(loket(), payroll_period=period), pay=(hourly,))

    assert wages(decision) == ["17.50"]
    assert codes(decision) == set()


def test_recurring_and_one_time_pay_is_counted_that_stays_behind_until_a_concept_employee_is_completed() -> None:
    pay = tuple(
        replace(salary(category, "50", "MONTHLY"), id=category.value)
        for category in (
            CompensationCategory.FIXED_SALARY,
            CompensationCategory.RECURRING,
            CompensationCategory.ONE_TIME,
        )
    )

    (concept,), (final,) = decided(person(), held=loket(), pay=pay), decided(person(), pay=pay)

    assert (concept.withheld, final.withheld) == (2, 0)


def wages(decision: Decision) -> list[object]:
    return [one.after for write in decision.writes for one in write.changes if one.field == GROSS_WAGE]


def test_an_unresolved_create_is_never_planned_again() -> None:
    (decision,) = decided(person(), held=loket(), memory=Memory(creates_unknown=frozenset({EmployeeNumber(4711)})))

    assert decision.writes == ()
    assert decision.unknown_create


def test_a_bank_account_that_may_have_been_created_is_not_created_again_and_the_rest_is_written() -> None:
    unpaid = replace(loket(employee()), payments={"m1": PaymentRecord(None, BLANK, component=3)})
    moved = person(street="Harbour Rd")

    (first,) = decided(moved, held=unpaid)
    (again,) = decided(moved, held=unpaid, memory=Memory(bank_accounts_unknown=frozenset({EmployeeNumber(4711)})))

    assert [one.kind for one in first.writes] == [WriteKind.EMPLOYEE, WriteKind.PAYMENT_CREATED]
    assert [one.kind for one in again.writes] == [WriteKind.EMPLOYEE]
    assert (first.unknown_create, again.unknown_create) == (False, True)


def test_a_concept_finalised_under_another_number_is_not_created_a_second_time() -> None:
    finalised = employee(number=5000)
    memory = Memory(concepts={EmployeeNumber(4711): finalised.id})
    (decision,) = decided(person(), held=loket(finalised), memory=memory)

    assert decision.writes == ()
    assert [one.code.value for one in decision.notices] == ["CONCEPT_NUMBER_DIFFERS"]


def test_someone_whom_a_sweep_does_not_show_is_listed_as_not_seen() -> None:
    gone, here = decided(
        person(person_id="3007"), memory=Memory(members={PersonId("12"): None, PersonId("3007"): None})
    )

    assert gone.person == "12"
    assert gone.left_out is NOT_SEEN
    assert here.included


@pytest.mark.parametrize("number", [" " * 38 + "156789", "9" * 5000])
def test_a_number_is_read_whole_or_not_at_all(number: str) -> None:
    (decision,) = decided(person(employee_number_loket=number, house_number=number))

    assert decision.number in (156789, None)
    assert decision.number != 15


def test_a_date_and_a_word_of_an_employment_that_cannot_be_read_are_findings_of_their_own() -> None:
    sanne = person()
    assert sanne.employment
    unreadable = replace(sanne, employment=replace(sanne.employment, unreadable=("end_date", "status")))

    (decision,) = decided(unreadable)

    found = {str(one.field): one.code for one in decision.findings}
    assert found == {"end_date": FindingCode.DATE_FORMAT, "status": FindingCode.ATTRIBUTE_NOT_READABLE}
