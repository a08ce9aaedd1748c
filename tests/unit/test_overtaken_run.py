"""Something is recorded about what a run works on, while it works (RUN-2, RUN-8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from domain.attributes import Role
from domain.errors import StreamMoved
from domain.events.alert import AlertDelivered
from domain.events.loket import EmployeeReleased, WriteConfirmed, WriteIntended
from domain.events.runs import OutcomeRecorded, RunCompleted, RunCutOff, RunRefused
from domain.log import Fact, Meta, Pending, StreamAppend, StreamId
from domain.services.sync.report import Outcome, RunReport, RunStatus
from domain.streams import alert_stream, loket_stream
from domain.values import Actor, EmployeeNumber, SubjectRef
from tests.support.world import TULP, World, facts
from tests.support.world_in_process import InProcess

FIRST, LATER, NEXT = date(2026, 3, 1), date(2026, 3, 15), date(2026, 3, 16)
STREET = Role("street")


@pytest.fixture
def world() -> Iterator[World]:
    """Sanne and Tim, each with a street to be written."""
    made = World(InProcess())
    for name in ("Sanne", "Tim"):
        made.employ(name)
    made.run(FIRST)
    for name in ("Sanne", "Tim"):
        made.edit(name, STREET, "Central Ave")
    yield made
    made.close()


def record(world: World, stream: StreamId, fact: Fact) -> None:
    """By somebody else, who holds no claim on this legal entity."""
    log: Any = world.tools().log
    meta = Meta(recorded_at=world.clock.now(), actor=Actor("Fatima"), correlation="elsewhere")
    log.append([StreamAppend(stream, len(log.stream(stream)), [Pending(fact)])], meta=meta)


def release(world: World, name: str) -> None:
    """As a release in another legal entity of the same employer does (MATCH-5)."""
    fact = EmployeeReleased(subject=SubjectRef("s"), loket_id="", reason="gone", rule="MATCH-5")
    record(world, loket_stream(TULP.personio_id, EmployeeNumber(world.people[name].number)), fact)


def run(world: World, day: date = LATER) -> RunReport:
    report = world.run(day)
    assert report is not None
    return report


def outcomes(report: RunReport) -> list[Outcome]:
    return [one.outcome for one in report.outcomes]


def test_what_was_sent_is_recorded_although_its_number_moved_meanwhile(world: World) -> None:
    world.hooks().after_write = lambda: release(world, "Sanne")

    report = run(world)

    assert report.status is RunStatus.COMPLETED
    assert outcomes(report) == [Outcome.UPDATED, Outcome.UPDATED]
    intended = [one.intent for one in facts(world.history("Sanne"), WriteIntended)]
    assert [one.intent for one in facts(world.history("Sanne"), WriteConfirmed)] == intended


def test_nothing_is_sent_about_a_number_that_moved_before_it_was(world: World) -> None:
    world.hooks().on_writing = lambda: release(world, "Sanne")

    report = run(world)

    assert report.status is RunStatus.COMPLETED_WITH_ERRORS
    assert outcomes(report) == [Outcome.FAILED, Outcome.UPDATED]
    assert any("RUN-2" in text for text in report.outcomes[0].messages)
    assert list(world.writes()) == [world.people["Tim"].number]
    assert outcomes(run(world, NEXT)) == [Outcome.UPDATED, Outcome.UNCHANGED]


def before_the_append_of(kind: type[Fact], world: World, monkeypatch: pytest.MonkeyPatch, then: Any) -> None:
    """Once."""
    log: Any = world.tools().log
    append, done = log.append, []

    def interrupted(appends: Any, **more: Any) -> Any:
        if not done and any(isinstance(fact.fact, kind) for one in appends for fact in one.facts):
            done.append(kind)
            then()
        return append(appends, **more)

    monkeypatch.setattr(log, "append", interrupted)


def test_an_alert_that_is_delivered_while_a_run_ends_makes_no_refusal_of_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.hire("Daan")  # a concept employee, of which an alert tells
    delivered = AlertDelivered(alert="a", target="mail", attempt=1)
    systems = alert_stream(TULP.personio_id, "systems")
    before_the_append_of(RunCompleted, world, monkeypatch, lambda: record(world, systems, delivered))

    report = run(world)

    assert report.status is RunStatus.COMPLETED
    assert len(facts(world.everything(), RunCompleted)) == 2
    assert facts(world.everything(), RunRefused) == []


def test_a_run_that_cannot_end_after_it_wrote_is_closed_by_the_next_one_and_never_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moved() -> None:
        raise StreamMoved("run:run-2", 3)

    before_the_append_of(OutcomeRecorded, world, monkeypatch, moved)
    with pytest.raises(StreamMoved):
        world.run(LATER)

    report = run(world, NEXT)

    assert outcomes(report) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    assert len(facts(world.everything(), RunCutOff)) == 1
    assert facts(world.everything(), RunRefused) == []
