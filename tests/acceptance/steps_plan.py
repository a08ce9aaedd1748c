"""Steps about a plan that somebody looked at, and a run that may write that plan only."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from domain.events.alert import AlertRaised
from domain.events.runs import RunRefused, RunStarted
from domain.services.sync.preview import Preview
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.scene import Scene
from tests.support.world import facts


@given(parsers.re(rf"(?P<actor>{NAME}) looked at the plan of {DATE}"))
def looked(scene: Scene, actor: str, day: str) -> None:
    assert scene.world.look(words.day(day)) is not None


@when(parsers.re(rf"(?P<actor>{NAME}) starts that plan on {DATE}"))
def starts(scene: Scene, actor: str, day: str) -> None:
    scene.world.run(words.day(day), actor=actor, only_if=_seen(scene).fingerprint)


@when(parsers.re(rf"(?P<actor>{NAME}) confirms and starts that plan only on {DATE}"))
def confirms_and_starts(scene: Scene, actor: str, day: str) -> None:
    braked = scene.world.last_report().fingerprint
    scene.world.run(words.day(day), actor=actor, confirm=braked, only_if=braked)


@given(parsers.re(rf"everybody's {LABEL} in Personio is as it is in Loket"))
def as_in_loket(scene: Scene, label: str) -> None:
    for name in scene.world.people:
        scene.world.edit(name, words.role(label), scene.world.loket_field(name, words.path(label)))


@then("the history shows which plan was to be written")
def plan_in_history(scene: Scene) -> None:
    (started,) = facts(scene.world.everything(), RunStarted)
    assert started.plan == _seen(scene).fingerprint


@then("the history shows both plans")
def both_in_history(scene: Scene) -> None:
    everything, seen = scene.world.everything(), _seen(scene).fingerprint
    (started,), (refused,) = facts(everything, RunStarted), facts(everything, RunRefused)
    assert scene.world.look(started.business_date) is not None
    assert (started.plan, refused.plan_now) == (seen, _seen(scene).fingerprint)
    assert started.plan != refused.plan_now


@then("no alert was raised")
def nobody_alarmed(scene: Scene) -> None:
    assert facts(scene.world.everything(), AlertRaised) == []


def _seen(scene: Scene) -> Preview:
    assert scene.world.seen is not None
    return scene.world.seen
