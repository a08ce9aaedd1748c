"""Which amount Personio shows, as the wages of part-timers in Loket tell it (PAY-9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from domain.planning.pay.votes import Votes, votes
from domain.services.reading.observe import observe
from domain.settings import AmountBasis
from tests.support.fake_personio import FakePersonio
from tests.support.world import World
from tests.support.world_in_process import InProcess

TODAY = date(2026, 3, 15)
FEBRUARY = date(2026, 2, 1)
HALF = (Decimal(20), Decimal(40))
FULL = (Decimal(40), Decimal(40))


def counted(world: World) -> Votes:
    world.clock.travel(TODAY)
    seen = observe(world.tools(), world.policy(), TODAY, lambda *_: None)
    return votes(seen.personio, seen.loket, world.policy(), on=TODAY)


def paid(
    world: World, name: str, salary: str, wage: str, *, hours: tuple[Decimal, Decimal] = HALF, **more: object
) -> None:
    one = world.employ(name)
    assert one.person is not None
    world.hr.set_salary(one.person, Decimal(salary), "MONTHLY", hours=hours, effective_from=FEBRUARY)
    world.payroll.add_wage(one.entity, one.number, FEBRUARY, Decimal(wage), **more)


@pytest.fixture
def world() -> World:
    made = World(InProcess(), pay_from=date(2026, 1, 1))
    made.hr.show_own_salaries()
    return made


def test_each_part_timer_has_one_vote_and_full_timers_have_none(world: World) -> None:
    paid(world, "Sanne", "1200", "2400.00")
    paid(world, "Daan", "1300", "1300.00")
    paid(world, "Lotte", "1300", "1400.00")
    paid(world, "Joost", "3000", "3000.00", hours=FULL)

    assert counted(world) == Votes(full_time=1, effective=1, neither=1)


def test_a_wage_that_loket_does_not_scale_votes_by_the_persons_own_amount(world: World) -> None:
    paid(world, "Sanne", "1200", "1200.00", isGrossWageFullTime=False)
    paid(world, "Daan", "2400", "1200.00", isGrossWageFullTime=False)

    assert counted(world) == Votes(full_time=1, effective=1)


def test_who_has_no_wage_or_no_salary_any_more_has_no_vote(world: World) -> None:
    one = world.employ("Sanne")
    assert one.person is not None
    world.hr.set_salary(one.person, Decimal(1200), "MONTHLY", hours=HALF, effective_from=FEBRUARY)
    paid(world, "Daan", "1200", "2400.00")
    assert isinstance(world.hr, FakePersonio)
    ended = world.people["Daan"].person
    assert ended is not None
    world.hr.set_salary(ended, Decimal(0), "MONTHLY", hours=HALF, effective_from=date(2026, 3, 1))

    assert counted(world) == Votes()


def test_a_salary_votes_up_to_its_last_day(world: World) -> None:
    paid(world, "Sanne", "1200", "2400.00")
    world.clock.travel(TODAY)
    seen = observe(world.tools(), world.policy(), TODAY, lambda *_: None)

    def cast(until: date) -> Votes:
        ended = {
            person: tuple(replace(one, until=until) for one in each) for person, each in seen.personio.paid.items()
        }
        return votes(replace(seen.personio, paid=ended), seen.loket, world.policy(), on=TODAY)

    assert (cast(TODAY), cast(date(2026, 3, 14))) == (Votes(effective=1), Votes())


@pytest.mark.parametrize(
    ("cast", "proposed"),
    [
        (Votes(), AmountBasis.UNDECIDED),
        (Votes(neither=4), AmountBasis.UNDECIDED),
        (Votes(full_time=1), AmountBasis.FULL_TIME),
        (Votes(effective=3, neither=1), AmountBasis.EFFECTIVE),
        (Votes(full_time=9, effective=1), AmountBasis.UNDECIDED),
    ],
)
def test_only_votes_for_one_reading_alone_propose_it(cast: Votes, proposed: AmountBasis) -> None:
    assert cast.proposal is proposed


def test_the_votes_do_not_depend_on_the_setting_in_force(world: World) -> None:
    paid(world, "Sanne", "1200", "2400.00")
    before = counted(world)

    world.amounts_are = AmountBasis.FULL_TIME

    assert counted(world) == before == replace(Votes(), effective=1)
