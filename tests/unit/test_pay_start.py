"""The day from which pay is kept equal: on record when it is new, and confirmed when it moves back (PAY-2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from domain.events.loket import CompensationStartDateMoved
from domain.services.journal import Journal
from domain.services.sync.pay_start import confirmation_of, start_date_moved
from domain.streams import pay_stream
from domain.values import Actor
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess())
    yield made
    made.close()


def moves(world: World, day: date | None, confirm: str | None = None) -> str | None:
    journal = Journal(tools=world.tools(), actor=Actor("Anna"), correlation="run-1")
    policy = world.policy()
    policy = replace(policy, entity=replace(policy.entity, compensation_start_date=day))
    return start_date_moved(journal, policy, confirm)


def moved(world: World) -> list[tuple[date | None, date | None]]:
    facts = [one.fact for one in world.tools().log.stream(pay_stream(TULP.personio_id))]
    return [(one.before, one.effective_on) for one in facts if isinstance(one, CompensationStartDateMoved)]


def test_a_first_day_and_a_later_one_are_put_on_record_once_and_need_no_word(world: World) -> None:
    for day in (None, JANUARY, JANUARY, MARCH, MARCH, None):
        assert moves(world, day) is None

    assert moved(world) == [(None, JANUARY), (JANUARY, MARCH)]


def test_an_earlier_day_waits_for_the_words_that_name_it(world: World) -> None:
    moves(world, MARCH)

    for said in (None, "yes", "pay-from-2026-03-01"):
        told = moves(world, JANUARY, said)
        assert told is not None
        assert ("from 2026-03-01 back to 2026-01-01" in told, "--confirm pay-from-2026-01-01" in told) == (True, True)
    assert moved(world) == [(None, MARCH)]

    entity = replace(world.policy().entity, compensation_start_date=JANUARY)
    assert moves(world, JANUARY, confirmation_of(replace(world.policy(), entity=entity))) is None
    assert moved(world) == [(None, MARCH), (MARCH, JANUARY)]
