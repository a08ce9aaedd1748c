"""An identity document in Loket is two fields that come, change and go together (EDIT-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.attributes import GATES, PAYMENT_IBAN, Override, Role, catalogue
from domain.planning.findings import FindingCode
from domain.planning.matching import match
from domain.planning.together import beside
from domain.planning.validation import findings
from domain.planning.writes import concept_writes, final_writes
from domain.snapshots import LoketConcept, PaymentRecord
from domain.values import BLANK, EmployeeNumber, FieldPath, Observed
from tests.support.people import POLICY, employee, loket, mapping_only, person

TYPE, NUMBER = FieldPath("identityDocument.typeOfDocument"), FieldPath("identityDocument.documentIdentification")
MAPPED = replace(
    POLICY,
    catalogue=catalogue(
        {Role("doc_type"), Role("doc_number"), *GATES},
        [
            Override(Role("doc_type"), TYPE, nullable=True, keys={"Passport": "1", "Card": "2"}),
            Override(Role("doc_number"), NUMBER, nullable=True),
        ],
    ),
)
MAPPED_WITH_STREET = replace(
    MAPPED, catalogue=(*MAPPED.catalogue, *(row for row in POLICY.catalogue if row.role == "street"))
)
NUMBER_ALONE = replace(
    POLICY, catalogue=catalogue({Role("doc_number"), *GATES}, [Override(Role("doc_number"), NUMBER, nullable=True)])
)
THEIRS = replace(employee(), fields={**employee().fields, TYPE: "1", NUMBER: "OLD1"})


def with_document(kind: Observed, number: Observed):  # type: ignore[no-untyped-def]
    return person(doc_type=kind, doc_number=number)


def test_a_document_that_is_blank_in_personio_goes_whole_in_a_write_of_its_own() -> None:
    moved = person(doc_type=BLANK, doc_number=BLANK, street="Central Ave")

    writes, _ = final_writes(moved, THEIRS, "m1", loket(THEIRS), MAPPED_WITH_STREET)

    rest, gone = writes
    assert [one.field for one in rest.changes] == ["address.street"]
    assert (rest.removes, gone.removes) == (None, "identityDocument")
    assert {(one.field, one.before, one.after) for one in gone.changes} == {(TYPE, "1", BLANK), (NUMBER, "OLD1", BLANK)}


def test_half_a_document_is_a_finding_for_a_final_employee() -> None:
    half = with_document(BLANK, "NEW2")
    link = match(half, loket(THEIRS), MAPPED, {}, {})

    found = findings(half, link, loket(THEIRS), MAPPED)

    assert (FindingCode.REQUIRED_FIELD_BLANK, TYPE) in {(one.code, one.field) for one in found}


def test_a_new_number_never_keeps_the_old_type_that_nobody_mapped() -> None:
    changed = with_document(BLANK, "NEW2")
    link = match(changed, loket(THEIRS), NUMBER_ALONE, {}, {})
    concept = LoketConcept("c1", EmployeeNumber(4711), {TYPE: "1", NUMBER: "OLD1"})

    final = findings(changed, link, loket(THEIRS), NUMBER_ALONE)
    (write, *_) = concept_writes(changed, EmployeeNumber(4711), concept, {}, loket(), NUMBER_ALONE)

    assert (FindingCode.REQUIRED_FIELD_BLANK, TYPE) in {(one.code, one.field) for one in final}
    assert {(one.field, one.after) for one in write.changes} >= {(NUMBER, "NEW2"), (TYPE, BLANK)}


def test_the_same_number_beside_a_type_that_nobody_mapped_is_left_alone() -> None:
    same = with_document(BLANK, "OLD1")
    link = match(same, loket(THEIRS), NUMBER_ALONE, {}, {})

    assert TYPE not in {one.field for one in findings(same, link, loket(THEIRS), NUMBER_ALONE)}


def test_what_goes_along_is_read_beside_what_leads_unless_it_is_read_anyway() -> None:
    iban, bic = PAYMENT_IBAN, FieldPath("paymentInformationSepa.bic")

    assert beside([iban]) == (bic,)
    assert beside([iban, bic]) == ()
    assert beside([FieldPath("address.street")]) == ()


@pytest.mark.parametrize("gate", GATES[1:])
def test_a_number_or_an_entry_date_that_nobody_has_ever_shown_stops_the_run_all_the_same(gate: Role) -> None:
    one = person(without=gate)
    new = loket()  # which holds nothing of them

    found = findings(one, match(one, new, POLICY, {}, {}), new, POLICY, unseen=frozenset({gate}))

    assert FindingCode.ATTRIBUTE_NOT_READABLE in {each.code for each in found}


@pytest.mark.parametrize(("held", "stops"), [("NL91ABNA0417164300", True), (BLANK, False), (None, False)])
def test_an_iban_that_nobody_has_ever_shown_stops_the_run_where_loket_holds_one(
    held: Observed | None, stops: bool
) -> None:
    records = {} if held is None else {"m1": PaymentRecord("pay-1", held)}
    there = replace(loket(employee()), payments=records)
    one = person(without="iban")

    found = findings(one, match(one, there, POLICY, {}, {}), there, POLICY, unseen=frozenset({Role("iban")}))

    assert ([each.field for each in found] == [PAYMENT_IBAN]) is stops


def test_what_the_customer_calls_mandatory_is_missed_also_where_no_field_of_loket_is_fed_by_it() -> None:
    policy = replace(mapping_only("street"), rules=replace(POLICY.rules, mandatory=frozenset({Role("phone")})))

    def missed(phone: Observed) -> list[str]:
        one = person(phone=phone)
        found = findings(one, match(one, loket(employee()), policy, {}, {}), loket(employee()), policy)
        return [str(each.field) for each in found if each.code is FindingCode.REQUIRED_FIELD_BLANK]

    assert (missed(BLANK), missed("030")) == (["phone"], [])
