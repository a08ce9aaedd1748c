"""What payroll, or the accountant who works in Loket, has to do by hand in a legal entity, and what they should know.

Nothing is decided here: every line is a row of another view, or a notice of the latest run, under the heading where
whoever works in Loket looks for it. Nobody whom one of them names is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.drift.state import CaseState
from domain.events.drift import Cause
from domain.events.runs import OutcomeRecorded
from domain.planning.findings import DO, NOTICE_TEXT, Acts, FindingCode, NoticeCode
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId
from domain.views.drift import CaseRow, CheckRow, ToEnter
from domain.views.runs import LastRuns, OutcomeRow, RunRow, RunStatus
from domain.views.sync_state import Concept
from domain.views.tasks import Held, LookRow, TaskRow
from domain.views.terminations import EndApart, OnlyIn


class Section(StrEnum):
    """The headings, in their order."""

    CONCEPTS = "concepts"
    LEAVERS = "leavers"
    BY_HAND = "by_hand"
    LOST = "lost"
    PAY = "pay"
    NOT_TAKEN = "not_taken"
    PAYROLL = "payroll"
    HR = "hr"
    OPERATOR = "operator"
    KNOW = "know"


TITLES: Final[Mapping[Section, str]] = {
    Section.CONCEPTS: "Complete these concept employees in Loket",
    Section.LEAVERS: "End or reinstate these employments by hand",
    Section.BY_HAND: "Change these in Loket by hand",
    Section.LOST: "Different in Loket, and overwritten by the next run",
    Section.PAY: "Pay that was not sent, or differs, and why",
    Section.NOT_TAKEN: "What Loket did not take, or nobody knows whether it did",
    Section.PAYROLL: "Tasks of payroll, which hold the sync",
    Section.HR: "Questions for HR",
    Section.OPERATOR: "For the operator of the connection",
    Section.KNOW: "Good to know",
}
OF_NOTICE: Final[Mapping[NoticeCode, Section]] = {
    NoticeCode.ON_LEAVE_LEFT_OUT: Section.KNOW,
    NoticeCode.BSN_BLANK: Section.HR,
    NoticeCode.BSN_UNUSUAL_PREFIX: Section.HR,
    NoticeCode.BSN_NOT_READABLE_IN_LOKET: Section.OPERATOR,
    NoticeCode.CONCEPT_LEFTOVER: Section.BY_HAND,
    NoticeCode.CONCEPT_FOR_LONG_EMPLOYED: Section.HR,
    NoticeCode.FILLED_IN_LOKET: Section.LOST,
    NoticeCode.CONCEPT_GONE: Section.BY_HAND,
    NoticeCode.CONCEPT_NUMBER_DIFFERS: Section.BY_HAND,
    NoticeCode.IBAN_COMPONENT_UNKNOWN: Section.BY_HAND,
    NoticeCode.OPEN_EMPLOYMENT_LEFT: Section.LEAVERS,
    NoticeCode.MANUAL_FOLLOW_UP: Section.BY_HAND,
    NoticeCode.PAY_DIFFERS_AT_START_DATE: Section.PAY,
    NoticeCode.PAY_ONLY_IN_LOKET: Section.PAY,
    NoticeCode.PAY_ENDED_IN_PERSONIO: Section.PAY,
    NoticeCode.PAY_TYPE_NOT_SENT: Section.PAY,
    NoticeCode.PAY_WITHDRAWN: Section.PAY,
    NoticeCode.PROCESSED_PERIOD_AFFECTED: Section.PAY,
    NoticeCode.PART_TIME_FACTOR_DIFFERS: Section.PAY,
    NoticeCode.HOURS_NOT_COMPARED: Section.PAY,
    NoticeCode.EMPLOYED_IN_TWO_ENTITIES: Section.KNOW,
}
"""Where whoever works in Loket looks for each."""

OF_TASK: Final[Mapping[Acts | None, Section]] = {
    Acts.PAYROLL: Section.PAYROLL, Acts.HR: Section.HR, Acts.OPERATOR: Section.OPERATOR, None: Section.OPERATOR,
}  # fmt: skip

CONCEPT: Final = "complete it in Loket; recurring and one-time payments are not sent until then"
ENDED: Final[Mapping[OnlyIn, str]] = {
    OnlyIn.LOKET: (
        "has an end date in Loket and has not ended in Personio, and no change of this employee goes to Loket, "
        "whatever the date: HR ends it in Personio, or payroll reinstates it in Loket"
    ),
    OnlyIn.PERSONIO: "ended in Personio and is open in Loket: payroll ends it in Loket, or HR corrects Personio",
}
CAUSES: Final[Mapping[Cause, str]] = {
    Cause.CHANGED_IN_LOKET: "was changed in Loket: enter it in Personio, or it is lost",
    Cause.BOTH_CHANGED: "was changed in both systems: Personio's value counts, unless somebody decides otherwise",
    Cause.WRITE_NOT_LANDED: "a write of ours did not land: the next run writes it again",
    Cause.NEVER_SYNCED: "differs from Personio, and no run has confirmed it yet",
    Cause.PENDING: "was changed in Personio",
}
FORESEEN: Final = "was filled in at a concept employee and is blank in Personio: enter it in Personio, or it is cleared"
KEPT: Final = "Loket is right, somebody said: enter Loket's value in Personio"
OUTCOMES: Final[Mapping[str, str]] = {
    "failed": "Loket did not take everything: look at the run, and enter by hand what cannot wait",
    "unknown": "nobody knows whether Loket took it: the next run reads it back; enter nothing by hand before",
}
UNKNOWN_TASK: Final = "a newer version of Tweeluik knows what to do"
SUBJECTS: Final[Mapping[Section, str]] = {
    Section.CONCEPTS: "Concept employee",
    Section.LEAVERS: "End of employment",
    Section.BY_HAND: "Data in Loket",
    Section.LOST: "Difference",
    Section.PAY: "Pay",
    Section.NOT_TAKEN: "Write to Loket",
    Section.PAYROLL: "Task",
    Section.HR: "Data in Personio",
    Section.OPERATOR: "Connection",
    Section.KNOW: "Note",
}
"""What a line is about that names no field and no component."""


class Unseen(StrEnum):
    """Why a heading cannot be believed to have nothing, or nothing more, under it."""

    NO_LOOK = "no_look"
    NO_RUN = "no_run"
    PILOT = "pilot"
    NOT_COMPARED = "not_compared"
    NOT_COMPARED_SINCE = "not_compared_since"
    CHECK_UNREAD = "check_unread"
    RUN_BLOCKED = "run_blocked"
    RUN_REFUSED = "run_refused"
    RUN_CUT_OFF = "run_cut_off"


_COMPARE: Final = "Compare on the page Differences, or with the command tweeluik drift."
UNSEEN: Final[Mapping[Unseen, str]] = {
    Unseen.NO_LOOK: "Unknown: nothing has looked for tasks yet. Start a run, or check on the page Tasks.",
    Unseen.NO_RUN: "Unknown: there has been no run yet that looked at everybody.",
    Unseen.PILOT: "Unknown for most people: the last run was a pilot, and looked only at those it was meant for.",
    Unseen.NOT_COMPARED: f"Unknown: not compared yet. {_COMPARE}",
    Unseen.NOT_COMPARED_SINCE: f"Unknown: not compared since the last run. {_COMPARE}",
    Unseen.CHECK_UNREAD: f"Unknown: the last comparison could not read both systems. {_COMPARE}",
    Unseen.RUN_BLOCKED: "The last run was blocked: it sent nothing to Loket for anyone, no pay either.",
    Unseen.RUN_REFUSED: "The last run was refused: it sent nothing to Loket for anyone, no pay either.",
    Unseen.RUN_CUT_OFF: "The last run was cut off: it did not send everything, and perhaps not all pay.",
}
_UNSENT: Final[Mapping[RunStatus, Unseen]] = {
    RunStatus.BLOCKED: Unseen.RUN_BLOCKED,
    RunStatus.REFUSED: Unseen.RUN_REFUSED,
    RunStatus.CUT_OFF: Unseen.RUN_CUT_OFF,
}

TEXTS: Final = (
    *UNSEEN.values(), *SUBJECTS.values(), *TITLES.values(), *NOTICE_TEXT.values(), CONCEPT, *ENDED.values(),
    *CAUSES.values(), FORESEEN, KEPT, *OUTCOMES.values(), UNKNOWN_TASK,
)  # fmt: skip
"""Everything that a sheet may say, to be translated."""


def is_noted(outcome: OutcomeRecorded) -> bool:
    """Whether a sheet tells of an outcome: the rows of runs say so, and get a higher version when this changes."""
    return bool(outcome.notices) or outcome.outcome in OUTCOMES


@dataclass(frozen=True, slots=True)
class Line:
    """One thing about one person. `detail` names fields, components or days, never a value; `by` sees to it."""

    section: Section
    person: PersonId | None
    number: EmployeeNumber | None
    code: str
    text: str
    field: FieldPath | None = None
    detail: str = ""
    since: datetime | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A notice of the latest run."""

    code: NoticeCode
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """The rows that a sheet is made of.

    With a case and a task stands who decided about it, or sees to it. `outcomes` are of those that `is_noted`,
    `since` is when an alert said so of a concept employee (None), or of an employment that ends in one system only.
    """

    concepts: Iterable[Concept]
    disagreements: Iterable[EndApart]
    outcomes: Iterable[tuple[OutcomeRow, tuple[Noted, ...]]]
    cases: Iterable[tuple[CaseRow, str | None]]
    foreseen: Iterable[tuple[EmployeeNumber, FieldPath]]
    to_enter: Iterable[tuple[ToEnter, str]]
    tasks: Iterable[tuple[TaskRow, str | None]]
    since: Mapping[tuple[PersonId, OnlyIn | None], datetime]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Of one legal entity and day: the tasks as of `look`, the notices as of `run`, the differences as of a check.

    `unseen` is of every heading; `held` is None while nobody's tasks hold the sync.
    """

    legal_entity: LegalEntityId
    day: date
    run: RunRow | None
    look: LookRow | None
    compared_at: datetime | None
    lines: tuple[Line, ...]
    unseen: Mapping[Section, tuple[Unseen, ...]]
    held: Held | None = None

    @property
    def sections(self) -> tuple[Section, ...]:
        """The headings in their order; those of tasks that hold the sync first."""
        first = {OF_TASK[one] for one in self.held.acts} if self.held else set()
        return tuple(sorted(Section, key=lambda one: one not in first))

    def of(self, section: Section) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if one.section is section)


def not_looked_at(runs: LastRuns, look: LookRow | None, check: CheckRow | None) -> Mapping[Section, tuple[Unseen, ...]]:
    """Of every heading why it may lack something; empty where all of it was looked at.

    Concept employees and ends of employments are seen by runs and by checks, tasks by any look, notices by runs alone.
    """
    tasks = () if look else (Unseen.NO_LOOK,)
    notices = tuple(_unseen_by_runs(runs.counted))
    both = () if check and check.concluded_at else notices
    compared = tuple(_uncompared(runs.ended, check))
    sent = (_UNSENT[runs.ended.status],) if runs.ended and runs.ended.status in _UNSENT else ()
    return {
        Section.CONCEPTS: both,
        Section.LEAVERS: notices,
        Section.BY_HAND: notices,
        Section.LOST: compared,
        Section.PAY: (*sent, *notices, *compared),
        Section.NOT_TAKEN: (*sent, *notices),
        Section.PAYROLL: tasks,
        Section.HR: tasks or notices,
        Section.OPERATOR: tasks or notices,
        Section.KNOW: notices,
    }


def _unseen_by_runs(counted: RunRow | None) -> Iterator[Unseen]:
    if counted is None:
        yield Unseen.NO_RUN
    elif counted.only:
        yield Unseen.PILOT


def _uncompared(ended: RunRow | None, check: CheckRow | None) -> Iterator[Unseen]:
    if check is not None and not check.completed:
        yield Unseen.CHECK_UNREAD
    elif check is None or check.concluded_at is None:
        yield Unseen.NOT_COMPARED
    elif ended is not None and ended.started_at > check.concluded_at:
        yield Unseen.NOT_COMPARED_SINCE


def lines(handed: Handed) -> tuple[Line, ...]:
    """In the order of the headings, then of the numbers; what two rows say alike is said once."""
    found = {*_concepts(handed), *_leavers(handed), *_of_the_run(handed), *_differences(handed), *_tasks(handed)}
    return tuple(sorted(found, key=_order))


def _order(one: Line) -> tuple[int, int, str, str, str, str]:
    return (_PLACE[one.section], one.number or 0, one.person or "", one.code, one.field or "", one.detail)


_PLACE: Final = {section: place for place, section in enumerate(Section)}


def _concepts(handed: Handed) -> Iterator[Line]:
    for one in handed.concepts:
        since = handed.since.get((one.person_id, None))
        yield Line(Section.CONCEPTS, one.person_id, one.number, "JOIN-2", CONCEPT, since=since)


def _leavers(handed: Handed) -> Iterator[Line]:
    for one in handed.disagreements:
        since = handed.since.get((one.person, one.ended_in))
        detail = one.end.isoformat() if one.end is not None and one.ended_in is OnlyIn.LOKET else ""
        about = (one.person, one.number, one.ended_in.rule, ENDED[one.ended_in])
        yield Line(Section.LEAVERS, *about, detail=detail, since=since)


def _of_the_run(handed: Handed) -> Iterator[Line]:
    for row, notices in handed.outcomes:
        about = (row.person_id, _number(row.employee_number))
        if row.outcome in OUTCOMES:
            yield Line(Section.NOT_TAKEN, *about, row.reason, OUTCOMES[row.outcome])
        for one in notices:
            yield Line(OF_NOTICE[one.code], *about, one.code.value, NOTICE_TEXT[one.code], detail=one.detail)


def _differences(handed: Handed) -> Iterator[Line]:
    for row, decided_by in handed.cases:
        if row.state is not CaseState.ACCEPTED:
            about = (row.person_id, row.employee_number, "DRIFT-3", CAUSES[row.cause])
            yield Line(Section.LOST, *about, field=row.field, since=row.opened_at, by=decided_by)
    for number, field in handed.foreseen:
        yield Line(Section.LOST, None, number, "JOIN-7", FORESEEN, field=field)
    for kept, by in handed.to_enter:
        yield Line(Section.HR, None, kept.employee_number, "DRIFT-4", KEPT, field=kept.field, since=kept.kept_at, by=by)


def _tasks(handed: Handed) -> Iterator[Line]:
    for row, holder in handed.tasks:
        text = DO[FindingCode(row.code)] if row.code in DO else UNKNOWN_TASK
        about = (row.person_id, row.employee_number, row.code, text)
        yield Line(OF_TASK[row.who], *about, field=row.field, since=row.since, by=holder)


def _number(number: int | None) -> EmployeeNumber | None:
    return None if number is None else EmployeeNumber(number)
