"""What would have come of a person's present data, had they been known on an earlier day (AUD-12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from domain.attributes import GROSS_WAGE, GROSS_WAGE_TYPE, Role
from domain.errors import NotFound
from domain.services.replay.known_earlier import PAY, Exposure, known_earlier
from domain.services.replay.looks import Look, Looks, looks_between
from domain.values import FieldPath
from tests.support.world import World, person
from tests.support.world_in_process import InProcess

JANUARY, FEBRUARY, MARCH = date(2026, 1, 15), date(2026, 2, 15), date(2026, 3, 15)
STREET, PHONE = FieldPath("address.street"), FieldPath("contactInformation.phoneNumber")
FULL_TIME = (Decimal(40), Decimal(40))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Sanne's raise, from February on, is seen in March, as her new street and phone are; Joris is on leave."""
    one = World(InProcess(), pay_from=date(2026, 1, 1))
    for name in ("Sanne", "Joris"):
        one.employ(name)
    one.hr.set_status(person(one, "Joris"), "LEAVE")
    earns(one, 3000, date(2026, 1, 1))
    one.run(JANUARY)
    one.run(FEBRUARY)
    earns(one, 3200, date(2026, 2, 1))
    one.edit("Sanne", Role("street"), "Kade")
    one.edit("Sanne", Role("phone"), "0612345678")
    one.employ("Daan")
    one.run(MARCH)
    yield one
    one.close()


def earns(world: World, amount: int, since: date) -> None:
    world.hr.set_salary(person(world, "Sanne"), Decimal(amount), "MONTHLY", hours=FULL_TIME, effective_from=since)


def exposure(world: World, *fields: str, name: str = "Sanne", since: date = JANUARY) -> Exposure:
    looks = read(world)
    return known_earlier(looks, looks[-1], person(world, name), since=since, fields=fields)


def read(world: World) -> list[Look]:
    tools = world.tools()
    looks = Looks(tools.log, tools.vault)
    return [looks.look(name) for name in looks_between(tools.log)]


def missed(found: Exposure) -> list[tuple[str, str]]:
    return [(one.run, one.change.field) for one in found.missed]


def test_each_run_that_did_not_know_would_have_written_it_and_the_one_that_knew_did(world: World) -> None:
    found = exposure(world, STREET)

    assert missed(found) == [("run-1", STREET), ("run-2", STREET)]
    assert [(one.today, one.kind, one.change.after) for one in found.missed] == [
        (JANUARY, "employee", "Kade"),
        (FEBRUARY, "employee", "Kade"),
    ]
    assert (found.runs, found.periods) == (3, ())


def test_only_what_is_asked_for_is_taken_as_known(world: World) -> None:
    assert missed(exposure(world, STREET, PHONE)) == [
        (run, field) for run in ("run-1", "run-2") for field in (STREET, PHONE)
    ]
    assert {field for _, field in missed(exposure(world, PAY))} == {GROSS_WAGE, GROSS_WAGE_TYPE}
    assert {field for _, field in missed(exposure(world))} == {STREET, PHONE, GROSS_WAGE, GROSS_WAGE_TYPE}


def test_a_day_that_a_run_was_made_for_is_not_too_early(world: World) -> None:
    found = exposure(world, STREET, since=FEBRUARY)

    assert (found.runs, missed(found)) == (2, [("run-2", STREET)])
    assert exposure(world, STREET, name="Daan").runs == 1  # nobody else's are looked at, nor any before there was data


def test_a_wage_was_wrong_in_the_periods_that_it_reaches_into_and_that_had_begun(world: World) -> None:
    (february,) = [one for one in exposure(world, PAY).periods if one.field == GROSS_WAGE]

    assert (february.period, february.processed, february.effective_on) == ("2026-02", False, date(2026, 2, 1))
    assert [Decimal(str(one)) for one in (february.held, february.wanted)] == [3000, 3200]


def test_it_is_said_why_there_is_nothing_to_tell(world: World) -> None:
    with pytest.raises(NotFound, match=r"called a\.b, shoeSize; pay is called pay"):
        exposure(world, "shoeSize", PAY, "a.b")
    with pytest.raises(NotFound, match="run-3 holds nothing of this person but the gates"):
        exposure(world, name="Joris")
