"""Steps about erasing a person: who asks, who confirms, what stays and why."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from domain.erasure import WhyKept
from domain.errors import NotFound, SecondPersonNeeded
from domain.events.loket import FieldOverwritten
from domain.personal import Retention
from domain.records.erasure_book import Erasure, ErasureState
from domain.services.erase import Eraser
from domain.values import Actor, PersonId
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.scene import Scene
from tests.support.world import facts


@given(parsers.re(rf"(?P<actor>{NAME}) asked to erase (?P<name>{NAME}) on {DATE}"))
def asked(scene: Scene, actor: str, name: str, day: str) -> None:
    scene.world.clock.travel(words.day(day))
    _eraser(scene, actor).request(_person(scene, name), "asked for by letter")


@given(parsers.re(rf"(?P<actor>{NAME}) placed a hold on (?P<name>{NAME})"))
def held(scene: Scene, actor: str, name: str) -> None:
    _eraser(scene, actor).hold(_person(scene, name), "lawsuit")


@given(parsers.re(rf"(?P<actor>{NAME}) confirmed the erasure of (?P<name>{NAME})"))
@when(parsers.re(rf"(?P<actor>{NAME}) confirms the erasure of (?P<name>{NAME})"))
def confirms(scene: Scene, actor: str, name: str) -> None:
    """Whether it went through is for the outcome to tell."""
    try:
        _eraser(scene, actor).confirm(_erasure(scene, name).id)
    except (NotFound, SecondPersonNeeded):
        return


@then(parsers.re(rf"the erasure of (?P<name>{NAME}) is (?P<state>completed|still waiting)"))
def state(scene: Scene, name: str, state: str) -> None:
    expected = {"completed": ErasureState.COMPLETED, "still waiting": ErasureState.REQUESTED}[state]
    assert _erasure(scene, name).state is expected


@then(parsers.re(rf"the history no longer says what her {LABEL} was before it was overwritten"))
def gone(scene: Scene, label: str) -> None:
    assert [str(one.before) for one in _overwrites(scene, label)] == ["erased"]


@then(parsers.re(rf"the history still says that her {LABEL} was \"(?P<before>[^\"]+)\" before it was overwritten"))
def kept(scene: Scene, label: str, before: str) -> None:
    assert [one.before for one in _overwrites(scene, label)] == [words.in_loket(label, f'"{before}"')]


@then(parsers.re(rf"her fiscal values are restricted until {DATE}"))
def restricted(scene: Scene, day: str) -> None:
    kept = {one.retention: one for one in _erasure(scene, scene.last).kept}
    fiscal = kept[Retention.FISCAL_7Y]
    assert (fiscal.why, fiscal.until) == (WhyKept.LEGAL_PERIOD, words.day(day))


@then(parsers.re(r"nothing of her may be erased, because (?P<why>she is employed|a hold stands)"))
def refused(scene: Scene, why: str) -> None:
    reason = {"she is employed": WhyKept.EMPLOYED, "a hold stands": WhyKept.HOLD}[why]
    assert {one.why for one in _erasure(scene, scene.last).kept} == {reason}


def _overwrites(scene: Scene, label: str) -> list[FieldOverwritten]:
    return [one for one in facts(scene.world.history(scene.last), FieldOverwritten) if one.field == words.path(label)]


def _erasure(scene: Scene, name: str) -> Erasure:
    (one,) = [each for each in _eraser(scene, "").book().erasures.values() if each.person == _person(scene, name)]
    return one


def _eraser(scene: Scene, actor: str) -> Eraser:
    tools = scene.world.tools()
    return Eraser(tools.log, tools.vault, tools.views, tools.clock, Actor(actor))  # type: ignore[arg-type]  # both vaults keep keys


def _person(scene: Scene, name: str) -> PersonId:
    person = scene.world.people[name].person
    assert person is not None
    return PersonId(person)
