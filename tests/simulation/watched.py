"""Both systems as the product meets them: every sweep is counted, every write is seen with what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from domain.attributes import Role
from domain.events.loket import WriteKind
from domain.ports import Spared, never
from domain.settings import LegalEntity
from domain.snapshots import (
    CompensationCategory,
    LoketSnapshot,
    PayWindow,
    PersonioPerson,
    PersonioSnapshot,
    WriteAnswer,
    WriteRequest,
)
from domain.values import BLANK, EmployeeNumber, FieldPath, LegalEntityId, Observed, PersonId
from tests.support.fake_loket import FakeLoket
from tests.support.fake_personio import FakePersonio
from tests.support.offices import PayHeld
from tests.support.passing_on import PassesOn
from tests.support.world import TULP

Benefits: TypeAlias = Mapping[tuple[int, date], PayHeld]
Wages: TypeAlias = Mapping[date, PayHeld]


Earned: TypeAlias = Mapping[tuple[int, str, date], Decimal]
"""By number, kind of pay and day."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What people had entered in Personio at some moment, and what Loket held."""

    values: Mapping[int, Mapping[Role, Observed]] = field(default_factory=dict)  # by number
    held: Mapping[tuple[int, FieldPath], Observed] = field(default_factory=dict)
    earned: Earned = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """What both systems showed one reader, and what was true when the sweep began."""

    truth: Truth = field(default_factory=Truth)
    shown: frozenset[PersonId] = frozenset()  # people of the legal entity
    values: Mapping[int, Mapping[Role, Observed]] = field(default_factory=dict)  # as Personio showed them, by number
    numbers: frozenset[int] = frozenset()  # theirs
    salaried: frozenset[PersonId] = frozenset()  # who had a salary
    valued: Mapping[Role, int] = field(default_factory=dict)  # how many showed a value, of everybody
    usual: frozenset[str] = frozenset()  # Personio's own keys that most people showed
    hidden: frozenset[str] = frozenset()  # and those that nobody did
    employees: frozenset[int] = frozenset()  # in Loket


@dataclass
class Watch:
    """The reading of whoever is at work. Another one who works in between leaves it as it was."""

    reading: Reading = field(default_factory=Reading)

    @contextmanager
    def another(self) -> Iterator[None]:
        mine = self.reading
        try:
            yield
        finally:
            self.reading = mine


def _no_truth() -> Truth:
    return Truth()


def _nothing() -> None:
    """As usual."""


class WatchedPersonio:
    """`PersonioSource`; something may happen between two looks of one run."""

    def __init__(self, source: FakePersonio, watch: Watch) -> None:
        self._source, self._watch = source, watch
        self.aside = False  # hints are followed: what is read then is no sweep of a run or check
        self.shown_aside: dict[LegalEntityId, frozenset[PersonId]] = {}
        self.sweeps: Counter[LegalEntityId] = Counter()
        self.truth: Callable[[], Truth] = _no_truth  # asked before every sweep
        self.after_sweep: Callable[[], None] = _nothing  # once, before anybody is asked for by id
        self.after_pay: Callable[[], None] = _nothing  # once, before pay is read again

    def read(self, entity: LegalEntity, *, today: date) -> PersonioSnapshot:
        truth = Truth() if self.aside else self.truth()
        snapshot = self._source.read(entity, today=today)
        shown = frozenset(one.id for one in snapshot.people)
        if self.aside:
            self.shown_aside[entity.personio_id] = shown
            return snapshot
        self.sweeps[entity.personio_id] += 1
        own, swept = snapshot.sightings.own, snapshot.sightings.swept
        self._watch.reading = Reading(
            truth,
            shown,
            {int(one.employee_number): one.values for one in snapshot.people if one.employee_number is not None},
            frozenset(int(one.employee_number) for one in snapshot.people if one.employee_number is not None),
            valued={role: one.valued for role, one in snapshot.sightings.attributes.items()},
            usual=frozenset(key for key, one in own.items() if one.shown * 2 > swept),
            hidden=frozenset(key for key, one in own.items() if swept and not one.shown),
        )
        self._once("after_sweep")
        return snapshot

    def people(self, people: Sequence[PersonId], *, today: date) -> tuple[PersonioPerson, ...]:
        return self._source.people(people, today=today)

    def ask(self, people: Sequence[PersonId], *, today: date) -> Mapping[PersonId, PersonioPerson | None]:
        return self._source.ask(people, today=today)

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        return self._source.compensations(entity, on=on)

    def pay(self, entity: LegalEntity, spans: Sequence[tuple[date, date]]) -> tuple[PayWindow, ...]:
        windows = self._source.pay(entity, spans)
        listed = (one for window in windows for one in window.compensations)
        salaried = frozenset(one.person for one in listed if one.category is CompensationCategory.FIXED_SALARY)
        self._watch.reading = replace(self._watch.reading, salaried=salaried)
        self._once("after_pay")
        return windows

    def forget(self) -> None:
        self.after_sweep = self.after_pay = _nothing

    def _once(self, moment: str) -> None:
        hook: Callable[[], None] = getattr(self, moment)
        setattr(self, moment, _nothing)
        hook()


@dataclass(frozen=True, slots=True)
class Cleared:
    """A field with a value before a write, and none after it."""

    number: int
    path: FieldPath
    truth: Truth  # when the sweep began that the writer stood on; another one may have begun since


@dataclass(frozen=True, slots=True)
class Done:
    """What the writes of the product took away, or made."""

    cleared: list[Cleared] = field(default_factory=list)
    hired: list[int] = field(default_factory=list)  # numbers of new concept employees that were employees already
    paid: dict[int, tuple[Wages, Benefits]] = field(default_factory=dict)  # pay before the first write to it


class WatchedLoket(PassesOn):
    """`LoketTarget`. Who judges what was `done` empties it."""

    def __init__(self, loket: FakeLoket, watch: Watch) -> None:
        super().__init__(loket)
        self._loket, self._watch = loket, watch
        self.done = Done()

    def write(self, entity: LegalEntity, request: WriteRequest) -> WriteAnswer:
        before = self._loket.held(entity)
        if request.kind.pays:
            for number in filter(self._is_paid, self._loket.numbers(entity)):
                pay = self._loket.wages(entity, number), self._loket.benefits(entity, number)
                self.done.paid.setdefault(number, pay)
        answer = super().write(entity, request)
        for number, fields in self._loket.held(entity).items():
            was = before.get(number, {})
            emptied = (path for path in was if _emptied(was[path], fields.get(path, BLANK)))
            self.done.cleared.extend(Cleared(number, path, self._watch.reading.truth) for path in emptied)
        if request.kind is WriteKind.CONCEPT_CREATED:
            number = self._loket.sent[-1][1]
            self.done.hired.extend([number] if number in self._loket.numbers(entity) else [])
        return answer

    def _is_paid(self, number: int) -> bool:
        return any(one.income_number == 1 for one in self._loket.employments(TULP, number))

    def read(
        self,
        entity: LegalEntity,
        *,
        numbers: frozenset[EmployeeNumber],
        spared: Spared = never,
    ) -> LoketSnapshot:
        snapshot = super().read(entity, numbers=numbers, spared=spared)
        self._watch.reading = replace(self._watch.reading, employees=frozenset(map(int, snapshot.employees)))
        return snapshot


def _emptied(before: Observed, after: Observed) -> bool:
    return isinstance(before, str) and not isinstance(after, str)
