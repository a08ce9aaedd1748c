"""Until when an accepted difference is left alone, and what of the address goes with it (DRIFT-8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.personal import Lost, Opened
from domain.planning.acceptance import Acceptance, in_force, leaving, overtaken
from domain.planning.addresses import ADDRESS_PARTS
from domain.snapshots import PersonioPerson
from domain.values import BLANK, FieldPath
from tests.support.people import POLICY, SANNE, TODAY, employee, mapping_only, person

STREET, CITY, PHONE = map(FieldPath, ("address.street", "address.city", "contactInformation.phoneNumber"))
ALLOWED = replace(POLICY, entity=replace(POLICY.entity, allow_accepted_drift=True))
HELD = employee().fields
NOWHERE = {**HELD, **dict.fromkeys(ADDRESS_PARTS, BLANK)}
LATER = date(2026, 4, 1)


def accepted(field: FieldPath = STREET, personio: Opened = "Main St", until: date = LATER) -> Acceptance:
    return Acceptance(field, personio, until)


def test_it_holds_up_to_and_including_its_day_where_the_legal_entity_allows_it() -> None:
    today, over = accepted(until=TODAY), accepted(until=date(2026, 3, 14))

    assert in_force((today, over), person(), HELD, ALLOWED, TODAY) == (today,)
    assert in_force((today,), person(), HELD, POLICY, TODAY) == ()
    assert in_force((today,), person(street="Central Ave"), HELD, ALLOWED, TODAY) == ()


@pytest.mark.parametrize(
    ("one", "known", "over"),
    [
        (person(), "Main St", False),
        (person(street=" Main St "), "Main St", False),
        (person(street="Central Ave"), "Main St", True),
        (person(street=BLANK), "Main St", True),
        (person(without="street"), "Main St", False),
        (person(street="Central Ave"), Lost.SHREDDED, False),
    ],
)
def test_a_value_that_changed_in_personio_ends_it_and_one_that_cannot_be_compared_does_not(
    one: PersonioPerson, known: Opened, over: bool
) -> None:
    assert overtaken(accepted(personio=known), one, ALLOWED) is over


def test_it_ends_with_the_mapping_of_its_field_and_holds_under_either_name_of_it() -> None:
    final, concept = FieldPath("paymentInformationSepa.iban"), FieldPath("iban")

    assert overtaken(accepted(), person(), mapping_only("city")) is True
    assert not any(overtaken(accepted(one, SANNE["iban"]), person(), ALLOWED) for one in (final, concept))


def test_whoever_accepts_a_part_of_an_address_that_one_side_lacks_accepts_it_whole_for_as_long() -> None:
    street, city = accepted(until=TODAY), accepted(CITY, SANNE["city"])

    whole = in_force((street, city), person(), NOWHERE, ALLOWED, TODAY)

    assert whole[:2] == (street, city)
    assert {one.field: one.until for one in whole[2:]} == dict.fromkeys({*ADDRESS_PARTS} - {STREET, CITY}, LATER)
    assert in_force((street,), person(), HELD, ALLOWED, TODAY) == (street,)
    part = replace(ALLOWED, catalogue=[row for row in ALLOWED.catalogue if row.role != "country"])
    assert "address.country" not in {one.field for one in in_force((street,), person(), NOWHERE, part, TODAY)}
    assert len(in_force((accepted(PHONE, SANNE["phone"]),), person(), NOWHERE, ALLOWED, TODAY)) == 1


@pytest.mark.parametrize(
    ("field", "role"), [("address.street", "street"), ("paymentInformationSepa.iban", "iban"), ("iban", "iban")]
)
def test_what_is_accepted_is_hidden_and_nothing_else(field: str, role: str) -> None:
    one = person()

    assert {*one.values} - {*leaving(one, (accepted(FieldPath(field)),), ALLOWED).values} == {role}
    assert leaving(one, (), ALLOWED) is one
