"""Which Loket values did runs replace or clear, where, and under which rule? (AUD-3, AUD-6)

Rows hold no value: before and after are in the log at `position`, to be opened on purpose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.overwriting import Counts, added
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId
from domain.views.runs import RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OverwrittenFilters:
    """What a report is about. `since` and `until` are business dates of runs, both inclusive (AUD-6)."""

    entities: tuple[LegalEntityId, ...]
    since: date
    until: date
    number: EmployeeNumber | None = None
    person: PersonId | None = None
    field: FieldPath | None = None
    run: RunId | None = None
    rule: str | None = None
    cleared: bool | None = None  # only fields that were cleared, or only those that were not


@dataclass(frozen=True, slots=True, kw_only=True)
class OverwrittenRow:
    """One overwritten field. `cause` is where the log saw the Personio change behind it; None when unknown."""

    position: int
    legal_entity: LegalEntityId
    employee_number: EmployeeNumber
    person_id: PersonId
    field: FieldPath
    run_id: RunId
    business_date: date | None  # of the run
    actor: Actor
    recorded_at: datetime
    rule: str | None
    cleared: bool  # the value after is blank
    filled: bool  # the value before was blank
    cause: int | None
    periods: tuple[str, ...]  # payroll periods already run that the write reached into (PAY-12)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWritten:
    """A run of the period and how many fields of the report it wrote, which may be none (AUD-6)."""

    run_id: RunId
    legal_entity: LegalEntityId
    business_date: date | None  # None for a run that was refused before it could start
    actor: Actor
    started_at: datetime
    status: RunStatus
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTotal:
    legal_entity: LegalEntityId
    employee_number: EmployeeNumber
    person_id: PersonId
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTotal:
    field: FieldPath
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class OverwrittenTotals:
    by_person: tuple[PersonTotal, ...]
    by_field: tuple[FieldTotal, ...]

    @property
    def counts(self) -> Counts:
        return added(one.counts for one in self.by_field)


class OverwrittenFieldsView(Protocol):
    """`below` is the size of the log the answer is about: what was recorded at that position or later is not in it."""

    def rows(
        self, filters: OverwrittenFilters, *, below: int, after: int = -1, limit: int = 500
    ) -> Sequence[OverwrittenRow]:
        """Overwritten fields with position > `after`, in order, at most `limit`."""
        ...

    def count(self, filters: OverwrittenFilters, *, below: int) -> Counts:
        """How many fields there are, without a look at each."""
        ...

    def totals(self, filters: OverwrittenFilters, *, below: int) -> OverwrittenTotals: ...

    def runs(self, filters: OverwrittenFilters, *, below: int) -> Sequence[RunWritten]:
        """Every run of these entities in the period, in order, whether it wrote anything or not."""
        ...
