"""Are the two systems the same for one employee? Told from what was recorded of each field; no value is opened for it.

A run or check that saw both hold the same, or a write that was confirmed, says equal; a change that came after it, or a
case of drift that stands open, says that they differ. Blanks are not sealed, so that they speak for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from domain.attributes import CATALOGUE
from domain.events import drift, loket, personio
from domain.events.runs import OutcomeRecorded
from domain.log import Recorded
from domain.streams import drift_case_of
from domain.values import BLANK, NOT_OBSERVED
from domain.views.employee_state import Value, state

_KEYS: Final = frozenset(str(row.field) for row in CATALOGUE if row.is_key)
_ALIKE_NOW: Final = frozenset({drift.Resolved.OVERWRITTEN, drift.Resolved.PUT_BACK, drift.Resolved.PERSONIO_MOVED})


class Standing(StrEnum):
    """How a field stands between the two systems."""

    EQUAL = "equal"
    DIFFERS = "differs"
    ONLY_PERSONIO = "only_personio"
    ONLY_LOKET = "only_loket"
    LINK = "link"  # says which employment it is about: read and held against, never written
    NOT_COMPARED = "not_compared"  # no run or check has held the two against each other, or Personio shows none


class Step(StrEnum):
    """What led to a value that Loket holds because of us, in order."""

    SHOWN = "shown"  # Personio showed it
    INTENDED = "intended"
    CONFIRMED = "confirmed"
    OVERWRITTEN = "overwritten"


@dataclass(frozen=True, slots=True)
class Cause:
    step: Step
    position: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One field; `since` is the position of the event that says so, None where nothing does."""

    field: str
    standing: Standing
    since: int | None
    personio: Value | None
    loket: Value | None
    causes: tuple[Cause, ...] = ()


@dataclass(slots=True)
class _Told:
    """What the events so far say of each field."""

    equal: dict[str, tuple[bool, int]] = field(default_factory=dict)
    accepted: set[str] = field(default_factory=set)
    shown: dict[str, int] = field(default_factory=dict)
    intents: dict[str, tuple[Cause, ...]] = field(default_factory=dict)  # by id: Personio's showing is of each field
    causes: dict[str, tuple[Cause, ...]] = field(default_factory=dict)

    def moved(self, name: str, position: int) -> None:
        """It was equal until now, as far as anybody looked; what was never compared stays so."""
        if name in self.equal:
            self.equal[name] = (False, position)

    def same(self, names: Iterable[str], position: int) -> None:
        self.equal.update((name, (True, position)) for name in names)


def compare(events: Sequence[Recorded], *, as_at: datetime, on: date) -> tuple[Compared, ...]:
    """Every field that either system showed by `as_at`, by its path; values are those that held on the day `on`."""
    told = _Told()
    for event in events:
        if event.meta.recorded_at <= as_at:
            _hear(told, event)
    values = {(one.system, one.field): one for one in state(events, as_at=as_at, on=on)}
    names = sorted({name for _, name in values})
    return tuple(_compared(name, values.get(("personio", name)), values.get(("loket", name)), told) for name in names)


def _compared(name: str, ours: Value | None, theirs: Value | None, told: _Told) -> Compared:
    standing, since = _standing(name, ours, theirs, told.equal.get(name))
    return Compared(name, standing, since, ours, theirs, told.causes.get(name, ()))


def _standing(
    name: str, ours: Value | None, theirs: Value | None, known: tuple[bool, int] | None
) -> tuple[Standing, int | None]:
    since = max(one.position for one in (ours, theirs) if one is not None)
    if name in _KEYS:
        return Standing.LINK, since
    if NOT_OBSERVED in (getattr(ours, "value", None), getattr(theirs, "value", None)):
        return Standing.NOT_COMPARED, since
    if known is not None:
        equal, position = known
        return (Standing.EQUAL if equal else Standing.DIFFERS), position
    if ours is None or theirs is None:
        return (Standing.ONLY_LOKET if ours is None else Standing.ONLY_PERSONIO), since
    blanks = (ours.value is BLANK, theirs.value is BLANK)
    if any(blanks):
        return (Standing.EQUAL if all(blanks) else Standing.DIFFERS), since
    return Standing.NOT_COMPARED, None


def _hear(told: _Told, event: Recorded) -> None:
    position = event.position
    match event.fact:
        case personio.AttributesObserved(values=values):
            told.shown.update((one.field, position) for one in values)
        case personio.AttributeChanged(field=name):
            told.shown[name] = position
            told.moved(name, position)
        case loket.LoketFieldChanged(field=name, changed_by=loket.ChangedBy.SOMEONE_ELSE):
            told.moved(name, position)
        case loket.FieldsConfirmed(fields=names):
            told.same(names, position)
        case loket.WriteIntended(intent=intent):
            told.intents[intent] = (Cause(Step.INTENDED, position),)
        case loket.WriteConfirmed(intent=intent):
            told.intents[intent] = (*told.intents.get(intent, ()), Cause(Step.CONFIRMED, position))
        case loket.FieldOverwritten(field=name, intent=intent):
            told.same((name,), position)
            written = (*told.intents.get(intent, ()), Cause(Step.OVERWRITTEN, position))
            told.causes[name] = (*_showing(told, name), *written)
        case loket.WriteConflicted(found=found):
            told.equal.update((one.field, (False, position)) for one in found)
        case OutcomeRecorded(outcome="unchanged"):
            moved = [name for name, (equal, _) in told.equal.items() if not equal and name not in told.accepted]
            told.same(moved, position)
        case _:
            _hear_of_drift(told, event)


def _showing(told: _Told, name: str) -> Iterator[Cause]:
    if name in told.shown:
        yield Cause(Step.SHOWN, told.shown[name])


def _hear_of_drift(told: _Told, event: Recorded) -> None:
    match event.fact:
        case drift.DriftOpened(field=name) | drift.DriftMoved(field=name) | drift.DriftReopened(field=name):
            told.equal[name] = (False, event.position)
        case drift.DriftAccepted(field=name):
            told.accepted.add(name)
            told.equal[name] = (False, event.position)
        case drift.AcceptanceEnded() | drift.DecisionWithdrawn():
            told.accepted.discard(drift_case_of(event.stream)[2])
        case drift.DriftResolved(how=how) if how in _ALIKE_NOW:
            told.same((drift_case_of(event.stream)[2],), event.position)
        case drift.KeptValueEntered():
            told.same((drift_case_of(event.stream)[2],), event.position)
