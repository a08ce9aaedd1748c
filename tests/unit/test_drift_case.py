"""One field that differs, from the check that first saw it to the day it is settled, as its own events tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.attributes import Kind
from domain.drift.audit_trail import Attribution, AuditEntry
from domain.drift.case import Decided, DriftCase
from domain.drift.differences import Differing
from domain.drift.state import CaseState
from domain.events.drift import (
    AcceptanceEnd,
    AcceptanceEnded,
    Cause,
    DecisionWithdrawn,
    DriftAccepted,
    DriftAcknowledged,
    DriftAttributed,
    DriftMoved,
    DriftOpened,
    DriftReopened,
    DriftResolved,
    HoldOutUsed,
    KeptValueEntered,
    KeptValueWithdrawn,
    LoketValueKept,
    Resolved,
    TrailResult,
)
from domain.log import Fact, Meta, Recorded, StreamId
from domain.planning.acceptance import Acceptance
from domain.records.loket_record import Overwrite
from domain.values import NOT_OBSERVED, Actor, EmployeeNumber, FieldPath, PersonId, SubjectRef

STREET, SANNE = FieldPath("address.street"), SubjectRef("s-1")
MONDAY, UNTIL = datetime(2026, 3, 16, 9, tzinfo=UTC), date(2026, 3, 31)
FIRST = 40  # the place in the log of what a case begins with
SEEN = {"person_id": "11", "subject": SANNE, "field": STREET, "rule": "DRIFT-3"}


def opened(**more: object) -> DriftOpened:
    told = {"cause": Cause.CHANGED_IN_LOKET, "personio": "Dam 1", "loket": "Dam 2", **SEEN, **more}
    return DriftOpened(**told)  # type: ignore[arg-type]


MOVED = DriftMoved(cause=Cause.BOTH_CHANGED, personio="Dam 3", loket="Dam 4", **SEEN)  # type: ignore[arg-type]
REOPENED = DriftReopened(cause=Cause.BOTH_CHANGED, personio="Dam 3", loket="Dam 4", **SEEN)  # type: ignore[arg-type]
ACKNOWLEDGED = DriftAcknowledged(subject=SANNE, reason="looks right")
ACCEPTED = DriftAccepted(subject=SANNE, field=STREET, personio="Dam 1", until=UNTIL, reason="until he moves")
TRACED = DriftAttributed(subject=SANNE, field=STREET, result=TrailResult.SOMEONE_ELSE, by="Bram", changed_at=MONDAY)
KEPT = LoketValueKept(subject=SANNE, field=STREET, value="Dam 2", reason="Loket is right")
PUT_BACK = DriftResolved(how=Resolved.PUT_BACK)


def at(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


def case(*facts: Fact) -> DriftCase:
    """Each is recorded a day after the one before."""
    return DriftCase.of(
        Recorded(
            FIRST + number,
            StreamId("drift:170:4711:address.street"),
            number,
            "",
            Meta(recorded_at=at(number), actor=Actor("Anna"), correlation="check-1"),
            fact,
        )
        for number, fact in enumerate(facts)
    )


def test_a_case_is_open_from_the_first_sight_until_it_is_resolved() -> None:
    seen = case(opened())

    assert (case().open, seen.open, case(opened(), PUT_BACK).open) == (False, True, False)
    assert (seen.state, seen.cause, seen.subject) == (CaseState.OPEN, Cause.CHANGED_IN_LOKET, SANNE)
    assert (seen.personio, seen.loket) == ("Dam 1", "Dam 2")
    assert (seen.opened_at, seen.opened_position, seen.next_version) == (MONDAY, FIRST, 1)
    assert case(opened(), PUT_BACK).state is CaseState.RESOLVED


def test_a_difference_that_moves_stays_what_was_decided_about_it_and_one_that_opens_again_begins_anew() -> None:
    before = case(opened(), TRACED, ACCEPTED)
    moved, reopened = case(opened(), TRACED, ACCEPTED, MOVED), case(opened(), TRACED, ACCEPTED, REOPENED)

    for one in (moved, reopened):
        assert (one.cause, one.personio, one.loket) == (Cause.BOTH_CHANGED, "Dam 3", "Dam 4")
    assert moved == replace(before, next_version=4, cause=moved.cause, personio="Dam 3", loket="Dam 4")
    assert (reopened.state, reopened.opened_at, reopened.opened_position) == (CaseState.OPEN, at(3), FIRST + 3)
    assert (reopened.acceptance, reopened.attributed, reopened.decided) == (None, None, None)


def test_who_decided_when_and_why_stands_until_the_decision_is_over() -> None:
    acknowledged, accepted = case(opened(), ACKNOWLEDGED), case(opened(), ACCEPTED)

    assert acknowledged.state is CaseState.ACKNOWLEDGED
    assert acknowledged.decided == Decided(Actor("Anna"), at(1), "looks right")
    assert accepted.state is CaseState.ACCEPTED
    assert (accepted.acceptance, accepted.decided) == (
        Acceptance(STREET, "Dam 1", UNTIL),
        Decided(Actor("Anna"), at(1), "until he moves"),
    )
    assert case(opened(), ACCEPTED, ACKNOWLEDGED).acceptance is None
    for end in (AcceptanceEnded(why=AcceptanceEnd.EXPIRED), DecisionWithdrawn(subject=SANNE, reason="no")):
        over = case(opened(), ACCEPTED, end)
        assert (over.state, over.acceptance, over.decided) == (CaseState.OPEN, None, None)
    resolved = case(opened(), ACCEPTED, PUT_BACK)
    assert (resolved.acceptance, resolved.decided) == (None, None)


def test_a_value_that_is_to_be_entered_in_personio_outlives_the_case() -> None:
    assert case(opened(), KEPT, PUT_BACK).kept == "Dam 2"
    assert case(opened(), KEPT, KeptValueEntered()).kept is None
    assert case(opened(), KEPT, KeptValueWithdrawn(subject=SANNE, reason="no")).kept is None


def test_what_says_nothing_about_a_case_leaves_it_as_it_was() -> None:
    assert case(opened(), HoldOutUsed(run_id="run-7")) == replace(case(opened()), next_version=2)


def differing(cause: Cause = Cause.CHANGED_IN_LOKET, personio: str = "Dam 1", loket: str = "Dam 2") -> Differing:
    return Differing(PersonId("11"), EmployeeNumber(4711), STREET, cause, personio, loket)


@pytest.mark.parametrize(
    ("facts", "seen", "news"),
    [
        ((), differing(), DriftOpened),
        ((opened(), PUT_BACK), differing(), DriftReopened),
        ((opened(),), differing(), None),
        ((opened(),), differing(loket=" Dam 2 "), None),  # another spelling is no other value
        ((opened(),), differing(personio="Dam 5"), DriftMoved),
        ((opened(),), differing(loket="Dam 5"), DriftMoved),
        ((opened(),), differing(Cause.BOTH_CHANGED), DriftMoved),
        ((opened(), ACKNOWLEDGED), differing(), None),
        ((opened(), ACKNOWLEDGED), differing(loket="Dam 5"), DriftReopened),  # it is another one than was agreed to
        ((opened(), ACKNOWLEDGED), differing(Cause.BOTH_CHANGED), DriftMoved),
        ((opened(), ACCEPTED), differing(loket="Dam 5"), DriftMoved),
    ],
)
def test_a_check_tells_what_is_new_about_a_difference_and_nothing_else(
    facts: tuple[Fact, ...], seen: Differing, news: type[Fact] | None
) -> None:
    told = case(*facts).sighted(seen, Kind.TEXT, SANNE)

    assert [type(one) for one in told] == ([] if news is None else [news])
    for one in told:
        assert isinstance(one, DriftOpened | DriftMoved | DriftReopened)
        assert (one.subject, one.cause, one.personio, one.loket) == (SANNE, seen.cause, seen.personio, seen.loket)


def entry(name: str | None = "Bram", when: datetime = MONDAY) -> AuditEntry:
    return AuditEntry(EmployeeNumber(4711), ("Address", "Street"), "Dam 1", "Dam 2", "user", "p-1", name, when)


@pytest.mark.parametrize(
    ("found", "anew", "is_told"),
    [
        (Attribution(TrailResult.SOMEONE_ELSE, entry()), False, False),
        (Attribution(TrailResult.SOMEONE_ELSE, entry()), True, True),
        (Attribution(TrailResult.SOMEONE_ELSE, entry(when=at(1))), False, True),
        (Attribution(TrailResult.NO_ENTRY), False, True),
        (Attribution(TrailResult.NOT_ATTRIBUTABLE), False, False),
        (Attribution(TrailResult.NOT_ATTRIBUTABLE), True, False),
    ],
)
def test_what_the_audit_trail_says_is_told_once_for_each_opening(found: Attribution, anew: bool, is_told: bool) -> None:
    assert len(case(opened(), TRACED).attribution(STREET, found, SANNE, anew=anew)) == is_told


def test_an_entry_tells_who_changed_the_value_how_and_when_as_far_as_it_says() -> None:
    def told(found: Attribution) -> Fact:
        (fact,) = case(opened()).attribution(STREET, found, SANNE, anew=True)
        return fact

    of_bram = told(Attribution(TrailResult.SOMEONE_ELSE, entry()))
    of_nobody = told(Attribution(TrailResult.SOMEONE_ELSE, entry(name=None)))

    assert of_bram == attributed(TRACED, origin="user")
    assert of_nobody == attributed(TRACED, origin="user", by=NOT_OBSERVED)
    assert told(Attribution(TrailResult.NO_ENTRY)) == DriftAttributed(
        subject=SANNE, field=STREET, result=TrailResult.NO_ENTRY, by=NOT_OBSERVED, rule="DRIFT-7"
    )


def attributed(fact: DriftAttributed, **more: object) -> DriftAttributed:
    told = {"subject": fact.subject, "field": fact.field, "result": fact.result, "by": fact.by}
    return DriftAttributed(**told | {"changed_at": fact.changed_at, "rule": "DRIFT-7"} | more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "overtaken", "why"),
    [
        (UNTIL, False, None),
        (UNTIL, True, AcceptanceEnd.PERSONIO_CHANGED),
        (UNTIL + timedelta(days=1), False, AcceptanceEnd.EXPIRED),
        (UNTIL + timedelta(days=1), True, AcceptanceEnd.EXPIRED),
    ],
)
def test_an_acceptance_ends_with_its_last_day_or_when_personio_changes_the_value(
    today: date, overtaken: bool, why: AcceptanceEnd | None
) -> None:
    ends = case(opened(), ACCEPTED).acceptance_over(today, overtaken=overtaken)

    assert ends == (() if why is None else (AcceptanceEnded(why=why, rule="DRIFT-8"),))
    assert case(opened()).acceptance_over(today, overtaken=True) == ()


@pytest.mark.parametrize(
    ("loket", "overwritten_at", "how"),
    [
        ("Dam 1", None, Resolved.PUT_BACK),
        ("Dam 2", None, Resolved.PERSONIO_MOVED),
        ("Dam 2", FIRST + 1, Resolved.OVERWRITTEN),
        ("Dam 1", FIRST, Resolved.PUT_BACK),  # it was opened after that
    ],
)
def test_a_case_ends_by_our_write_by_what_was_put_back_in_loket_or_by_personio(
    loket: str, overwritten_at: int | None, how: Resolved
) -> None:
    write = None if overwritten_at is None else Overwrite("run-7", overwritten_at, "Dam 2", "Dam 1", MONDAY)

    ended = case(opened()).gone(Kind.TEXT, loket, write)

    run = "run-7" if how is Resolved.OVERWRITTEN else None
    assert ended == DriftResolved(how=how, run_id=run, rule="DRIFT-4")
