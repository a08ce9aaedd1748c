"""Runs every feature in its worlds: in process and over HTTP; what concerns the database itself on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.steps_customer import *  # noqa: F403  step definitions are fixtures
from tests.acceptance.steps_history import *  # noqa: F403
from tests.acceptance.steps_loket import *  # noqa: F403
from tests.acceptance.steps_outcomes import *  # noqa: F403
from tests.acceptance.steps_people import *  # noqa: F403
from tests.acceptance.steps_run import *  # noqa: F403
from tests.support.scene import Scene
from tests.support.world import World
from tests.support.world_in_process import InProcess

IN_PROCESS = "in process"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind_of_world" in metafunc.fixturenames:
        metafunc.parametrize("kind_of_world", [IN_PROCESS])


@pytest.fixture(autouse=True)
def scene(kind_of_world: str) -> Iterator[Scene]:
    world = World(InProcess())
    yield Scene(world)
    world.close()
