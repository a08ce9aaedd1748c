"""Of a company of any size every event fits one entry of the log: what lists people goes on in the next."""

from __future__ import annotations

import string
from datetime import date

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from domain.events.runs import PlanStopped
from domain.log import fitting
from domain.services.sync.report import RunStatus
from tests.support.world import World, facts
from tests.support.world_in_process import InProcess

MANY = 300


@given(st.lists(st.text(string.ascii_letters, max_size=9_000), max_size=30), st.integers(1, 12))
def test_parts_are_all_of_it_in_order_and_no_part_is_too_long(things: list[str], most: int) -> None:
    parts = list(fitting(things, most))

    assert [one for part in parts for one in part] == things
    assert all(0 < len(part) <= most and len(msgspec.json.encode(part)) <= 40_000 + 9_000 for part in parts)


def test_a_first_run_that_would_create_hundreds_is_stopped_and_tells_of_each_of_them() -> None:
    world = World(InProcess())
    for place in range(MANY):
        world.hire(f"Nieuw{place}")

    report = world.run(date(2026, 2, 2))

    assert report is not None
    assert (report.status, report.reason) == (RunStatus.REFUSED, "BRAKE")
    people = [one.person_id for part in facts(world.everything(), PlanStopped) for one in part.people]
    assert (len(people), len(set(people))) == (MANY, MANY)
    world.close()
