"""Whomever Loket hides after having shown them, nobody is hired twice and nothing is cleared (MATCH-5, RUN-13)."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.services.sync.report import Outcome, RunStatus
from domain.values import BLANK
from tests.acceptance import words
from tests.support.world import LONG_AGO, World
from tests.support.world_in_process import InProcess

FIRST, LATER = date(2026, 3, 1), date(2026, 3, 15)


@given(people=st.integers(1, 12), data=st.data())
@settings(max_examples=60)
def test_no_subset_that_loket_hides_makes_a_concept_employee_or_clears_a_field(
    people: int, data: st.DataObject
) -> None:
    world = World(InProcess())
    names = [f"Person{index}" for index in range(people)]
    for name in names:
        world.employ(name)
    seen_by_check = data.draw(st.booleans())
    known = world.check(FIRST) if seen_by_check else world.run(FIRST)
    assert known is not None
    hidden = data.draw(st.sets(st.sampled_from(names), min_size=1))
    for name in hidden:
        world.payroll.hide_employee(world.people[name].entity, world.people[name].number)
    for name in data.draw(st.sets(st.sampled_from(names))):
        world.edit(name, words.role("phone"), BLANK, since=LONG_AGO)

    report = world.run(LATER)

    assert report is not None
    assert report.status in (RunStatus.BLOCKED, RunStatus.REFUSED)
    assert list(world.writes()) == []
    assert world.payroll.concepts(world.people[names[0]].entity) == []
    assert not {one.outcome for one in report.outcomes} & {Outcome.CONCEPT_CREATED, Outcome.UPDATED}
    world.close()


@given(people=st.integers(4, 15), hidden=st.integers(4, 15))
@settings(max_examples=40)
def test_a_first_run_that_sees_too_few_makes_nobody_a_concept_employee(people: int, hidden: int) -> None:
    """Of whom nothing is on record the brake alone decides; three and fewer may be new."""
    world = World(InProcess())
    names = [f"Person{index}" for index in range(people)]
    for name in names:
        world.employ(name)
    for name in names[:hidden]:
        world.payroll.hide_employee(world.people[name].entity, world.people[name].number)

    report = world.run(LATER)

    few = min(5, max(3, 0.3 * people))
    assert report is not None
    if min(hidden, people) > few:
        assert (report.status, report.reason) == (RunStatus.REFUSED, "BRAKE")
        assert list(world.writes()) == []
    world.close()
