"""Steps about the list of terminations."""

from __future__ import annotations

from pytest_bdd import parsers, then, when

from domain.values import EmployeeNumber
from domain.views.terminations import Interval, Out, Terminations, terminations
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAME
from tests.support.scene import Scene
from tests.support.world import AMSTERDAM, TULP

_SINCE = r"(?P<since>\d{1,2} [A-Z]\w+ \d{4})"


@when(parsers.re(rf"the terminations are listed on {DATE}"))
def listed(scene: Scene, day: str) -> None:
    scene.world.look(words.day(day))


@then(parsers.re(rf"(?P<name>{NAME}) is listed as out with end date {DATE} since {_SINCE}"))
def out(scene: Scene, name: str, day: str, since: str) -> None:
    one = listed_as_out(scene, name)
    assert one.since is not None
    assert (one.end_date, one.since.astimezone(AMSTERDAM).date()) == (words.day(day), words.day(since))


@then(parsers.re(rf"her {LABEL} is listed as work by hand in Loket"))
def by_hand(scene: Scene, label: str) -> None:
    assert listed_as_out(scene, scene.last).follow_up == (words.path(label),)


@then("nobody is listed as out")
def nobody_out(scene: Scene) -> None:
    assert found(scene).out == ()


@then(parsers.re(rf"(?P<name>{NAME}|nobody) is listed as open in Loket"))
def open_in_loket(scene: Scene, name: str) -> None:
    expected = [] if name == "nobody" else [scene.person(f"{name}'s")]
    assert [one.person for one in found(scene).open_in_loket] == expected


@then(
    parsers.re(
        rf"(?P<name>{NAME}) was out from {_SINCE} until {DATE} and "
        r"(?P<how>was reinstated|went on in another employment)"
    )
)
def interval(scene: Scene, name: str, since: str, day: str, how: str) -> None:
    one = interval_of(scene, name)
    assert one.until is not None
    days = (one.since.astimezone(AMSTERDAM).date(), one.until.astimezone(AMSTERDAM).date())
    assert (*days, one.reinstated) == (words.day(since), words.day(day), how == "was reinstated")


@then(parsers.re(rf"(?P<name>{NAME}) is out from {_SINCE} on"))
def still_out(scene: Scene, name: str, since: str) -> None:
    one = interval_of(scene, name)
    assert (one.since.astimezone(AMSTERDAM).date(), one.until) == (words.day(since), None)


def found(scene: Scene) -> Terminations:
    assert scene.world.seen is not None
    tools = scene.world.tools()
    tools.views.catch_up()
    return terminations(scene.world.seen.plan, tools.views.terminations.end_dates(TULP.personio_id))


def listed_as_out(scene: Scene, name: str) -> Out:
    (one,) = (each for each in found(scene).out if each.person == scene.person(f"{name}'s"))
    return one


def interval_of(scene: Scene, name: str) -> Interval:
    number = EmployeeNumber(scene.world.people[name].number)
    (one,) = (each for each in found(scene).history if each.employee_number == number)
    return one
