"""What became of decisions that were derived again: which of them follow, and what a paper and a program are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.events.findings import LookedBy
from domain.services.replay.derive import Derived
from domain.services.replay.replay import Deviation, Replayed, Verdict, WentOn
from domain.values import EmployeeNumber, LegalEntityId, PersonId, RunId

AT = datetime(2026, 3, 16, 8, tzinfo=UTC)
AGREES, DEVIATES = Verdict.AGREES, Verdict.DEVIATION
SANNE = Deviation(PersonId("11"), EmployeeNumber(4711), DEVIATES, ("write 0 (employee): another record in Loket",))
CALM = Replayed(
    RunId("run-1"), LookedBy.RUN, LegalEntityId("170"), AT, date(2026, 3, 16), 3, {AGREES: 3}, (), (), "1.2",
    WentOn(AGREES),
)  # fmt: skip
APART = replace(
    CALM, name=RunId("run-2"), verdicts={AGREES: 1, DEVIATES: 1, Verdict.ERASED: 1}, differing=(SANNE,), product=""
)
ASTRAY = replace(CALM, name=RunId("run-3"), went_on=WentOn(DEVIATES, ("it wrote although it was stopped",)))
CHECK = replace(CALM, name=RunId("check-4"), look=LookedBy.DRIFT_CHECK, went_on=None)
NOT_COMPARED = replace(CALM, name=RunId("run-5"), went_on=WentOn(Verdict.NOT_KEPT))


@pytest.mark.parametrize(
    ("made", "astray", "follows"),
    [
        (CALM, False, True),
        (APART, False, False),
        (ASTRAY, True, False),
        (CHECK, False, True),
        (NOT_COMPARED, False, True),
    ],
)
def test_a_look_follows_where_every_decision_does_and_how_it_went_on_with_everybody(
    made: Replayed, astray: bool, follows: bool
) -> None:
    assert (made.astray, made.follows, Derived((CALM, made)).follows) == (astray, follows, follows)
    assert made.deviations == (made is APART)


@pytest.mark.parametrize(("verdict", "explained"), [(one, one not in (AGREES, DEVIATES)) for one in Verdict])
def test_only_what_agrees_and_what_deviates_has_no_reason_of_its_own(verdict: Verdict, explained: bool) -> None:
    assert verdict.explained is explained


def test_decisions_and_runs_are_counted_over_all_looks() -> None:
    derived = Derived((CALM, APART, ASTRAY, CHECK))

    assert (derived.decisions, derived.deviations) == (12, 1)
    assert derived.verdicts == {AGREES: 10, Verdict.ERASED: 1, DEVIATES: 1}
    assert derived.runs == {AGREES: 2, DEVIATES: 1}


def test_a_paper_tells_in_one_line_only_what_there_is_to_tell() -> None:
    looks, whole = Derived((CALM, APART, ASTRAY, NOT_COMPARED), ((RunId("run-0"), "too old"),)), Derived((CALM,))

    assert whole.told() == "3 of 3 decisions were derived again from the log and agree"
    assert looks.told() == (
        "10 of 12 decisions were derived again from the log and agree; erased: 1; "
        "runs and checks that cannot be derived again: 1; 1 DO NOT FOLLOW from the rules; "
        "runs of which it cannot be said whether they were rightly stopped or not: 1; "
        "runs that did NOT go on as follows from their decisions: 1"
    )


def test_a_program_is_told_every_verdict_and_each_decision_that_does_not_agree() -> None:
    told = Derived((APART, CHECK), ((RunId("run-0"), "too old"),)).as_json()

    nothing = {verdict.value: 0 for verdict in Verdict}
    assert told["verdicts"] == nothing | {"agrees": 4, "erased": 1, "deviation": 1}
    assert (told["runs"], told["deviations"], told["follows"]) == (nothing | {"agrees": 1}, 1, False)
    assert told["not_derivable"] == [{"name": "run-0", "why": "too old"}]
    run, check = told["looks"]
    assert (run["differing"], run["product"]) == (
        [
            {
                "person_id": "11",
                "employee_number": 4711,
                "verdict": "deviation",
                "differences": ["write 0 (employee): another record in Loket"],
            }
        ],
        None,
    )
    assert run["went_on"] == {"verdict": "agrees", "differences": []}
    assert (check["went_on"], check["product"], check["people"], check["look"]) == (None, "1.2", 3, "drift_check")
