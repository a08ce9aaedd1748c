"""The names behind numbers, for a reason on record: as Personio last showed them, and of nobody else (AUD-8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import pytest

from domain.attributes import Role
from domain.events.custody import ValuesUnmasked
from domain.services.reports.named import names_of
from domain.services.reports.names import NAMES, read_names, show_names
from domain.services.reports.unmask import Unmasking
from domain.streams import CUSTODY
from domain.values import BLANK, Actor, EmployeeNumber, PersonId
from tests.support.world import ALL_ROLES, TULP, World, person
from tests.support.world_in_process import InProcess

FIRST, PREFIX, LAST = (
    Role(f"{part}_name") if part != "prefix" else Role("name_prefix") for part in ("first", "prefix", "last")
)
DAY, LATER = date(2026, 3, 15), date(2026, 3, 16)


@pytest.fixture
def world() -> Iterator[World]:
    """Joris is left out, so that the log holds no name of him."""
    one = World(InProcess())
    for name, prefix, last in (("Sanne", "de", "Visser"), ("Daan", BLANK, "Bakker"), ("Joris", BLANK, "Smit")):
        one.employ(name)
        for role, value in ((FIRST, name), (PREFIX, prefix), (LAST, last)):
            one.edit(name, role, value)
    one.hr.set_status(person(one, "Joris"), "LEAVE")
    one.run(DAY)
    yield one
    one.close()


def number(world: World, name: str) -> EmployeeNumber:
    return EmployeeNumber(world.people[name].number)


def names(world: World, wanted: Collection[EmployeeNumber]) -> Mapping[EmployeeNumber, str]:
    tools = world.tools()
    tools.views.catch_up()
    return read_names(TULP.personio_id, wanted, log=tools.log, vault=tools.vault, views=tools.views)


def show(world: World) -> frozenset[EmployeeNumber]:
    tools = world.tools()
    tools.views.catch_up()
    return show_names(
        TULP.personio_id,
        unmasking=Unmasking(Actor("Anja"), NAMES, "the payroll of March"),
        log=tools.log,
        vault=tools.vault,
        views=tools.views,
        clock=world.clock,
    )


def test_a_name_is_put_together_from_what_there_is_of_it(world: World) -> None:
    sanne, daan = number(world, "Sanne"), number(world, "Daan")

    assert names(world, [sanne, daan]) == {sanne: "Sanne de Visser", daan: "Daan Bakker"}
    assert names(world, [daan]) == {daan: "Daan Bakker"}
    assert names(world, [EmployeeNumber(999), number(world, "Joris")]) == {}


def test_whoever_changed_their_name_has_the_last_one(world: World) -> None:
    world.edit("Sanne", LAST, "Smit")
    world.edit("Sanne", PREFIX, BLANK)
    world.run(LATER)

    assert names(world, [number(world, "Sanne")]) == {number(world, "Sanne"): "Sanne Smit"}


def test_a_number_that_two_people_have_is_nobody_s_name(world: World) -> None:
    shared = number(world, "Sanne")
    world.edit("Daan", Role("employee_number_loket"), str(shared))
    world.run(LATER)

    assert names(world, [shared]) == {}


def test_whose_names_are_shown_is_on_record_and_nobody_s_is_read(world: World) -> None:
    shown = show(world)

    assert shown == {number(world, "Sanne"), number(world, "Daan")}
    (fact,) = [one.fact for one in world.tools().log.stream(CUSTODY) if isinstance(one.fact, ValuesUnmasked)]
    assert (fact.what, set(fact.employee_numbers)) == (NAMES, set(shown))


def test_whose_name_is_blank_or_hidden_from_the_start_is_not_on_record_as_shown(world: World) -> None:
    for name in ("Eva", "Pim"):
        world.employ(name)
    for role in (FIRST, PREFIX, LAST):
        world.edit("Daan", role, BLANK)
        world.edit("Eva", role, BLANK)
        world.hr.hide(role, person(world, "Pim"))
    world.hr.hide(LAST, person(world, "Sanne"))
    world.run(LATER)

    assert show(world) == {number(world, "Sanne")}
    assert names(world, [number(world, name) for name in ("Sanne", "Daan", "Eva", "Pim")]) == {
        number(world, "Sanne"): "Sanne de Visser"
    }


def test_a_paper_about_people_without_numbers_names_them_by_what_the_log_holds(world: World) -> None:
    world.edit("Daan", FIRST, BLANK)
    world.edit("Daan", Role("initials"), "D.")
    world.run(LATER)
    sanne, daan, joris = (person(world, name) for name in ("Sanne", "Daan", "Joris"))
    tools = world.tools()

    named = names_of([sanne, daan, joris, PersonId("of whom nothing is known")], tools.log, tools.vault)

    assert named == {sanne: "Sanne de Visser", daan: "D. Bakker"}


def test_a_tenant_without_an_attribute_of_a_name_has_names_without_it() -> None:
    world = World(InProcess(), mapped=ALL_ROLES - {PREFIX})
    world.employ("Sanne")
    for role, value in ((FIRST, "Sanne"), (LAST, "Visser")):
        world.edit("Sanne", role, value)
    world.run(DAY)
    sanne, tools = person(world, "Sanne"), world.tools()

    assert names_of([sanne], tools.log, tools.vault) == {sanne: "Sanne Visser"}
    assert names(world, [number(world, "Sanne")]) == {number(world, "Sanne"): "Sanne Visser"}
    world.close()
