"""Which runs were there, and what came of each person in one of them?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from domain.errors import Ambiguous, NotFound
from domain.events.loket import FieldOverwritten
from domain.events.runs import OutcomeRecorded
from domain.log import Fact, Recorded
from domain.outcomes import Told
from domain.personal import Personal
from domain.values import Actor, FieldPath, LegalEntityId, PersonId, RunId

if TYPE_CHECKING:
    from domain.planning.plausible import Beside


class RunStatus(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    BLOCKED = "blocked"
    REFUSED = "refused"
    CUT_OFF = "cut_off"  # its process died; a later command closed it


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people a run made this of, under this rule."""

    outcome: str
    reason: str
    people: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a run read of both systems, and when."""

    personio_at: datetime
    loket_at: datetime
    people: int
    employees: int
    concepts: int
    not_read_again: int = 0  # people who were taken as they were known (RUN-15)
    unchanged_since: datetime | None = None  # when everybody was read


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. `position` is where it starts in the log and orders runs.

    `counts` is outcome -> people as the run said it at its end, `tallies` is everyone once as the log tells it person
    by person, most people first. A run refused before it could start has no business date.
    """

    run_id: RunId
    legal_entity: LegalEntityId
    business_date: date | None
    actor: Actor
    started_at: datetime
    position: int
    status: RunStatus
    ended_at: datetime | None
    reason: str | None
    message: str | None
    fingerprint: str | None
    counts: Mapping[str, int]
    sizes: Mapping[str, Beside] = field(default_factory=dict)  # of a read that was not believed (RUN-12)
    tallies: tuple[Tally, ...] = ()
    read: Read | None = None
    plan: str | None = None  # fingerprint of the only plan it might write (RUN-14)
    plan_now: str | None = None  # and of what it would have written instead
    only: tuple[int, ...] = ()  # employee numbers of a pilot (RUN-10)

    @property
    def completed(self) -> bool:
        return self.status in (RunStatus.COMPLETED, RunStatus.COMPLETED_WITH_ERRORS)


REFUSED_AT_THE_DOOR: Final = "RUN-3"  # another run was going on
NOT_READ: Final = "RUN-7"


@dataclass(frozen=True, slots=True)
class LastRuns:
    """The newest run of each kind, whatever came after it; None where there never was one.

    `ended` is none of those refused because another was going on (RUN-3), `counted` told how many people came to what,
    `read` read both systems, `unread` was refused because it could not (RUN-7), `completed` did with or without errors.
    `recent` are the newest whatever their kind, `braked` those whose plan a second person may confirm still.
    """

    ended: RunRow | None
    counted: RunRow | None
    read: RunRow | None
    unread: RunRow | None
    completed: RunRow | None
    recent: tuple[RunRow, ...] = ()
    braked: tuple[RunRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OverwrittenAt:
    """A field a run overwrote, or one that was cut off before it (RUN-8); both values are in the log at `position`."""

    field: FieldPath
    position: int


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """The one outcome of a person in a run; its messages are in the log at `position` (RUN-4)."""

    person_id: PersonId
    employee_number: int | None
    outcome: str
    reason: str
    position: int
    overwritten: tuple[OverwrittenAt, ...]
    place: int = -1  # in the order of the run's outcomes, to go on from

    @property
    def positions(self) -> tuple[int, ...]:
        """Everything to fetch and open to tell this outcome in full."""
        return (self.position, *(place.position for place in self.overwritten))


class RunsView(Protocol):
    def runs(
        self, entity: LegalEntityId | None = None, *, before: int | None = None, limit: int = 50
    ) -> tuple[RunRow, ...]:
        """Runs, newest first; `before` is the position of the last run of the previous page."""
        ...

    def run(self, run_id: RunId) -> RunRow | None: ...

    def these(self, run_ids: Collection[RunId]) -> tuple[RunRow, ...]:
        """Those of these runs that there are."""
        ...

    def of_day(self, entity: LegalEntityId, day: date) -> tuple[RunRow, ...]:
        """The runs of one business date, oldest first."""
        ...

    def completed(self, entity: LegalEntityId, *, by: datetime | None = None) -> RunRow | None:
        """The one that began last of those that had completed by then, with or without errors."""
        ...

    def last(
        self, entities: Sequence[LegalEntityId], *, good_since: datetime | None = None
    ) -> Mapping[LegalEntityId, LastRuns]:
        """Of each, in one question; with the plans that the brake has stopped since then, and that nobody agreed to."""
        ...

    def newest(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, RunRow]:
        """The newest run of each that ever had one."""
        ...

    def told_of_all(self, entity: LegalEntityId, *, by: datetime) -> RunRow | None:
        """The newest of those that had ended by then and told of everybody; a pilot, and one cut off, tell of a few."""
        ...

    def outcomes(self, run_id: RunId) -> tuple[OutcomeRow, ...]:
        """Everyone's outcome in the order it was recorded."""
        ...

    def some_outcomes(
        self, run_id: RunId, tallies: Collection[Tally], *, after: int = -1, limit: int = 100
    ) -> tuple[OutcomeRow, ...]:
        """Those whom these tallies count; `after` is the place of the last outcome of the previous page."""
        ...

    def noted(self, run_ids: Collection[RunId]) -> Mapping[RunId, tuple[OutcomeRow, ...]]:
        """Of each those of whom a sheet tells (`domain.views.handover.is_noted`), without what was overwritten."""
        ...


def run_named(view: RunsView, word: str, entities: Collection[str] | None = None) -> RunRow:
    """The run of this id, or the only one whose id begins so; `entities`: only of these legal entities.

    Raises NotFound for none, Ambiguous for several.
    """

    def seen(row: RunRow) -> bool:
        return entities is None or row.legal_entity in entities

    if (exact := view.run(RunId(word))) and seen(exact):
        return exact
    found = [row for row in _each(view) if word and row.run_id.startswith(word) and seen(row)]
    if not found:
        raise NotFound(f"the log has no run {word}")
    if len(found) > 1:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        named = ", ".join(one.run_id for one in found[:_NAMED])
        raise Ambiguous(f"{word} begins the ids of {len(found)} runs: {named}{more}")
    return found[0]


def _each(view: RunsView) -> Iterator[RunRow]:
    before = None
    while page := view.runs(before=before, limit=_PAGE):
        yield from page
        before = page[-1].position


_NAMED: Final = 10
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class OverwrittenField:
    field: FieldPath
    before: Personal
    after: Personal
    run_id: RunId  # an earlier one where that was cut off (RUN-8)


@dataclass(frozen=True, slots=True)
class FullOutcome:
    """An outcome with its messages and overwritten fields, as far as `events` were opened."""

    row: OutcomeRow
    messages: tuple[Personal, ...]
    overwritten: tuple[OverwrittenField, ...]


def in_full(outcomes: Sequence[OutcomeRow], events: Iterable[Recorded]) -> tuple[FullOutcome, ...]:
    """The outcomes in full, from the events at their positions, sealed or opened."""
    opened = tuple(events)
    facts, told = {event.position: event.fact for event in opened}, Told(opened)
    return tuple(
        _in_full(row, told.of(row.position, row.person_id), [facts[one.position] for one in row.overwritten])
        for row in outcomes
    )


def _in_full(row: OutcomeRow, outcome: OutcomeRecorded | None, overwrites: Sequence[Fact]) -> FullOutcome:
    messages = (*outcome.notices, *outcome.messages) if outcome is not None else ()
    fields = tuple(
        OverwrittenField(FieldPath(fact.field), fact.before, fact.after, RunId(fact.run_id))
        for fact in overwrites
        if isinstance(fact, FieldOverwritten)
    )
    return FullOutcome(row, messages, fields)
