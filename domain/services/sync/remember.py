"""What the log knows of everyone in a legal entity before anything is decided: their streams, folded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from domain.planning.decide import Decision, EarlierNumbers, Memory
from domain.planning.pay.case import PayMemory
from domain.records.loket_record import LoketRecord
from domain.records.pay_record import PayRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Tools
from domain.services.sync.earlier_numbers import earlier_numbers, left_under
from domain.services.sync.hidden_concepts import hidden_concepts
from domain.services.sync.kept_concepts import everybody, kept_concepts, moved
from domain.services.telling import Told, opened, told
from domain.settings import Policy
from domain.snapshots import LoketSnapshot, PersonioSnapshot
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId, SubjectRef


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the log knows of the people of one entity, and of the numbers that are theirs or wait as a concept."""

    people: Mapping[PersonId, PersonioRecord]
    numbers: Mapping[EmployeeNumber, LoketRecord]
    members: Mapping[PersonId, EmployeeNumber | None]
    pay_told: Mapping[PersonId, PayRecord] = field(default_factory=dict)
    pay_held: Mapping[EmployeeNumber, PayRecord] = field(default_factory=dict)
    earlier: Mapping[PersonId, EarlierNumbers] = field(default_factory=dict)
    concepts: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # ids, where they are theirs
    beside: Mapping[EmployeeNumber, Sequence[LoketRecord]] = field(default_factory=dict)
    """What other entities of the same employer know of a number: it is the same employee for all of them."""
    unlisted: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # employed in Loket, and in no list there
    looks: Mapping[PersonId, str] = field(default_factory=dict)  # of members whom the last sweep did not see (RUN-7)
    hidden: Mapping[EmployeeNumber, str] = field(
        default_factory=dict
    )  # concept employees that are there, and in no list
    made_of: Told = field(default_factory=Told)

    def memory(self) -> Memory:
        creates: set[EmployeeNumber] = set()
        accounts: set[EmployeeNumber] = set()
        for number, record in self.numbers.items():
            for intent in record.open_intents.values():
                if intent.fact.kind.creates and not intent.fact.kind.dated:
                    (creates if intent.fact.target is None else accounts).add(number)
        return Memory(
            concepts=self.concepts,
            hidden=self.hidden,
            earlier=self.earlier,
            completed=frozenset(number for number, record in self.numbers.items() if record.completed),
            written={number: record.written for number, record in self.numbers.items() if record.concept_id},
            employees=self._employees(),
            creates_unknown=frozenset(creates),
            bank_accounts_unknown=frozenset(accounts),
            members=self.members,
            looks=self.looks,
            pay={number: self._pay(number, record) for number, record in self.pay_held.items()},
        )

    def _employees(self) -> dict[EmployeeNumber, str]:
        """Numbers that are or were seen as final employees, by any run, check or write on record (MATCH-5)."""
        beside = ((number, one) for number, each in self.beside.items() for one in each)
        everyone = (*beside, *self.numbers.items())
        known = {number: one.employee_id for number, one in everyone if one.employee_id is not None}
        return {**self.unlisted, **known}

    def _pay(self, number: EmployeeNumber, record: PayRecord) -> PayMemory:
        intents = self.number(number).open_intents.values()
        return record.memory(unknown=any(one.fact.kind.dated and one.fact.kind.creates for one in intents))

    def person(self, person: PersonId) -> PersonioRecord:
        return self.people.get(person, PersonioRecord())

    def told(self, decision: Decision) -> PayRecord:
        """What the log knows of the person's pay in Personio."""
        return self.pay_told.get(decision.person, PayRecord())

    def held(self, decision: Decision) -> PayRecord:
        """What the log knows of the number's pay in Loket."""
        return self.pay_held.get(decision.number, PayRecord()) if decision.number is not None else PayRecord()

    def number(self, number: EmployeeNumber) -> LoketRecord:
        return self.numbers.get(number, LoketRecord())

    def subject(self, decision: Decision) -> SubjectRef | None:
        """The natural person behind a decision, as far as the log knows one.

        A number lends its subject only while it is certain whose it is: one key must never hold two people (AUD-9).
        """
        theirs = None
        if decision.number is not None and not decision.identity_uncertain:
            theirs = self.number(decision.number).subject
        return self.person(decision.person).subject or theirs


def remember(tools: Tools, policy: Policy, personio: PersonioSnapshot, loket: LoketSnapshot) -> Remembered:
    """Fold what still tells something in the streams of everyone in the entity, now or at the last sweep.

    Of a number that another concept employee has now than we remember, nothing is remembered but which one that was.

    Beside them of every number that waits as a concept in any entity of the employer: whoever is finalised while they
    belong to nobody's sweep must be known as an employee afterwards (MATCH-5); and of every number in Loket that nobody
    has, which may be somebody's earlier one, what any of these entities know.
    """
    entity = policy.entity.personio_id
    members = {
        PersonId(person): EmployeeNumber(number) if number is not None else None
        for person, number in tools.views.sync_state.people(entity).items()
    }
    people = {*members, *(one.id for one in personio.people)}
    waiting = {one for each in (entity, *policy.same_employer) for one in tools.views.sync_state.concepts(each)}
    numbers = {*personio.numbers, *(number for number in members.values() if number is not None), *waiting}
    left = left_under(personio, loket, policy)
    person_streams = {person_stream(one): one for one in sorted(people)}
    loket_streams = {loket_stream(entity, one): one for one in sorted(numbers | left.keys())}
    found = opened(tools, told(tools.log, [*person_streams, *loket_streams]))
    histories = found.events
    held = {one: LoketRecord.of(histories.get(stream, ())) for stream, one in loket_streams.items()}
    beside = _beside(tools, policy.same_employer, numbers | left.keys())
    known = {one: (*beside.get(one, ()), record) for one, record in held.items()}
    hidden = hidden_concepts(tools.loket, policy.entity, known, loket)
    there = everybody(loket)
    elsewhere = _beside(tools, (entity, *policy.same_employer), moved(known, there))
    replaced = _replaced(held, loket) - hidden.keys()
    records = {one: PersonioRecord.of(histories.get(stream, ())) for stream, one in person_streams.items()}
    return Remembered(
        people=records,
        numbers={
            one: record.of_nobody() if one in replaced else record for one, record in held.items() if one in numbers
        },
        members=members,
        pay_told={one: PayRecord.of(histories.get(stream, ())) for stream, one in person_streams.items()},
        pay_held={
            one: PayRecord() if one in replaced else PayRecord.of(histories.get(stream, ()))
            for stream, one in loket_streams.items()
            if one in numbers
        },
        earlier=earlier_numbers(left, {one: known[one] for one in left}, personio, policy),
        concepts=kept_concepts({**known, **elsewhere}, personio, there, policy),
        beside={number: known for number, known in beside.items() if number in numbers},
        looks={one: record.looks[entity] for one, record in records.items() if entity in record.looks},
        hidden=hidden,
        unlisted=loket.unlisted,
        made_of=found,
    )


def _replaced(held: Mapping[EmployeeNumber, LoketRecord], loket: LoketSnapshot) -> frozenset[EmployeeNumber]:
    """Numbers that have another concept employee now than the one we remember: observing them will say so (MATCH-3)."""
    shown: dict[EmployeeNumber | None, set[str]] = {}
    for concept in loket.concepts:
        shown.setdefault(concept.number, set()).add(concept.id)
    return frozenset(
        number
        for number, record in held.items()
        if record.concept_id and number in shown and record.concept_id not in shown[number]
        and number not in loket.employees
    )  # fmt: skip


def _beside(
    tools: Tools, entities: Iterable[LegalEntityId], numbers: Iterable[EmployeeNumber]
) -> dict[EmployeeNumber, list[LoketRecord]]:
    theirs = {loket_stream(entity, number): number for number in sorted(numbers) for entity in sorted(entities)}
    found: dict[EmployeeNumber, list[LoketRecord]] = {}
    for stream, events in opened(tools, told(tools.log, theirs)).events.items():
        found.setdefault(theirs[stream], []).append(LoketRecord.of(events))
    return found
