"""Steps about what the product is asked to do: sync, plan, list, validate; and what becomes of it meanwhile."""

from __future__ import annotations

from datetime import time, timedelta

from pytest_bdd import given, parsers, when

from domain.services.sync.report import RunStatus
from tests.acceptance import words
from tests.acceptance.words import DATE, NAME
from tests.support.interposed import ProcessDied
from tests.support.scene import Scene
from tests.support.world import ENTITIES, NINE, TULP


@when(parsers.re(rf"the sync(?: of (?P<entity>[\w ]+))? runs(?: at (?P<at>\d\d:\d\d))? on {DATE}"))
def sync_runs(scene: Scene, entity: str | None, at: str | None, day: str) -> None:
    moment = time.fromisoformat(at) if at else NINE
    scene.earlier = tuple(scene.world.tools().log.page(-1, 100_000))
    scene.world.run(words.day(day), moment, entity=ENTITIES[entity or TULP.name])


@when(parsers.re(rf"(?P<actor>{NAME}) runs the sync on {DATE}"))
def someone_runs_the_sync(scene: Scene, actor: str, day: str) -> None:
    scene.world.run(words.day(day), actor=actor)


@when(parsers.re(rf"(?P<actor>{NAME}) confirms that plan and runs the sync on {DATE}"))
def confirmed(scene: Scene, actor: str, day: str) -> None:
    scene.world.run(words.day(day), actor=actor, confirm=scene.world.last_report().fingerprint)


@given(parsers.re(rf"the sync(?: of (?P<entity>Roos Retail|Tulp \w+))? ran on {DATE}"))
def sync_ran(scene: Scene, entity: str | None, day: str) -> None:
    """A scenario that builds on an earlier run needs that run to have gone well."""
    report = scene.world.run(words.day(day), entity=ENTITIES[entity or TULP.name])
    assert report is not None
    assert report.status is RunStatus.COMPLETED, (report.status, report.reason, report.message)


@given(parsers.re(rf"(?:the sync|(?P<actor>{NAME})) ran(?: the sync)? with trouble on {DATE}"))
def sync_ran_with_trouble(scene: Scene, actor: str | None, day: str) -> None:
    report = scene.world.run(words.day(day), actor=actor or "Anna")
    assert report is not None
    assert report.status is not RunStatus.COMPLETED


@given(parsers.re(rf"the sync on {DATE} died just (?P<moment>before|after) its first write was (?:sent|applied)"))
def sync_died(scene: Scene, day: str, moment: str) -> None:
    def die() -> None:
        raise ProcessDied

    hooks = scene.world.hooks()
    if moment == "before":
        hooks.before_write = die
    else:
        hooks.after_write = die
    assert scene.world.run(words.day(day)) is None


@given("the sync takes until after midnight")
def takes_long(scene: Scene) -> None:
    scene.world.hooks().on_reading = lambda: scene.world.clock.sleep(timedelta(minutes=5).total_seconds())


@given(parsers.re(r"another run of (?P<entity>[\w ]+) is in progress"))
def another_run(scene: Scene, entity: str) -> None:
    scene.world.hold(ENTITIES[entity])


@given("the other run has ended")
def other_run_ended(scene: Scene) -> None:
    scene.world.release()


@when(parsers.re(rf"the (?:people are listed|plan is made) on {DATE}"))
def looked_at(scene: Scene, day: str) -> None:
    """Planning and listing are one look at both systems, as the article's screens are."""
    scene.world.look(words.day(day))
