"""Steps about deriving decisions again from the log, and about what else might have been decided."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pytest_bdd import given, parsers, then, when

from domain.attributes import GROSS_WAGE
from domain.planning.decide import NO_WRITES, Plan, decide
from domain.planning.eligibility import NOT_CONSIDERED
from domain.rules import RULES
from domain.services.replay.known_earlier import known_earlier
from domain.services.replay.looks import Look, Looks, looks_between
from domain.services.replay.replay import Verdict, WentOn, replay
from domain.services.replay.what_if import NOT_KNOWN, Side, WhatIf, what_if, with_settings
from domain.values import PersonId
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME, WHOSE
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
        patched.setattr("domain.services.sync.decided.decide", otherwise)
        scene.world.run(words.day(day))
    scene.misjudged = True


@given(parsers.re(rf"a run on {DATE} went on although the brake should have stopped it"))
def not_braked(scene: Scene, day: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("domain.services.sync.run.stopped_by", lambda *_, **__: None)
        scene.world.run(words.day(day))
    scene.misjudged = True


@given(parsers.re(r"the meaning of (?P<rule>[A-Z]+-\d+) has changed since"))
def changed(scene: Scene, rule: str) -> None:
    scene.revisions[rule] = RULES[rule].revision + 1


@when("every decision on record is derived again")
def derived(scene: Scene) -> None:
    tools = scene.world.tools()
    read = Looks(tools.log, tools.vault)
    scene.replayed = {name: replay(read, name, revisions=scene.revisions) for name in looks_between(tools.log)}


@then("all of them agree")
def agree(scene: Scene) -> None:
    assert len(scene.replayed) > 1
    for one in scene.replayed.values():
        assert one.verdicts == {Verdict.AGREES: one.people}
        assert one.follows


@then("it is told that the brake should have stopped that run")
def not_stopped(scene: Scene) -> None:
    assert _apart(scene) == []
    (one,) = scene.replayed.values()
    assert one.went_on == WentOn(Verdict.DEVIATION, ("recorded not stopped, derived BRAKE",))


@then(parsers.re(rf"the decision about (?P<name>{NAME}) agrees"))
def agrees(scene: Scene, name: str) -> None:
    assert not [one for one in _apart(scene) if one[0] == _person(scene, name)]


@then(parsers.re(rf"the decision about (?P<name>{NAME}) does not follow from the rules"))
def deviates(scene: Scene, name: str) -> None:
    assert [one[:2] for one in _apart(scene)] == [(_person(scene, name), Verdict.DEVIATION)]
    assert "outcome: recorded left_out WHO-3, derived 1 write" in _apart(scene)[0][2]


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
    assert (first.went_on, second.went_on) == (WentOn(Verdict.NOT_KEPT), WentOn(Verdict.AGREES))


@when(parsers.re(r"it is asked what \"(?P<setting>[^\"]+)\" would have made of the last run"))
def asked_of_settings(scene: Scene, setting: str) -> None:
    look = _last(scene)
    scene.otherwise = what_if(look, with_settings(look.policy, [setting]))


@when(parsers.re(rf"it is asked what a mapping without the {LABEL} would have made of the last run"))
def asked_of_a_mapping(scene: Scene, label: str) -> None:
    look = _last(scene)
    rows = tuple(row for row in look.policy.catalogue if row.field != words.path(label))
    scene.otherwise = what_if(look, replace(look.policy, catalogue=rows))


@when(parsers.re(rf"it is asked what would have come of it had her present data been known from {DATE}"))
def asked_of_a_day(scene: Scene, day: str) -> None:
    tools = scene.world.tools()
    read = Looks(tools.log, tools.vault)
    looks = [read.look(name) for name in looks_between(tools.log)]
    scene.exposure = known_earlier(looks, looks[-1], _person(scene, scene.last), since=words.day(day))


@then(parsers.re(rf"(?P<name>{NAME}) would have taken part, and nobody knows what would have been written"))
def takes_part(scene: Scene, name: str) -> None:
    then, other = _sides(scene, name)
    assert (then.outcome, then.reason, other) == ("left_out", "WHO-2", Side(NOT_KNOWN, ""))
    made = _otherwise(scene)
    assert (made.then.included, made.other.included) == (1, 2)


@then(parsers.re(rf"nothing else would have become of (?P<name>{NAME})"))
def nothing_else(scene: Scene, name: str) -> None:
    assert _person(scene, name) not in {one.person for one in _otherwise(scene).apart}


@then(parsers.re(rf"{WHOSE} {LABEL} would not have been written"))
def not_written(scene: Scene, whose: str, label: str) -> None:
    then, other = _sides(scene, scene.who(whose))
    assert [one.change.field for one in then.writes] == [words.path(label)]
    assert (other.outcome, other.writes) == ("unchanged", ())


@then(parsers.re(rf"(?P<name>{NAME}) would have been held by (?P<code>[A-Z_]+)"))
def would_be_held(scene: Scene, name: str, code: str) -> None:
    then, other = _sides(scene, name)
    assert (then.outcome, other.outcome, other.reason) == ("updated", "blocked", code)


@then("the whole legal entity would have been held")
def would_all_be_held(scene: Scene) -> None:
    made = _otherwise(scene)
    assert (made.then.blocked, made.other.blocked, made.other.writes) == (False, True, 0)
    assert len(made.apart) == len(scene.world.people)


@then(
    parsers.re(
        r"her wage in Loket was (?P<held>[\d,.]+) instead of (?P<wanted>[\d,.]+) in the payroll periods "
        r"(?P<first>[\d-]+) and (?P<second>[\d-]+)"
    )
)
def exposed(scene: Scene, held: str, wanted: str, first: str, second: str) -> None:
    assert scene.exposure is not None
    wages = [one for one in scene.exposure.periods if one.field == GROSS_WAGE]
    assert [(one.period, _money(str(one.held)), _money(str(one.wanted))) for one in wages] == [
        (period, _money(held), _money(wanted)) for period in (first, second)
    ]


@then("the log is as it was before it was asked")
def as_it_was(scene: Scene) -> None:
    assert scene.world.tools().log.size() == scene.size_before
    assert scene.world.writes() == []


def _money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _last(scene: Scene) -> Look:
    tools = scene.world.tools()
    scene.size_before = tools.log.size()
    return Looks(tools.log, tools.vault).look(looks_between(tools.log)[-1])


def _otherwise(scene: Scene) -> WhatIf:
    assert scene.otherwise is not None
    return scene.otherwise


def _sides(scene: Scene, name: str) -> tuple[Side, Side]:
    (one,) = [each for each in _otherwise(scene).apart if each.person == _person(scene, name)]
    return one.then, one.other


def _apart(scene: Scene) -> list[tuple[PersonId, Verdict, tuple[str, ...]]]:
    return [(each.person, each.verdict, each.differences) for one in scene.replayed.values() for each in one.differing]


def _person(scene: Scene, name: str) -> PersonId:
    person = scene.world.people[name].person
    assert person is not None
    return person
