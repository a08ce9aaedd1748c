"""Tasks: the same rows from the same facts on both databases, also from logs of runs that knew no cases yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest

from adapters.projections.open import OpenViews, open_views
from domain.errors import ViewsDiffer
from domain.events.custody import MorePeopleAgreed, MorePeopleAsked
from domain.events.findings import (
    FindingChanged,
    FindingEnd,
    FindingOpened,
    FindingResolved,
    LookedBy,
    TaskGivenBack,
    TaskTaken,
    ValidationCompleted,
)
from domain.events.report import ReportOrdered, ReportReleased
from domain.events.runs import FindingRaised, OutcomeRecorded, RunBlocked, RunCompleted, RunStarted
from domain.log import Fact
from domain.planning.findings import Acts
from domain.streams import CUSTODY, check_stream, finding_stream, report_stream, run_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.tasks import TaskFilters, TaskRow, Waiting
from tests.support.fake_log import FakeLog
from tests.support.scribe import MARCH_15, Scribe

TULP, IRIS = LegalEntityId("170"), LegalEntityId("171")
SANNE, NUMBER = PersonId("3007"), EmployeeNumber(4711)
CODE = "BSN_ELFPROEF"
CASE = finding_stream(TULP, SANNE, CODE, None)
DAY = timedelta(days=1)
ABOUT: dict[str, Any] = {"legal_entity": TULP, "person_id": SANNE, "employee_number": NUMBER, "code": CODE}
OPENED = FindingOpened(subject="s", detail="a detail", seen_by=LookedBy.VALIDATION, **ABOUT)
CHANGED = FindingChanged(subject="s", detail="another", seen_by=LookedBy.VALIDATION, **ABOUT)
RESOLVED = FindingResolved(how=FindingEnd.LEFT_OUT, rule="WHO-3", seen_by=LookedBy.RUN, **ABOUT)
TAKEN, GIVEN_BACK = TaskTaken(until=date(2026, 3, 15), **ABOUT), TaskGivenBack(**ABOUT)
RAISED = FindingRaised(person_id=SANNE, employee_number=NUMBER, code=CODE)
ALL = {"after": -1, "limit": 50}


@pytest.fixture
def views(log_url: str) -> Iterator[tuple[Scribe, OpenViews]]:
    log = FakeLog()
    with closing(open_views(log_url, log)) as opened:
        yield Scribe(log), opened


def test_what_waits_for_a_second_person_is_told_with_the_tasks_until_somebody_agrees_or_it_is_good_no_more(
    views: tuple[Scribe, OpenViews],
) -> None:
    scribe, seen = views
    order = {
        "legal_entity": TULP, "since": MARCH_15.date(), "until": MARCH_15.date(), "format": "csv", "people": 2,
        "log_size": 1, "subject": "s", "reason": "so",
    }  # fmt: skip
    clear, masked = (ReportOrdered(unmasked=unmasked, **order) for unmasked in (True, False))  # type: ignore[arg-type]
    scribe.write(CASE, OPENED)
    run(scribe, "run-1", RunCompleted(with_errors=False, counts={}), after=0)
    scribe.write(report_stream("report-1"), clear, actor="Joost")
    scribe.write(report_stream("report-2"), masked, actor="Joost")
    scribe.write(report_stream("report-3"), clear, actor="schedule:reports")
    scribe.write(CUSTODY, MorePeopleAsked(legal_entity=TULP, people=40, subject="s", reason="so"), actor="Anja")
    seen.catch_up()

    def told(after: timedelta = timedelta()) -> list[tuple[str, str, str]]:
        found = seen.tasks.waiting([IRIS, TULP], MARCH_15 + after)[TULP]
        assert (found.tasks, found.look) == (seen.tasks.open(TULP), seen.tasks.last_look(TULP))
        return [(one.what.value, one.name, one.asked_by) for one in found.seconds]

    report, planned = ("report", "report-1", "Joost"), ("report", "report-3", "schedule:reports")
    assert told() == [report, planned, ("more_people", "more-0", "Anja")]
    assert (told(DAY), told(40 * DAY)) == ([planned], [])
    assert seen.tasks.waiting([IRIS], MARCH_15) == {IRIS: Waiting((), None, ())}

    scribe.write(report_stream("report-1"), ReportReleased(legal_entity=TULP), actor="Anja")
    scribe.write(CUSTODY, MorePeopleAgreed(asked="more-0", legal_entity=TULP), actor="Joost")
    seen.catch_up()
    assert told() == [planned]


def run(scribe: Scribe, name: str, *facts: Fact, after: int, entity: LegalEntityId = TULP) -> None:
    at = MARCH_15 + after * DAY
    started = RunStarted(legal_entity=entity, business_date=at.date())
    scribe.write(run_stream(RunId(name)), started, *facts, at=at)


def outcome(result: str = "blocked", reason: str = "CHECK-2") -> OutcomeRecorded:
    return OutcomeRecorded(person_id=SANNE, employee_number=NUMBER, outcome=result, reason=reason)


def ended(seen: OpenViews) -> tuple[TaskRow, ...]:
    return tuple(seen.tasks.tasks(TULP, TaskFilters(ended=True), **ALL))


def test_a_task_is_open_from_the_first_sight_of_it_and_says_what_became_of_it(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    scribe.write(CASE, OPENED, TAKEN)
    scribe.write(CASE, CHANGED, at=MARCH_15 + DAY)
    seen.catch_up()
    (row,) = seen.tasks.open(TULP)

    scribe.write(CASE, GIVEN_BACK, at=MARCH_15 + DAY)
    scribe.write(CASE, RESOLVED, at=MARCH_15 + 2 * DAY)
    scribe.write(CASE, OPENED, at=MARCH_15 + 3 * DAY)
    seen.catch_up()

    assert (row.position, row.told, row.since, row.who) == (0, 2, MARCH_15, Acts.HR)
    assert (row.holder(date(2026, 3, 15)), row.holder(date(2026, 3, 16))) == (row.taken_by, None)
    assert row.age(MARCH_15 + 2 * DAY) == 2
    assert seen.tasks.task(0) == ended(seen)[0]
    assert [(one.position, one.how, one.ended_rule, one.taken_by) for one in ended(seen)] == [
        (0, FindingEnd.LEFT_OUT, "WHO-3", None)
    ]
    assert [(one.position, one.since) for one in seen.tasks.open(TULP)] == [(5, MARCH_15 + 3 * DAY)]
    assert seen.tasks.open(IRIS) == ()


def test_runs_that_knew_no_cases_tell_since_when_a_task_stands_and_how_it_ended(
    views: tuple[Scribe, OpenViews],
) -> None:
    scribe, seen = views
    blocked = RunBlocked(counts={}, reason="CHECK-2", message="findings")
    run(scribe, "r1", RAISED, outcome(), blocked, after=0)
    run(scribe, "r2", RAISED, outcome(), blocked, after=1)
    run(scribe, "pilot", outcome("left_out", "RUN-10"), RunCompleted(with_errors=False, counts={}), after=2)
    run(scribe, "other", outcome("unchanged", "EDIT-1"), after=2, entity=IRIS)
    seen.catch_up()
    (row,) = seen.tasks.open(TULP)

    run(scribe, "r3", outcome("left_out", "WHO-3"), RunCompleted(with_errors=False, counts={}), after=3)
    run(scribe, "r4", RAISED, outcome(), blocked, after=4)
    run(scribe, "r5", outcome("unchanged", "EDIT-1"), RunCompleted(with_errors=False, counts={}), after=5)
    seen.catch_up()

    assert (row.since, row.position) == (MARCH_15, 1)
    assert seen.tasks.open(TULP) == ()
    told = [(one.since, one.ended_at, one.how, one.ended_rule) for one in ended(seen)]
    assert told == [
        (MARCH_15, MARCH_15 + 3 * DAY, FindingEnd.LEFT_OUT, "WHO-3"),
        (MARCH_15 + 4 * DAY, MARCH_15 + 5 * DAY, FindingEnd.NOT_FOUND, None),
    ]


def test_a_case_that_begins_on_what_an_old_run_found_goes_on_since_that_run(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    run(scribe, "r1", RAISED, outcome(), after=0)
    seen.catch_up()
    scribe.write(CASE, OPENED, at=MARCH_15 + DAY)
    run(scribe, "pilot", outcome("unchanged", "EDIT-1"), after=2)  # a case ends by its own events alone

    seen.catch_up()

    (row,) = seen.tasks.open(TULP)
    assert (row.since, row.position, row.told) == (MARCH_15, 1, 3)


def test_tasks_that_were_open_at_an_instant_are_found_whatever_became_of_them(
    views: tuple[Scribe, OpenViews],
) -> None:
    scribe, seen = views
    scribe.write(CASE, OPENED, at=MARCH_15)
    scribe.write(CASE, RESOLVED, at=MARCH_15 + 2 * DAY)
    scribe.write(CASE, OPENED, at=MARCH_15 + 4 * DAY)
    seen.catch_up()

    def then(days: float) -> list[int]:
        filters = TaskFilters(as_at=MARCH_15 + days * DAY)
        return [one.position for one in seen.tasks.tasks(TULP, filters, **ALL)]

    assert [then(days) for days in (-0.1, 0, 1.9, 2, 3.9, 4)] == [[], [0], [0], [], [], [2]]


def test_tasks_are_filtered_and_come_in_pages(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    for number, code in enumerate(("BSN_ELFPROEF", "MISSING_INCOME_NUMBER", "POSTCODE_FORMAT")):
        about = {**ABOUT, "person_id": f"30{number}", "employee_number": number + 1, "code": code}
        opened = FindingOpened(seen_by=LookedBy.RUN, field=FieldPath("a.b"), **about)
        scribe.write(finding_stream(TULP, PersonId(f"30{number}"), code, FieldPath("a.b")), opened)
    seen.catch_up()

    def found(after: int = -1, limit: int = 50, **filters: Any) -> list[int]:
        page = seen.tasks.tasks(TULP, TaskFilters(**filters), after=after, limit=limit)
        return [one.position for one in page]

    counts = [(one.code, one.count, one.since, one.who) for one in seen.tasks.counts([TULP])[TULP]]
    assert counts[1:] == [
        ("MISSING_INCOME_NUMBER", 1, MARCH_15, Acts.PAYROLL),
        ("POSTCODE_FORMAT", 1, MARCH_15, Acts.HR),
    ]
    assert seen.tasks.counts([IRIS]) == {IRIS: ()}
    assert found() == [0, 1, 2]
    assert found(limit=2) == [0, 1]
    assert found(after=1) == [2]
    assert found(who=Acts.HR) == [0, 2]
    assert found(who=Acts.HR, code="MISSING_INCOME_NUMBER") == []
    assert found(code="POSTCODE_FORMAT") == [2]
    assert found(person=PersonId("301")) == found(number=EmployeeNumber(2)) == [1]
    assert found(ended=True) == []


def test_the_last_look_is_the_last_that_judged_everyone_and_told_of_the_cases(views: tuple[Scribe, OpenViews]) -> None:
    scribe, seen = views
    counts = dict.fromkeys(("people", "included", "opened", "changed", "ended"), 0)
    told: dict[str, Any] = {"legal_entity": TULP, "business_date": MARCH_15.date(), "personio_read_at": MARCH_15}
    told |= {"loket_read_at": MARCH_15, "left_out": {}, "findings": {}, "notices": {}, "fingerprint": "f", **counts}
    scribe.write(check_stream(RunId("v1")), ValidationCompleted(**told))
    scribe.write(check_stream(RunId("v2")), ValidationCompleted(settled=False, **told), at=MARCH_15 + DAY)

    seen.catch_up()

    last = seen.tasks.last_look(TULP)
    assert last is not None
    assert (last.kind, last.at, last.position) == (LookedBy.VALIDATION, MARCH_15, 0)
    assert seen.tasks.last_looks([IRIS, TULP]) == {TULP: last}
    assert seen.tasks.last_look(IRIS) is None


def test_an_edited_row_is_not_shown(sqlite_url: str) -> None:
    log = FakeLog()
    Scribe(log).write(CASE, OPENED)
    with closing(open_views(sqlite_url, log)) as seen:
        seen.catch_up()
        store: Any = seen._store
        store.rows("UPDATE tasks SET person_id = '1'")

        with pytest.raises(ViewsDiffer):
            seen.tasks.open(TULP)
