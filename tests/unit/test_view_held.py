"""A run acts on no row of a view that the events do not bear out: who may release it, what is unfinished, who waits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adapters.sqlite.views.drift import SqliteDrift
from adapters.sqlite.views.sync_state import SqliteSyncState
from domain.errors import ViewsDiffer
from domain.events.drift import HoldOutUsed, PersonHeldOut
from domain.events.runs import BrakeReleased, RunRefused, RunStarted
from domain.services.sync.view_held import held_out, hold_runs, hold_stopped
from domain.streams import hold_stream, run_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, RunId
from tests.support.fake_claims import FakeClaims
from tests.support.fake_log import FakeLog
from tests.support.fake_vault import FakeVault
from tests.support.faults import LoketFault
from tests.support.scribe import Scribe
from tests.support.world import World
from tests.support.world_in_process import InProcess

TULP, BRAKED = LegalEntityId("170"), RunId("run-1")
PLAN = "the-plan"
FIRST, LATER = date(2026, 3, 1), date(2026, 3, 15)


@pytest.fixture
def log() -> FakeLog:
    """One run that the brake stopped, for Anja."""
    log = FakeLog(FakeVault(), FakeClaims())
    refused = RunRefused(legal_entity=TULP, reason="RUN-13", message="braked", fingerprint=PLAN)
    Scribe(log).write(run_stream(BRAKED), RunStarted(legal_entity=TULP, business_date=FIRST), refused, actor="Anja")
    return log


def test_a_stopped_run_may_be_released_once_by_somebody_else(log: FakeLog) -> None:
    hold_stopped(log, TULP, BRAKED, PLAN, Actor("Bram"))
    Scribe(log).write(run_stream(RunId("run-2")), BrakeReleased(fingerprint=PLAN, braked_run=BRAKED), actor="Bram")

    with pytest.raises(ViewsDiffer):
        hold_stopped(log, TULP, BRAKED, PLAN, Actor("Bram"))


@pytest.mark.parametrize(
    ("entity", "run", "print_", "actor"),
    [
        (TULP, BRAKED, PLAN, "Anja"),  # stopped for Anja herself, whoever the row names
        (TULP, BRAKED, "another-plan", "Bram"),
        (TULP, RunId("run-9"), PLAN, "Bram"),
        (LegalEntityId("171"), BRAKED, PLAN, "Bram"),
    ],
)
def test_no_row_releases_what_the_events_do_not_say(
    log: FakeLog, entity: LegalEntityId, run: RunId, print_: str, actor: str
) -> None:
    with pytest.raises(ViewsDiffer):
        hold_stopped(log, entity, run, print_, Actor(actor))


def test_who_is_held_out_is_read_from_the_events(log: FakeLog) -> None:
    waits, used, other = map(EmployeeNumber, (1, 2, 3))
    held = PersonHeldOut(subject="s", reason="on leave")
    Scribe(log).write(hold_stream(TULP, waits), held)
    Scribe(log).write(hold_stream(TULP, used), held, HoldOutUsed(run_id="run-1"))

    assert held_out(log, TULP, (waits, used, other)) == {waits}


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("open_intents", []),  # the row of a write without an outcome was deleted
        ("open_runs", [RunId("run-1")]),  # a run that ended is said to be open
        ("open_runs", [RunId("run-9")]),  # and one that never was
    ],
)
def test_a_run_ends_before_its_first_write_where_a_view_hides_or_invents_what_is_open(
    monkeypatch: pytest.MonkeyPatch, view: str, says: list[Any]
) -> None:
    answer, edited = getattr(SqliteSyncState, view), []
    monkeypatch.setattr(SqliteSyncState, view, lambda *asked: says if edited else answer(*asked))
    world = World(InProcess())
    world.hire("Daan")
    loket: Any = world.payroll
    loket.add_fault(LoketFault.LOST)
    world.run(FIRST)
    writes = len(loket.writes())
    edited.append(view)

    with pytest.raises(ViewsDiffer, match="sync_state"):
        world.run(LATER)

    assert len(loket.writes()) == writes
    world.close()


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ("accepted_sweep", RunId("run-1")),  # the row of the run that completed last was deleted
        ("accepted_sweep", None),  # every row of a run was
        ("accepted_sweep", RunId("run-9")),  # and one that never was
        ("open_runs", []),  # the row of a run that was cut off was deleted
    ],
)
def test_no_run_or_check_goes_on_from_an_older_run(monkeypatch: pytest.MonkeyPatch, view: str, says: Any) -> None:
    answer, edited = getattr(SqliteSyncState, view), []
    monkeypatch.setattr(SqliteSyncState, view, lambda *asked: says if edited else answer(*asked))
    world = World(InProcess())
    world.hire("Daan")
    world.run(FIRST)
    world.run(LATER)
    tools = world.tools()
    Scribe(tools.log).write(run_stream(RunId("run-3a")), RunStarted(legal_entity=TULP, business_date=LATER))
    tools.views.catch_up()
    hold_runs(tools, TULP)
    hold_runs(tools, LegalEntityId("171"))
    size = tools.log.size()
    edited.append(view)

    with pytest.raises(ViewsDiffer, match="sync_state"):
        world.run(LATER)
    with pytest.raises(ViewsDiffer, match="sync_state"):
        world.check(LATER)

    assert tools.log.size() == size
    world.close()


def test_nothing_that_somebody_accepted_is_overwritten_because_a_view_hides_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(InProcess())
    world.allow_accepted_drift = True
    street = FieldPath("address.street")
    number = EmployeeNumber(world.hire("Daan").number)
    world.run(FIRST)
    world.payroll.set_field(world.people["Daan"].entity, number, street, "Typed by hand")
    world.check(LATER)
    world.deciding("a temporary address").accept(number, street)
    writes = len(world.payroll.writes())
    monkeypatch.setattr(SqliteDrift, "unsettled", lambda *_, **__: ())  # its rows were deleted

    for acting in (world.look, world.check, world.run):
        with pytest.raises(ViewsDiffer, match="drift"):
            acting(LATER)

    assert len(world.payroll.writes()) == writes
    world.close()
