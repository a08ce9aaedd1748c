"""Which differences are open in a legal entity, since when, and what was decided about them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.drift.case import CaseState
from domain.events.drift import Cause, Resolved
from domain.log import StreamId
from domain.streams import drift_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case; the values last seen are in the log at `position`."""

    legal_entity: LegalEntityId
    employee_number: EmployeeNumber
    field: FieldPath
    person_id: PersonId
    state: CaseState
    cause: Cause
    opened_at: datetime
    position: int
    until: date | None  # of an acceptance
    how: Resolved | None
    resolved_at: datetime | None

    @property
    def stream(self) -> StreamId:
        return drift_stream(self.legal_entity, self.employee_number, self.field)


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A value of Loket that someone kept and that Personio does not show yet; it is in the log at `position`."""

    legal_entity: LegalEntityId
    employee_number: EmployeeNumber
    field: FieldPath
    kept_at: datetime
    position: int

    @property
    def stream(self) -> StreamId:
        return drift_stream(self.legal_entity, self.employee_number, self.field)


@dataclass(frozen=True, slots=True)
class CheckRow:
    """The latest check of a legal entity; `completed` False when a side could not be read.

    `concluded_id` and `concluded_at` are of the latest that was completed, if there was one.
    """

    check_id: str
    checked_at: datetime
    completed: bool
    concluded_id: str | None
    concluded_at: datetime | None


class DriftView(Protocol):
    def cases(self, entity: LegalEntityId, *, resolved: bool = False) -> Sequence[CaseRow]:
        """The open cases of an entity by number and field; with `resolved` also those that have ended."""
        ...

    def held_out(self, entity: LegalEntityId) -> Sequence[EmployeeNumber]:
        """Whom the next run that writes leaves out (DRIFT-8)."""
        ...

    def to_enter(self, entity: LegalEntityId) -> Sequence[ToEnter]:
        """What is to be entered in Personio by hand, oldest first (DRIFT-4)."""
        ...

    def last_check(self, entity: LegalEntityId) -> CheckRow | None: ...
