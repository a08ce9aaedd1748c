"""Reading both systems completely, and recording what is new about them (RUN-2, RUN-7, AUD-1, AUD-2, AUD-5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain.attributes import Role
from domain.errors import ImplausibleRead
from domain.events.loket import ChainRebuildEnded
from domain.events.personio import PersonLeftEntity
from domain.log import Fact, StreamId
from domain.planning import blanks, departures, eligibility
from domain.planning.business_date import salary_date
from domain.planning.decide import Decision, Memory, Plan
from domain.planning.departures import Whereabouts, whereabouts
from domain.planning.eligibility import NOT_SEEN
from domain.planning.matching import FinalLink, Terminated
from domain.planning.pay.case import PayMemory
from domain.planning.plausible import Doubt, Payees, Sweep, doubts, falls, fingerprint, sizes
from domain.planning.rights import UNKNOWN_WORDS, readable
from domain.records.loket_record import LoketRecord
from domain.records.pay_record import PayRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal, Progress, Tools, opened_streams
from domain.services.sync.read_pay import PayRead, payees_in, read_pay, with_pay
from domain.services.sync.sweeps import last_accepted
from domain.settings import AbsentIsBlank, Policy
from domain.snapshots import Compensation, LoketAccess, LoketSnapshot, PersonioPerson, PersonioSnapshot
from domain.streams import loket_stream, person_stream
from domain.values import EmployeeNumber, LegalEntityId, PersonId, SubjectRef


@dataclass(frozen=True, slots=True)
class Observation:
    """Both systems as read for one run, plan or check."""

    personio: PersonioSnapshot
    loket: LoketSnapshot
    compensations: tuple[Compensation, ...]
    notes: tuple[str, ...] = ()
    pay: PayRead = field(default_factory=PayRead)  # of final employees; the records of Loket are in `loket` too
    concept_payees: Payees | None = None  # who had pay on the days that were read for concept employees
    activities: frozenset[str] | None = None  # what the Loket user may do; None: Loket does not tell
    last: Sweep | None = None  # the last accepted sweep
    doubts: tuple[Doubt, ...] = ()  # why this one is not believed, and nobody accepted it (RUN-12)
    vanished: tuple[Role, ...] = ()  # attributes that too few people show, and nobody accepted it (EDIT-2)
    fingerprint: str = ""  # of a read that may be accepted
    left: frozenset[PersonId] = frozenset()  # who has left, when that explains everybody who is missing

    @property
    def sweep(self) -> Sweep:
        """What is remembered of it, for the next one to be held against (RUN-12)."""
        read = [one for one in (self.pay.payees, self.concept_payees) if one is not None]
        salaried = frozenset[PersonId]().union(*(one.salaried for one in read))
        paid = frozenset[PersonId]().union(*(one.otherwise for one in read))
        whole = self.pay.payees is not None  # days of concept employees alone say nothing about anybody else
        payees = Payees(salaried, paid - salaried) if whole else None
        return Sweep(len(self.personio.people), len(self.loket.employees), payees, self.personio.sightings)


Agreed = Callable[[str], bool]
"""Whether somebody accepted the doubted read that has this fingerprint."""


def nobody(fingerprint: str) -> bool:  # noqa: ARG001  the answer of all who cannot accept a read
    return False


def observe(
    tools: Tools,
    policy: Policy,
    today: date,
    progress: Progress,
    also: Iterable[EmployeeNumber] = (),
    *,
    agreed: Agreed = nobody,
) -> Observation:
    """Read everything, or raise: no conclusion comes from a part. `also` are numbers the log wants looked at.

    A complete read with `doubts` shows a part as well: whoever decides by it asks `believed` first, or refuses.
    """
    access = tools.loket.check(policy.entity)
    progress("reading Personio", 0, 0)
    last = last_accepted(tools, policy.entity.personio_id)
    personio, left = _with_missing(tools, policy, tools.personio.read(policy.entity, today=today), last, today)
    progress("reading Loket", 0, 0)
    loket = tools.loket.read(policy.entity, numbers=_numbers(personio) | frozenset(also))
    progress("reading pay", 0, 0)
    compensations, concept_payees = _compensations(tools, policy, personio, loket, today)
    pay = read_pay(tools, policy, personio, loket, today, also)
    observation = Observation(
        replace(personio, paid=pay.paid),
        with_pay(loket, pay),
        compensations,
        (*_access_notes(access), *personio.notes, *loket.notes),
        pay,
        concept_payees,
        access.activities,
        last,
        left=left,
    )
    return _held_against_last(tools, policy, observation, agreed)


def believed(observation: Observation) -> Observation:
    """The observation, or ImplausibleRead: what everybody asks who cannot accept it (RUN-12)."""
    if observation.doubts:
        raise ImplausibleRead(disbelief(observation))
    return observation


def disbelief(observation: Observation) -> str:
    """Why a complete read is not believed, in the same words for runs, checks and plans."""
    reasons = "; ".join(one.text for one in observation.doubts)
    return f"the read is complete and cannot be believed: {reasons}. Nothing was changed"


def sizes_beside(observation: Observation) -> dict[str, tuple[int | None, int | None]]:
    """How large the last accepted sweep was and this one is; and of how many a key was shown that nobody shows now."""
    before, now = sizes(observation.last), sizes(observation.sweep)
    hidden = {one.what: (one.before, one.now) for one in observation.doubts if one.what not in now}
    return {**{what: (before[what], now[what]) for what in now}, **hidden}


def _with_missing(
    tools: Tools, policy: Policy, personio: PersonioSnapshot, last: Sweep | None, today: date
) -> tuple[PersonioSnapshot, frozenset[PersonId]]:
    """The sweep with whoever is missing asked for by id, and who has left, when that is true of all who are missing.

    Of more than twenty whose absence cannot be believed, nobody is asked: a person has to look (RUN-7, RUN-12).
    """
    entity = policy.entity.personio_id
    members = [PersonId(one) for one in tools.views.sync_state.people(entity)]
    personio = departures.placed(personio, members)
    missing = departures.missing(personio, members)
    before = last.people if last else 0
    few = len(missing) <= departures.ASKED_AT_MOST or not falls(before, len(personio.people), policy.plausible)
    if missing and few:
        personio = departures.with_answers(personio, tools.personio.ask(missing, today=today), entity)
    not_seen = departures.not_seen(personio, members)
    streams = {person_stream(one): one for one in not_seen}
    looks = {streams[name]: PersonioRecord.of(told).looks for name, told in tools.log.streams(list(streams)).items()}
    left = {one for one in not_seen if departures.has_left(one, personio, looks.get(one, {}).get(entity))}
    explained = len(not_seen) <= departures.ASKED_AT_MOST and len(left) == len(not_seen)
    return personio, frozenset(left) if explained else frozenset()


def _held_against_last(tools: Tools, policy: Policy, observation: Observation, agreed: Agreed) -> Observation:
    """Held against the last accepted sweep, with what is absent made blank where that is what it means (EDIT-2)."""
    last, sweep, setting = observation.last, observation.sweep, policy.rules.absent_is_blank
    before = last.sightings if last else None
    people = observation.personio.people if observation.pay.payees is not None else ()
    payable = {one.id for one in people if not eligibility.exclusions(one, policy, terminated=False)}
    found = doubts(sweep, last, policy.plausible, left=observation.left, payable=payable)
    gone = blanks.vanished(sweep.sightings, before) if setting is AbsentIsBlank.IF_SHOWN else ()
    print_of_read = fingerprint(sweep, found, gone, tools.vault) if found or gone else ""
    accepted = bool(print_of_read) and agreed(print_of_read)
    personio = observation.personio
    empty = blanks.readable(sweep.sightings, before, setting, listed=personio.listed, accepted=accepted)
    unseen = blanks.unseen(sweep.sightings, before)
    return replace(
        observation,
        personio=replace(blanks.with_blanks(personio, empty), unseen=unseen),
        doubts=() if accepted else found,
        vanished=() if accepted else gone,
        fingerprint=print_of_read,
    )


def _access_notes(access: LoketAccess) -> tuple[str, ...]:
    unknown = access.activities is not None and not readable(access.activities)
    return (*access.notes, UNKNOWN_WORDS) if unknown else access.notes


def look_again(
    tools: Tools,
    policy: Policy,
    today: date,
    before: Observation,
    also: Iterable[EmployeeNumber],
    *,
    agreed: Agreed = nobody,
) -> Observation:
    """The same with a fresh read of Loket, which may lag behind a write (RUN-8) and is believed no sooner (RUN-12)."""
    loket = tools.loket.read(policy.entity, numbers=_numbers(before.personio) | frozenset(also))
    pay = read_pay(tools, policy, before.personio, loket, today, also)
    personio = replace(before.personio, paid=pay.paid)
    again = replace(before, personio=personio, loket=with_pay(loket, pay), pay=pay)
    return _held_against_last(tools, policy, again, agreed)


def _numbers(personio: PersonioSnapshot) -> frozenset[EmployeeNumber]:
    return frozenset(number for one in personio.people if (number := one.employee_number) is not None)


def _compensations(
    tools: Tools, policy: Policy, personio: PersonioSnapshot, loket: LoketSnapshot, today: date
) -> tuple[tuple[Compensation, ...], Payees | None]:
    """Base salaries for people who are or become concept employees, as of the day each of them needs (JOIN-4).

    And who had pay on those days, of everyone; None when no day was needed.
    """
    concepts = [one for one in personio.people if _may_be_concept(one, loket)]
    days: dict[date, set[PersonId]] = {}
    for one in concepts:
        days.setdefault(salary_date(one, today), set()).add(one.id)
    listed = [(people, tools.personio.compensations(policy.entity, on=day)) for day, people in sorted(days.items())]
    theirs = tuple(pay for people, on_day in listed for pay in on_day if pay.person in people)
    return theirs, payees_in((pay for _, on_day in listed for pay in on_day), personio) if days else None


def _may_be_concept(person: PersonioPerson, loket: LoketSnapshot) -> bool:
    return person.employee_number is not None and person.employee_number not in loket.employees


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the log knows of the people and numbers of one entity."""

    people: Mapping[PersonId, PersonioRecord]
    numbers: Mapping[EmployeeNumber, LoketRecord]
    members: Mapping[PersonId, EmployeeNumber | None]
    pay_told: Mapping[PersonId, PayRecord] = field(default_factory=dict)
    pay_held: Mapping[EmployeeNumber, PayRecord] = field(default_factory=dict)
    salaried: frozenset[PersonId] = frozenset()  # in the last accepted sweep (PAY-14)
    known_beside: Mapping[EmployeeNumber, str] = field(default_factory=dict)  # by entities of the same employer
    looks: Mapping[PersonId, str] = field(default_factory=dict)  # of members whom the last sweep did not see (RUN-7)

    def memory(self) -> Memory:
        creates: set[EmployeeNumber] = set()
        accounts: set[EmployeeNumber] = set()
        for number, record in self.numbers.items():
            for intent in record.open_intents.values():
                if intent.fact.kind.creates and not intent.fact.kind.dated:
                    (creates if intent.fact.target is None else accounts).add(number)
        return Memory(
            concepts={number: record.concept_id for number, record in self.numbers.items() if record.concept_id},
            written={number: record.written for number, record in self.numbers.items() if record.concept_id},
            employees={**self.known_beside, **self._employees()},
            creates_unknown=frozenset(creates),
            bank_accounts_unknown=frozenset(accounts),
            members=self.members,
            looks=self.looks,
            pay={number: self._pay(number, record) for number, record in self.pay_held.items()},
            salaried=self.salaried,
        )

    def _employees(self) -> dict[EmployeeNumber, str]:
        """Numbers that were seen as final employees, by any run, check or write on record (MATCH-5)."""
        return {number: one.employee_id for number, one in self.numbers.items() if one.employee_id is not None}

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
        trusted = decision.number is not None and not decision.identity_uncertain
        theirs = self.number(decision.number).subject if decision.number is not None and trusted else None
        return self.person(decision.person).subject or theirs


def remember(tools: Tools, policy: Policy, personio: PersonioSnapshot) -> Remembered:
    """Fold the streams of everyone in the entity, now or at the last sweep."""
    entity = policy.entity.personio_id
    members = {
        PersonId(person): EmployeeNumber(number) if number is not None else None
        for person, number in tools.views.sync_state.people(entity).items()
    }
    people = {*members, *(one.id for one in personio.people)}
    numbers = {*_numbers(personio), *(number for number in members.values() if number is not None)}
    person_streams = {person_stream(one): one for one in sorted(people)}
    loket_streams = {loket_stream(entity, one): one for one in sorted(numbers)}
    histories = opened_streams(tools, [*person_streams, *loket_streams])
    before = last_accepted(tools, entity)
    records = {one: PersonioRecord.of(histories.get(stream, ())) for stream, one in person_streams.items()}
    return Remembered(
        records,
        {one: LoketRecord.of(histories.get(stream, ())) for stream, one in loket_streams.items()},
        members,
        {one: PayRecord.of(histories.get(stream, ())) for stream, one in person_streams.items()},
        {one: PayRecord.of(histories.get(stream, ())) for stream, one in loket_streams.items()},
        before.payees.salaried if before is not None and before.payees is not None else frozenset(),
        known_beside(tools, policy.same_employer, numbers),
        {one: record.looks[entity] for one, record in records.items() if entity in record.looks},
    )


def known_beside(
    tools: Tools, entities: Iterable[LegalEntityId], numbers: Iterable[EmployeeNumber]
) -> dict[EmployeeNumber, str]:
    """Numbers that another entity of the same employer knows as final employees: numbers are the employer's."""
    theirs = {loket_stream(entity, number): number for number in sorted(numbers) for entity in sorted(entities)}
    found = ((theirs[stream], LoketRecord.of(events)) for stream, events in tools.log.streams(list(theirs)).items())
    return {number: record.employee_id for number, record in found if record.employee_id is not None}


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


def record_observation(
    journal: Journal,
    observation: Observation,
    plan: Plan,
    remembered: Remembered,
    policy: Policy,
    *,
    confirming: bool = True,
) -> Remembered:
    """Append what changed on both sides since the last observation; answers the memory with every subject named.

    Of a person left out only the gates, the number and the Loket end date are recorded. Only a run is `confirming`:
    what it sees equal on both sides is what later differences are judged against (DRIFT-3).
    """
    entity = policy.entity.personio_id
    present = {one.id: one for one in observation.personio.people}
    people, numbers = dict(remembered.people), dict(remembered.numbers)
    speaker = _speakers(plan, remembered)
    facts: dict[StreamId, list[Fact]] = {}
    for decision in plan.decisions:
        record, number = remembered.person(decision.person), decision.number
        journal.knows(person_stream(decision.person), record.next_version)
        ours = facts.setdefault(person_stream(decision.person), [])
        person = present.get(decision.person)
        if person is None:
            if decision.left_out is NOT_SEEN:
                ours.extend(record.not_seen(decision.person, observation.personio, entity))
            else:
                moved = observation.personio.elsewhere.get(decision.person)
                ours.append(PersonLeftEntity(legal_entity=entity, moved_to=moved, rule="WHO-1"))
            continue
        ours.extend(record.observe_gates(person, policy))
        theirs = remembered.number(number) if number is not None else LoketRecord()
        if decision.included:
            subject = remembered.subject(decision) or journal.tools.vault.subject()
            theirs = replace(theirs, subject=theirs.subject or subject)
            ours.extend(record.observe_attributes(person, policy, subject, observation.pay.hours_told(person.id)))
            told, held = observation.pay.record(
                decision.person, remembered.told(decision), remembered.held(decision), subject, policy
            )
            ours.extend(() if decision.pay_hidden else told)  # what is not shown is not gone
            named = replace(record, subject=subject)
            people[decision.person] = named.followed_by(ours, person_stream(decision.person), journal.meta())
        if number is None or decision.link is None:
            continue
        spoken_for = speaker.get(number) == decision.person
        seen = _employee_seen(decision, theirs, observation.loket, spoken_for=spoken_for)
        if not spoken_for and not seen:
            continue
        stream = loket_stream(entity, number)
        journal.knows(stream, theirs.next_version)
        loket_facts = facts.setdefault(stream, [])
        loket_facts.extend(one for one in seen if one not in loket_facts)
        if not spoken_for:
            continue
        numbers[number] = theirs
        loket_facts.extend(theirs.observe_link(decision.person, decision.link))
        if decision.included and theirs.subject:
            loket_facts.extend(theirs.observe_fields(decision.link, observation.loket, policy, theirs.subject))
            loket_facts.extend(held)
            if confirming:
                loket_facts.extend(_rebuild_done(decision, remembered.held(decision), journal.correlation))
                hours = observation.pay.equal_hours(decision)
                loket_facts.extend(theirs.confirm(decision.link, person, observation.loket, policy, hours))
                loket_facts.extend(observation.pay.confirm(decision, remembered.held(decision)))
    journal.record_all({stream: ours for stream, ours in facts.items() if ours})
    return replace(remembered, people=people, numbers=numbers)


def _employee_seen(
    decision: Decision, record: LoketRecord, loket: LoketSnapshot, *, spoken_for: bool
) -> tuple[Fact, ...]:
    """The number is an employee in Loket, of whomever it is; silent where the link says it (MATCH-5)."""
    employee = loket.employees.get(decision.number) if decision.number is not None else None
    if employee is None or (spoken_for and isinstance(decision.link, FinalLink | Terminated)):
        return ()
    return record.observe_employee(employee)


def _rebuild_done(decision: Decision, record: PayRecord, run: str) -> tuple[Fact, ...]:
    """A rebuild that an earlier run began and of which nothing is left to do: its last step was only unconfirmed."""
    if record.rebuild is None or decision.findings or any(one.kind.pays for one in decision.writes):
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
