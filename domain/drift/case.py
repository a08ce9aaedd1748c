"""What the log says about one person's field that differs, and what a check or a run adds to it (DRIFT-4, DRIFT-6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from domain.attributes import Kind
from domain.drift.state import CaseState
from domain.events.drift import (
    AcceptanceEnd,
    AcceptanceEnded,
    Cause,
    DecisionWithdrawn,
    DriftAccepted,
    DriftAcknowledged,
    DriftAttributed,
    DriftMoved,
    DriftOpened,
    DriftReopened,
    DriftResolved,
    KeptValueEntered,
    KeptValueWithdrawn,
    LoketValueKept,
    Resolved,
    TrailResult,
)
from domain.log import Fact, Recorded
from domain.personal import Opened
from domain.planning.acceptance import Acceptance
from domain.planning.comparison import alike
from domain.records.loket_record import Overwrite
from domain.values import NOT_OBSERVED, Actor, FieldPath, Observed, SubjectRef

if TYPE_CHECKING:  # a view of cases needs neither
    from domain.drift.audit_trail import Attribution
    from domain.drift.differences import Differing


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided what stands, when, and why."""

    by: Actor
    at: datetime
    reason: Opened


@dataclass(frozen=True, slots=True)
class DriftCase:
    """A fold of one case's stream. `state` is None while there is no case; `opened_at` is of the present opening."""

    next_version: int = 0
    state: CaseState | None = None
    subject: SubjectRef | None = None
    cause: Cause | None = None
    personio: Opened = NOT_OBSERVED
    loket: Opened = NOT_OBSERVED
    opened_at: datetime | None = None
    opened_position: int = -1
    acceptance: Acceptance | None = None
    attributed: tuple[TrailResult, datetime | None] | None = None
    decided: Decided | None = None  # the acknowledgement or acceptance that stands
    kept: Opened | None = None  # Loket's value that is still to be entered in Personio; it outlives the case

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> DriftCase:
        """The case after these events, whose personal values were opened."""
        case = cls()
        for recorded in history:
            case = replace(case._after(recorded), next_version=recorded.version + 1)
        return case

    @property
    def open(self) -> bool:
        return self.state not in (None, CaseState.RESOLVED)

    def _after(self, recorded: Recorded) -> DriftCase:
        match recorded.fact:
            case DriftOpened() | DriftReopened() | DriftMoved() as seen:
                began = not isinstance(seen, DriftMoved)
                return replace(
                    self,
                    state=CaseState.OPEN if began else self.state,
                    subject=SubjectRef(seen.subject),
                    cause=seen.cause,
                    personio=seen.personio,  # type: ignore[arg-type]  # the case is folded from opened events
                    loket=seen.loket,  # type: ignore[arg-type]
                    opened_at=recorded.meta.recorded_at if began else self.opened_at,
                    opened_position=recorded.position if began else self.opened_position,
                    acceptance=None if began else self.acceptance,
                    attributed=None if began else self.attributed,
                    decided=None if began else self.decided,
                )
            case DriftAcknowledged(reason=reason):
                decided = Decided(recorded.meta.actor, recorded.meta.recorded_at, reason)  # type: ignore[arg-type]
                return replace(self, state=CaseState.ACKNOWLEDGED, acceptance=None, decided=decided)
            case DriftAccepted(field=field, personio=personio, until=until, reason=reason):
                accepted = Acceptance(FieldPath(field), personio, until)  # type: ignore[arg-type]
                decided = Decided(recorded.meta.actor, recorded.meta.recorded_at, reason)  # type: ignore[arg-type]
                return replace(self, state=CaseState.ACCEPTED, acceptance=accepted, decided=decided)
            case DriftAttributed(result=result, changed_at=at):
                return replace(self, attributed=(result, at))
            case LoketValueKept(value=value):
                return replace(self, kept=value)  # type: ignore[arg-type]
            case KeptValueEntered() | KeptValueWithdrawn():
                return replace(self, kept=None)
            case AcceptanceEnded() | DecisionWithdrawn():
                return replace(self, state=CaseState.OPEN, acceptance=None, decided=None)
            case DriftResolved():
                return replace(self, state=CaseState.RESOLVED, acceptance=None, decided=None)
            case _:
                return self

    def sighted(self, difference: Differing, kind: Kind, subject: SubjectRef) -> tuple[Fact, ...]:
        """What a check adds that saw the field differ: nothing when it is as it was (DRIFT-6)."""
        told = {
            "person_id": difference.person,
            "subject": subject,
            "field": difference.field,
            "cause": difference.cause,
            "personio": difference.personio,
            "loket": difference.loket,
            "rule": "DRIFT-3",
        }
        if self.state is None:
            return (DriftOpened(**told),)  # type: ignore[arg-type]
        if self.state is CaseState.RESOLVED:
            return (DriftReopened(**told),)  # type: ignore[arg-type]
        moved = not alike(kind, self.personio, difference.personio) or not alike(kind, self.loket, difference.loket)
        if moved and self.state is CaseState.ACKNOWLEDGED:
            return (DriftReopened(**told),)  # type: ignore[arg-type]
        if moved or difference.cause is not self.cause:
            return (DriftMoved(**told),)  # type: ignore[arg-type]
        return ()

    def attribution(self, name: FieldPath, found: Attribution, subject: SubjectRef, *, anew: bool) -> tuple[Fact, ...]:
        """What Loket's audit trail says, when that is news; `anew`: the case has just opened or moved."""
        at = found.entry.at if found.entry else None
        if (found.result, at) == self.attributed and not anew:
            return ()
        if found.result is TrailResult.NOT_ATTRIBUTABLE:
            return ()
        by = found.entry.name if found.entry and found.entry.name else NOT_OBSERVED
        origin = found.entry.origin if found.entry else ""
        return (
            DriftAttributed(
                subject=subject, field=name, result=found.result, by=by, origin=origin, changed_at=at, rule="DRIFT-7"
            ),
        )

    def acceptance_over(self, today: date, *, overtaken: bool) -> tuple[Fact, ...]:
        """The end of an acceptance whose day has passed or whose value Personio changed (DRIFT-8)."""
        if self.acceptance is None:
            return ()
        if self.acceptance.expired(today):
            return (AcceptanceEnded(why=AcceptanceEnd.EXPIRED, rule="DRIFT-8"),)
        return (AcceptanceEnded(why=AcceptanceEnd.PERSONIO_CHANGED, rule="DRIFT-8"),) if overtaken else ()

    def gone(self, kind: Kind, loket: Observed, overwrite: Overwrite | None) -> DriftResolved:
        """How a case ended whose field no longer differs, or is only waiting for the next run (DRIFT-4)."""
        if overwrite is not None and overwrite.position > self.opened_position:
            return DriftResolved(how=Resolved.OVERWRITTEN, run_id=overwrite.run_id, rule="DRIFT-4")
        if alike(kind, self.loket, loket):
            return DriftResolved(how=Resolved.PERSONIO_MOVED, rule="DRIFT-4")
        return DriftResolved(how=Resolved.PUT_BACK, rule="DRIFT-4")

    @staticmethod
    def left_out() -> DriftResolved:
        return DriftResolved(how=Resolved.LEFT_OUT, rule="DRIFT-4")
