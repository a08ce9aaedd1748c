"""A run that the brake had stopped goes on by one agreement: of somebody else, to this plan, within a day (AUD-11)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any

import pytest

from domain.attributes import Role
from domain.events.runs import BrakeReleased
from domain.planning.decide import Plan
from domain.planning.gates import Stop
from domain.rules import REVISIONS
from domain.services.replay.gone_on import ENDED_TWICE, RELEASED, STOPPED_AND_WROTE
from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import replay
from domain.services.sync.remember import Remembered
from domain.services.sync.run import _Run
from domain.values import BLANK, FieldPath
from tests.support.interposed import ProcessDied
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

DAY = date(2026, 3, 15)
EMAIL, PRIVATE_EMAIL = Role("personal_email"), FieldPath("contactInformation.emailAddress")
STOPPED = "recorded not stopped, derived BRAKE"


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


def told(world: World, revisions: Mapping[str, int] = REVISIONS) -> list[str]:
    """What of all runs does not follow from the log, whatever rules have changed."""
    tools = world.tools()
    read = Looks(tools.log, tools.vault)
    made = [replay(read, name, revisions=revisions) for name in looks_between(tools.log)]
    assert not [each for one in made for each in one.differing]
    return [said for one in made if one.went_on and one.astray for said in one.went_on.differences]


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

    assert told(world) == [RELEASED, STOPPED]
    assert told(world, {**REVISIONS, "EDIT-1": 9}) == [RELEASED, STOPPED]  # no rule explains what was done


def test_an_agreement_lets_one_run_pass_and_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    released(monkeypatch, world.last_report().fingerprint or "")
    world.run(DAY, time(20), actor="Bram")
    for name in ("Ada", "Bo", "Cas", "Dunya"):
        world.payroll.set_field(TULP, world.people[name].number, PRIVATE_EMAIL, "typed@example.org")

    world.run(DAY, time(21), actor="Bram")

    assert told(world) == [RELEASED, STOPPED]


def test_an_agreement_of_nobody_is_told_though_the_run_died_before_it_wrote(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(monkeypatch, "another plan", dies=True)

    assert world.run(DAY, time(20), actor="Bram") is None

    assert told(world) == [RELEASED]


def test_a_run_that_was_stopped_and_wrote_does_not_follow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gated = _Run._gated_and_written

    def both(run: _Run, plan: Plan, remembered: Remembered, *about: Any) -> Any:
        gated(run, plan, remembered, *about)
        return run._written(plan, remembered)

    monkeypatch.setattr(_Run, "_gated_and_written", both)

    world.run(DAY, time(20))

    assert told(world) == [STOPPED_AND_WROTE]


def test_a_run_that_was_refused_for_another_plan_names_the_one_it_would_have_written(world: World) -> None:
    world.run(DAY, time(20), only_if="another plan")

    assert world.last_report().reason == "RUN-14"
    assert told(world) == []


def test_a_run_ends_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    end = _Run._end

    def twice(run: _Run, *how: Any) -> None:
        end(run, *how)
        end(run, *how)

    monkeypatch.setattr(_Run, "_end", twice)

    world.run(DAY, time(20), actor="Bram", confirm=world.last_report().fingerprint)

    assert told(world) == [ENDED_TWICE]


def test_a_run_whose_brake_nobody_had_to_release_does_not_say_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = world.last_report().fingerprint or ""
    monkeypatch.setattr("domain.planning.gates.braking", lambda *_, **__: False)
    monkeypatch.setattr("domain.services.sync.run.stopped_by", lambda *_, **__: Stop.BRAKE)

    world.run(DAY, time(20), actor="Bram", confirm=stopped)

    assert "the brake was released, and would not have stopped it" in told(world)


def released(monkeypatch: pytest.MonkeyPatch, print_: str, *, dies: bool = False) -> None:
    """Whoever runs now lets the brake pass without being asked who they are."""

    def anyway(run: _Run, _: str) -> bool:
        run._record(BrakeReleased(fingerprint=print_, braked_run="run-1"))
        if dies:
            raise ProcessDied
        return True

    monkeypatch.setattr(_Run, "_released", anyway)
