"""Recording what a complete read of both systems adds to what the log knows (AUD-1, AUD-2, AUD-5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.events.loket import ChainRebuildEnded, Holding
from domain.events.personio import PersonLeftEntity
from domain.log import Fact, StreamId
from domain.planning import departures
from domain.planning.decide import Decision, Plan
from domain.planning.departures import Whereabouts, whereabouts
from domain.planning.eligibility import NOT_SEEN
from domain.planning.matching import FinalLink, Link, Terminated
from domain.records.loket_record import LoketRecord
from domain.records.pay_record import PayRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal
from domain.services.reading.observe import Observation
from domain.services.sync.remember import Remembered
from domain.settings import Policy
from domain.snapshots import PersonioPerson
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId, SubjectRef


def record_looks(journal: Journal, observation: Observation, remembered: Remembered, entity: LegalEntityId) -> None:
    """Of a read that is not believed only this is kept beside its sizes: whom it did not show, and why (RUN-7, RUN-12).

    It changes nothing; but when the next sweep says the same of all of them, the fall is explained.
    """
    facts: dict[StreamId, Sequence[Fact]] = {}
    for person in departures.not_seen(observation.personio, remembered.members):
        record = remembered.person(person)
        if whereabouts(person, observation.personio) is not Whereabouts.UNCLEAR:
            journal.knows(person_stream(person), record.next_version)
            facts[person_stream(person)] = record.not_seen(person, observation.personio, entity)
    journal.record_all({stream: news for stream, news in facts.items() if news})


@dataclass(frozen=True, slots=True)
class News:
    """What one observation adds to the log, by stream; and everyone included, with their subject."""

    facts: Mapping[StreamId, Sequence[Fact]]
    people: Mapping[PersonId, PersonioRecord]
    numbers: Mapping[EmployeeNumber, LoketRecord]


def record_observation(journal: Journal, news: News, remembered: Remembered) -> Remembered:
    """Append what changed on both sides since the last observation; answers the memory with every subject named."""
    journal.record_all(news.facts)
    return replace(
        remembered,
        people={**remembered.people, **news.people},
        numbers={**remembered.numbers, **news.numbers},
    )


def news_of(
    journal: Journal,
    observation: Observation,
    plan: Plan,
    remembered: Remembered,
    policy: Policy,
    *,
    confirming: bool = True,
) -> News:
    """What changed on both sides since the last observation, to be recorded with this journal; none of it is yet.

    Only a run is `confirming`: what it sees equal on both sides is what later differences are judged against (DRIFT-3).
    """
    shown = {one.id: one for one in observation.personio.people}
    recording = _Recording(journal, observation, remembered, policy, _speakers(plan, remembered), confirming)
    for decision in plan.decisions:
        journal.knows(person_stream(decision.person), remembered.person(decision.person).next_version)
        person = shown.get(decision.person)
        if person is None:
            recording.not_shown(decision)
        elif decision.included:
            recording.included(decision, person)
        else:
            recording.left_out(decision, person)
    recording.under_every_number()
    facts = {stream: news for stream, news in recording.facts.items() if news}
    return News(facts, recording.people, recording.numbers)


@dataclass(slots=True)
class _Recording:
    """What one observation adds to the log: first the person's own stream, then that of their number in Loket."""

    journal: Journal
    observation: Observation
    remembered: Remembered
    policy: Policy
    speakers: Mapping[EmployeeNumber, PersonId]
    confirming: bool
    facts: dict[StreamId, list[Fact]] = field(default_factory=dict)
    people: dict[PersonId, PersonioRecord] = field(default_factory=dict)  # of everyone included, with their subject
    numbers: dict[EmployeeNumber, LoketRecord] = field(default_factory=dict)
    linked: set[EmployeeNumber] = field(default_factory=set)  # whose link says that they are an employee

    def not_shown(self, decision: Decision) -> None:
        """A member whom this sweep does not show here: seen to have left, or not seen (WHO-1, RUN-7)."""
        entity, personio = self.policy.entity.personio_id, self.observation.personio
        if decision.left_out is NOT_SEEN:
            record = self.remembered.person(decision.person)
            self._of_person(decision, record.not_seen(decision.person, personio, entity))
        else:
            moved = personio.elsewhere.get(decision.person)
            self._of_person(decision, [PersonLeftEntity(legal_entity=entity, moved_to=moved, rule="WHO-1")])

    def left_out(self, decision: Decision, person: PersonioPerson) -> None:
        """Only the gates, the number and the end date in Loket: nothing else of them is ours to keep."""
        self._of_person(decision, self.remembered.person(person.id).observe_gates(person, self.policy))
        self._of_number(decision, self._theirs(decision))

    def included(self, decision: Decision, person: PersonioPerson) -> None:
        """Everything both systems show of them, sealed for the one natural person behind both."""
        subject = self.remembered.subject(decision) or self.journal.tools.vault.subject()
        known = (self.remembered.told(decision), self.remembered.held(decision))
        told, held = self.observation.pay.record(person.id, *known, subject, self.policy)
        pay_told = () if decision.pay_unclear else told  # what is not shown is not gone
        self._shown_by_personio(decision, person, subject, pay_told)
        self._held_by_loket(decision, person, subject, held)

    def _shown_by_personio(
        self, decision: Decision, person: PersonioPerson, subject: SubjectRef, pay: Iterable[Fact]
    ) -> None:
        record, hours = self.remembered.person(person.id), self.observation.pay.hours_told(decision)
        news = [
            *record.observe_gates(person, self.policy),
            *record.observe_attributes(person, self.policy, subject, hours),
            *pay,
        ]
        self._of_person(decision, news)
        named = replace(record, subject=subject)
        self.people[person.id] = named.followed_by(news, person_stream(person.id), self.journal.meta())

    def _held_by_loket(
        self, decision: Decision, person: PersonioPerson, subject: SubjectRef, pay: Iterable[Fact]
    ) -> None:
        known, number, link = self._theirs(decision), decision.number, decision.link
        facts = self._of_number(decision, replace(known, subject=known.subject or subject))
        if facts is None or number is None or link is None:
            return
        record, beside = self.numbers[number], self.remembered.beside.get(number, ())
        facts.extend(
            record.observe_fields(link, self.observation.loket, self.policy, record.subject or subject, beside)
        )
        facts.extend(pay)
        if self.confirming:
            facts.extend(self._equal(decision, link, person, record))

    def _theirs(self, decision: Decision) -> LoketRecord:
        return self.remembered.number(decision.number) if decision.number is not None else LoketRecord()

    def _of_person(self, decision: Decision, news: Iterable[Fact]) -> None:
        self.facts.setdefault(person_stream(decision.person), []).extend(news)

    def _of_number(self, decision: Decision, record: LoketRecord) -> list[Fact] | None:
        """What the number leads to. Answers its facts where this person's observation is the one recorded under it."""
        number, link = decision.number, decision.link
        if number is None or link is None:
            return None
        if self.speakers.get(number) != decision.person:
            return None
        if isinstance(link, FinalLink | Terminated):
            self.linked.add(number)
        facts, holding = self._under(number, record), Holding(record.concept_id)
        facts.extend(self._concept_ended(number, record))
        facts.extend(record.observe_link(decision.person, link))
        self.numbers[number] = record.of_nobody() if any(map(holding.ends_with, facts)) else record
        return facts

    def under_every_number(self) -> None:
        """Of each that is remembered, whoever has it: an employee who is there, a concept that waits no longer.

        Links say it too (MATCH-3, MATCH-5).
        """
        loket = self.observation.loket
        for number, record in self.remembered.numbers.items():
            employee = loket.employees.get(number)
            seen = () if number in self.numbers else self._concept_ended(number, record)
            if employee is not None and number not in self.linked:
                seen = (*seen, *record.observe_employee(employee))
            if seen:
                self._under(number, record).extend(seen)

    def _concept_ended(self, number: EmployeeNumber, record: LoketRecord) -> tuple[Fact, ...]:
        return () if number in self.remembered.hidden else record.observe_concept(number, self.observation.loket)

    def _under(self, number: EmployeeNumber, record: LoketRecord) -> list[Fact]:
        """The facts that are recorded under the number."""
        stream = loket_stream(self.policy.entity.personio_id, number)
        self.journal.knows(stream, record.next_version)
        return self.facts.setdefault(stream, [])

    def _equal(self, decision: Decision, link: Link, person: PersonioPerson, record: LoketRecord) -> Iterable[Fact]:
        """What is the same on both sides now: later differences are judged against it (DRIFT-3)."""
        pay, held_pay = self.observation.pay, self.remembered.held(decision)
        yield from _rebuild_done(decision, held_pay, self.journal.correlation)
        yield from record.confirm(link, person, self.observation.loket, self.policy, pay.equal_hours(decision))
        yield from pay.confirm(decision, held_pay)


def _rebuild_done(decision: Decision, record: PayRecord, run: str) -> tuple[Fact, ...]:
    """A rebuild that an earlier run began and of which nothing is left to do: its last step was only unconfirmed."""
    undecided = decision.findings or decision.pay_undecided
    if record.rebuild is None or undecided or any(one.kind.pays for one in decision.writes):
        return ()
    return (ChainRebuildEnded(unit=record.rebuild, run_id=run, done=0, complete=True, rule="PAY-8"),)


def _speakers(plan: Plan, remembered: Remembered) -> dict[EmployeeNumber, PersonId]:
    """Whose observation is recorded under each number: the one included person, else the first Loket ends or ended.

    While nobody can say whose a number is, nothing is recorded under it (MATCH-1).
    """
    claims = Counter(one.number for one in plan.included if one.number is not None)
    speakers = {
        one.number: one.person
        for one in reversed(plan.decisions)
        if one.number is not None and one.number not in claims and _end_date_is_told(one, remembered)
    }
    return speakers | {
        one.number: one.person
        for one in plan.included
        if one.number is not None and claims[one.number] == 1 and not one.identity_uncertain
    }


def _end_date_is_told(decision: Decision, remembered: Remembered) -> bool:
    """Of a person left out only an end date in Loket is of interest: that it is there, or is gone again (END-2)."""
    if isinstance(decision.link, Terminated):
        return True
    known = decision.number is not None and remembered.number(decision.number).ended_on is not None
    return known and isinstance(decision.link, FinalLink)
