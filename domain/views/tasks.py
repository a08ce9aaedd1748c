"""Who has something to be done before a legal entity can be synced, since when, and who sees to it?

A task is one opening of a finding's case; its id is the position of the event that first showed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from domain.events.findings import FindingEnd, LookedBy
from domain.four_eyes import is_second_person
from domain.log import StreamId
from domain.planning.business_date import business_date
from domain.planning.findings import ACTS, Acts, FindingCode
from domain.records.finding_case import FindingKey
from domain.streams import finding_stream
from domain.values import Actor, EmployeeNumber, FieldPath, LegalEntityId, PersonId


def acts_on(code: str) -> Acts | None:
    """Who must act; None for a code that only a later version knows."""
    return ACTS[FindingCode(code)] if code in ACTS else None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task; what it quotes is in the log, at `told`."""

    position: int
    legal_entity: LegalEntityId
    person_id: PersonId
    employee_number: EmployeeNumber | None
    code: str
    field: FieldPath | None
    since: datetime
    seen_by: str  # the run or check that first saw it
    told: int
    taken_by: Actor | None = None
    taken_until: date | None = None
    ended_at: datetime | None = None
    how: FindingEnd | None = None
    ended_rule: str | None = None  # the one that leaves the person out
    ended_by: str | None = None  # the run or check that saw it ended

    @property
    def key(self) -> FindingKey:
        return FindingKey(self.person_id, self.code, self.field)

    @property
    def stream(self) -> StreamId:
        return finding_stream(self.legal_entity, self.person_id, self.code, self.field)

    @property
    def who(self) -> Acts | None:
        return acts_on(self.code)

    def then(self, told: int) -> TaskRow:
        """As it stood before it ended, and as it was told at that position; who saw to it that day is not told."""
        return replace(
            self, told=told, taken_by=None, taken_until=None, ended_at=None, how=None, ended_rule=None, ended_by=None
        )

    def holder(self, today: date) -> Actor | None:
        """Who sees to it today."""
        mine = self.ended_at is None and self.taken_until is not None and self.taken_until >= today
        return self.taken_by if mine else None

    def age(self, now: datetime) -> int:
        """How many days it has stood, or stood, open; today's is 0."""
        return (business_date(self.ended_at or now) - business_date(self.since)).days


@dataclass(frozen=True, slots=True)
class Held:
    """The sync, held by so many people's tasks: who has to act, and how many took part in the last run (0: unknown)."""

    people: int
    acts: frozenset[Acts | None]
    taking_part: int

    @property
    def only_hr(self) -> bool:
        """Whether nobody else has to act before the sync goes on."""
        return self.acts == {Acts.HR}


def held(tasks: Collection[TaskRow], counts: Mapping[str, int]) -> Held | None:
    """By open tasks, any of which holds it (CHECK-2); `counts` is outcome -> people of the last run."""
    if not tasks:
        return None
    taking_part = sum(counts.values()) - counts.get("left_out", 0)
    return Held(len({one.person_id for one in tasks}), frozenset(one.who for one in tasks), taking_part)


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many open tasks of one code there are, and since when the oldest stands."""

    code: str
    count: int
    since: datetime

    @property
    def who(self) -> Acts | None:
        return acts_on(self.code)


@dataclass(frozen=True, slots=True)
class LookRow:
    """The last run or check of a legal entity that judged everyone."""

    look: str
    kind: LookedBy
    at: datetime
    position: int


class Second(StrEnum):
    """What a second person has to agree to."""

    REPORT = "report"  # values of several people in clear
    MORE_PEOPLE = "more_people"  # opening more people's values than one person may


@dataclass(frozen=True, slots=True)
class SecondRow:
    """Something that waits for a second person until it is good no more; asked for at `position`."""

    position: int
    legal_entity: LegalEntityId
    what: Second
    name: str
    asked_by: Actor
    good_until: datetime

    def waits_for(self, actor: Actor) -> bool:
        return is_second_person(self.asked_by, actor)


@dataclass(frozen=True, slots=True)
class Waiting:
    """All that waits for somebody: open tasks as the last look left them, and what a second person has to agree to."""

    tasks: tuple[TaskRow, ...]
    look: LookRow | None
    seconds: tuple[SecondRow, ...]


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """None does not filter. `as_at`: those that were open at that instant, whatever became of them."""

    ended: bool = False
    as_at: datetime | None = None
    who: Acts | None = None
    code: str | None = None
    person: PersonId | None = None
    number: EmployeeNumber | None = None

    @property
    def codes(self) -> tuple[str, ...] | None:
        """The codes that are wanted, by `who` and `code`; None for any."""
        if self.who is None:
            return None if self.code is None else (self.code,)
        return tuple(one.value for one, acts in ACTS.items() if acts is self.who and self.code in (None, one.value))


class TasksView(Protocol):
    def waiting(self, entities: Sequence[LegalEntityId], now: datetime) -> Mapping[LegalEntityId, Waiting]:
        """Of each, in one question; the oldest first."""
        ...

    def open(self, entity: LegalEntityId) -> Sequence[TaskRow]:
        """Every open task, oldest first."""
        ...

    def tasks(self, entity: LegalEntityId, filters: TaskFilters, *, after: int, limit: int) -> Sequence[TaskRow]:
        """A page of those that are open, were open then, or have ended, in the order of their positions."""
        ...

    def task(self, position: int) -> TaskRow | None: ...

    def counts(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, Sequence[TaskCount]]:
        """Of the open tasks of each, by code."""
        ...

    def last_look(self, entity: LegalEntityId) -> LookRow | None: ...

    def last_looks(self, entities: Collection[LegalEntityId]) -> Mapping[LegalEntityId, LookRow]:
        """Of each that was ever looked at."""
        ...
