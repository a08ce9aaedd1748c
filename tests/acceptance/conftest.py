"""Runs every feature in its worlds: in process and over HTTP; what concerns the database itself on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.steps_audit import *  # noqa: F403  step definitions are fixtures
from tests.acceptance.steps_customer import *  # noqa: F403  step definitions are fixtures
from tests.acceptance.steps_drift import *  # noqa: F403
from tests.acceptance.steps_erasure import *  # noqa: F403
from tests.acceptance.steps_history import *  # noqa: F403
from tests.acceptance.steps_hours import *  # noqa: F403
from tests.acceptance.steps_log import *  # noqa: F403
from tests.acceptance.steps_loket import *  # noqa: F403
from tests.acceptance.steps_outcomes import *  # noqa: F403
from tests.acceptance.steps_overwritten import *  # noqa: F403
from tests.acceptance.steps_pay import *  # noqa: F403
from tests.acceptance.steps_people import *  # noqa: F403
from tests.acceptance.steps_pilot import *  # noqa: F403
from tests.acceptance.steps_plan import *  # noqa: F403
from tests.acceptance.steps_reads import *  # noqa: F403
from tests.acceptance.steps_release import *  # noqa: F403
from tests.acceptance.steps_replay import *  # noqa: F403
from tests.acceptance.steps_run import *  # noqa: F403
from tests.acceptance.steps_tasks import *  # noqa: F403
from tests.acceptance.steps_tenants import *  # noqa: F403
from tests.acceptance.steps_terminations import *  # noqa: F403
from tests.acceptance.steps_versions import *  # noqa: F403
from tests.support.derived import deviations
from tests.support.log_site import LogSite
from tests.support.quiet import said_again_and_again
from tests.support.scene import Scene
from tests.support.world import World
from tests.support.world_in_process import InProcess
from tests.support.world_over_http import OverHttp

IN_PROCESS, OVER_HTTP, ON_POSTGRES = "in process", "over HTTP", "over HTTP on PostgreSQL"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A scenario about the database has no use for a log in memory; one marked postgres has use for both databases."""
    if "kind_of_world" not in metafunc.fixturenames:
        return
    kinds = [OVER_HTTP] if metafunc.definition.get_closest_marker("database") else [IN_PROCESS, OVER_HTTP]
    if metafunc.definition.get_closest_marker("database") or metafunc.definition.get_closest_marker("postgres"):
        kinds.append(ON_POSTGRES)
    metafunc.parametrize("kind_of_world", kinds)


@pytest.fixture(autouse=True)
def scene(kind_of_world: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    if kind_of_world == IN_PROCESS:
        world = World(InProcess())
    else:
        url = request.getfixturevalue("postgres_url" if kind_of_world == ON_POSTGRES else "sqlite_views_url")
        world = World(OverHttp(LogSite.at(url, tmp_path)))
    world.hr.omit_empties()
    world.employ_elsewhere()
    scene = Scene(world)
    yield scene
    if kind_of_world == IN_PROCESS:
        assert not (still := said_again_and_again(world)), f"syncs that follow on one another go on to say {still}"
        assert scene.misjudged or not (apart := deviations(world.tools())), (
            f"what was decided does not follow from the log: {apart}"
        )
    world.close()
