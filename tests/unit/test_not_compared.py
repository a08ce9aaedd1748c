"""Why a field, or a person, is neither equal nor drift, and what is said of it then (DRIFT-1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import (
    CATALOGUE,
    CITIZEN_SERVICE_NUMBER,
    PAYMENT_IBAN,
    WEEKLY_HOURS,
    Override,
    Role,
    catalogue,
)
from domain.drift.differences import Verdict, judge
from domain.planning import matching, validation
from domain.planning.comparison import suspects
from domain.planning.decide import Memory, Plan, decide
from domain.planning.details import NOT_SHOWN
from domain.planning.findings import Notice, NoticeCode
from domain.services.sync.remember import Remembered
from domain.settings import WeeklyHours
from domain.snapshots import LoketConcept, LoketSnapshot, PersonioPerson
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath
from tests.support.people import POLICY, TODAY, employee, loket, person, personio

CITY, STREET, PHONE = map(FieldPath, ("address.city", "address.street", "contactInformation.phoneNumber"))


def judged(one: PersonioPerson, held: LoketSnapshot, *unseen: Role) -> Verdict:
    """`unseen` are attributes that Personio shows of nobody, and never did."""
    read = replace(personio(one), unseen=frozenset(unseen))
    plan = decide(read, held, (), Memory(), POLICY, today=TODAY)
    return judge(plan, {one.id: one}, held, Remembered({}, {}, {}), POLICY)


def apart(verdict: Verdict) -> list[tuple[str, str]]:
    assert verdict.apart == ()
    return [(one.field, one.why) for one in verdict.not_compared]


def without(*fields: FieldPath) -> LoketSnapshot:
    """In which Loket does not show these."""
    theirs = employee()
    return loket(replace(theirs, fields={**theirs.fields, **dict.fromkeys(fields, NOT_OBSERVED)}))


def test_an_attribute_that_personio_does_not_show_is_not_compared() -> None:
    hidden, not_readable = person(without="phone"), [(PHONE, "ATTRIBUTE_NOT_READABLE")]

    assert apart(judged(hidden, loket(employee()))) == not_readable  # with a finding
    assert apart(judged(hidden, loket(employee(phone=BLANK)), Role("phone"))) == not_readable
    assert apart(judged(hidden, without(PHONE), Role("phone"))) == [(PHONE, "NOT_READ_IN_LOKET")]


def test_a_field_that_loket_does_not_show_is_not_compared() -> None:
    assert apart(judged(person(), without(CITY))) == [(CITY, "NOT_READ_IN_LOKET")]
    assert apart(judged(person(), without(CITIZEN_SERVICE_NUMBER))) == [
        (CITIZEN_SERVICE_NUMBER, "BSN_NOT_READABLE_IN_LOKET")
    ]
    assert apart(judged(person(), replace(loket(employee()), payments={}))) == [(PAYMENT_IBAN, "NOT_READ_IN_LOKET")]


@pytest.mark.parametrize(
    ("one", "held", "told"),
    [
        (person(), without(CITY), [CITY]),
        (person(), without(CITY, PHONE), [CITY, PHONE]),
        (person(), without(CITIZEN_SERVICE_NUMBER), [CITIZEN_SERVICE_NUMBER]),
        (person(), replace(loket(employee()), payments={}), [PAYMENT_IBAN]),
        (person(phone=BLANK), without(PHONE), []),
        (person(without="phone"), without(PHONE), []),
        (person(), replace(without(CITIZEN_SERVICE_NUMBER), bsn_readable=False), []),
        (person(), loket(), []),
    ],
)
def test_what_has_a_value_in_personio_and_is_not_shown_by_loket_is_told(
    one: PersonioPerson, held: LoketSnapshot, told: list[FieldPath]
) -> None:
    plan = decide(personio(one), held, (), Memory(), POLICY, today=TODAY)
    (decision,) = plan.decisions

    said = [each.detail for each in decision.notices if each.code is NoticeCode.NOT_READ_IN_LOKET]
    assert (said, decision.incomplete) == (([", ".join(told)], True) if told else ([], not held.bsn_readable))
    counted = NOT_SHOWN.format(said=", ".join(f"{name} (1)" for name in told))
    assert plan.remarks == ((counted,) if told else ())


def test_of_a_concept_employee_only_fields_that_loket_documents_are_missed() -> None:
    note = FieldPath("contactInformation.note")
    added = catalogue({row.role for row in CATALOGUE} | {Role("note")}, [Override(Role("note"), loket_path=note)])
    one = replace(person(), values={**person().values, Role("note"): "x"})

    def told(held: LoketSnapshot) -> tuple[FieldPath, ...]:
        policy = replace(POLICY, catalogue=added)
        return validation.not_read(one, matching.match(one, held, policy, {}, {}), held, policy)

    fields = {path: value for path, value in employee().fields.items() if path != CITY} | {
        FieldPath("iban"): BLANK,
        FieldPath("incomeRelationshipNumber"): BLANK,
        FieldPath("startDate"): BLANK,
    }
    concept = LoketConcept("c", EmployeeNumber(4711), fields)

    assert told(loket(concepts=(concept,))) == (CITY,)
    assert told(without(CITY)) == (CITY, note)


@pytest.mark.parametrize(
    ("setting", "since", "why"),
    [
        (WeeklyHours.SEND, TODAY, [(WEEKLY_HOURS, "HOURS_NOT_COMPARED")]),
        (WeeklyHours.COMPARE, TODAY, []),
        (WeeklyHours.SEND, None, []),
    ],
)
def test_hours_that_a_side_does_not_show_are_not_compared_where_they_would_be_sent(
    setting: WeeklyHours, since: date | None, why: list[tuple[str, str]]
) -> None:
    policy = replace(
        POLICY,
        entity=replace(POLICY.entity, compensation_start_date=since),
        pay=replace(POLICY.pay, weekly_hours=setting),
    )
    one, held = person(), loket(employee())
    (decision,) = decide(personio(one), held, (), Memory(), policy, today=TODAY).decisions
    said = replace(decision, notices=(Notice(NoticeCode.HOURS_NOT_COMPARED),))

    assert apart(judge(Plan((said,)), {one.id: one}, held, Remembered({}, {}, {}), policy)) == why


@pytest.mark.parametrize(("weekly", "hidden"), [(Decimal(32), [(WEEKLY_HOURS, "NOT_READ_IN_LOKET")]), (None, [])])
def test_hours_that_would_be_sent_and_loket_does_not_show_make_the_decision_incomplete(
    weekly: Decimal | None, hidden: list[tuple[str, str]]
) -> None:
    """Whether a salary is scaled by them or not: nobody would learn that they do not go."""
    policy = replace(
        POLICY,
        entity=replace(POLICY.entity, compensation_start_date=TODAY),
        pay=replace(POLICY.pay, weekly_hours=WeeklyHours.SEND),
    )
    one, held = person(), loket(employee())
    assert one.employment
    one = replace(one, employment=replace(one.employment, weekly_hours=weekly, full_time_hours=weekly))
    plan = decide(personio(one), held, (), Memory(), policy, today=TODAY)

    assert plan.decisions[0].incomplete is bool(hidden)
    assert plan.remarks == ((NOT_SHOWN.format(said=f"{WEEKLY_HOURS} (1)"),) if hidden else ())
    assert apart(judge(plan, {one.id: one}, held, Remembered({}, {}, {}), policy)) == hidden


def test_a_field_with_a_finding_is_not_compared_and_the_others_are() -> None:
    verdict = judged(person(postal_code="1234A", iban="NL91", street="Central Ave"), loket(employee()))

    assert [(one.field, one.why) for one in verdict.not_compared] == [
        ("address.postalCode", "POSTCODE_FORMAT"),
        (PAYMENT_IBAN, "IBAN_FORMAT"),
    ]
    assert [one.field for one in verdict.drift] == [STREET]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (person(employee_number_loket="4799"), "MATCH-3"),  # nobody in Loket has it yet
        (person(bsn="111222333", last_name="Anders"), "IDENTITY_MISMATCH"),
    ],
)
def test_of_whom_nobody_knows_who_they_are_in_loket_nothing_is_compared(one: PersonioPerson, why: str) -> None:
    verdict = judged(one, loket(employee()))

    assert (verdict.compared, [(one.field, one.why) for one in verdict.not_compared]) == (0, [("employeeNumber", why)])


def test_only_values_that_are_spelled_otherwise_or_are_not_shown_get_a_closer_look() -> None:
    rows = [(row.field, row.role, row) for row in POLICY.catalogue if row.role in ("street", "city", "phone")]
    said = person(street="Central Ave", without="phone").values

    assert [role for _, role, _ in suspects(rows, said, employee().fields)] == ["street", "phone"]
    assert [role for _, role, _ in suspects(rows, person().values, without(CITY).employees[4711].fields)] == ["city"]  # type: ignore[index]
