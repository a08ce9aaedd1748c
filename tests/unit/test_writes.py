"""What is written for one person, and above all what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.attributes import CATALOGUE
from domain.events.loket import WriteKind
from domain.planning.comparison import Difference
from domain.planning.decide import Memory, decide
from domain.planning.planned import DataWrite
from domain.planning.writes import concept_writes, final_writes
from domain.snapshots import LoketConcept, PaymentRecord
from domain.values import BLANK, NOT_OBSERVED, EmployeeNumber, FieldPath
from tests.support.people import POLICY, SANNE, TODAY, employee, loket, mapping_only, person, personio


def planned(one: object, held: object = None, **wanted: object) -> tuple[DataWrite, ...]:
    theirs = held or employee()
    writes, _ = final_writes(one, theirs, "m1", loket(theirs), POLICY)  # type: ignore[arg-type]
    return writes


def test_an_equal_person_is_not_written() -> None:
    assert planned(person()) == ()


@pytest.mark.parametrize("row", [row for row in CATALOGUE if not row.is_key], ids=lambda row: row.role)
def test_an_attribute_that_was_not_observed_is_never_written(row: object) -> None:
    assert planned(person(without=row.role)) == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", [row for row in CATALOGUE if row.nullable], ids=lambda row: row.role)
def test_a_blank_clears_every_field_that_loket_lets_be_blank(row: object) -> None:
    (write,) = planned(person(**{row.role: "  "}))  # type: ignore[attr-defined]

    (change,) = write.changes
    assert change.field == row.field  # type: ignore[attr-defined]
    assert change.after is BLANK


def test_the_same_value_in_another_spelling_is_not_written() -> None:
    other = employee(
        postal_code="1234ab", iban="", personal_email="SANNE@EXAMPLE.ORG", country="nl", house_number="012"
    )
    assert planned(person(iban="nl91 abna 0417 1643 00"), other) == ()


def test_a_changed_street_is_one_change_with_what_was_there() -> None:
    (write,) = planned(person(street="Central Ave"))

    assert write.kind is WriteKind.EMPLOYEE
    assert write.target == "guid-1"
    assert write.changes == (Difference(FieldPath("address.street"), "Main St", "Central Ave"),)


def test_a_bsn_goes_through_its_own_write() -> None:
    (write,) = planned(person(bsn="111222333"))

    assert write.kind is WriteKind.BSN
    assert write.changes == (Difference(FieldPath("citizenServiceNumber"), "123456782", "111222333"),)


def test_all_address_parts_blank_clear_the_whole_address_and_name_what_is_lost_with_it() -> None:
    blank = dict.fromkeys(("street", "house_number", "house_number_addition", "postal_code", "city", "country"), BLANK)
    theirs = employee()
    theirs = replace(theirs, fields={**theirs.fields, FieldPath("address.location"): "Dock 4"})

    (write,) = planned(person(**blank), theirs)

    assert all(change.after is BLANK for change in write.changes)
    assert Difference(FieldPath("address.location"), "Dock 4", BLANK) in write.changes


def test_a_new_iban_replaces_the_record_and_a_dutch_one_drops_the_foreign_bic() -> None:
    theirs = employee()
    snapshot = replace(loket(theirs), payments={"m1": PaymentRecord("pay-1", "DE89370400440532013000", "COBADEFF")})

    (write,), failed = final_writes(person(), theirs, "m1", snapshot, POLICY)

    assert failed == ()
    assert write.kind is WriteKind.PAYMENT
    assert [(change.field, change.after) for change in write.changes] == [
        ("paymentInformationSepa.iban", SANNE["iban"]),
        ("paymentInformationSepa.bic", BLANK),
    ]


@pytest.mark.parametrize(("component", "kinds", "failed"), [(3, [WriteKind.PAYMENT_CREATED], 0), (None, [], 1)])
def test_a_first_iban_needs_the_component_that_loket_names(
    component: int | None, kinds: list[WriteKind], failed: int
) -> None:
    theirs = employee()
    snapshot = replace(loket(theirs), payments={"m1": PaymentRecord(None, BLANK, component=component)})

    writes, not_written = final_writes(person(), theirs, "m1", snapshot, POLICY)

    assert [one.kind for one in writes] == kinds
    assert len(not_written) == failed


def test_a_blank_iban_without_a_record_and_an_unread_record_write_nothing() -> None:
    theirs = employee()
    for payments in ({"m1": PaymentRecord(None, BLANK, component=3)}, {}):
        writes, failed = final_writes(
            person(iban=BLANK), theirs, "m1", replace(loket(theirs), payments=payments), POLICY
        )
        assert (writes, failed) == ((), ())


def test_a_new_concept_carries_filled_fields_keys_and_wage_and_its_bsn_apart() -> None:
    wage = {FieldPath("wage.grossWage"): "3200.00", FieldPath("wage.grossWageType"): "1"}
    one = person(personal_email=BLANK, phone=NOT_OBSERVED)

    created, bsn = concept_writes(one, EmployeeNumber(4711), None, wage, loket(), POLICY)

    fields = {change.field: change.after for change in created.changes}
    assert created.kind is WriteKind.CONCEPT_CREATED
    assert created.label == "Visser S. (4711)"
    assert fields["employeeNumber"] == "4711"
    assert fields["startDate"] == "2024-02-01"
    assert fields["iban"] == SANNE["iban"]
    assert fields["wage.grossWage"] == "3200.00"
    assert not {"contactInformation.emailAddress", "contactInformation.phoneNumber", "citizenServiceNumber"} & set(
        fields
    )
    assert "contactInformation.businessEmailAddress" not in fields  # a concept has no place for it
    assert bsn.kind is WriteKind.CONCEPT_BSN


def test_a_concept_that_is_already_equal_is_not_written_again() -> None:
    wage = {FieldPath("wage.grossWage"): "3200.00", FieldPath("wage.grossWageType"): "1"}
    held = {row.concept: row.keys.get(SANNE[row.role], SANNE[row.role]) for row in CATALOGUE if row.concept}
    concept = LoketConcept(
        "c1",
        EmployeeNumber(4711),
        {**held, FieldPath("wage.grossWage"): "3200.0", FieldPath("wage.grossWageType"): "1"},
    )

    assert concept_writes(person(), EmployeeNumber(4711), concept, wage, loket(), POLICY) == ()


def test_the_end_date_of_nobody_is_ever_written() -> None:
    one = person(entry_date_current_period="2025-01-01", income_number="2")
    assert planned(one, employee(end=date(2026, 6, 30))) == ()


@pytest.mark.parametrize("mapped", [("house_number_addition",), ("street", "house_number", "house_number_addition")])
def test_blank_parts_of_an_address_that_is_only_partly_mapped_never_clear_the_rest(mapped: tuple[str, ...]) -> None:
    tenant = mapping_only(*mapped)
    theirs = employee()
    one = person(**dict.fromkeys(mapped, BLANK))

    writes, _ = final_writes(one, theirs, "m1", loket(theirs), tenant)

    (decision,) = decide(personio(one), loket(theirs), (), Memory(), tenant, today=TODAY).decisions
    cleared = {change.field for write in writes for change in write.changes if change.clears}
    required = {f"address.{'street' if role == 'street' else 'houseNumber'}" for role in mapped[:-1]}
    assert cleared <= {"address.houseNumberAddition", *required}
    assert {finding.field for finding in decision.findings} == required  # held for a person, never written
