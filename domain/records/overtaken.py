"""Which events of a stream still tell something: the newest of each thing, and what those rest on.

A person, a number in Loket and their pay are folds of their streams (`PersonioRecord`, `LoketRecord`, `PayRecord`).
What was overtaken, such as a value that was overwritten twice since, changes nothing about them any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from domain.events.loket import (
    ChainRebuildEnded,
    ChainRebuildStarted,
    ConceptEmployeeCreated,
    ConceptEmployeeFinalised,
    ConceptEmployeeGone,
    EmployeeReleased,
    EmployeeSeen,
    FieldOverwritten,
    FieldsConfirmed,
    Holding,
    LinkObserved,
    LinkState,
    LoketFieldChanged,
    LoketFieldsObserved,
    TerminationObserved,
    TerminationReversed,
    TerminationSuperseded,
    WriteConfirmed,
    WriteConflicted,
    WriteIntended,
    WriteNotApplied,
    WriteNotSent,
    WriteOutcomeUnknown,
    WriteRefused,
    seen_to_land,
)
from domain.events.personio import (
    AttributeChanged,
    AttributesObserved,
    AttributeVisibilityChanged,
    GatesObserved,
    PersonLeftEntity,
    PersonNotSeen,
    PersonSeenAgain,
)
from domain.log import Fact, Recorded
from domain.records.loket_record import LoketRecord
from domain.records.pay_record import PayRecord
from domain.records.personio_record import PersonioRecord
from domain.values import NOT_OBSERVED

FOLDS: Final = 5
"""Revision of the folds of these three records, to be raised with each change of what they make of an event.

What was found to be overtaken for another revision may tell this one something, and is read again.
"""

_Thing: TypeAlias = tuple[str | date, ...]
"""What an event can tell of, such as ("held", "address.street")."""

_WAITED: Final[_Thing] = ("waited",)
"""Which concept employee waited last."""

_Ended: TypeAlias = WriteConfirmed | WriteNotApplied | WriteConflicted | WriteRefused | WriteNotSent

_OF_A_WRITE: Final[dict[type[Fact], tuple[str, ...]]] = {
    WriteConfirmed: ("held", "unlanded", "written", "confirmed", "attempted"),
    WriteNotApplied: ("attempted", "unlanded"),
    WriteConflicted: ("unlanded",),
    WriteRefused: ("attempted",),
    WriteNotSent: ("attempted",),
}
"""What the end of a write tells of each field of it."""

_OF_SOMEBODY: Final = frozenset({"overwritten", *_OF_A_WRITE[WriteConfirmed], "ours", "agreed", "rebuild"})
"""What is told of whoever has the number, and of nobody once nobody has it."""


def still_telling(events: Sequence[Recorded]) -> tuple[int, ...]:
    """The versions of a stream that its folds need, in order; the last event is one of them.

    `events` are all there are, or all that were still telling before and whatever came since; opened. The folds of
    what is left out and of what is kept are compared here: where they are not the same, nothing is overtaken.
    """
    kept = without_overtaken(events)
    found = kept if folded(kept) == folded(events) else events
    return tuple(event.version for event in found)


def without_overtaken(events: Sequence[Recorded]) -> list[Recorded]:
    """The events that tell last of anything, and what those rest on."""
    found = _Telling()
    for event in events:
        found.take(event)
    kept = found.versions()
    return [event for event in events if event.version in kept]


def folded(events: Sequence[Recorded]) -> tuple[PersonioRecord, LoketRecord, PayRecord]:
    """All that is known by these events of one stream, whatever it is about."""
    return PersonioRecord.of(events), LoketRecord.of(events), PayRecord.of(events)


@dataclass(frozen=True, slots=True)
class _Write:
    """A write, and the events about it so far."""

    fact: WriteIntended
    events: list[int]


@dataclass(slots=True)
class _Telling:
    """The last event to tell of each thing, and what that rests on."""

    last: dict[_Thing, int] = field(default_factory=dict)
    rests_on: dict[_Thing, tuple[int, ...]] = field(default_factory=dict)
    pay: dict[str, dict[date, int]] = field(default_factory=dict)  # by field and day
    writes: list[_Write] = field(default_factory=list)
    open_writes: dict[str, _Write] = field(default_factory=dict)  # by intent
    since_rebuild: list[int] | None = None  # every event from the first start of a rebuild that is not complete
    holding: Holding = field(default_factory=Holding)
    end: tuple[int, ...] = ()

    def take(self, event: Recorded) -> None:
        if self.holding.ends_with(event.fact):
            self._forget()
            self.rests_on["vacated",] = (self.last[_WAITED],) if _WAITED in self.last else ()
            self.last["vacated",] = event.version
        for name in _paid(event.fact):
            assert event.fact.effective_on is not None
            self.pay.setdefault(name, {})[event.fact.effective_on] = event.version
        for thing in self._things(event):
            self.last[thing] = event.version
            self.rests_on[thing] = self._rests_on(thing, event.fact)
        if isinstance(event.fact, ChainRebuildStarted) and self.since_rebuild is None:
            self.since_rebuild = []
        if self.since_rebuild is not None:
            self.since_rebuild.append(event.version)
        if isinstance(event.fact, ChainRebuildEnded) and event.fact.complete:
            self.since_rebuild = None
        self.end = (event.version,)

    def _forget(self) -> None:
        gone = [thing for thing in self.last if thing[0] in _OF_SOMEBODY]
        for thing in gone:
            del self.last[thing], self.rests_on[thing]
        self.pay.clear()
        self.since_rebuild = None

    def versions(self) -> frozenset[int]:
        kept = {*self.last.values(), *(self.since_rebuild or ()), *self.end}
        kept.update(version for days in self.pay.values() for version in days.values())
        kept.update(version for others in self.rests_on.values() for version in others)
        is_open = {id(one) for one in self.open_writes.values()}
        for one in self.writes:  # all of a write, or nothing of it
            if id(one) in is_open or not kept.isdisjoint(one.events):
                kept.update(one.events)
        return frozenset(kept)

    def _things(self, event: Recorded) -> Iterator[_Thing]:
        match event.fact:
            case WriteIntended(intent=intent) as fact:
                before = self.open_writes.get(intent)
                self.open_writes[intent] = write = _Write(fact, [*(before.events if before else ()), event.version])
                self.writes.append(write)
                if ("subject",) not in self.last:
                    yield ("subject",)
            case WriteOutcomeUnknown(intent=intent) if intent in self.open_writes:
                self.open_writes[intent].events.append(event.version)
            case WriteConfirmed() | WriteNotApplied() | WriteConflicted() | WriteRefused() | WriteNotSent() as fact:
                write_ended = self.open_writes.pop(fact.intent, None)
                if write_ended is not None:
                    write_ended.events.append(event.version)
                    yield from _told_by_end(fact, write_ended.fact)
            case FieldsConfirmed(fields=names):
                for name in names:  # of which nothing is known, nothing is confirmed
                    yield from ((what, name) for what in ("confirmed", "attempted") if ("held", name) in self.last)
                    yield from (("agreed", name),) if name in self.pay else ()
            case fact:
                yield from _told_by(fact)

    def _rests_on(self, thing: _Thing, fact: Fact) -> tuple[int, ...]:
        """What is seen as equal is the value that was known then; of pay, all that was known of the field."""
        what, *of = thing
        if what == "agreed":
            return tuple(self.pay.get(str(of[0]), {}).values())
        if what in ("confirmed", "attempted") and isinstance(fact, FieldsConfirmed):
            return (self.last["held", *of],)
        return ()


def _told_by_end(fact: _Ended, intended: WriteIntended) -> Iterator[_Thing]:
    tells: Iterable[str] = _OF_A_WRITE[type(fact)]
    if isinstance(fact, WriteConfirmed):
        yield ("completed",)
        if not seen_to_land(fact, intended):
            tells = [what for what in tells if what not in ("held", "confirmed")]
    for change in intended.changes:
        yield from ((what, change.field) for what in tells)


def _told_by(fact: Fact) -> Iterator[_Thing]:
    match fact:
        case GatesObserved():
            yield ("gates",)
        case PersonNotSeen(legal_entity=entity) | PersonSeenAgain(legal_entity=entity):
            yield ("looks", entity)
        case PersonLeftEntity(legal_entity=entity):
            yield from (("gates",), ("looks", entity))
        case AttributesObserved(values=values):
            yield ("subject",)
            yield from (("hidden", one.field) for one in values)
            yield from (("shown", one.field) for one in values if one.value is not NOT_OBSERVED)
        case AttributeChanged(field=name):
            yield ("shown", name)
        case AttributeVisibilityChanged(field=name):
            yield ("hidden", name)
        case LinkObserved(state=state):
            yield from (("link",),) if state is LinkState.UNLINKED else (("link",), ("holder",))
            if state is LinkState.CONCEPT:
                yield from (("concept",), _WAITED)
            if state in (LinkState.FINAL, LinkState.TERMINATED):
                yield ("employee",)
        case EmployeeSeen():
            yield ("employee",)
        case EmployeeReleased():
            yield from (("employee",), ("concept",), ("link",), ("holder",))
        case LoketFieldsObserved(values=values):
            yield from (("subject",), *(("held", one.field) for one in values))
        case LoketFieldChanged(field=name):
            yield ("held", name)
        case FieldOverwritten(field=name, effective_on=day):
            yield from ((what, name) for what in ("overwritten", *_OF_A_WRITE[WriteConfirmed]))
            yield from (("ours", name, day), ("agreed", name)) if day else ()
        case TerminationObserved() | TerminationReversed() | TerminationSuperseded():
            yield ("leaves",)
        case ConceptEmployeeCreated():
            yield from (("concept",), _WAITED, ("holder",))
        case ConceptEmployeeGone():
            yield from (("concept",), ("holder",))
        case ConceptEmployeeFinalised():
            yield from (("concept",), ("employee",), ("completed",))
        case ChainRebuildStarted() | ChainRebuildEnded(complete=True):
            yield ("rebuild",)


def _paid(fact: Fact) -> Iterable[str]:
    """The pay fields of which the fact tells something for its day."""
    match fact:
        case AttributesObserved() | LoketFieldsObserved() if fact.effective_on:
            return [one.field for one in fact.values]
        case AttributeChanged() | LoketFieldChanged() | FieldOverwritten() if fact.effective_on:
            return [fact.field]
        case _:
            return ()
