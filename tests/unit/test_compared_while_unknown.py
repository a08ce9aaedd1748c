"""What is said of a field after a check has looked while nobody knew whether a write had landed (RUN-8, DRIFT-4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from domain.attributes import Role
from domain.events.drift import DriftResolved, Resolved
from domain.events.loket import LoketFieldChanged, WriteConflicted
from domain.planning.business_date import business_date
from domain.services.read_employee import last_look
from domain.values import BLANK, EmployeeNumber, FieldPath
from domain.views.comparison import Compared, Standing, compare
from tests.support.interposed import ProcessDied
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

STREET = FieldPath("address.street")


@pytest.fixture
def world() -> Iterator[World]:
    """Sanne's street was typed over in Loket; the run that wrote it back died before it heard so."""
    made = World(InProcess())
    for name in ("Sanne", "Tim", "Joris", "Lotte"):
        made.employ(name)
    made.run(date(2026, 3, 1))
    made.payroll.set_field(TULP, made.people["Sanne"].number, STREET, "Harbour Rd")
    made.check(date(2026, 3, 8))

    def die() -> None:
        raise ProcessDied

    made.hooks().after_write = die
    assert made.run(date(2026, 3, 9)) is None
    yield made
    made.close()


def street(world: World) -> Compared:
    """Sanne's, as of now."""
    tools, now, number = world.tools(), world.clock.now(), EmployeeNumber(world.people["Sanne"].number)
    entity = TULP.personio_id
    look = last_look(entity, number, log=tools.log, views=tools.views, by=now)
    found = compare(world.history("Sanne"), as_at=now, on=business_date(now), entity=entity, look=look)
    return next(one for one in found if one.field == STREET)


def changed(world: World) -> list[str]:
    """What was told of Sanne's street in Loket, beside her writes."""
    told = (one.fact for one in world.history("Sanne"))
    return [str(one.after) for one in told if isinstance(one, LoketFieldChanged) and one.field == STREET]


def test_a_check_ends_the_case_and_leaves_it_to_the_next_run_to_tell_what_loket_holds(world: World) -> None:
    world.check(date(2026, 3, 10))

    assert [one.how for one in facts(world.everything(), DriftResolved)] == [Resolved.PUT_BACK]
    assert changed(world) == ["Harbour Rd"]
    assert street(world).standing is Standing.NOT_COMPARED


def test_the_value_that_ended_the_case_is_no_change_when_it_is_told_later(world: World) -> None:
    """No run could read the write back: Loket hid Sanne. Now it shows her, and of her city there is a finding."""
    world.check(date(2026, 3, 10))
    world.payroll.hide_employee(TULP, world.people["Sanne"].number)
    world.run(date(2026, 3, 11))
    world.payroll.show_employees()
    world.edit("Sanne", Role("city"), BLANK)

    world.check(date(2026, 3, 12))

    assert [one.found for one in facts(world.everything(), WriteConflicted)] == [()]
    assert changed(world) == ["Harbour Rd", "Main St"]
    assert street(world).standing is Standing.NOT_COMPARED


def test_the_run_that_reads_the_write_back_says_that_both_are_the_same(world: World) -> None:
    world.check(date(2026, 3, 10))

    world.run(date(2026, 3, 11))

    assert changed(world) == ["Harbour Rd"]
    assert street(world).standing is Standing.EQUAL
