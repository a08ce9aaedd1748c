"""What waits for somebody in a legal entity, and what to know about it: as of when, and what nobody looked at.

*Today* and the handover sheet are both made of a sheet. On paper every line stands under the heading where whoever
works in Loket, payroll or an accountant, looks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from typing import Final

from domain.events.runs import OutcomeRecorded
from domain.values import LegalEntityId
from domain.views.drift import CheckRow
from domain.views.handed import OUTCOMES, Line
from domain.views.matters import ABOUT, OF_ACTS, Section, What
from domain.views.runs import LastRuns, RunRow, RunStatus
from domain.views.tasks import Held, LookRow


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
    Unseen.RUN_BLOCKED: "The last run was blocked: it sent nothing to Loket for anyone, no change of pay either.",
    Unseen.RUN_REFUSED: "The last run was refused: it sent nothing to Loket for anyone, no change of pay either.",
    Unseen.RUN_CUT_OFF: "The last run was cut off: it did not send everything, and perhaps not every change of pay.",
}
_UNSENT: Final[Mapping[RunStatus, Unseen]] = {
    RunStatus.BLOCKED: Unseen.RUN_BLOCKED,
    RunStatus.REFUSED: Unseen.RUN_REFUSED,
    RunStatus.CUT_OFF: Unseen.RUN_CUT_OFF,
}

TEXTS: Final = tuple(UNSEEN.values())
"""What a sheet says beside its lines, to be translated."""


def is_noted(outcome: OutcomeRecorded) -> bool:
    """Whether a sheet tells of an outcome: the rows of runs say so, and get a higher version when this changes."""
    return bool(outcome.notices) or outcome.outcome in OUTCOMES


class Verdict(StrEnum):
    """What the first sentence of every page and paper says; the worst that is so."""

    HELD = "held"  # by tasks
    BRAKED = "braked"  # a plan waits for a second person
    STOPPED = "stopped"  # the last run wrote nothing
    WAITS = "waits"  # something does, while runs go on
    NEVER = "never"  # nobody has looked yet
    UNSEEN = "unseen"  # nothing is known to wait, and not everything was looked at
    CALM = "calm"


def stopped_by(runs: LastRuns) -> Verdict | None:
    """What keeps the sync from writing, tasks aside; None while it is not held."""
    if runs.braked:
        return Verdict.BRAKED
    wrote_nothing = runs.ended is not None and runs.ended.status in (RunStatus.BLOCKED, RunStatus.REFUSED)
    return Verdict.STOPPED if wrote_nothing else None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Of one legal entity and day: the tasks as of `look`, the notices as of `runs.counted`, differences of a check.

    `unseen` is of every heading; `held` is None while nobody's tasks hold the sync.
    """

    legal_entity: LegalEntityId
    day: date
    runs: LastRuns
    look: LookRow | None
    compared_at: datetime | None
    lines: tuple[Line, ...]
    unseen: Mapping[Section, tuple[Unseen, ...]]
    held: Held | None = None
    next_run: datetime | None = None  # that is planned

    @property
    def run(self) -> RunRow | None:
        """That the notices are of."""
        return self.runs.counted

    @property
    def verdict(self) -> Verdict:
        if self.held:
            return Verdict.HELD
        if (stopped := stopped_by(self.runs)) is not None:
            return stopped
        if not (self.runs.ended or self.look or self.compared_at):
            return Verdict.NEVER
        if any(not one.about.to_know for one in self.lines):
            return Verdict.WAITS
        missing = {why for each in self.unseen.values() for why in each}
        return Verdict.UNSEEN if missing - {Unseen.NOT_COMPARED_SINCE} else Verdict.CALM

    @property
    def matters(self) -> Mapping[What, tuple[Line, ...]]:
        """What blocks payroll most first."""
        return {what: tuple(found) for what, found in groupby(self.lines, key=lambda one: one.what)}

    @property
    def sections(self) -> tuple[Section, ...]:
        """The headings in their order; those of tasks that hold the sync first."""
        first = {ABOUT[OF_ACTS[one]].section for one in self.held.acts} if self.held else set()
        return tuple(sorted(Section, key=lambda one: one not in first))

    @property
    def under(self) -> Mapping[Section, Sequence[Line]]:
        """Each heading, in their order, and its lines: those of one matter together, in the order of their numbers."""
        found: dict[Section, list[Line]] = {section: [] for section in self.sections}
        for what, lines in self.matters.items():
            found[ABOUT[what].section] += lines
        return found


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
        Section.SECOND: (),
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
