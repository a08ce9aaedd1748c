"""What a look at a tenant can tell, and what it cannot."""

from __future__ import annotations

import pytest

from domain.attributes import Role
from domain.examination import Asked, Look, paired

PHONE, STREET = Role("phone"), Role("street")


@pytest.mark.parametrize(
    ("status", "readable"), [(199, False), (200, True), (204, True), (299, True), (300, False), (403, False)]
)
def test_only_an_answer_of_success_can_be_read(status: int, readable: bool) -> None:
    assert Asked("employees", status, needed=True).readable is readable


def test_a_right_is_judged_by_the_answer_to_its_own_question() -> None:
    look = Look(asked=(Asked("employees", 200, needed=True), Asked("audit trail", 403, needed=False)))

    assert look.may_read("employees") is True
    assert look.may_read("audit trail") is False


def test_of_what_was_not_asked_nothing_is_known() -> None:
    """A look ends at the first failure; what comes after it was never asked, which is no refusal."""
    assert Look(asked=(Asked("employees", 200, needed=True),)).may_read("audit trail") is None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("dynamic_123", "dynamic_123"),
        ("dynamic_123", "dynamic_4fa0.123"),
        ("dynamic_123", "dynamic_4fa0_123"),
        ("dynamic_4fa0.123", "dynamic_123"),
        ("cost_centre", "cost_centre"),
    ],
)
def test_one_attribute_is_found_in_the_other_list_literally_or_by_its_number(ours: str, theirs: str) -> None:
    assert paired({PHONE: ours}, ["dynamic_77", theirs, "last_name"]) == {PHONE: theirs}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("dynamic_123", "dynamic_1123"),
        ("dynamic_123", "dynamic_1230"),
        ("dynamic_23", "dynamic_4fa0.123"),
        ("dynamic_123", "dynamic_123.456"),
        ("cost_centre", "cost_centre_123"),
        ("cost_centre", "dynamic_cost_centre"),
        ("cost_centre", "last_name"),
        ("dynamic_123", "custom_123"),
        ("dynamic_123", "dynamic_4fa0.123 dynamic_99bc.123"),  # two with one number: it tells nothing
    ],
)
def test_attributes_that_only_look_alike_are_not_paired(ours: str, theirs: str) -> None:
    assert paired({PHONE: ours}, theirs.split()) == {}


def test_the_very_same_name_goes_before_the_same_number() -> None:
    assert paired({PHONE: "dynamic_123"}, ["dynamic_123", "dynamic_4fa0.123"]) == {PHONE: "dynamic_123"}


def test_each_role_has_a_key_of_its_own() -> None:
    keys = iter(["dynamic_aa.2", "dynamic_bb.1"])  # read once

    assert paired({PHONE: "dynamic_1", STREET: "dynamic_2"}, keys) == {PHONE: "dynamic_bb.1", STREET: "dynamic_aa.2"}
