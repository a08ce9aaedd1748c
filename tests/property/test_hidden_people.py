"""Whoever and whatever Personio hides after a good run: one run records nobody as having left, and clears nothing.

Nor does the one after it, of anybody who is there when asked for (RUN-7, RUN-12, WHO-1, EDIT-2).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.attributes import Role
from domain.events.loket import FieldOverwritten
from domain.events.personio import PersonLeftEntity
from domain.values import BLANK
from tests.support.world import World, facts
from tests.support.world_in_process import InProcess

BEFORE, FIRST, SECOND = date(2026, 3, 13), date(2026, 3, 14), date(2026, 3, 15)
ATTRIBUTES = tuple(map(Role, ("personal_email", "phone", "mobile_phone", "place_of_birth", "name_prefix")))
OWN = ("legal_entity", "status", "employment_start_date", "last_name")


@dataclass(frozen=True)
class Hidden:
    """What Personio no longer shows: of whom the legal entity, of whom anything, which attributes and keys of all."""

    people: int
    placeless: frozenset[int] = frozenset()
    slipped: int | None = None
    attributes: frozenset[Role] = frozenset()
    attributes_of: frozenset[tuple[Role, int]] = field(default_factory=frozenset)
    keys: frozenset[str] = frozenset()


@st.composite
def hidden(draw: st.DrawFn) -> Hidden:
    people = draw(st.integers(1, 9))
    somebody = st.integers(0, people - 1)
    # of more than half: what half of the people still show is believed to be blank for the others
    whole = draw(st.frozensets(st.sampled_from(ATTRIBUTES), max_size=3))
    most = people // 2 + 1
    narrowed = draw(st.sampled_from(ATTRIBUTES))
    whose = draw(st.sets(somebody, min_size=most, max_size=people)) if draw(st.booleans()) else set()
    return Hidden(
        people,
        draw(st.frozensets(somebody)),
        draw(st.none() | somebody),
        whole,
        frozenset((narrowed, one) for one in whose),
        draw(st.frozensets(st.sampled_from(OWN), max_size=2)),
    )


def name(index: int) -> str:
    return f"Person{index}"


def company(case: Hidden) -> World:
    world = World(InProcess())
    world.hr.omit_empties()
    for index in range(case.people):
        world.employ(name(index))
    return world


def hide(world: World, case: Hidden) -> None:
    ids = {index: world.people[name(index)].person for index in range(case.people)}
    for index in case.placeless:
        world.hr.hide_key("legal_entity", ids[index])
    world.hr.slip(None if case.slipped is None else ids[case.slipped])
    for role in case.attributes:
        world.hr.hide(role, None)
    for role, index in case.attributes_of:
        world.hr.hide(role, ids[index])
    for key in case.keys:
        world.hr.hide_key(key, None)


@settings(max_examples=40)
@given(hidden())
def test_whatever_personio_hides_nobody_has_left_and_nothing_is_cleared(case: Hidden) -> None:
    world = company(case)
    world.run(BEFORE)
    before = len(world.everything())

    hide(world, case)
    for day in (FIRST, SECOND):
        world.run(day)
        since = world.everything()[before:]
        assert facts(since, PersonLeftEntity) == []
        assert [one.field for one in facts(since, FieldOverwritten) if one.after is BLANK] == []
        assert not world.writes()


@settings(max_examples=25)
@given(st.integers(1, 12), st.data())
def test_whoever_is_gone_nobody_has_left_on_one_sweep(people: int, data: st.DataObject) -> None:
    world = company(Hidden(people))
    world.run(BEFORE)
    before = len(world.everything())

    gone = data.draw(st.sets(st.integers(0, people - 1), min_size=1))
    for index in gone:
        person = world.people[name(index)].person
        assert person is not None
        world.hr.delete(person)
    world.run(FIRST)

    assert facts(world.everything()[before:], PersonLeftEntity) == []

    world.run(SECOND)
    left = facts(world.everything()[before:], PersonLeftEntity)
    assert len(left) == len(gone)  # at most twenty, and Personio said so of each on two sweeps
