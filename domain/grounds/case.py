"""One person as they were judged, and what holds for everybody: all that `decide` reads, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from domain.attributes import BSN, CITIZEN_SERVICE_NUMBER, Kind, Role
from domain.events.grounds import LeftOutJudged, NotSeenJudged
from domain.personal import Lost
from domain.planning import blanks, departures, eligibility
from domain.planning.comparison import comparable, tidy
from domain.planning.decide import Decision, EarlierNumbers, Memory
from domain.planning.employments import other_entities
from domain.planning.identity import BsnHolders, bsn_holders
from domain.planning.matching import Terminated
from domain.planning.pay.case import PayMemory
from domain.settings import Policy
from domain.snapshots import (
    Compensation,
    HeldHours,
    HeldPay,
    HeldValue,
    LoketConcept,
    LoketEmployee,
    LoketSnapshot,
    Paid,
    PaymentRecord,
    PayType,
    PeriodSpan,
    PersonioPerson,
    PersonioSnapshot,
    Sightings,
    UnreadablePay,
    by_person,
)
from domain.values import EmployeeNumber, FieldPath, Observed, PersonId


@dataclass(frozen=True, slots=True)
class Held:
    """What Loket holds of one employment besides the employee: the payment record and pay, as far as they were read."""

    payment: PaymentRecord | None = None
    wages: tuple[HeldPay, ...] | None = None
    wage_at_start: HeldPay | None = None
    benefits: tuple[HeldPay, ...] | None = None
    values: tuple[HeldValue, ...] | None = None
    hours: tuple[HeldHours, ...] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What the log remembered of the person and their number (`Memory`, one person of it)."""

    concept: str | None = None
    completed: bool = False
    written: Mapping[FieldPath, Observed] = field(default_factory=dict)
    employee: str | None = None
    create_unknown: bool = False
    bank_account_unknown: bool = False
    pay: PayMemory | None = None
    until: Mapping[FieldPath, date] = field(default_factory=dict)  # fields that stay as they are in Loket (DRIFT-8)
    accepted: Mapping[FieldPath, Observed] = field(default_factory=dict)  # Personio's value of each; erased ones lack
    held_out: bool = False
    earlier: EarlierNumbers = field(default_factory=EarlierNumbers)
    hidden: str | None = None  # the concept employee that is there, and in no list


@dataclass(frozen=True, slots=True)
class Case:
    """Somebody who was included. `person` is what Personio showed, before absent attributes were taken as blank."""

    person: PersonioPerson
    known: Known
    asked: bool = False  # by id, after the sweep (RUN-7), or emptied (EDIT-2)
    blank_before: frozenset[Role] = frozenset()  # what was blank of them then
    pay_hidden: bool = False  # PAY-14
    paid: tuple[Paid, ...] | None = None  # None: not read
    unreadable: tuple[UnreadablePay, ...] = ()
    compensations: tuple[Compensation, ...] = ()  # of who is or becomes a concept employee
    employees: tuple[LoketEmployee, ...] = ()  # under their number; of others only what leads to them
    concepts: tuple[LoketConcept, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)  # by employment


@dataclass(frozen=True, slots=True)
class Shared:
    """What holds for everybody of a legal entity. No personal value."""

    countries: frozenset[str] = frozenset()
    payroll_period: int | None = None
    bsn_readable: bool = True
    periods: tuple[PeriodSpan, ...] = ()
    shown: frozenset[Role] = frozenset()  # attributes that anybody showed (EDIT-2)
    vanished: frozenset[Role] = frozenset()  # that far fewer people showed than in the last accepted sweep
    unseen: frozenset[Role] = frozenset()  # that nobody has ever shown
    listed: frozenset[Role] = frozenset()  # in Personio's own list of readable ones
    accepted: bool = False  # a person accepted what this sweep did not show
    pay_types: frozenset[PayType] = frozenset()  # that anybody is paid (PAY-10); versions before did not record them


Grounds: TypeAlias = Case | LeftOutJudged | NotSeenJudged


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look read of both systems, and what was remembered."""

    personio: PersonioSnapshot
    shown: tuple[PersonioPerson, ...]  # its people as Personio showed them, before absent was taken as blank
    loket: LoketSnapshot
    compensations: tuple[Compensation, ...]
    memory: Memory
    blank_before: Mapping[PersonId, frozenset[Role]]  # of who was asked for by id


@dataclass(frozen=True, slots=True)
class Cases:
    """The grounds of each decision of one look."""

    looked: Looked
    policy: Policy
    holders: BsnHolders
    people: Mapping[PersonId, PersonioPerson]
    shown: Mapping[PersonId, PersonioPerson]
    pay_of: Mapping[PersonId, tuple[Compensation, ...]]
    concepts: Mapping[EmployeeNumber, tuple[LoketConcept, ...]]
    concept_ids: Mapping[str, LoketConcept]
    by_id: Mapping[str, LoketEmployee]

    @classmethod
    def of(cls, looked: Looked, policy: Policy) -> Cases:
        pay = by_person(looked.compensations)
        concepts: dict[EmployeeNumber, list[LoketConcept]] = {}
        for concept in looked.loket.concepts:
            if concept.number is not None:
                concepts.setdefault(concept.number, []).append(concept)
        return cls(
            looked,
            policy,
            bsn_holders(looked.loket),
            {one.id: one for one in looked.personio.people},
            {one.id: one for one in looked.shown},
            {person: tuple(each) for person, each in pay.items()},
            {number: tuple(each) for number, each in concepts.items()},
            {one.id: one for one in looked.loket.concepts},
            {one.id: one for one in reversed(list(looked.loket.employees.values()))},
        )

    def of_person(self, decision: Decision) -> Grounds:
        """What the decision stood on. Of whoever is left out only the gates, as for every other fact of theirs."""
        person = self.people.get(decision.person)
        if person is None:
            return self._not_seen(decision)
        if decision.included or decision.left_out is eligibility.HELD_OUT:
            return self._case(self.shown[person.id])
        return self._left_out(decision, person)

    def _case(self, person: PersonioPerson) -> Case:
        personio, loket, number = self.looked.personio, self.looked.loket, person.employee_number
        employee = loket.employees.get(number) if number is not None else None
        paid = personio.paid.get(person.id)
        return Case(
            person,
            self._known(person.id, number),
            person.id in personio.asked,
            self.looked.blank_before.get(person.id, frozenset()),
            person.id in personio.pay_hidden,
            None if paid is None else tuple(paid),
            tuple(personio.unreadable_pay.get(person.id, ())),
            self.pay_of.get(person.id, ()),
            (*((employee,) if employee else ()), *self._others(person, employee)),
            self._concepts(number) if number is not None else (),
            {one.id: held_of(loket, one.id) for one in (employee.employments if employee else ())},
        )

    def _concepts(self, number: EmployeeNumber) -> tuple[LoketConcept, ...]:
        """Who waits under the number, and whoever we remember of it, under whichever number."""
        here, known = self.concepts.get(number, ()), self.looked.memory.concepts.get(number, "")
        elsewhere = self.concept_ids.get(known)
        if elsewhere is None or elsewhere.number == number:
            return here
        return (*here, replace(elsewhere, fields={}))

    def _known(self, person: PersonId, number: EmployeeNumber | None) -> Known:
        memory = self.looked.memory
        earlier = memory.earlier.get(person, EarlierNumbers())
        if number is None:
            return Known(earlier=earlier)
        accepted = memory.accepted.get(number, ())
        written = memory.written.get(number, {})
        return Known(
            memory.concepts.get(number),
            number in memory.completed,
            {path: value for path, value in written.items() if not isinstance(value, Lost)},  # as good as never written
            memory.employees.get(number),
            number in memory.creates_unknown,
            number in memory.bank_accounts_unknown,
            memory.pay.get(number),
            {one.field: one.until for one in accepted},
            {one.field: one.personio for one in accepted if not isinstance(one.personio, Lost)},
            number in memory.held_out,
            earlier,
            memory.hidden.get(number),
        )

    def _others(self, person: PersonioPerson, own: LoketEmployee | None) -> Iterable[LoketEmployee]:
        """Employees under another number who tell something about this person: whose they are, and nothing more."""
        memory, number = self.looked.memory, person.employee_number
        mine = tidy(person.value(BSN))
        found: dict[str, LoketEmployee] = {}
        if isinstance(mine, str):
            for one in self.holders.get(comparable(Kind.BSN, mine), ()):
                fields = {CITIZEN_SERVICE_NUMBER: one.value(CITIZEN_SERVICE_NUMBER)}
                found[one.id] = replace(one, fields=fields)
        for known in (memory.employees.get(number), memory.concepts.get(number)) if number is not None else ():
            if known is not None and known in self.by_id and known not in found:
                found[known] = replace(self.by_id[known], fields={})
        return [one for one in found.values() if own is None or one.id != own.id]

    def _left_out(self, decision: Decision, person: PersonioPerson) -> LeftOutJudged:
        link = decision.link
        return LeftOutJudged(
            legal_entity=self.policy.entity.personio_id,
            person_id=person.id,
            employee_number=person.employee_number,
            income_number=person.income_number,
            status=eligibility.status_word(person),
            considered=eligibility.considered(person, self.policy).value,
            outside=eligibility.is_outside(person, self.policy),
            beside=tuple(sorted(other_entities(person))),
            corrected=bool(person.corrected),
            terminated=isinstance(link, Terminated),
            newer_runs=isinstance(link, Terminated) and link.newer_runs,
            rule="AUD-11",
        )

    def _not_seen(self, decision: Decision) -> NotSeenJudged:
        here, number = self.policy.entity.loket_payroll_administration_id, decision.number
        employee = self.looked.loket.employees.get(number) if number is not None else None
        return NotSeenJudged(
            legal_entity=self.policy.entity.personio_id,
            person_id=decision.person,
            employee_number=number,
            answer=departures.whereabouts(decision.person, self.looked.personio).value,
            before=self.looked.memory.looks.get(decision.person),
            open_here=employee is not None and employee.runs_in(here),
            rule="AUD-11",
        )


def held_of(loket: LoketSnapshot, employment: str) -> Held:
    return Held(
        loket.payments.get(employment),
        loket.pay.wages.get(employment),
        loket.pay.wage_at_start.get(employment),
        loket.pay.benefits.get(employment),
        loket.pay.values.get(employment),
        loket.pay.hours.get(employment),
    )


def shared_of(looked: Looked, before: Sightings | None, *, accepted: bool) -> Shared:
    """What one look found to hold for everybody."""
    personio, loket = looked.personio, looked.loket
    now = personio.sightings
    return Shared(
        loket.countries,
        loket.payroll_period,
        loket.bsn_readable,
        loket.pay.periods,
        blanks.shown(now),
        frozenset(blanks.vanished(now, before)),
        blanks.unseen(now, before),
        personio.listed,
        accepted,
        personio.types_paid,
    )
