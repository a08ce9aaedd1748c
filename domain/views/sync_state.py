"""Where does the synchronisation stand: who belongs to an entity, what is still open, what was last seen?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Protocol

from domain.events.loket import (
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
    ConceptEmployeeGone,
    LinkObserved,
    LinkState,
)
from domain.log import Recorded, StreamId
from domain.values import EmployeeNumber, FieldPath, LegalEntityId, PersonId, RunId

NO_NUMBER: Final = -1


@dataclass(frozen=True, slots=True)
class LastOutcome:
    """What the latest run of the entity made of a person; its messages are in the log at `position`.

    `since` is where the first of the runs told it that have said the same without a break; None where nobody asked.
    """

    run_id: RunId
    outcome: str
    reason: str
    position: int
    since: int | None


class Place(NamedTuple):
    """Of a person among those of a legal entity: by number, those without one first."""

    number: int
    person_id: str


@dataclass(frozen=True, slots=True)
class PersonState:
    """A person of a legal entity as last seen; `link` is None while Loket was never asked for the number."""

    person_id: PersonId
    employee_number: int | None
    link: LinkState | None
    loket_id: str | None
    last: LastOutcome | None
    linked_at: int | None = None  # where the log tells of the link

    @property
    def place(self) -> Place:
        return Place(NO_NUMBER if self.employee_number is None else self.employee_number, self.person_id)

    @property
    def since(self) -> int | None:
        """Where the log tells what is so of them now: that Loket waits, or what runs have said since then."""
        if self.link is LinkState.CONCEPT:
            return self.linked_at
        return self.last.since if self.last else None


class Linked(StrEnum):
    """How people are asked for by their link: `none` is everyone whom Loket does not have, or was never asked for."""

    NONE = "none"
    CONCEPT = "concept"
    FINAL = "final"
    TERMINATED = "terminated"
    NOT_VISIBLE = "not_visible"


@dataclass(frozen=True, slots=True)
class PeopleFilters:
    """Only whom all of these let through. `new_since`: of whom no run tells, or another thing before this position."""

    outcome: str | None = None
    reason: str | None = None
    link: Linked | None = None
    new_since: int | None = None


EVERYONE: Final = PeopleFilters()


@dataclass(frozen=True, slots=True)
class Concept:
    """A member of a legal entity who is a concept employee."""

    person_id: PersonId
    number: EmployeeNumber


@dataclass(frozen=True, slots=True)
class FieldState:
    """Where a system's latest value of a field is in the log, None when it never showed one, and if it shows it now."""

    position: int | None
    visible: bool


class SyncStateView(Protocol):
    """Who the log knows in a legal entity."""

    def people(self, entity: LegalEntityId) -> Mapping[str, int | None]:
        """Person id -> employee number or None: everyone the last complete sweep assigned to the entity."""
        ...

    def concepts(self, entity: LegalEntityId) -> Sequence[EmployeeNumber]:
        """Numbers that were concept employees when the entity last looked, whoever of them is a member still."""
        ...

    def waiting(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, Sequence[Concept]]:
        """The members of each who are concept employees, by number: payroll completes them in Loket."""
        ...

    def open_intents(self, entity: LegalEntityId) -> Sequence[tuple[str, str]]:
        """(stream, intent id) of every write intent that has no final outcome yet, oldest first."""
        ...

    def unknown(self, entity: LegalEntityId) -> int:
        """How many employees have a write of which nobody knows whether Loket took it.

        Those of a run that goes on are not among them: it waits for the answer.
        """
        ...

    def open_runs(self, entity: LegalEntityId) -> Sequence[RunId]:
        """Runs that started and never ended, oldest first."""
        ...

    def braked(
        self, entities: Collection[LegalEntityId], since: datetime
    ) -> Mapping[LegalEntityId, Sequence[tuple[str, str, str]]]:
        """(run id, fingerprint, actor) of runs of each that the brake refused since then, oldest first.

        Without those whose plan was let pass since: a confirmation is used up by the run it releases.
        """
        ...

    def doubted(self, entity: LegalEntityId, since: datetime) -> Sequence[tuple[str, str, str]]:
        """As `braked`, of runs whose read was not believed, without those whose read was accepted since (RUN-12)."""
        ...

    def accepted_sweep(self, entity: LegalEntityId) -> RunId | None:
        """The latest run whose sweep later ones are held against: it completed, or its read was accepted (RUN-12)."""
        ...

    def has_completed_run(self, entity: LegalEntityId) -> bool:
        """Whether any run of the entity completed, with or without errors."""
        ...

    def states(
        self, entity: LegalEntityId, filters: PeopleFilters = EVERYONE, *, after: Place | None = None, limit: int = 500
    ) -> tuple[PersonState, ...]:
        """The entity's people by employee number; `after` is the last person's place of the previous page."""
        ...

    def fields(self, streams: Collection[StreamId]) -> Mapping[StreamId, Mapping[FieldPath, FieldState]]:
        """By stream, every field Personio (a person's) or Loket (a number's) ever showed."""
        ...


LINKING: Final = (ConceptEmployeeCreated, ConceptEmployeeFinalised, ConceptEmployeeGone, LinkObserved)
"""What `concept_since` looks at."""


def concept_since(history: Iterable[Recorded]) -> datetime | None:
    """Since when a number is a concept employee, by its stream; None for one that is none."""
    since: datetime | None = None
    for event in history:
        match event.fact:
            case ConceptEmployeeCreated() | LinkObserved(state=LinkState.CONCEPT):
                since = since or event.meta.recorded_at
            case LinkObserved(state=LinkState.NOT_VISIBLE):  # hidden from us, and not gone
                pass
            case ConceptEmployeeFinalised() | ConceptEmployeeGone() | LinkObserved():
                since = None
    return since
