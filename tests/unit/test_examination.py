"""What a look at a tenant can tell, and what it cannot."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.attributes import Role
from domain.events.setup import CheckResult, TenantExamined
from domain.examination import Asked, Check, Verdict, paired
from domain.services.journal import Journal
from domain.services.setup import examine
from domain.services.setup.examine import record_examination
from domain.streams import examination_stream
from domain.values import Actor
from tests.support.fake_personio import FakePersonio
from tests.support.pay_world import BEGAN, LATER, employ_paid, world_with
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

PHONE, STREET = Role("phone"), Role("street")


@pytest.mark.parametrize(
    ("status", "readable"), [(199, False), (200, True), (204, True), (299, True), (300, False), (403, False)]
)
def test_only_an_answer_of_success_can_be_read(status: int, readable: bool) -> None:
    assert Asked("employees", status, needed=True).readable is readable


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


def test_an_examination_is_put_on_record_whole_with_what_is_to_be_done_and_stays_beside_the_earlier_ones() -> None:
    world = World(InProcess())
    journal = Journal(tools=world.tools(), actor=Actor("Anna"), correlation="examination-1")
    checks = (Check("clock", Verdict.OK, "one second"), Check("rights", Verdict.FAULT, "HTTP 403", "ask for it"))

    record_examination(journal, world.policy(), checks)
    record_examination(journal, world.policy(), checks[:1])

    facts = [one.fact for one in world.tools().log.stream(examination_stream(TULP.personio_id))]
    assert [one.results for one in facts if isinstance(one, TenantExamined)] == [
        (CheckResult("clock", "ok", "one second"), CheckResult("rights", "fault", "HTTP 403; ask for it")),
        (CheckResult("clock", "ok", "one second"),),
    ]
    world.close()


def test_the_doctor_counts_people_also_where_several_notices_are_of_one() -> None:
    world, hr = world_with(FakePersonio)
    sanne, _ = employ_paid(world, "Sanne")
    for name in ("Crypto", "Share plan", "Lunches"):
        hr.add_pay(sanne, name, "RECURRING", Decimal(10), BEGAN)

    said = {one.name: one.told for one in examine._people((None, world.look(LATER).plan), "")}  # type: ignore[arg-type]

    assert said["notice PAY_TYPE_NOT_SENT"] == "1 person"
    world.close()
