"""What Loket shows of a write that was sent: only that confirms it (RUN-6, RUN-8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from domain.errors import Misconfigured, NotFound, ReadFailed, RightMissing, TweeluikError
from domain.events.loket import WriteIntended, WriteKind
from domain.ports import Clock, LoketTarget
from domain.records.loket_record import before_of, wanted_of
from domain.services.sync.recover import holds
from domain.settings import LegalEntity
from domain.values import FieldPath, Observed

READ_AS: Final = {
    WriteKind.CONCEPT_CREATED: WriteKind.CONCEPT,
    WriteKind.PAYMENT_CREATED: WriteKind.PAYMENT,
    WriteKind.WAGE_CREATED: WriteKind.WAGE,
    WriteKind.BENEFIT_CREATED: WriteKind.BENEFIT,
    WriteKind.HOURS_CREATED: WriteKind.HOURS,
}
"""What was created is read back as the thing it has become."""

WAITS: Final = (0.0, 0.5, 1.5, 3.0)  # a read may lag behind a write


class Shown(StrEnum):
    WANTED = "wanted"  # every wanted value; of a delete: the record is gone
    BEFORE = "before"  # what was there before the write
    OTHER = "other"
    NOTHING = "nothing"  # it could not be read


@dataclass(frozen=True, slots=True)
class ReadBack:
    shown: Shown
    held: Mapping[FieldPath, Observed] = field(default_factory=dict)
    silent: bool = False  # Loket answers nobody any more


def is_silence(reason: TweeluikError) -> bool:
    """Whether Loket answers nobody at all any more; a thing that is gone or closed to us concerns one person."""
    return not isinstance(reason, NotFound | RightMissing)


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks Loket a few times, for a read may lag behind a write."""

    loket: LoketTarget
    clock: Clock
    entity: LegalEntity

    def read(self, intended: WriteIntended, created: str | None) -> ReadBack:
        """`created` is the GUID of what was created; an unanswered create has none and cannot be looked for."""
        target = created or intended.target
        if target is None or (intended.kind.creates and created is None):
            return ReadBack(Shown.NOTHING)
        return self._deleted(intended, target) if intended.kind.deletes else self._replaced(intended, target)

    def _replaced(self, intended: WriteIntended, target: str) -> ReadBack:
        wanted = wanted_of(intended.changes)
        last = ReadBack(Shown.NOTHING)
        for last in self._reads(READ_AS.get(intended.kind, intended.kind), target):
            if holds(last.held, wanted):
                return ReadBack(Shown.WANTED, last.held)
        if intended.kind.creates or not holds(last.held, before_of(intended.changes)):
            return last
        return ReadBack(Shown.BEFORE, last.held)

    def _reads(self, kind: WriteKind, target: str) -> Iterator[ReadBack]:
        for _ in self._waits():
            try:
                yield ReadBack(Shown.OTHER, self.loket.fetch(self.entity, kind, target).fields)
            except (ReadFailed, NotFound, Misconfigured) as reason:
                silent = is_silence(reason)
                yield ReadBack(Shown.NOTHING, silent=silent)
                if silent:
                    return

    def _deleted(self, intended: WriteIntended, target: str) -> ReadBack:
        """Only a record that Loket no longer has was deleted."""
        for _ in self._waits():
            try:
                self.loket.fetch(self.entity, intended.kind, target)
            except NotFound:
                return ReadBack(Shown.WANTED)
            except (ReadFailed, Misconfigured) as reason:
                return ReadBack(Shown.NOTHING, silent=is_silence(reason))
        return ReadBack(Shown.BEFORE)

    def _waits(self) -> Iterator[float]:
        for wait in WAITS:
            if wait:
                self.clock.sleep(wait)
            yield wait
