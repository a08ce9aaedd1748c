"""What is told of a look at both systems before it begins: how many requests, at the pace of the last run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Final

import pytest

from domain.events.runs import RunCompleted, RunStarted, SystemsRead
from domain.planning.plausible import Sweep
from domain.services.reading.estimate import Estimate, estimate, requests
from domain.snapshots import Sightings
from domain.streams import run_stream
from domain.values import FieldPath, RunId
from tests.support.scribe import Scribe
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

DAY: Final = date(2026, 3, 15)


@pytest.fixture
def world() -> Iterator[World]:
    one = World(InProcess())
    for number in range(10):
        one.employ(f"Person{number}")
    yield one
    one.close()


def told(world: World, day: date = DAY) -> Estimate | None:
    world.tools().views.catch_up()
    return estimate(world.tools(), world.policy(), day)


def test_nothing_is_told_before_the_first_run(world: World) -> None:
    assert told(world) is None


def test_a_second_look_of_the_day_asks_for_nobody_twice_and_the_next_day_for_everybody(world: World) -> None:
    world.run(DAY)

    today, tomorrow = told(world), told(world, date(2026, 3, 16))

    assert today is not None
    assert tomorrow is not None
    assert tomorrow.requests - today.requests == 2 * 10
    assert today.takes is None  # a run in memory takes no time


def test_the_pace_is_that_of_the_last_run_whatever_it_asked_for(world: World) -> None:
    world.hooks().on_versions = lambda: world.clock.sleep(60)
    world.run(DAY)

    today, tomorrow = told(world), told(world, date(2026, 3, 16))

    assert today is not None
    assert tomorrow is not None
    assert tomorrow.takes == timedelta(seconds=60)
    assert today.takes is not None
    assert today.takes == timedelta(seconds=60) * 35 / 55
    assert tomorrow.text == "about 55 requests to both systems, 60 s at the pace of the last run"


def test_where_everybody_is_read_every_time_everybody_is_counted(world: World) -> None:
    world.run(DAY)
    good = told(world)
    world.between_full_reads = False
    world.run(DAY, time(10))

    assert good is not None
    assert told(world) == Estimate(good.requests + 2 * 10)


@pytest.mark.parametrize("cannot", ["hide_versions", "withhold_authorizations"])
def test_where_loket_tells_no_version_numbers_or_rights_everybody_is_counted(world: World, cannot: str) -> None:
    getattr(world.payroll, cannot)()
    world.run(DAY)

    assert told(world) == told(world, date(2026, 3, 16)) == Estimate(55)


def test_while_version_numbers_are_not_believed_everybody_is_counted(world: World) -> None:
    world.run(DAY)
    world.payroll.stop_versions(stand_still=True)
    world.payroll.set_field(TULP, world.people["Person3"].number, FieldPath("address.street"), "Harbour Rd")
    world.run(DAY, time(10))
    world.run(DAY, time(11))

    assert told(world) == Estimate(55)


@pytest.mark.parametrize("has_read", [True, False])
def test_nothing_is_told_where_the_last_run_is_of_a_version_that_measured_no_sweep(
    world: World, has_read: bool
) -> None:
    at = world.clock.now()
    read = SystemsRead(personio_read_at=at, loket_read_at=at, personio_people=10, loket_employees=10, loket_concepts=0)
    started = RunStarted(legal_entity=TULP.personio_id, business_date=DAY)
    done = RunCompleted(with_errors=False, counts={})
    Scribe(world.tools().log).write(run_stream(RunId("run-1")), started, *([read] if has_read else []), done)

    assert told(world) is None


def test_what_takes_less_than_a_second_is_not_told_and_a_second_is(world: World) -> None:
    world.hooks().on_versions = lambda: world.clock.sleep(1)
    world.run(DAY)

    today, tomorrow = told(world), told(world, date(2026, 3, 16))

    assert today is not None
    assert tomorrow is not None
    assert (today.takes, today.text) == (None, "about 35 requests to both systems")
    assert tomorrow.takes == timedelta(seconds=1)


def test_people_are_asked_for_one_by_one_in_personio_and_twice_in_loket_unless_they_are_spared() -> None:
    sweep = Sweep(people=3, employees=5, sightings=Sightings(120))

    assert requests(sweep, 0) == 25 + 120 + 120 // 50 + 2 * 3
    assert requests(sweep, 1) == requests(sweep, 0) - 2
    assert requests(sweep, 3) == requests(sweep, 9) == requests(sweep, 0) - 2 * 3
    assert requests(replace(sweep, employees=2), 0) == requests(sweep, 1)
