"""Drift cases and terminations: the same rows from the same facts on both databases, none of them with a value."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta

import pytest

from adapters.projections.open import OpenViews, open_views
from domain.drift.state import CaseState
from domain.events.drift import (
    AcceptanceEnd,
    AcceptanceEnded,
    Cause,
    DriftAccepted,
    DriftAcknowledged,
    DriftChecked,
    DriftCheckRefused,
    DriftMoved,
    DriftOpened,
    DriftReopened,
    DriftResolved,
    HoldOutUsed,
    KeptValueEntered,
    LoketValueKept,
    PersonHeldOut,
    Resolved,
)
from domain.events.loket import TerminationObserved, TerminationReversed
from domain.log import Fact
from domain.streams import check_stream, drift_stream, hold_stream, loket_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, RunId
from domain.views.drift import CaseRow, Kept, to_enter
from domain.views.terminations import intervals
from tests.support.fake_log import FakeLog
from tests.support.scribe import MARCH_15, Scribe

TULP, IRIS = LegalEntityId("170"), LegalEntityId("171")
NUMBER, STREET = EmployeeNumber(4711), FieldPath("address.street")
CASE = drift_stream(TULP, NUMBER, STREET)
LATER = MARCH_15 + timedelta(days=1)
MOMENT = timedelta(microseconds=1)
SEEN = {"person_id": "3007", "subject": "s", "field": STREET, "personio": "Main St", "loket": "Harbour Rd"}
OPENED = DriftOpened(cause=Cause.CHANGED_IN_LOKET, **SEEN)  # type: ignore[arg-type]
MOVED = DriftMoved(cause=Cause.BOTH_CHANGED, **SEEN)  # type: ignore[arg-type]
REOPENED = DriftReopened(cause=Cause.CHANGED_IN_LOKET, **SEEN)  # type: ignore[arg-type]
ACCEPTED = DriftAccepted(subject="s", field=STREET, personio="Main St", until=date(2026, 4, 14), reason="moving")
ACKNOWLEDGED = DriftAcknowledged(subject="s", reason="known")
RESOLVED = DriftResolved(how=Resolved.OVERWRITTEN, run_id="run-2")


@pytest.fixture
def views(log_url: str) -> Iterator[tuple[Scribe, OpenViews]]:
    log = FakeLog()
    with closing(open_views(log_url, log)) as opened:
        yield Scribe(log), opened


@pytest.mark.parametrize(
    ("facts", "state", "cause", "until"),
    [
        ((OPENED,), CaseState.OPEN, Cause.CHANGED_IN_LOKET, None),
        ((OPENED, MOVED), CaseState.OPEN, Cause.BOTH_CHANGED, None),
        ((OPENED, ACKNOWLEDGED), CaseState.ACKNOWLEDGED, Cause.CHANGED_IN_LOKET, None),
        ((OPENED, ACKNOWLEDGED, REOPENED), CaseState.OPEN, Cause.CHANGED_IN_LOKET, None),
        ((OPENED, ACCEPTED), CaseState.ACCEPTED, Cause.CHANGED_IN_LOKET, date(2026, 4, 14)),
        ((OPENED, ACCEPTED, AcceptanceEnded(why=AcceptanceEnd.EXPIRED)), CaseState.OPEN, Cause.CHANGED_IN_LOKET, None),
    ],
)
def test_an_open_case_shows_its_state_since_it_opened(
    views: tuple[Scribe, OpenViews], facts: tuple[Fact, ...], state: CaseState, cause: Cause, until: date | None
) -> None:
    scribe, seen = views
    scribe.write(CASE, *facts)

    seen.catch_up()

    (row,) = seen.drift.cases(TULP)
    assert (row.employee_number, row.field, row.person_id) == (NUMBER, STREET, "3007")
    assert (row.state, row.cause, row.until, row.opened_at) == (state, cause, until, MARCH_15)
    assert seen.drift.cases(IRIS) == ()


def test_a_resolved_case_is_told_only_when_asked_for_and_opens_anew_with_a_later_day(
    views: tuple[Scribe, OpenViews],
) -> None:
    scribe, seen = views
    scribe.write(CASE, OPENED, RESOLVED)
    seen.catch_up()
    resolved = told(seen)

    scribe.write(CASE, REOPENED, at=LATER)
    seen.catch_up()
    (again,) = seen.drift.cases(TULP)

    assert (resolved.state, resolved.how, resolved.resolved_at) == (CaseState.RESOLVED, Resolved.OVERWRITTEN, MARCH_15)
    assert (again.state, again.how, again.resolved_at, again.opened_at) == (CaseState.OPEN, None, None, LATER)


def told(seen: OpenViews) -> CaseRow:
    assert seen.drift.cases(TULP) == ()
    (row,) = seen.drift.cases(TULP, resolved=True)
    return row


def test_someone_is_held_out_until_a_run_has_used_it(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    scribe.write(hold_stream(TULP, NUMBER), PersonHeldOut(subject="s", reason="closing"))
    seen.catch_up()
    before = seen.drift.held_out(TULP)

    scribe.write(hold_stream(TULP, NUMBER), HoldOutUsed(run_id="run-2"))
    seen.catch_up()

    assert (before, seen.drift.held_out(TULP)) == ((NUMBER,), ())
    assert seen.drift.held_out(TULP, since=MARCH_15) == ()
    assert seen.drift.held_out(TULP, since=MARCH_15 - MOMENT) == (NUMBER,)


def test_the_last_check_of_an_entity_says_whether_it_came_to_an_end(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    counts = {"compared": 1, "drift": 0, "pending": 0, "accepted": 0, "not_compared": 0, "left_out": 0}
    done = DriftChecked(legal_entity=TULP, personio_read_at=MARCH_15, loket_read_at=MARCH_15, **counts)  # type: ignore[arg-type]
    scribe.write(check_stream(RunId("c1")), done)
    scribe.write(
        check_stream(RunId("c2")), DriftCheckRefused(legal_entity=TULP, reason="RUN-7", message="unreachable"), at=LATER
    )

    seen.catch_up()

    last = seen.drift.last_check(TULP)
    assert last is not None
    assert (last.check_id, last.checked_at, last.completed) == ("c2", LATER, False)
    assert (last.concluded_id, last.concluded_at) == ("c1", MARCH_15)
    before = seen.drift.last_check(TULP, by=LATER - MOMENT)
    assert before is not None
    assert (before.check_id, before.completed, before.concluded_id) == ("c1", True, "c1")
    assert seen.drift.last_check(TULP, by=MARCH_15 - MOMENT) is None
    assert seen.drift.last_check(IRIS) is None
    assert seen.drift.standing([TULP, IRIS]) == {TULP: ((), last), IRIS: ((), None)}


def test_end_dates_fold_into_intervals_in_order(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    days = (date(2026, 5, 31), date(2026, 6, 30))
    observed = [TerminationObserved(employment_id="m1", income_number=1, effective_on=day) for day in days]
    scribe.write(loket_stream(TULP, NUMBER), *observed)
    scribe.write(loket_stream(TULP, NUMBER), TerminationReversed(employment_id="m1", income_number=1), at=LATER)

    seen.catch_up()

    (one,) = intervals(seen.terminations.end_dates(TULP))
    assert (one.end_dates, one.since, one.until, one.reinstated) == (days, MARCH_15, LATER, True)
    assert seen.terminations.end_dates(IRIS) == ()


def test_a_kept_value_is_to_be_entered_until_personio_shows_it_whatever_becomes_of_the_case(
    views: tuple[Scribe, OpenViews],
) -> None:
    scribe, seen = views
    scribe.write(CASE, OPENED, LoketValueKept(subject="s", field=STREET, value="Harbour Rd", reason="moved"), RESOLVED)
    seen.catch_up()
    (row,) = to_enter(seen.drift.unsettled(TULP))
    assert seen.drift.standing([TULP])[TULP] == (seen.drift.unsettled(TULP), seen.drift.last_check(TULP))
    assert (row.employee_number, row.field, row.kept_at, row.stream) == (NUMBER, STREET, MARCH_15, CASE)
    assert seen.drift.unsettled(IRIS) == ()

    scribe.write(CASE, KeptValueEntered(), at=LATER)
    seen.catch_up()

    assert (seen.drift.unsettled(TULP), seen.drift.unsettled(TULP, since=LATER)) == ((), ())
    (then,) = seen.drift.unsettled(TULP, since=LATER - MOMENT)
    assert (then.kept, to_enter([then])) == (Kept(MARCH_15, row.position, LATER), ())


def test_cases_that_may_have_been_open_then_are_those_open_now_and_those_resolved_since(
    views: tuple[Scribe, OpenViews],
) -> None:
    scribe, seen = views
    scribe.write(CASE, OPENED)
    scribe.write(CASE, RESOLVED, at=LATER)
    seen.catch_up()

    (row,) = seen.drift.unsettled(TULP, since=LATER - MOMENT)

    assert (row.state, row.resolved_at) == (CaseState.RESOLVED, LATER)
    assert (seen.drift.unsettled(TULP, since=LATER), seen.drift.unsettled(IRIS, since=MARCH_15)) == ((), ())
