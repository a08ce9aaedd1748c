"""Which differences are open in a legal entity, since when, and what was decided about them?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.drift.state import CaseState
from domain.events.drift import Cause, Resolved
from domain.log import StreamId
from domain.streams import drift_stream
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId


@dataclass(frozen=True, slots=True)
class Kept:
    """A value of Loket that somebody kept, which is in the log at `position`; `until` Personio showed it or no more."""

    at: datetime
    position: int
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case; the values last seen are in the log at `position`. `kept` outlives it, and is what was kept last."""

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
    kept: Kept | None = None

    @property
    def open(self) -> bool:
        return self.state is not CaseState.RESOLVED

    @property
    def stream(self) -> StreamId:
        return drift_stream(self.legal_entity, self.employee_number, self.field)

    @property
    def place(self) -> tuple[EmployeeNumber, FieldPath]:
        return self.employee_number, self.field


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


def to_enter(cases: Iterable[CaseRow]) -> tuple[ToEnter, ...]:
    """What of them is to be entered in Personio by hand, oldest first (DRIFT-4)."""
    kept = (
        ToEnter(one.legal_entity, one.employee_number, one.field, one.kept.at, one.kept.position)
        for one in cases
        if one.kept is not None and one.kept.until is None
    )
    return tuple(sorted(kept, key=lambda one: one.position))


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many cases are open, and since when the oldest is."""

    count: int
    since: datetime


class DriftView(Protocol):
    def counts(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, CaseCount]:
        """Of the open cases of each that has any."""
        ...

    def cases(self, entity: LegalEntityId, *, resolved: bool = False) -> Sequence[CaseRow]:
        """The open cases of an entity by number and field; with `resolved` also those that have ended."""
        ...

    def unsettled(self, entity: LegalEntityId, *, since: datetime | None = None) -> Sequence[CaseRow]:
        """The cases that are open, or of which a value that somebody kept is still to be entered.

        With `since` also those that were until after it, each as it is now: no other can have been so then.
        """
        ...

    def standing(
        self, entities: Sequence[LegalEntityId]
    ) -> Mapping[LegalEntityId, tuple[Sequence[CaseRow], CheckRow | None]]:
        """Of each those that are unsettled now, and the latest check; in one question."""
        ...

    def held_out(self, entity: LegalEntityId, *, since: datetime | None = None) -> Sequence[EmployeeNumber]:
        """Whom the next run that writes leaves out (DRIFT-8); with `since` also those that were let in after it."""
        ...

    def last_check(self, entity: LegalEntityId, *, by: datetime | None = None) -> CheckRow | None:
        """The latest that had ended by then."""
        ...
