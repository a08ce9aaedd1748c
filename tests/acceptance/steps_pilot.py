"""Steps about a pilot: a run of named people, for the first days."""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from domain.services.sync.report import RunStatus
from domain.values import EmployeeNumber
from tests.acceptance import words
from tests.acceptance.words import DATE, LABEL, NAMES
from tests.support.scene import Scene


@when(parsers.re(rf"a pilot of {NAMES} runs on {DATE}"))
def pilot_runs(scene: Scene, names: str, day: str) -> None:
    numbers = frozenset(EmployeeNumber(scene.world.people[name].number) for name in words.names(names))
    scene.world.run(words.day(day), only=numbers)


@given(parsers.re(rf"a pilot of {NAMES} ran on {DATE}"))
def pilot_ran(scene: Scene, names: str, day: str) -> None:
    pilot_runs(scene, names, day)
    assert scene.world.last_report().status is RunStatus.COMPLETED


@then(parsers.re(rf"the drift of (?P<whose>[A-Z]\w+)'s {LABEL} is still an open case"))
def still_open(scene: Scene, whose: str, label: str) -> None:
    tools = scene.world.tools()
    tools.views.catch_up()
    one = scene.world.people[whose]
    found = [(row.employee_number, row.field) for row in tools.views.drift.cases(one.entity.personio_id)]
    assert (one.number, words.path(label)) in found
