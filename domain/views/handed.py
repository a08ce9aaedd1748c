"""What waits for somebody in a legal entity, one line for each thing about each person.

Nothing is decided here: every line is a row of another view, or a notice of the latest run, and nobody whom one of
them names is left out. Every page and paper that says what is to be done shows these lines, in its own groups.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from domain.drift.state import CaseState
from domain.events.drift import Cause
from domain.four_eyes import CONFIRMED_WITHIN
from domain.planning.business_date import business_date
from domain.planning.findings import DO, NOTICE_TEXT, FindingCode, NoticeCode
from domain.schedule import Job
from domain.values import Actor, EmployeeNumber, FieldPath, PersonId, RunId
from domain.views.drift import CaseRow, ToEnter
from domain.views.matters import ABOUT, OF_ACTS, OF_REFUSAL, PLACE, About, Matter, What
from domain.views.runs import LastRuns, OutcomeRow, RunStatus
from domain.views.sync_state import Concept
from domain.views.tasks import Second, SecondRow, TaskRow
from domain.views.terminations import EndApart, OnlyIn

CONCEPT: Final = "complete it in Loket"
ENDED: Final[Mapping[OnlyIn, str]] = {
    OnlyIn.LOKET: "has an end date in Loket, and in Personio another last day or none: put one of them right",
    OnlyIn.PERSONIO: "ended in Personio and is open in Loket: end it there, or have Personio corrected",
}
CAUSES: Final[Mapping[Cause, str]] = {
    Cause.CHANGED_IN_LOKET: "was changed in Loket: enter it in Personio, or it is lost",
    Cause.BOTH_CHANGED: "was changed in both systems: Personio's value counts, unless somebody decides otherwise",
    Cause.WRITE_NOT_LANDED: "a write of ours did not land: the next run writes it again",
    Cause.NEVER_SYNCED: "differs from Personio, and no run has confirmed it yet",
    Cause.PENDING: "was changed in Personio",
}
LET_GO: Final = "differs in Loket, and may be overwritten: somebody has seen it"
FORESEEN: Final = "was filled in at a concept employee and is blank in Personio: enter it in Personio, or it is cleared"
KEPT: Final = "Loket is right, somebody said: enter Loket's value in Personio"
OUTCOMES: Final[Mapping[str, str]] = {
    "failed": "Loket did not take everything: look at the run, and enter by hand what cannot wait",
    "unknown": "nobody knows whether Loket took it: the next run reads it back; enter nothing by hand before",
}
UNKNOWN_TASK: Final = "a newer version of Tweeluik knows what to do"
TEXTS: Final = (
    *NOTICE_TEXT.values(), CONCEPT, *ENDED.values(), *CAUSES.values(), LET_GO, FORESEEN, KEPT, *OUTCOMES.values(),
    UNKNOWN_TASK,
)  # fmt: skip
"""What lines say that say more than their matter does, to be translated."""

_OF_OUTCOME: Final = {"failed": Matter.FAILED, "unknown": Matter.UNKNOWN}
_OF_SECOND: Final = {Second.REPORT: Matter.RELEASE, Second.MORE_PEOPLE: Matter.MORE_PEOPLE}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing. `detail` names fields, components or days, never a value; `by` sees to it, and `asked` may not.

    `until` is the moment, or the day, that decides; `at` is the run that it is about.
    """

    what: What
    person: PersonId | None
    number: EmployeeNumber | None
    code: str
    text: str
    field: FieldPath | None = None
    detail: str = ""
    since: datetime | None = None
    by: str | None = None
    asked: Actor | None = None
    until: datetime | date | None = None
    at: RunId | None = None

    @property
    def about(self) -> About:
        return ABOUT[self.what]


@dataclass(frozen=True, slots=True)
class Noted:
    """A notice of the latest run."""

    code: NoticeCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """The rows that lines are made of.

    With a case and a task stands who decided about it, or sees to it. `outcomes` are of those that `is_noted`,
    `since` is when an alert said so of a concept employee (None), or of an employment that ends in one system only.
    """

    concepts: Iterable[Concept]
    disagreements: Iterable[EndApart]
    outcomes: Iterable[tuple[OutcomeRow, tuple[Noted, ...]]]
    cases: Iterable[tuple[CaseRow, str | None]]
    foreseen: Iterable[tuple[EmployeeNumber, FieldPath]]
    to_enter: Collection[tuple[ToEnter, str]]
    tasks: Collection[tuple[TaskRow, str | None]]
    since: Mapping[tuple[PersonId, OnlyIn | None], datetime]
    runs: LastRuns
    seconds: Iterable[SecondRow] = ()
    late: Iterable[tuple[Job, datetime]] = ()


def lines(handed: Handed) -> tuple[Line, ...]:
    """What blocks payroll most first, then by number; what two rows say alike is said once."""
    found = {
        *_runs(handed), *_seconds(handed), *_late(handed), *_concepts(handed), *_leavers(handed), *_of_the_run(handed),
        *_differences(handed), *_tasks(handed),
    }  # fmt: skip
    return tuple(sorted(found, key=_order))


def _order(one: Line) -> tuple[int, int, str, str, str, str]:
    return (PLACE[one.what], one.number or 0, one.person or "", one.code, one.field or "", one.detail)


def _of_nobody(what: Matter | Job, code: str) -> Line:
    return Line(what, None, None, code, ABOUT[what].do)


def _runs(handed: Handed) -> Iterator[Line]:
    """Plans that wait, and the last run where it wrote nothing, or not all, and no other line says why."""
    for one in handed.runs.braked:
        ended = one.ended_at or one.started_at
        told = _of_nobody(Matter.BRAKE, "RUN-13")
        yield replace(told, since=ended, asked=one.actor, until=ended + CONFIRMED_WITHIN, at=one.run_id)
    last = handed.runs.ended
    if not handed.runs.recent:
        yield _of_nobody(Matter.FIRST_RUN, "RUN-10")
    if last is None or last in handed.runs.braked:
        return
    if last.status is RunStatus.REFUSED:
        what = OF_REFUSAL.get(last.reason or "", Matter.RUN_REFUSED)
        asked = last.actor if what is Matter.READ_DOUBTED else None
        found = replace(_of_nobody(what, _RULES.get(last.reason or "", last.reason or "")), asked=asked)
    elif last.status is RunStatus.BLOCKED and not handed.tasks:
        found = _of_nobody(Matter.RUN_BLOCKED, "CHECK-2")
    elif last.status is RunStatus.CUT_OFF:
        found = _of_nobody(Matter.RUN_CUT_OFF, "RUN-8")
    else:
        return
    yield replace(found, since=last.started_at, at=last.run_id)


_RULES: Final = {"BRAKE": "RUN-13", "IMPLAUSIBLE_READ": "RUN-12"}


def _seconds(handed: Handed) -> Iterator[Line]:
    for one in handed.seconds:
        told = _of_nobody(_OF_SECOND[one.what], "AUD-8")
        yield replace(told, detail=one.name, asked=one.asked_by, until=one.good_until)


def _late(handed: Handed) -> Iterator[Line]:
    for job, due_at in handed.late:
        yield replace(_of_nobody(job, job.value), detail=business_date(due_at).isoformat(), since=due_at)


def _concepts(handed: Handed) -> Iterator[Line]:
    for one in handed.concepts:
        since = handed.since.get((one.person_id, None))
        yield Line(Matter.CONCEPT, one.person_id, one.number, "JOIN-2", CONCEPT, since=since)


def _leavers(handed: Handed) -> Iterator[Line]:
    for one in handed.disagreements:
        in_loket = one.ended_in is OnlyIn.LOKET
        end = one.end if in_loket else None
        yield Line(
            Matter.ENDS_IN_LOKET if in_loket else Matter.ENDS_IN_PERSONIO,
            one.person,
            one.number,
            one.ended_in.rule,
            ENDED[one.ended_in],
            detail=end.isoformat() if end else "",
            since=handed.since.get((one.person, one.ended_in)),
            until=end,
        )


def _of_the_run(handed: Handed) -> Iterator[Line]:
    at = handed.runs.counted.run_id if handed.runs.counted else None
    for row, notices in handed.outcomes:
        about = (row.person_id, _number(row.employee_number))
        if row.outcome in OUTCOMES:
            yield Line(_OF_OUTCOME[row.outcome], *about, row.reason, OUTCOMES[row.outcome], at=at)
        for one in notices:
            yield Line(one.code, *about, one.code.value, NOTICE_TEXT[one.code], detail=one.detail)


def _differences(handed: Handed) -> Iterator[Line]:
    kept = {(one.employee_number, one.field) for one, _ in handed.to_enter}
    for row, by in handed.cases:
        if row.place in kept or row.state is CaseState.ACCEPTED:
            continue
        what, code, text = Matter.DIFFERS, "DRIFT-3", CAUSES[row.cause]
        if row.state is CaseState.ACKNOWLEDGED:
            what, code, text = Matter.LET_GO, "DRIFT-6", LET_GO
        about = (row.person_id, row.employee_number, code, text)
        yield Line(what, *about, field=row.field, since=row.opened_at, by=by)
    for number, field in handed.foreseen:
        yield Line(Matter.FORESEEN, None, number, "JOIN-7", FORESEEN, field=field)
    for one, by in handed.to_enter:
        number, since = one.employee_number, one.kept_at
        yield Line(Matter.TO_ENTER, None, number, "DRIFT-4", KEPT, field=one.field, since=since, by=by)


def _tasks(handed: Handed) -> Iterator[Line]:
    for row, holder in handed.tasks:
        text = DO[FindingCode(row.code)] if row.code in DO else UNKNOWN_TASK
        about = (row.person_id, row.employee_number, row.code, text)
        yield Line(OF_ACTS[row.who], *about, field=row.field, since=row.since, by=holder)


def _number(number: int | None) -> EmployeeNumber | None:
    return None if number is None else EmployeeNumber(number)
