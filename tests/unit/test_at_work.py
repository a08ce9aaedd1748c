"""A run at work: what it says it is doing, and a Loket that stops answering in the middle of it (RUN-5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.attributes import Role
from domain.errors import NotFound, ReadFailed
from domain.events.loket import WriteConflicted, WriteNotSent, WriteOutcomeUnknown, WriteRefused
from domain.events.personio import PersonLeftEntity
from domain.log import StreamId
from domain.services.drift.check import check_drift
from domain.services.journal import Journal, Tools
from domain.services.sync.report import Outcome, RunReport, RunStatus
from domain.services.sync.run import run_sync
from domain.snapshots import Answered, WriteAnswer
from domain.values import Actor, FieldPath, RunId
from tests.support.faults import LoketFault
from tests.support.passing_on import PassesOn
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

DAY = date(2026, 3, 15)
STREET = FieldPath("address.street")
NAMES = ("Sanne", "Tim", "Joris", "Lotte", "Fleur")


@pytest.fixture
def world() -> Iterator[World]:
    """Five people, each with a street to be written."""
    made = World(InProcess())
    for name in NAMES:
        made.employ(name)
        made.edit(name, Role("street"), "Central Ave")
    made.clock.travel(DAY)
    yield made
    made.close()


class Failing(PassesOn):
    """Loket, with which something goes wrong before each write, at it, or at the look after it."""

    def __init__(self, tools: Tools, **wrong: Any) -> None:
        super().__init__(tools.loket)
        self.tools = replace(tools, loket=self)
        self._wrong, self._written = wrong, False

    def fetch(self, *asked: Any) -> Any:
        moment, self._written = "after" if self._written else "before", False
        if moment in self._wrong:
            raise self._wrong[moment]
        return super().fetch(*asked)

    def write(self, *asked: Any) -> WriteAnswer:
        self._written = True
        return WriteAnswer(self._wrong["at"], cause="no way there") if "at" in self._wrong else super().write(*asked)


def run(world: World, tools: Tools | None = None, **more: Any) -> RunReport:
    return run_sync(world.policy(), tools or world.tools(), actor=Actor("Anna"), run_id=RunId("run-1"), **more)


def outcomes(report: RunReport) -> list[Outcome]:
    return [one.outcome for one in report.outcomes]


def told(world: World, kind: type) -> int:
    return sum(isinstance(one.fact, kind) for one in world.everything())


def test_a_run_tells_what_it_is_doing_and_of_how_many_people_it_has_written(world: World) -> None:
    steps: list[tuple[str, int, int]] = []

    run(world, progress=lambda *step: steps.append(step))

    before = [(each, 0, 0) for each in ("reading Personio", "reading Loket", "reading pay", "deciding")]
    writing = [("writing to Loket", done, len(NAMES)) for done in range(len(NAMES))]
    assert steps == [*before, *writing, ("closing", 0, 0)]


def test_a_drift_check_tells_what_it_is_doing(world: World) -> None:
    steps: list[tuple[str, int, int]] = []

    check_drift(
        world.policy(),
        world.tools(),
        actor=Actor("Anna"),
        check_id=RunId("check-1"),
        progress=lambda *step: steps.append(step),
    )

    each = ("reading Personio", "reading Loket", "reading pay", "comparing")
    assert steps == [(one, 0, 0) for one in each]
    last = world.tools().views.drift.last_check(TULP.personio_id)  # and whoever looks now sees it
    assert last is not None
    assert last.check_id == "check-1"


def test_once_loket_answers_nobody_three_times_in_a_row_nobody_else_is_attempted(world: World) -> None:
    report = run(world, Failing(world.tools(), before=ReadFailed("down")).tools)

    assert report.status is RunStatus.COMPLETED_WITH_ERRORS
    assert outcomes(report) == [Outcome.FAILED] * 5
    assert ["not attempted" in one.messages[-1] for one in report.outcomes] == [False, False, False, True, True]
    assert world.writes() == []


def test_what_is_gone_or_closed_to_us_concerns_one_person_and_the_others_are_attempted(world: World) -> None:
    report = run(world, Failing(world.tools(), before=NotFound("gone")).tools)

    assert not any("not attempted" in one.messages[-1] for one in report.outcomes)
    assert all("could not be read before the write: gone" in one.messages[-1] for one in report.outcomes)


@pytest.mark.parametrize(
    ("answer", "attempted"), [(Answered.NOT_SENT, 3), (Answered.UNSENDABLE, 5), (Answered.REFUSED, 5)]
)
def test_a_loket_that_cannot_be_reached_counts_as_silent_and_a_write_that_cannot_be_made_does_not(
    world: World, answer: Answered, attempted: int
) -> None:
    report = run(world, Failing(world.tools(), at=answer).tools)

    assert outcomes(report) == [Outcome.FAILED] * 5
    assert told(world, WriteRefused if answer is Answered.REFUSED else WriteNotSent) == attempted


def test_a_write_that_loket_took_and_does_not_show_is_unknown_and_on_record_as_such(world: World) -> None:
    report = run(world, Failing(world.tools(), after=ReadFailed("down")).tools)

    assert outcomes(report) == [Outcome.UNKNOWN] * 3 + [Outcome.FAILED] * 2
    assert told(world, WriteOutcomeUnknown) == 3
    assert "cannot be seen in Loket" in report.outcomes[0].messages[-1]


def test_a_third_value_that_a_lost_write_meets_is_on_record(world: World) -> None:
    one = world.people["Sanne"]
    world.payroll.add_fault(LoketFault.UNANSWERED)
    world.hooks().after_write = lambda: world.payroll.set_field(one.entity, one.number, STREET, "Hand-typed Ln")

    report = run(world)

    (conflict,) = (one.fact for one in world.everything() if isinstance(one.fact, WriteConflicted))
    assert [(one.field, one.value) for one in conflict.found] == [(STREET, "Hand-typed Ln")]
    assert outcomes(report) == [Outcome.UNKNOWN, *[Outcome.UPDATED] * 4]


def test_the_facts_of_many_people_are_appended_in_parts_that_never_hold_the_log_for_long(world: World) -> None:
    journal = Journal(tools=world.tools(), actor=Actor("Anna"), correlation="run-1")
    sizes: list[int] = []
    append = journal.tools.log.append

    def count(appends: Any, **meta: Any) -> Any:
        sizes.append(sum(len(one.facts) for one in appends))
        return append(appends, **meta)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal.tools.log, "append", count)
        left = PersonLeftEntity(legal_entity="170")
        lengths = (500, 250, 250, 1, 499)  # what is of one person stays together
        journal.record_all({StreamId(f"person:new-{each}"): [left] * many for each, many in enumerate(lengths)})

    assert sizes == [500, 500, 500]
