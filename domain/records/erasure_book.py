"""What the log says about erasures: who was asked for, what was confirmed, what is done, and who is held (AUD-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from domain.erasure import KeptClass
from domain.events.erasure import (
    DestroyedKey,
    ErasureCompleted,
    ErasureConfirmed,
    ErasureRefused,
    ErasureRequested,
    HoldPlaced,
    HoldReleased,
)
from domain.log import Recorded
from domain.values import Actor, PersonId


class ErasureState(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"  # the keys are being destroyed
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One request. `kept` are the classes refused when it was last judged: restricted."""

    id: str
    person: PersonId
    requested_by: Actor
    requested_at: datetime
    state: ErasureState = ErasureState.REQUESTED
    kept: tuple[KeptClass, ...] = ()
    keys: tuple[DestroyedKey, ...] = ()


@dataclass(frozen=True, slots=True)
class ErasureBook:
    """A fold of the stream `erasures`."""

    next_version: int = 0
    erasures: Mapping[str, Erasure] = field(default_factory=dict)
    holds: frozenset[PersonId] = frozenset()

    @classmethod
    def of(cls, events: Iterable[Recorded]) -> ErasureBook:
        book = cls()
        for event in events:
            book = book._after(event)
        return book

    @property
    def unfinished(self) -> tuple[Erasure, ...]:
        """Confirmed, and perhaps not yet carried out: the process may have died."""
        return tuple(one for one in self.erasures.values() if one.state is ErasureState.CONFIRMED)

    @property
    def honoured(self) -> tuple[DestroyedKey, ...]:
        """Every key that may never be there again."""
        done = (one for one in self.erasures.values() if one.state is ErasureState.COMPLETED)
        return tuple(key for one in done for key in one.keys)

    def open_for(self, person: PersonId) -> Erasure | None:
        return next(
            (one for one in self.erasures.values() if one.person == person and one.state is ErasureState.REQUESTED),
            None,
        )

    def _after(self, event: Recorded) -> ErasureBook:
        book = replace(self, next_version=event.version + 1)
        match event.fact:
            case ErasureRequested() as fact:
                asked = Erasure(fact.erasure, PersonId(fact.person_id), event.meta.actor, event.meta.recorded_at)
                return book._with(asked)
            case ErasureRefused() as fact:
                kept = KeptClass(fact.retention, fact.why, fact.until)
                before = self._known(fact.erasure, fact.person_id, event)
                others = tuple(one for one in before.kept if one.retention is not fact.retention)
                return book._with(replace(before, kept=(*others, kept)))
            case ErasureConfirmed() as fact:
                before = self._known(fact.erasure, fact.person_id, event)
                return book._with(replace(before, state=ErasureState.CONFIRMED, keys=fact.keys))
            case ErasureCompleted() as fact:
                before = self._known(fact.erasure, fact.person_id, event)
                return book._with(replace(before, state=ErasureState.COMPLETED, keys=fact.keys))
            case HoldPlaced(person_id=person):
                return replace(book, holds=self.holds | {PersonId(person)})
            case HoldReleased(person_id=person):
                return replace(book, holds=self.holds - {PersonId(person)})
            case _:
                return book

    def _known(self, erasure: str, person: str, event: Recorded) -> Erasure:
        """One that a retention period began has no request."""
        begun = Erasure(erasure, PersonId(person), event.meta.actor, event.meta.recorded_at)
        return self.erasures.get(erasure, begun)

    def _with(self, erasure: Erasure) -> ErasureBook:
        return replace(self, erasures={**self.erasures, erasure.id: erasure})


def destroyed_keys(events: Iterable[Recorded]) -> frozenset[str]:
    """Ids of the keys that may never be used again: an erasure that was confirmed is carried out, whatever happens."""
    done = (event.fact for event in events if isinstance(event.fact, ErasureConfirmed | ErasureCompleted))
    return frozenset(key.key_id for fact in done for key in fact.keys)
