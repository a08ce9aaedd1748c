"""What Personio says happened: a reason to look again, never a fact. It carries no data and may come often or late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from domain.values import PersonId

NOBODY_NAMED: Final = PersonId("")
OVERFLOW: Final = "too many"  # the digest of the one hint that stands for all that were not kept one by one
MOST_WAITING: Final = 10_000  # hints kept one by one; beyond that everybody is read again
MOST_PEOPLE: Final = 50  # read one by one in a round; beyond that everybody is
SWEEP_EVERY: Final = timedelta(minutes=15)
REMEMBERED: Final = timedelta(days=32)  # Personio repeats what happened in the last 30 days


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that happened. `digest` tells it from others, since Personio gives it no id (Personio API 4.8)."""

    digest: str
    kind: str  # person.updated
    person: PersonId  # NOBODY_NAMED: of somebody, it does not say whom
    occurred_at: datetime
    received_at: datetime

    @property
    def leads_to_a_read(self) -> bool:
        return self.kind.startswith(("person.", "employment.")) or self.digest == OVERFLOW

    def too_many(self) -> Hint:
        """In its place where the queue is full: it asks for everybody to be read again."""
        return replace(self, digest=OVERFLOW, kind=OVERFLOW, person=NOBODY_NAMED)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round reads: these people, or everybody; and the hints that it settles."""

    people: tuple[PersonId, ...]
    everybody: bool
    settles: tuple[Hint, ...]


def next_round(waiting: Sequence[Hint], *, swept_at: datetime | None, now: datetime) -> Round:
    """However many hints wait, at most MOST_PEOPLE people are read, or everybody once in SWEEP_EVERY.

    `waiting` is oldest first. Until everybody may be read again, those who are named are read one by one.
    """
    named = tuple(dict.fromkeys(one.person for one in waiting if one.person != NOBODY_NAMED))
    wants_everybody = len(named) > MOST_PEOPLE or any(one.person == NOBODY_NAMED for one in waiting)
    if wants_everybody and (swept_at is None or now - swept_at >= SWEEP_EVERY):
        return Round((), everybody=True, settles=tuple(waiting))
    people = named[:MOST_PEOPLE]
    return Round(people, everybody=False, settles=tuple(one for one in waiting if one.person in people))
