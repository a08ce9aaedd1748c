"""How writes ended: one write's outcome, and what a person's writes come to together (RUN-5, RUN-8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.events.loket import WriteKind
from domain.planning.comparison import Difference
from domain.planning.planned import DatedWrite, PlannedWrite


class Ended(StrEnum):
    """How one planned write ended, as far as this run can tell."""

    CONFIRMED = "confirmed"
    NOTHING_LEFT = "nothing left to write"  # Loket already held every wanted value when it was asked again
    FAILED = "failed"  # refused, not sent or not applied
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Written:
    """One write's outcome, and what is told about it."""

    ended: Ended
    messages: tuple[str, ...] = ()
    overwritten: tuple[Difference, ...] = ()
    created: str | None = None  # GUID of what was created
    silent: bool = False  # Loket gave no answer at all, to the write or to a read around it

    @property
    def landed(self) -> bool:
        return self.ended in (Ended.CONFIRMED, Ended.NOTHING_LEFT)


@dataclass(frozen=True, slots=True)
class Step:
    planned: PlannedWrite
    written: Written


@dataclass(frozen=True, slots=True)
class PersonWritten:
    """The writes of one person that were tried, in order."""

    steps: tuple[Step, ...] = ()

    def then(self, planned: PlannedWrite, written: Written) -> PersonWritten:
        return PersonWritten((*self.steps, Step(planned, written)))

    def waits(self, planned: PlannedWrite) -> bool:
        """Whether an earlier write of its chain was not confirmed: the rest waits for the next run (PAY-8)."""
        return any(not one.written.landed for one in self.of_chain(_chain(planned)))

    def of_chain(self, name: str | None) -> tuple[Step, ...]:
        return tuple(one for one in self.steps if name is not None and _chain(one.planned) == name)

    def landed(self, name: str) -> int:
        """How many writes of a chain landed."""
        return sum(1 for one in self.of_chain(name) if one.written.landed)

    @property
    def concept(self) -> str | None:
        """GUID of the concept employee that was created."""
        return next((one.written.created for one in self.confirmed(WriteKind.CONCEPT_CREATED)), None)

    @property
    def silent(self) -> bool:
        return any(one.written.silent for one in self.steps)

    @property
    def overwritten(self) -> tuple[Difference, ...]:
        return tuple(change for one in self.steps for change in one.written.overwritten)

    @property
    def messages(self) -> tuple[str, ...]:
        return tuple(text for one in self.steps for text in one.written.messages)

    def confirmed(self, *kinds: WriteKind) -> tuple[Step, ...]:
        """Confirmed writes of these kinds, or of any."""
        return tuple(
            one
            for one in self.steps
            if one.written.ended is Ended.CONFIRMED and (not kinds or one.planned.kind in kinds)
        )

    def any(self, ended: Ended) -> bool:
        return any(one.written.ended is ended for one in self.steps)


def _chain(planned: PlannedWrite) -> str | None:
    return planned.chain.name if isinstance(planned, DatedWrite) and planned.chain else None
