"""What a person's writes come to together, and how far a rebuild came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.events.loket import ChainRebuildEnded, ChainRebuildStarted, WriteKind
from domain.planning.comparison import Difference
from domain.planning.decide import Decision
from domain.planning.details import REBUILT
from domain.planning.planned import Chain, DataWrite, DatedWrite
from domain.services.sync import rebuild
from domain.services.sync.written import Ended, PersonWritten, Written
from domain.values import BLANK, EmployeeNumber, FieldPath, PersonId, RunId

RUN = RunId("run-1")
STREET = DataWrite(WriteKind.EMPLOYEE, "guid-1", (Difference(FieldPath("address.street"), "Main St", "Kade"),))
CONFIRMED, FAILED = Written(Ended.CONFIRMED), Written(Ended.FAILED)
SILENCE = Written(Ended.FAILED, silent=True)


def wage(kind: WriteKind, day: date, *, anew: bool = True) -> DatedWrite:
    return DatedWrite(
        kind=kind,  # type: ignore[arg-type]
        target="m1",
        changes=(Difference(FieldPath("wage.grossWage"), BLANK, "3000.00", day),),
        effective_on=day,
        reaches=(day, date.max),
        chain=Chain("wages", rebuild=anew),
    )


MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
STEPS = (wage(WriteKind.WAGE_DELETED, APRIL), wage(WriteKind.WAGE_CREATED, MARCH), wage(WriteKind.WAGE_CREATED, APRIL))


def decided(*writes: DataWrite | DatedWrite) -> Decision:
    return Decision(PersonId("11"), EmployeeNumber(1), None, writes=writes)


def after(*pairs: tuple[DataWrite | DatedWrite, Written]) -> PersonWritten:
    done = PersonWritten()
    for planned, written in pairs:
        done = done.then(planned, written)
    return done


def test_a_rebuild_is_begun_once_by_its_first_step() -> None:
    decision = decided(STREET, *STEPS)

    (begun,) = rebuild.started(decision, STEPS[0], after((STREET, CONFIRMED)), RUN)
    again = rebuild.started(decision, STEPS[1], after((STREET, CONFIRMED), (STEPS[0], CONFIRMED)), RUN)

    assert isinstance(begun, ChainRebuildStarted)
    assert (begun.steps, begun.effective_on) == (3, MARCH)
    assert again == ()


def test_a_write_waits_for_an_earlier_one_of_its_chain_and_for_no_other() -> None:
    stopped = after((STEPS[0], FAILED))

    assert stopped.waits(STEPS[1])
    assert not stopped.waits(STREET)
    assert not after((STREET, FAILED)).waits(STEPS[0])


@pytest.mark.parametrize(
    ("last", "complete"), [(CONFIRMED, True), (Written(Ended.NOTHING_LEFT), True), (FAILED, False)]
)
def test_a_rebuild_says_how_far_it_came(last: Written, complete: bool) -> None:
    done = after((STEPS[0], CONFIRMED), (STEPS[1], CONFIRMED), (STEPS[2], last))

    (ended,), told = rebuild.ended(decided(*STEPS), done, RUN, None)

    assert isinstance(ended, ChainRebuildEnded)
    assert (ended.done, ended.complete) == (3 if complete else 2, complete)
    assert bool(told) is not complete


def test_a_rebuild_that_was_never_begun_has_no_end() -> None:
    """Loket fell silent at an earlier write of the same person."""
    assert rebuild.ended(decided(STREET, *STEPS), after((STREET, SILENCE)), RUN, None) == ((), ())


def test_an_earlier_rebuild_is_not_finished_by_writes_that_were_never_tried() -> None:
    append = wage(WriteKind.WAGE_CREATED, APRIL, anew=False)
    decision = decided(STREET, append)

    untried = rebuild.ended(decision, after((STREET, SILENCE)), RUN, "run-0-11-wages")
    (ended,), _ = rebuild.ended(decision, after((STREET, CONFIRMED), (append, CONFIRMED)), RUN, "run-0-11-wages")

    assert untried == ((), ())
    assert isinstance(ended, ChainRebuildEnded)
    assert (ended.unit, ended.done, ended.complete) == ("run-0-11-wages", 1, True)
    failed = rebuild.ended(decision, after((STREET, CONFIRMED), (append, FAILED)), RUN, "run-0-11-wages")
    assert failed == ((), ())
    assert rebuild.ended(decision, after((STREET, CONFIRMED), (append, CONFIRMED)), RUN, None) == ((), ())


def test_a_rebuild_that_a_rebuild_finishes_is_told_and_has_one_end() -> None:
    done = after(*((one, CONFIRMED) for one in STEPS))

    (ended,), told = rebuild.ended(decided(*STEPS), done, RUN, "run-0-11-wages")

    assert isinstance(ended, ChainRebuildEnded)
    assert (ended.unit, ended.done, ended.complete) == ("run-1-11-wages", 3, True)
    assert told == (REBUILT,)


def test_hours_alone_finish_no_rebuild_of_wages() -> None:
    hours = replace(wage(WriteKind.HOURS, APRIL, anew=False), chain=Chain("hours"))

    assert rebuild.ended(decided(hours), after((hours, CONFIRMED)), RUN, "run-0-11-wages") == ((), ())
    assert rebuild.ended(decided(STREET), after((STREET, CONFIRMED)), RUN, "run-0-11-wages") == ((), ())


def test_an_earlier_rebuild_is_finished_by_all_that_is_written_to_any_chain() -> None:
    append = wage(WriteKind.WAGE_CREATED, APRIL, anew=False)
    phone = replace(wage(WriteKind.BENEFIT_CREATED, APRIL), chain=Chain("payments of component 284"))
    bonus = replace(wage(WriteKind.PERIOD_DATA, APRIL), chain=None)
    decision = decided(append, phone, bonus)

    (ended,), told = rebuild.ended(decision, after(*((one, CONFIRMED) for one in (append, phone, bonus))), RUN, "unit")
    halfway = rebuild.ended(decision, after((append, CONFIRMED), (phone, FAILED), (bonus, CONFIRMED)), RUN, "unit")

    assert isinstance(ended, ChainRebuildEnded)
    assert (ended.unit, ended.done, told) == ("unit", 2, (REBUILT,))
    assert halfway == ((), ())


def test_only_the_steps_of_a_rebuild_are_one_unit() -> None:
    decision = decided(STREET, *STEPS)

    assert rebuild.unit_of(decision, STEPS[0], RUN) == "run-1-11-wages"
    for alone in (STREET, wage(WriteKind.WAGE, MARCH, anew=False), replace(STEPS[0], chain=None)):
        assert rebuild.unit_of(decision, alone, RUN) is None
        assert rebuild.started(decision, alone, PersonWritten(), RUN) == ()


def test_what_was_confirmed_is_told_apart_from_what_had_nothing_left_to_do() -> None:
    made = Written(Ended.CONFIRMED, created="c-1", messages=("made",))
    concept = DataWrite(WriteKind.CONCEPT_CREATED, None, ())
    done = after((concept, made), (STREET, Written(Ended.NOTHING_LEFT, messages=("as it was",))), (STEPS[0], FAILED))

    assert done.concept == "c-1"
    assert after((STREET, CONFIRMED)).concept is None
    assert [one.planned for one in done.confirmed()] == [concept]
    assert done.confirmed(WriteKind.EMPLOYEE) == ()
    assert done.any(Ended.FAILED)
    assert not after((STREET, CONFIRMED)).any(Ended.FAILED)
    assert (done.messages, done.silent) == (("made", "as it was"), False)
    assert after((STREET, CONFIRMED), (STEPS[0], SILENCE)).silent
    assert (done.landed("wages"), after((STEPS[0], CONFIRMED)).landed("wages")) == (0, 1)
