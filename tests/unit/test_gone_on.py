"""A run that the brake had stopped goes on by one agreement: of somebody else, to this plan, within a day (AUD-11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest

from domain.attributes import Role
from domain.events.runs import BrakeReleased
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import replay
from domain.services.sync.run import _Run
from domain.values import BLANK, FieldPath
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

DAY = date(2026, 3, 15)
EMAIL, PRIVATE_EMAIL = Role("personal_email"), FieldPath("contactInformation.emailAddress")
BY_NOBODY = "run: the brake was released, and that does not follow"
STOPPED = "run: recorded not stopped, derived BRAKE"


@pytest.fixture
def world() -> Iterator[World]:
    """Anna's run was stopped by the brake."""
    one = World(InProcess())
    for name in ("Ada", "Bo", "Cas", "Dunya"):
        one.employ(name)
        one.edit(name, EMAIL, BLANK, since=date(2020, 1, 1))
    one.run(DAY)
    yield one
    one.close()


def told(world: World) -> list[str]:
    """What of all runs does not follow from the log."""
    tools = world.tools()
    made = [replay(Looks(tools.log, tools.vault), name) for name in looks_between(tools.log)]
    return [said for one in made for each in one.differing for said in each.differences]


def test_another_person_who_agrees_within_a_day_is_borne_out_by_the_log(world: World) -> None:
    plan = world.last_report().fingerprint

    world.run(DAY, time(20), actor="Bram", confirm=plan)

    assert world.last_report().reason is None
    assert told(world) == []


@pytest.mark.parametrize(
    ("actor", "print_", "later"),
    [
        ("Anna", None, timedelta()),  # whose run was stopped
        ("Bram", "another plan", timedelta()),
        ("Bram", None, timedelta(days=2)),
    ],
)
def test_an_agreement_that_lets_no_run_pass_does_not_follow(
    world: World, monkeypatch: pytest.MonkeyPatch, actor: str, print_: str | None, later: timedelta
) -> None:
    released(monkeypatch, print_ or world.last_report().fingerprint or "")

    world.run(DAY + later, time(20), actor=actor)

    assert told(world) == [BY_NOBODY, STOPPED]


def test_an_agreement_lets_one_run_pass_and_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    released(monkeypatch, world.last_report().fingerprint or "")
    world.run(DAY, time(20), actor="Bram")
    for name in ("Ada", "Bo", "Cas", "Dunya"):
        world.payroll.set_field(TULP, world.people[name].number, PRIVATE_EMAIL, "typed@example.org")

    world.run(DAY, time(21), actor="Bram")

    assert told(world) == [BY_NOBODY, STOPPED]


def released(monkeypatch: pytest.MonkeyPatch, print_: str) -> None:
    """Whoever runs now lets the brake pass without being asked who they are."""

    def anyway(run: _Run, _: str) -> bool:
        run._record(BrakeReleased(fingerprint=print_, braked_run="run-1"))
        return True

    monkeypatch.setattr(_Run, "_released", anyway)
