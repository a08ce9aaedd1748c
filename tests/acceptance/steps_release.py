"""Steps about employees whom Loket does not show any more, and about saying that they were really removed."""

from __future__ import annotations

import pytest
from pytest_bdd import given, parsers, then, when

from domain.errors import NotFound, SecondPersonNeeded
from tests.acceptance.words import NAME
from tests.support.scene import Scene

_WHY = "left in 2023, taken out of Loket by payroll"


@given(parsers.re(rf"(?P<actor>{NAME}) says that Loket removed (?P<name>{NAME})"))
def released(scene: Scene, actor: str, name: str) -> None:
    scene.world.release_employee(name, _WHY, actor=actor)


@when(parsers.re(rf"(?P<actor>{NAME}) wants to say that Loket removed (?P<name>{NAME})"))
def wants_to_release(scene: Scene, actor: str, name: str) -> None:
    scene.refused = None
    try:
        scene.world.release_employee(name, _WHY, actor=actor)
    except (NotFound, SecondPersonNeeded) as reason:
        scene.refused = reason


@then(parsers.re(r"that is left to (?P<whom>somebody else|a reading that misses the employee)"))
def refused(scene: Scene, whom: str) -> None:
    if scene.refused is None:
        pytest.fail("it was taken")
    assert isinstance(scene.refused, SecondPersonNeeded if whom == "somebody else" else NotFound)
