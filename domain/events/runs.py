"""One sync run from its start to its end: stream run:<run id>."""

from __future__ import annotations

from datetime import date, datetime

from domain.log import Fact
from domain.personal import Personal


class RunStarted(Fact, frozen=True, kw_only=True):
    legal_entity: str
    business_date: date


class SystemsRead(Fact, frozen=True, kw_only=True):
    """Both sides were read completely (RUN-2, RUN-7)."""

    personio_read_at: datetime
    loket_read_at: datetime
    personio_people: int
    loket_employees: int
    loket_concepts: int
    notes: tuple[str, ...] = ()  # optional endpoints and rights that were missing; never a value


class FindingRaised(Fact, frozen=True, kw_only=True):
    """A fact that blocks the run until fixed or the person is excluded (CHECK-1, CHECK-2). `rule` is a rule id."""

    person_id: str
    employee_number: int | None
    code: str
    field: str | None = None
    subject: str = ""
    text: Personal | None = None


class OutcomeRecorded(Fact, frozen=True, kw_only=True):
    """The one outcome of one person in this run (RUN-4)."""

    person_id: str
    employee_number: int | None
    outcome: str
    reason: str
    subject: str = ""
    messages: tuple[Personal, ...] = ()  # of an included person: they may quote values
    notices: tuple[str, ...] = ()  # of a person left out: codes only


class RunCompleted(Fact, frozen=True, kw_only=True):
    with_errors: bool
    counts: dict[str, int]


class RunBlocked(Fact, frozen=True, kw_only=True):
    counts: dict[str, int]
    reason: str
    message: str


class RunRefused(Fact, frozen=True, kw_only=True):
    """The run ended without a decision about anyone: unreadable systems, a fault in the setup, or the brake."""

    legal_entity: str
    reason: str
    message: str
    fingerprint: str | None = None


class BrakeReleased(Fact, frozen=True, kw_only=True):
    """A second person confirmed the plan of a braked run."""

    fingerprint: str
    braked_run: str


class RunCutOff(Fact, frozen=True, kw_only=True):
    """The run's process died; the next command found it and closed it."""
