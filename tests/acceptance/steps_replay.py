"""Steps about deriving decisions again from the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from domain.planning.decide import NO_WRITES, Plan, decide
from domain.planning.eligibility import NOT_CONSIDERED
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import Verdict, replay
from domain.values import PersonId
from tests.acceptance import words
from tests.acceptance.words import DATE, NAME
from tests.support.scene import Scene


@given(parsers.re(rf"a run on {DATE} decided about (?P<name>{NAME}) as if she were not considered"))
def misjudged(scene: Scene, day: str, name: str) -> None:
    def otherwise(*read: Any, **about: Any) -> Plan:
        plan = decide(*read, **about)
        person = scene.world.people[name].person
        return replace(
            plan,
            decisions=tuple(
                replace(one, left_out=NOT_CONSIDERED, writes=NO_WRITES) if one.person == person else one
                for one in plan.decisions
            ),
        )

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("domain.services.sync.run.decide", otherwise)
        scene.world.run(words.day(day))
    scene.misjudged = True


@given(parsers.re(r"the meaning of (?P<rule>[A-Z]+-\d+) has changed since"))
def changed(scene: Scene, rule: str) -> None:
    scene.revisions[rule] = 2


@when("every decision on record is derived again")
def derived(scene: Scene) -> None:
    tools = scene.world.tools()
    read = Looks(tools.log, tools.vault)
    scene.replayed = {name: replay(read, name, revisions=scene.revisions) for name in looks_between(tools.log)}


@then("all of them agree")
def agree(scene: Scene) -> None:
    assert len(scene.replayed) == 4
    for one in scene.replayed.values():
        assert one.verdicts == {Verdict.AGREES: one.people}


@then(parsers.re(rf"the decision about (?P<name>{NAME}) agrees"))
def agrees(scene: Scene, name: str) -> None:
    assert not [one for one in _apart(scene) if one[0] == _person(scene, name)]


@then(parsers.re(rf"the decision about (?P<name>{NAME}) does not follow from the rules"))
def deviates(scene: Scene, name: str) -> None:
    assert [one[:2] for one in _apart(scene)] == [(_person(scene, name), Verdict.DEVIATION)]
    assert "outcome: recorded left_out WHO-3, derived 1 writes" in _apart(scene)[0][2]


@then(parsers.re(rf"the decision about (?P<name>{NAME}) is other because (?P<rule>[A-Z]+-\d+) has changed"))
def explained(scene: Scene, name: str, rule: str) -> None:
    assert [one[:2] for one in _apart(scene)] == [(_person(scene, name), Verdict.RULE_CHANGED)]
    (replayed,) = scene.replayed.values()
    assert replayed.rules_changed == (rule,)


@then(parsers.re(rf"the first decision about (?P<name>{NAME}) cannot be derived again, because she was erased"))
def erased(scene: Scene, name: str) -> None:
    first, second = scene.replayed.values()
    assert first.verdicts == {Verdict.AGREES: 1, Verdict.ERASED: 1}
    assert second.verdicts == {Verdict.AGREES: 2}  # by then she was left out, by the gates alone


def _apart(scene: Scene) -> list[tuple[PersonId, Verdict, tuple[str, ...]]]:
    return [(each.person, each.verdict, each.differences) for one in scene.replayed.values() for each in one.differing]


def _person(scene: Scene, name: str) -> PersonId:
    person = scene.world.people[name].person
    assert person is not None
    return person
