"""Taking a task and giving it back, beside the scenarios of CHECK-6: twice, by nobody, and while somebody else does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from domain.attributes import BSN
from domain.errors import AlreadyTaken, NotFound
from domain.events.findings import TaskGivenBack, TaskTaken
from tests.support.world import ROOS, TULP, World, facts
from tests.support.world_in_process import InProcess

DAY = date(2026, 3, 15)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess())
    made.employ("Sanne")
    made.edit("Sanne", BSN, "123456789")
    made.validate(DAY)
    yield made
    made.close()


def task(world: World) -> int:
    (row,) = world.tools().views.tasks.open(TULP.personio_id)
    return row.position


def told(world: World) -> list[str]:
    return [one.meta.actor for one in world.everything() if isinstance(one.fact, TaskTaken | TaskGivenBack)]


def test_who_has_a_task_takes_nothing_and_nobody_else_gives_it_back(world: World) -> None:
    first, again = (world.taking("Fatima").take(task(world)) for _ in range(2))

    assert first.holder(DAY) == again.holder(DAY) == "Fatima"
    with pytest.raises(AlreadyTaken):
        world.taking("Bas").give_back(task(world))
    assert told(world) == ["Fatima"]


def test_what_nobody_has_is_given_back_without_a_word(world: World) -> None:
    assert world.taking("Fatima").give_back(task(world)).holder(DAY) is None
    assert told(world) == []


def test_a_task_is_found_in_its_own_legal_entity_only(world: World) -> None:
    for entity, position in ((ROOS, task(world)), (TULP, task(world) + 1)):
        with pytest.raises(NotFound, match="no task"):
            world.taking("Fatima", entity=entity).take(position)


def test_of_two_who_take_a_task_at_one_moment_one_has_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    log = world.tools().log
    append = log.append

    def other_one_first(*what: Any, **about: Any) -> Any:
        monkeypatch.setattr(log, "append", append)
        world.taking("Bas").take(task(world))
        return append(*what, **about)

    monkeypatch.setattr(log, "append", other_one_first)
    with pytest.raises(AlreadyTaken):
        world.taking("Fatima").take(task(world))

    assert told(world) == ["Bas"]
    assert len(facts(world.everything(), TaskTaken)) == 1


def test_what_was_taken_is_under_a_signed_head(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    log, signed = world.tools().log, list[int]()
    monkeypatch.setattr(log, "checkpoint", lambda: signed.append(log.size()))

    world.taking("Fatima").take(task(world))

    assert signed == [log.size()]
