"""Reading both systems completely, and whether what they show is believed (RUN-7, RUN-12, EDIT-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from domain.attributes import FIRST_CLASS, Role
from domain.errors import ImplausibleRead
from domain.planning import blanks, departures, eligibility, matching
from domain.planning.details import NOT_BELIEVED
from domain.planning.identity import asks_others
from domain.planning.matching import Terminated
from domain.planning.plausible import Beside, Doubt, Payees, Sweep, doubts, falls, fingerprint, sizes
from domain.planning.rights import UNKNOWN_WORDS, readable
from domain.records.pay_record import PayRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Progress, Tools, no_progress
from domain.services.reading.concept_pay import read_concept_pay
from domain.services.reading.last_read import LastRead
from domain.services.reading.read_pay import PayRead, read_pay, with_pay, with_told
from domain.services.reading.sweeps import last_accepted
from domain.services.reading.unread import (
    Asked,
    Found,
    Unread,
    ask,
    contradiction,
    differing,
    disproved,
    read_loket,
    told,
)
from domain.services.telling import opened_telling, telling
from domain.settings import AbsentIsBlank, Policy
from domain.snapshots import Compensation, LoketAccess, LoketSnapshot, PersonioPerson, PersonioSnapshot
from domain.streams import person_stream
from domain.values import BLANK, EmployeeNumber, PersonId


@dataclass(frozen=True, slots=True)
class Observation:
    """Both systems as read for one run, plan or check."""

    personio: PersonioSnapshot
    loket: LoketSnapshot
    compensations: tuple[Compensation, ...]
    pay: PayRead = field(default_factory=PayRead)  # of final employees; the records of Loket are in `loket` too
    concept_payees: Payees | None = None  # who had pay on the days that were read for concept employees
    access: LoketAccess = field(default_factory=LoketAccess)
    asked: Asked = field(default_factory=Asked)  # Loket's version numbers
    unread: Unread = field(default_factory=Unread)  # who was not read again (RUN-15)
    version: int | None = None  # the newest of Loket's version numbers, where the next run may rest on this read
    disproved: Found = ()  # changed, and no version number moved
    last: Sweep | None = None  # the last accepted sweep
    doubts: tuple[Doubt, ...] = ()  # why this one is not believed, and nobody accepted it (RUN-12)
    vanished: tuple[Role, ...] = ()  # attributes that too few people show, and nobody accepted it (EDIT-2)
    accepted: bool = False  # somebody looked, and said that this read is true
    pay_hidden: frozenset[PersonId] = frozenset()  # a salary of theirs is known, and no pay is shown (PAY-14)
    fingerprint: str = ""  # of a read that may be accepted
    left: frozenset[PersonId] = frozenset()  # who has left, when that explains everybody who is missing
    shown: tuple[PersonioPerson, ...] = ()  # the people as Personio showed them, before absent was taken as blank
    blank_before: Mapping[PersonId, frozenset[Role]] = field(default_factory=dict)  # of who was asked by id, or emptied

    @property
    def notes(self) -> tuple[str, ...]:
        saved = told(self.unread, len(self.personio.people))
        own = (one for one in (saved, self.asked.note, contradiction(self.disproved)) if one)
        return (*_access_notes(self.access), *self.personio.notes, *self.loket.notes, *own)

    @property
    def sweep(self) -> Sweep:
        """What was seen, to be held against the last one (RUN-12)."""
        read = [one for one in (self.pay.payees, self.concept_payees) if one is not None]
        salaried = frozenset[PersonId]().union(*(one.salaried for one in read))
        paid = frozenset[PersonId]().union(*(one.otherwise for one in read))
        whole = self.pay.payees is not None  # days of concept employees alone say nothing about anybody else
        payees = Payees(salaried, paid - salaried) if whole else None
        people, employees = len(self.personio.people), len(self.loket.employees)
        return Sweep(people, employees, payees, self.personio.sightings, self.pay.unpaid)

    @property
    def measure(self) -> Sweep:
        """What the next one is held against. A salary stays known until pay is shown, or its loss accepted (PAY-14).

        So it does of somebody who is left out, held out, ended in Loket or away meanwhile, whatever is shown of them.
        """
        sweep, before = self.sweep, self.last.payees if self.last else None
        if sweep.payees is None or before is None:
            return replace(sweep, payees=sweep.payees or before)
        lost = self.pay_hidden if self.accepted else frozenset[PersonId]()
        earlier = before.remembered - sweep.payees.everyone - lost
        return replace(sweep, payees=replace(sweep.payees, earlier=earlier))


Agreed = Callable[[str], bool]
"""Whether somebody accepted the doubted read that has this fingerprint."""


def nobody(fingerprint: str) -> bool:  # noqa: ARG001  the answer of all who cannot accept a read
    return False


def observe(
    tools: Tools,
    policy: Policy,
    today: date,
    progress: Progress,
    also: frozenset[EmployeeNumber] = frozenset(),
    *,
    agreed: Agreed = nobody,
    since: LastRead | None = None,
    whole: bool = True,
) -> Observation:
    """Read everything, or raise: no conclusion comes from a part. `also` are numbers the log wants looked at.

    Unless it is to be `whole`, whoever did not move `since` the last read of today is not read again (RUN-15).

    A complete read with `doubts` shows a part as well: whoever decides by it asks `believed` first, or refuses.
    """
    access = tools.loket.check(policy.entity)
    progress("reading Personio", 0, 0)
    last = last_accepted(tools, policy.entity.personio_id)
    personio, left = _with_missing(tools, policy, tools.personio.read(policy.entity, today=today), last, today)
    asked = Asked() if whole and since is None else ask(tools, policy, since, access, today)
    loket = _loket_beside(
        tools, policy, today, personio, also, progress, replace(asked, saves=asked.saves and not whole)
    )
    observation = replace(loket, access=access, last=last, left=left)
    return _held_against_last(tools, policy, observation, agreed)


def believed(observation: Observation) -> Observation:
    """The observation, or ImplausibleRead: what everybody asks who cannot accept it (RUN-12)."""
    if observation.doubts:
        raise ImplausibleRead(disbelief(observation))
    return observation


def disbelief(observation: Observation) -> str:
    """Why a complete read is not believed, in the same words for runs, checks and plans."""
    return NOT_BELIEVED.format(said="; ".join(one.text for one in observation.doubts))


def sizes_beside(observation: Observation) -> dict[str, Beside]:
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
    looks = {streams[name]: PersonioRecord.of(told).looks for name, told in telling(tools.log, streams).items()}
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
    hidden = _pay_hidden(tools, observation)
    print_of_read = fingerprint(sweep, found, gone, tools.vault, hidden) if found or gone or hidden else ""
    accepted = bool(print_of_read) and agreed(print_of_read)
    personio = observation.personio
    empty = blanks.readable(sweep.sightings, before, setting, listed=personio.listed, accepted=accepted)
    blank_before = _blank_before(tools, policy, personio, emptied=not (accepted and gone))
    unseen = blanks.unseen(sweep.sightings, before)
    return replace(
        observation,
        personio=replace(
            blanks.with_blanks(replace(personio, asked=frozenset(blank_before)), empty, setting, blank_before),
            unseen=unseen,
            pay_hidden=frozenset() if accepted else hidden,
        ),
        doubts=() if accepted else found,
        vanished=() if accepted else gone,
        accepted=accepted,
        pay_hidden=hidden,
        fingerprint=print_of_read,
        shown=personio.people,
        blank_before=blank_before,
    )


def _blank_before(
    tools: Tools, policy: Policy, personio: PersonioSnapshot, *, emptied: bool
) -> dict[PersonId, frozenset[Role]]:
    """What the log knows as blank of whoever was asked by id; and of who was `emptied`, unless that was accepted."""
    bare = {one.id for one in personio.people if emptied and blanks.lists_nothing(one)}
    streams = {person_stream(one): one for one in sorted(personio.asked | bare)}
    told = opened_telling(tools, streams)
    found = {}
    for name, one in streams.items():
        record = PersonioRecord.of(told.get(name, ()))
        known = {row.role: record.values[row.field].value for row in policy.catalogue if row.field in record.values}
        own = (value for role, value in known.items() if role not in FIRST_CLASS)
        if one in personio.asked or blanks.was_emptied(own, record.gates.considered if record.gates else None):
            found[one] = frozenset(role for role, value in known.items() if value is BLANK)
    return found


def _pay_hidden(tools: Tools, observation: Observation) -> frozenset[PersonId]:
    """Of whose pay was read: a salary of theirs is known, and nothing at all is shown (PAY-14).

    Known by the last accepted sweep; or by the log, where absence would now put it on record as gone.
    """
    pay, last = observation.pay, observation.last
    if pay.payees is None:
        return frozenset()
    silent = sorted(pay.finals.keys() - pay.payees.everyone)
    known = last.payees.remembered if last and last.payees else frozenset[PersonId]()
    streams = {person_stream(one): one for one in silent if one not in known}
    told = opened_telling(tools, streams)
    on_record = {streams[name] for name, events in told.items() if PayRecord.of(events).has_salary(since=pay.since)}
    return known.intersection(silent) | on_record


def _access_notes(access: LoketAccess) -> tuple[str, ...]:
    unknown = access.activities is not None and not readable(access.activities)
    return (*access.notes, UNKNOWN_WORDS) if unknown else access.notes


def look_again(
    tools: Tools,
    policy: Policy,
    today: date,
    before: Observation,
    also: frozenset[EmployeeNumber],
    *,
    agreed: Agreed = nobody,
    but: frozenset[EmployeeNumber] = frozenset(),
) -> Observation:
    """The same with a fresh read of Loket, which may lag behind a write (RUN-8) and is believed no sooner (RUN-12).

    `but` are read whether they moved or not, beside whoever was before.
    """
    shown = replace(before.personio, people=before.shown)
    loket = _loket_beside(tools, policy, today, shown, also, asked=replace(before.asked, but=before.asked.but | but))
    observation = replace(
        loket,
        access=before.access,
        last=before.last,
        left=before.left,
        version=before.version and loket.version,
        disproved=loket.disproved or before.disproved,
    )
    return _held_against_last(tools, policy, observation, agreed)


def _asks_others(personio: PersonioSnapshot, loket: LoketSnapshot, policy: Policy) -> bool:
    """Whether anybody is to be told from others by their BSN, those of people who are left out among them (MATCH-1)."""
    links = ((one, matching.match(one, loket, policy, {}, {})) for one in personio.people)
    return any(
        asks_others(one, link, policy)
        for one, link in links
        if not eligibility.exclusions(one, policy, terminated=isinstance(link, Terminated))
    )


def _loket_beside(
    tools: Tools,
    policy: Policy,
    today: date,
    personio: PersonioSnapshot,
    also: frozenset[EmployeeNumber],
    progress: Progress = no_progress,
    asked: Asked | None = None,
) -> Observation:
    """Loket, and pay on both sides: whose pay is needed depends on who is an employee there."""
    progress("reading Loket", 0, 0)
    asked = asked or Asked()
    numbers, wanted = personio.numbers | also, asked.unread(personio.people, also, policy)
    loket, unread = read_loket(tools, policy, numbers, asked, wanted)
    if unread.aside and _asks_others(personio, loket, policy):
        loket, unread = read_loket(tools, policy, numbers, asked, replace(wanted, aside=frozenset()))
    progress("reading pay", 0, 0)
    concepts = read_concept_pay(tools, policy, personio, loket, today)
    pay = read_pay(tools, policy, personio, loket, today, also, unread=unread.cases)
    unreadable = {**pay.unreadable, **concepts.unreadable}
    personio = replace(with_told(personio, pay), unreadable_pay=unreadable)
    loket = with_pay(loket, pay)
    apart = differing(asked, loket, policy)
    if apart and unread.since:  # whatever it comes from: nobody is left as they were known beside it
        return _loket_beside(tools, policy, today, personio, also, progress, replace(asked, saves=False))
    proof = disproved(tools, policy, asked, apart)
    return Observation(
        personio,
        loket,
        concepts.compensations,
        pay,
        concepts.payees,
        asked=asked,
        unread=unread,
        version=None if proof is None else asked.version,
        disproved=proof or (),
    )
