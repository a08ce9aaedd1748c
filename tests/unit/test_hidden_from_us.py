"""A run that is blocked by what Personio does not show names it, and how somebody else accepts that it is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import Role
from domain.services.sync.report import RunStatus
from tests.support.world import World, person
from tests.support.world_in_process import InProcess

NAMES = ("Sanne", "Daan", "Lotte", "Joost", "Noor", "Tim")
FULL_TIME = (Decimal(40), Decimal(40))


@pytest.fixture
def world() -> Iterator[World]:
    one = World(InProcess(), pay_from=date(2026, 1, 1))
    for name in NAMES:
        one.employ(name)
        one.hr.set_salary(person(one, name), Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=date(2026, 2, 1))
    one.run(date(2026, 3, 15))
    yield one
    one.close()


def blocked(world: World, day: int) -> tuple[str, str]:
    """What the run says, and what names the read that may be accepted."""
    world.run(date(2026, 3, day))
    report = world.last_report()
    assert (report.status, report.reason) == (RunStatus.BLOCKED, "CHECK-2")
    return report.message or "", report.fingerprint or ""


def test_whose_pay_is_not_shown_is_counted(world: World) -> None:
    how = "if that is so in Personio, let another person run: sync --accept-read"

    world.hr.hide_pay_of([person(world, "Sanne")])
    one, read = blocked(world, 16)
    world.hr.hide_pay_of([person(world, name) for name in ("Sanne", "Daan")])
    two, other = blocked(world, 17)

    assert one == (
        f"PAY_NOT_VISIBLE wage.grossWage: 1 person. Of 1 person who had a salary no pay is shown; {how} {read}"
    )
    assert two.endswith(f". Of 2 people who had a salary no pay is shown; {how} {other}")
    assert "" != read != other


def test_an_attribute_that_far_fewer_people_show_is_named_before_the_pay(world: World) -> None:
    world.hr.omit_empties()
    for name in NAMES:
        world.hr.hide(Role("phone"), person(world, name))
    world.hr.hide_pay_of([person(world, "Sanne")])

    said, _ = blocked(world, 16)

    assert ". Far fewer people show phone than before; Of 1 person who had a salary no pay is shown; if that" in said


def test_a_run_that_anything_else_blocks_offers_no_read_to_accept(world: World) -> None:
    world.edit("Sanne", Role("postal_code"), "12")

    said, read = blocked(world, 16)

    assert (said, read) == ("POSTCODE_FORMAT address.postalCode: 1 person", "")
