"""What must be fixed of one person before anything is sent: each rule's plain case and its edge (CHECK-2, EDIT-2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from domain.attributes import PAYMENT_IBAN, Role
from domain.planning.details import ONE_TO, TOO_LONG, UNSEEN_AFTER
from domain.planning.findings import Finding, FindingCode, Notice, NoticeCode
from domain.planning.matching import Concept, FinalLink, Link, Unlinked, Unresolved
from domain.planning.validation import duplicates, findings, lives_in_the_netherlands, notices
from domain.settings import Policy
from domain.snapshots import LoketConcept, LoketSnapshot, PaymentRecord, PersonioPerson
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath, Observed, PersonId
from tests.support.people import POLICY, employee, loket, mapping_only, person

NUMBER = EmployeeNumber(4711)
EMPLOYEE = employee()
FINAL = FinalLink(NUMBER, EMPLOYEE, EMPLOYEE.employments[0])
NEW = Unlinked(NUMBER)
CONCEPT = Concept(NUMBER, LoketConcept("c", NUMBER, {**EMPLOYEE.fields, FieldPath("iban"): "NL91ABNA0417164300"}))
HELD = loket(EMPLOYEE)
WANTS_COST_CENTRE = replace(POLICY, rules=replace(POLICY.rules, mandatory=frozenset({"cost_centre"})))


def found(
    one: PersonioPerson,
    link: Link = FINAL,
    *,
    held: LoketSnapshot = HELD,
    policy: Policy = POLICY,
    unseen: Iterable[str] = (),
) -> list[tuple[str, str | None, str]]:
    every = findings(one, link, held, policy, unseen=frozenset(map(Role, unseen)))
    return [(each.code.value, each.field, each.detail) for each in every]


def test_somebody_without_faults_has_no_findings_whatever_they_are_in_loket() -> None:
    for link in (FINAL, NEW, CONCEPT):
        assert found(person(), link) == []


def test_findings_of_the_link_come_first_and_none_is_told_twice() -> None:
    own = Finding(FindingCode.EMPLOYMENT_NOT_FOUND_IN_LOKET, FieldPath("startDate"))

    assert found(person(employee_number_loket=BLANK), Unresolved(NUMBER, (own, own)))[:2] == [
        ("EMPLOYMENT_NOT_FOUND_IN_LOKET", "startDate", own.detail),
        ("MISSING_EMPLOYEE_NUMBER", "employeeNumber", ""),
    ]


@pytest.mark.parametrize(
    ("changed", "finding"),
    [
        ({"employee_number_loket": BLANK}, ("MISSING_EMPLOYEE_NUMBER", "employeeNumber", "")),
        ({"employee_number_loket": "x"}, ("EMPLOYEE_NUMBER_FORMAT", "employeeNumber", "")),
        ({"income_number": " "}, ("MISSING_INCOME_NUMBER", "incomeRelationshipNumber", "")),
        (
            {"income_number": "x"},
            ("INCOME_NUMBER_RANGE", "incomeRelationshipNumber", ONE_TO.format(most=9999)),
        ),
        (
            {"employee_number_loket": "47\u200b11"},
            ("INVISIBLE_CHARACTER", "employeeNumber", UNSEEN_AFTER.format(before=2)),
        ),
        (
            {"income_number": "1\u200b2"},
            ("INVISIBLE_CHARACTER", "incomeRelationshipNumber", UNSEEN_AFTER.format(before=1)),
        ),
    ],
)
def test_both_numbers_have_to_be_there_and_to_be_numbers(
    changed: dict[str, Observed], finding: tuple[str, str, str]
) -> None:
    assert found(person(**changed), NEW) == [finding]


@pytest.mark.parametrize(
    ("hidden", "link", "unseen", "told"),
    [
        ("phone", FINAL, (), "contactInformation.phoneNumber"),
        ("phone", FINAL, ("phone",), "contactInformation.phoneNumber"),  # Loket holds one
        ("phone", CONCEPT, ("phone",), "contactInformation.phoneNumber"),
        ("phone", NEW, ("phone",), None),  # nobody has ever shown it, and nothing hangs on it
        ("phone", NEW, (), "contactInformation.phoneNumber"),
        ("iban", FINAL, ("iban",), "paymentInformationSepa.iban"),
        ("iban", CONCEPT, ("iban",), "paymentInformationSepa.iban"),
        ("email", CONCEPT, ("email",), "contactInformation.businessEmailAddress"),
        ("employee_number_loket", NEW, ("employee_number_loket",), "employeeNumber"),
        ("income_number", NEW, ("income_number",), "incomeRelationshipNumber"),
        ("entry_date_current_period", NEW, ("entry_date_current_period",), "startDate"),
        ("consider_in_nl_payroll", NEW, (), None),  # whoever is not considered is left out before
        ("cost_centre", NEW, ("cost_centre",), None),  # no attribute of this customer
    ],
)
def test_an_attribute_that_personio_does_not_show_is_never_taken_for_blank(
    hidden: str, link: Link, unseen: tuple[str, ...], told: str | None
) -> None:
    codes = [("ATTRIBUTE_NOT_READABLE", told, "")] if told else []

    assert found(person(without=hidden), link, unseen=unseen) == codes


def test_an_attribute_that_is_wanted_has_to_be_shown_although_nobody_ever_showed_it() -> None:
    wanting = replace(POLICY, rules=replace(POLICY.rules, mandatory=frozenset({Role("phone")})))

    assert found(person(without="phone"), NEW, policy=wanting, unseen=("phone",)) == [
        ("ATTRIBUTE_NOT_READABLE", "contactInformation.phoneNumber", "")
    ]
    assert found(person(cost_centre=BLANK), NEW, policy=WANTS_COST_CENTRE) == [
        ("REQUIRED_FIELD_BLANK", "cost_centre", "")
    ]
    assert found(person(cost_centre="100"), NEW, policy=WANTS_COST_CENTRE) == []


def test_numbers_and_the_entry_date_have_to_be_shown_whatever_else_is_synced() -> None:
    nothing = replace(POLICY, catalogue=())

    assert found(person(without="employee_number_loket entry_date_current_period"), NEW, policy=nothing) == [
        ("ATTRIBUTE_NOT_READABLE", "employeeNumber", ""),
        ("ATTRIBUTE_NOT_READABLE", "entry_date_current_period", ""),
    ]


def test_a_character_that_cannot_be_seen_is_named_by_its_place_before_anything_else() -> None:
    told = ("INVISIBLE_CHARACTER", "address.city", UNSEEN_AFTER.format(before=2))

    assert found(person(city="Ut\u200brecht")) == [told]
    assert found(person(city="Ut\u200brecht" + "a" * 30)) == [told]


def test_whether_an_account_is_held_is_asked_of_the_employment_that_is_meant() -> None:
    nothing = replace(HELD, payments={})
    hidden = person(without="iban")

    assert found(hidden, unseen=("iban",)) == [("ATTRIBUTE_NOT_READABLE", PAYMENT_IBAN, "")]
    assert found(hidden, held=nothing, unseen=("iban",)) == []


def test_a_text_has_at_most_the_characters_that_loket_takes() -> None:
    told = ("VALUE_TOO_LONG", "personalDetails.initials", TOO_LONG.format(length=7, most=6))

    assert found(person(initials="ABCDEF")) == []
    assert found(person(initials="ABCDEFG")) == [told]


def test_where_no_country_is_mapped_addresses_are_dutch() -> None:
    abroad, nowhere = person(country="BE"), person(country=BLANK)
    wrong = person(postal_code="12 AB")

    assert [lives_in_the_netherlands(one, POLICY) for one in (person(), abroad, nowhere)] == [True, False, True]
    assert lives_in_the_netherlands(abroad, mapping_only("postal_code"))
    assert "POSTCODE_FORMAT" in [one[0] for one in found(wrong, policy=mapping_only("postal_code"))]


@pytest.mark.parametrize(
    ("blank", "link", "told"),
    [
        ("last_name", NEW, "personalDetails.lastName"),
        ("first_name", NEW, None),
        ("date_of_birth", FINAL, "personalDetails.dateOfBirth"),
        ("date_of_birth", NEW, None),  # a concept employee may lack it
        ("date_of_birth", CONCEPT, None),
        ("phone", FINAL, None),
        ("iban", FINAL, "paymentInformationSepa.iban"),
        ("iban", NEW, None),
    ],
)
def test_a_blank_is_a_finding_where_loket_takes_none(blank: str, link: Link, told: str | None) -> None:
    assert found(person(**{blank: BLANK}), link) == ([("REQUIRED_FIELD_BLANK", told, "")] if told else [])


def test_an_account_that_loket_has_not_yet_may_be_blank() -> None:
    proposed = replace(HELD, payments={one: PaymentRecord(None, "", 1) for one in HELD.payments})

    assert found(person(iban=BLANK), held=proposed) == found(person(iban=BLANK), held=replace(HELD, payments={})) == []
    assert found(person(date_of_birth=BLANK), held=replace(HELD, payments={})) == [
        ("REQUIRED_FIELD_BLANK", "personalDetails.dateOfBirth", "")
    ]


def test_a_customer_wants_more_than_loket_does_and_never_less_than_a_last_name() -> None:
    nothing = replace(POLICY, rules=replace(POLICY.rules, mandatory=frozenset()))
    phone = replace(POLICY, rules=replace(POLICY.rules, mandatory=frozenset({Role("phone")})))

    assert found(person(last_name=BLANK), NEW, policy=nothing) == [
        ("REQUIRED_FIELD_BLANK", "personalDetails.lastName", "")
    ]
    assert found(person(phone=BLANK), NEW, policy=phone) == [
        ("REQUIRED_FIELD_BLANK", "contactInformation.phoneNumber", "")
    ]
    assert found(person(entry_date_current_period=BLANK), policy=nothing) == []  # it names the employment


def test_an_address_is_whole_or_goes_whole() -> None:
    parts = ("street", "house_number", "house_number_addition", "postal_code", "city", "country")

    assert found(person(street=BLANK)) == [("REQUIRED_FIELD_BLANK", "address.street", "")]
    assert found(person(street=BLANK), NEW) == [("REQUIRED_FIELD_BLANK", "address.street", "")]
    assert found(person(**dict.fromkeys(parts, BLANK))) == []


@pytest.mark.parametrize(
    ("iban", "needed", "told"),
    [
        ("BE68539007547034", True, True),
        ("BE68539007547034", False, False),
        ("NL02ABNA0123456789", True, False),
        (BLANK, True, False),
    ],
)
def test_a_foreign_account_that_is_new_needs_a_bic_where_this_loket_says_so(
    iban: Observed, needed: bool, told: bool
) -> None:
    wanting = replace(POLICY, rules=replace(POLICY.rules, bic_required=needed))

    assert ("BIC_MISSING" in [one[0] for one in found(person(iban=iban), policy=wanting)]) is told
    assert found(person(iban="BE68539007547034"), held=loket(EMPLOYEE, iban="BE68539007547034"), policy=wanting) == []
    assert found(person(iban="BE68539007547034"), NEW, policy=wanting) == []
    assert found(person(iban="BE68539007547034"), held=replace(HELD, payments={}), policy=wanting) == []


@pytest.mark.parametrize(
    ("bsn", "told"),
    [
        (BLANK, (Notice(NoticeCode.BSN_BLANK),)),
        (NOT_OBSERVED, ()),
        ("123456782", ()),
        ("999999990", (Notice(NoticeCode.BSN_UNUSUAL_PREFIX),)),
        ("910000001", (Notice(NoticeCode.BSN_UNUSUAL_PREFIX),)),
        ("190000004", ()),
        ("899999999", ()),  # no BSN at all: that is a finding
    ],
)
def test_an_unusual_bsn_is_told_and_does_not_block(bsn: Observed, told: tuple[Notice, ...]) -> None:
    assert notices(person(bsn=bsn), POLICY) == told
    assert notices(person(bsn=bsn), mapping_only("last_name")) == ()


def test_a_number_or_a_bsn_with_its_income_number_belongs_to_one_person() -> None:
    number, relation = (
        Finding(FindingCode.DUPLICATE_EMPLOYEE_NUMBER, FieldPath("employeeNumber")),
        Finding(FindingCode.DUPLICATE_INCOME_RELATION, FieldPath("incomeRelationshipNumber")),
    )

    def told(**other: Observed) -> dict[str, tuple[Finding, ...]]:
        return dict(duplicates([person(), person(person_id="3008", **other)]))

    nobodys = person(employee_number_loket=BLANK, bsn=BLANK)
    assert duplicates([nobodys, replace(nobodys, id=PersonId("3008"))]) == {}

    assert told() == dict.fromkeys(("3007", "3008"), (number, relation))
    assert told(employee_number_loket="4712") == dict.fromkeys(("3007", "3008"), (relation,))
    assert (
        told(bsn="111222333")
        == told(bsn=BLANK)
        == told(income_number="2")
        == dict.fromkeys(("3007", "3008"), (number,))
    )
    without = person(income_number=BLANK)
    twin = person(person_id="3008", income_number=BLANK, employee_number_loket="4712")
    assert duplicates([without, twin]) == {}
    assert told(employee_number_loket=BLANK) == told(employee_number_loket="4712", income_number=BLANK) == {}
