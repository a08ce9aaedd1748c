"""Which Loket values did runs replace or clear, where, and under which rule? (AUD-3, AUD-6)

Rows hold no value: before and after are in the log at `position`, to be opened on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from domain.overwriting import Counts, Did, added
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
    did: Did | None = None  # only fields of which this was done

    @property
    def kinds(self) -> tuple[Did, ...]:
        """What may have been done to a field that is meant, by both of them."""
        either = tuple(one for one in Did if self.cleared in (None, one is Did.CLEARED))
        return tuple(one for one in either if self.did in (None, one))


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
class Tallied:
    """How many fields of one name were overwritten, filled or cleared under one rule; None where none was named."""

    field: FieldPath
    rule: str | None
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class OverwrittenTotals:
    by_person: tuple[PersonTotal, ...]
    by_field: tuple[FieldTotal, ...]

    @property
    def counts(self) -> Counts:
        return added(one.counts for one in self.by_field)


def by_field(tallies: Iterable[Tallied]) -> Sequence[tuple[str, Counts]]:
    """The most first."""
    return _by((one.field, one.counts) for one in tallies)


def by_rule(tallies: Iterable[Tallied]) -> Sequence[tuple[str, Counts]]:
    """The most first; an empty name where no rule was named."""
    return _by((one.rule or "", one.counts) for one in tallies)


def _by(named: Iterable[tuple[str, Counts]]) -> Sequence[tuple[str, Counts]]:
    found: dict[str, list[Counts]] = {}
    for name, counts in named:
        found.setdefault(name, []).append(counts)
    return sorted(((name, added(each)) for name, each in found.items()), key=lambda one: (-one[1].fields, one[0]))


class OverwrittenFieldsView(Protocol):
    """`below` is the size of the log the answer is about: what was recorded at that position or later is not in it."""

    def rows(
        self, filters: OverwrittenFilters, *, below: int, after: int = -1, limit: int = 500
    ) -> Sequence[OverwrittenRow]:
        """Overwritten fields with position > `after`, in order, at most `limit`."""
        ...

    def tallies(self, filters: OverwrittenFilters, *, below: int) -> Sequence[Tallied]:
        """How many fields there are by name and rule, without a look at each."""
        ...

    def totals(self, filters: OverwrittenFilters, *, below: int) -> OverwrittenTotals: ...

    def runs(self, filters: OverwrittenFilters, *, below: int) -> Sequence[RunWritten]:
        """Every run of these entities in the period, in order, whether it wrote anything or not."""
        ...
