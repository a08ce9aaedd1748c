"""After three people in a row for whom Loket gave no answer at all, nobody else is tried (RUN-5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.attributes import Role
from domain.planning.decide import Decision
from domain.planning.details import NOT_ATTEMPTED
from domain.services.sync.report import Outcome, PersonOutcome, RunStatus, quiet
from domain.values import EmployeeNumber
from tests.support.world import World
from tests.support.world_in_process import InProcess


@pytest.mark.parametrize(("answers", "tried"), [("...----", 3), ("..-..-.", 7), ("..-...-", 6)])
def test_three_silences_in_a_row_end_it_and_an_answer_between_them_does_not(
    monkeypatch: pytest.MonkeyPatch, answers: str, tried: int
) -> None:
    """A dot is a silence."""
    asked: list[EmployeeNumber | None] = []

    def write(_: Any, decision: Decision, *__: Any) -> tuple[PersonOutcome, bool]:
        silent = answers[len(asked)] == "."
        asked.append(decision.number)
        return replace(quiet(decision), outcome=Outcome.FAILED if silent else Outcome.UPDATED), silent

    world = World(InProcess())
    for number, name in enumerate(("Ada", "Bo", "Cas", "Daan", "Eva", "Fem", "Gijs")):
        world.employ(name, number=4711 + number)
        world.edit(name, Role("street"), "Kade")
    monkeypatch.setattr("domain.services.sync.run.Writer.write", write)

    world.run(date(2026, 3, 15))

    report = world.last_report()
    untried = [one for one in report.outcomes if NOT_ATTEMPTED in one.messages]
    assert (len(asked), len(untried)) == (tried, 7 - tried)
    assert {(one.outcome, one.reason) for one in untried} <= {(Outcome.FAILED, "RUN-5")}
    assert {one.number for one in untried}.isdisjoint(asked)
    assert report.status is RunStatus.COMPLETED_WITH_ERRORS
    world.close()
