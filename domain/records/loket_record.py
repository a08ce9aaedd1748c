"""What the log says about one employee number in Loket, and what a new observation adds to it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, TypeVar, assert_never

from domain.attributes import PAYMENT_IBAN, WEEKLY_HOURS, Kind
from domain.events.loket import (
    ChangedBy,
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
from domain.events.values import FieldChange, FieldValue
from domain.log import Fact, Recorded
from domain.personal import Lost, Opened
from domain.planning.business_date import business_date
from domain.planning.comparison import alike, same, tidy
from domain.planning.matching import (
    Concept,
    FinalLink,
    Link,
    NotVisible,
    Terminated,
    UnderAnotherNumber,
    Unlinked,
    Unresolved,
)
from domain.planning.pay.hours import held_weekly
from domain.planning.writes import kinds_of, wanted
from domain.settings import Policy
from domain.snapshots import LoketEmployee, LoketSnapshot, PersonioPerson
from domain.values import NOT_OBSERVED, EmployeeNumber, FieldPath, Observed, PersonId, SubjectRef

_AN_EMPLOYEE: Final = (LinkState.FINAL, LinkState.TERMINATED)


@dataclass(frozen=True, slots=True)
class Intent:
    """A write that has no final outcome yet."""

    fact: WriteIntended
    reference: str
    unknown: bool = False  # its outcome was already recorded as unknown


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a write was to replace and with what, as far as it did not land."""

    before: Opened
    after: Opened


@dataclass(frozen=True, slots=True)
class Overwrite:
    """The latest overwrite of a field, and where the log says so."""

    run_id: str
    position: int
    before: Opened
    after: Opened
    at: datetime


@dataclass(frozen=True, slots=True)
class LoketRecord:
    """A fold of one number's stream. `fields` are the values Loket was last known to hold.

    `confirmed` are the values a run last wrote or saw equal on both sides; differences are judged by them (DRIFT-3).
    """

    next_version: int = 0
    subject: SubjectRef | None = None
    link: LinkObserved | None = None
    concept_id: str | None = None  # of the concept employee this product created or knew, until it is finalised
    holder: PersonId | None = None  # who had the number when it was last made for somebody or led to somebody
    completed: bool = False  # the concept employee was finalised, and no write to the employee has landed since
    employee_id: str | None = None  # of the final employee last seen under the number, until it is released (MATCH-5)
    fields: Mapping[FieldPath, Opened] = field(default_factory=dict)
    told_at: Mapping[FieldPath, int] = field(default_factory=dict)  # the position at which `fields` says so
    ended_on: date | None = None
    ended_employment: str | None = None  # the one that `ended_on` is about
    open_intents: Mapping[str, Intent] = field(default_factory=dict)
    unlanded: Mapping[FieldPath, Opened] = field(default_factory=dict)  # wanted by writes that ended as not applied
    confirmed: Mapping[FieldPath, Opened] = field(default_factory=dict)
    written: Mapping[FieldPath, Opened] = field(default_factory=dict)  # what a confirmed write of ours put there last
    written_at: Mapping[FieldPath, int] = field(default_factory=dict)
    attempted: Mapping[FieldPath, Attempt] = field(default_factory=dict)  # refused, not sent or not applied
    overwritten: Mapping[FieldPath, Overwrite] = field(default_factory=dict)

    @classmethod
    def of(cls, history: Iterable[Recorded]) -> LoketRecord:
        """The record after these events, whose personal values were opened."""
        record, last, holding = cls(), -1, Holding()
        for recorded in history:
            known = record.of_nobody() if holding.ends_with(recorded.fact) else record
            record, last = known._after(recorded), recorded.version
        return replace(record, next_version=last + 1)

    def of_nobody(self) -> LoketRecord:
        """Without what was known of whoever had the number."""
        return replace(
            self, fields={}, told_at={}, unlanded={}, confirmed={}, written={}, written_at={}, attempted={},
            overwritten={},
        )  # fmt: skip

    def _after(self, recorded: Recorded) -> LoketRecord:
        match recorded.fact:
            case LinkObserved(state=LinkState.UNLINKED) as link:
                return replace(self, link=link)
            case LinkObserved(state=LinkState.CONCEPT) as link:
                return replace(self, link=link, concept_id=link.loket_id, holder=PersonId(link.person_id))
            case LinkObserved() as link:
                employee = link.loket_id or "" if link.state in _AN_EMPLOYEE else self.employee_id
                return replace(self, link=link, employee_id=employee, holder=PersonId(link.person_id))
            case EmployeeSeen(loket_id=loket_id):
                return replace(self, employee_id=loket_id)
            case EmployeeReleased():
                return replace(self, employee_id=None, concept_id=None, link=None, holder=None)
            case LoketFieldsObserved(subject=subject, values=values):
                return replace(self, subject=SubjectRef(subject))._holds(_by_field(values), recorded.position)
            case LoketFieldChanged(field=name, after=after):
                return self._holds({FieldPath(name): _opened(after)}, recorded.position)
            case FieldOverwritten(field=name, before=before, after=after, run_id=run_id):
                at, position = recorded.meta.recorded_at, recorded.position
                latest = {FieldPath(name): Overwrite(run_id, position, _opened(before), _opened(after), at)}
                held = {FieldPath(name): _opened(after)}
                landed = self._wrote(held, position)._landed(held, position)  # as the end of its write says
                return replace(landed, overwritten={**self.overwritten, **latest})
            case FieldsConfirmed(fields=names):
                seen = {path: self.fields[path] for path in map(FieldPath, names) if path in self.fields}
                return replace(self, confirmed={**self.confirmed, **seen}, attempted=_without(self.attempted, seen))
            case TerminationObserved(effective_on=end, employment_id=ended):
                return replace(self, ended_on=end, ended_employment=ended)
            case TerminationReversed() | TerminationSuperseded():
                return replace(self, ended_on=None, ended_employment=None)
            case ConceptEmployeeCreated(concept_id=concept_id, person_id=person):
                return replace(self, concept_id=concept_id, holder=PersonId(person))
            case ConceptEmployeeFinalised(employee_id=employee_id):
                return replace(self, concept_id=None, employee_id=employee_id, completed=True)
            case ConceptEmployeeGone():
                return replace(self, concept_id=None, holder=None)
            case fact:
                return self._after_write(fact, recorded)

    def _after_write(self, fact: Fact, recorded: Recorded) -> LoketRecord:
        match fact:
            case WriteIntended(intent=intent, subject=subject):
                opened = {**self.open_intents, intent: Intent(fact, recorded.reference)}
                return replace(self, open_intents=opened, subject=self.subject or SubjectRef(subject))
            case WriteOutcomeUnknown(intent=intent) if intent in self.open_intents:
                known = replace(self.open_intents[intent], unknown=True)
                return replace(self, open_intents={**self.open_intents, intent: known})
            case WriteConfirmed(intent=intent) if intent in self.open_intents:
                return self._confirmed(fact, recorded.position)
            case WriteNotApplied(intent=intent):
                return self._tried(intent)._not_landed(intent)
            case WriteConflicted(intent=intent):
                return self._not_landed(intent)
            case WriteRefused(intent=intent) | WriteNotSent(intent=intent):
                return self._tried(intent)._without(intent)
            case _:
                return self

    def attempt(self, name: FieldPath) -> Attempt | None:
        """The latest write of this field that has not landed, open ones of unknown outcome included."""
        for intent in self.open_intents.values():
            for change in intent.fact.changes:
                if change.field == name:
                    return _attempt(change)
        return self.attempted.get(name)

    def _tried(self, intent: str) -> LoketRecord:
        if intent not in self.open_intents:
            return self
        changes = self.open_intents[intent].fact.changes
        tried = {FieldPath(one.field): _attempt(one) for one in changes}
        return replace(self, attempted={**self.attempted, **tried})

    def _without(self, intent: str) -> LoketRecord:
        return replace(self, open_intents={key: one for key, one in self.open_intents.items() if key != intent})

    def _confirmed(self, fact: WriteConfirmed, position: int) -> LoketRecord:
        """Of a create whose answer was lost only the number was seen: what is there is told by the next look."""
        intended = self.open_intents[fact.intent].fact
        ended = replace(self._without(fact.intent), completed=False)._wrote(wanted_of(intended.changes), position)
        return ended._landed(wanted_of(seen_to_land(fact, intended)), position)

    def _not_landed(self, intent: str) -> LoketRecord:
        if intent not in self.open_intents:
            return self
        values = wanted_of(self.open_intents[intent].fact.changes)
        return replace(self._without(intent), unlanded={**self.unlanded, **values})

    def _wrote(self, values: Mapping[FieldPath, Opened], position: int) -> LoketRecord:
        return replace(
            self,
            unlanded=_without(self.unlanded, values),
            written={**self.written, **values},
            written_at={**self.written_at, **dict.fromkeys(values, position)},
            attempted=_without(self.attempted, values),
        )

    def _landed(self, values: Mapping[FieldPath, Opened], position: int) -> LoketRecord:
        return replace(self._holds(values, position), confirmed={**self.confirmed, **values})

    def _holds(self, values: Mapping[FieldPath, Opened], position: int) -> LoketRecord:
        told_at = {**self.told_at, **dict.fromkeys(values, position)}
        return replace(self, fields={**self.fields, **values}, told_at=told_at)

    def observe_link(self, person: PersonId, link: Link) -> tuple[Fact, ...]:
        """Where the number stands now, when that is news."""
        seen = _link_fact(person, link)
        if seen is None:
            return ()
        news = seen != self.link and not (self.link is None and seen.state is LinkState.UNLINKED)
        return (*((seen,) if news else ()), *self._termination(link))

    def observe_employee(self, employee: LoketEmployee) -> tuple[Fact, ...]:
        """That the number is an employee in Loket, where that is news (MATCH-5)."""
        return () if self.employee_id == employee.id else (EmployeeSeen(loket_id=employee.id, rule="MATCH-5"),)

    def observe_concept(self, number: EmployeeNumber, loket: LoketSnapshot) -> tuple[Fact, ...]:
        """That the concept employee no longer waits, whoever has the number now (JOIN-3, MATCH-3).

        One that was completed under another number stays known by this one, and is told as such.
        """
        if self.concept_id is None:
            return ()
        if employee := loket.employees.get(number):
            return (ConceptEmployeeFinalised(concept_id=self.concept_id, employee_id=employee.id, rule="JOIN-3"),)
        waits = any(one.id == self.concept_id for one in loket.concepts)
        if waits or loket.employee_with_id(self.concept_id) is not None:
            return ()
        return (ConceptEmployeeGone(concept_id=self.concept_id, rule="MATCH-3"),)

    @property
    def _end_seen(self) -> tuple[str | None, date | None]:
        return self.ended_employment, self.ended_on

    def _termination(self, link: Link) -> tuple[Fact, ...]:
        match link:
            case Terminated(employment=employment) if (employment.id, employment.end) != self._end_seen:
                return (
                    TerminationObserved(
                        employment_id=employment.id,
                        income_number=employment.income_number,
                        effective_on=employment.end,
                        rule="END-2",
                    ),
                )
            case FinalLink(employment=employment) if self.ended_on is not None:
                if employment.id == self.ended_employment:
                    same = TerminationReversed(
                        employment_id=employment.id, income_number=employment.income_number, rule="END-2"
                    )
                    return (same,)
                other = TerminationSuperseded(
                    employment_id=employment.id, income_number=employment.income_number, rule="EMPL-3"
                )
                return (other,)
            case _:
                return ()

    def observe_fields(
        self,
        link: Link,
        loket: LoketSnapshot,
        policy: Policy,
        subject: SubjectRef,
        beside: Iterable[LoketRecord] = (),
    ) -> tuple[Fact, ...]:
        """Loket's values at first sight, and those that moved without a write of ours on record (RETRO-2, AUD-2).

        `beside` is what other legal entities of the employer know of the number, and may have written since.
        """
        others = [one.written_since(self.told_at) for one in beside]
        held = held_fields(link, loket, policy)
        firsts: list[FieldValue] = []
        facts: list[Fact] = []
        for name, (kind, value) in held.items():
            known = self.fields.get(name)
            if value is NOT_OBSERVED:
                continue
            if known is None or isinstance(known, Lost):
                firsts.append(FieldValue(name, value))
            elif not same(kind, known, value):
                sent = (self.unlanded, *others)
                ours = any(alike(kind, each.get(name), value) for each in sent)
                facts.append(
                    LoketFieldChanged(
                        subject=subject,
                        field=name,
                        before=known,
                        after=value,
                        changed_by=ChangedBy.OURS if ours else ChangedBy.SOMEONE_ELSE,
                    )
                )
        first = (LoketFieldsObserved(subject=subject, values=tuple(firsts), rule="AUD-2"),) if firsts else ()
        return (*first, *facts)

    def written_since(self, told_at: Mapping[FieldPath, int]) -> dict[FieldPath, Opened]:
        """What confirmed writes of this entity put there after these positions."""
        since = {name for name, position in self.written_at.items() if position > told_at.get(name, -1)}
        return {name: value for name, value in self.written.items() if name in since}

    def confirm(
        self,
        link: Link,
        person: PersonioPerson,
        loket: LoketSnapshot,
        policy: Policy,
        also: Iterable[FieldPath] = (),
    ) -> tuple[Fact, ...]:
        """The fields a run sees equal on both sides, where that is news (DRIFT-3).

        `also` are equal fields without a row in the catalogue: the weekly hours.
        """
        held = held_fields(link, loket, policy)
        want = wanted(person, policy, concept=isinstance(link, Concept))
        want |= {name: held[name][1] for name in also if name in held}
        news = []
        for name, (kind, value) in held.items():
            if value is NOT_OBSERVED or name not in want or not same(kind, value, want[name]):
                continue
            if not alike(kind, self.confirmed.get(name), value):
                news.append(str(name))
        return (FieldsConfirmed(fields=tuple(news), rule="DRIFT-3"),) if news else ()


def held_fields(link: Link, loket: LoketSnapshot, policy: Policy) -> dict[FieldPath, tuple[Kind, Observed]]:
    """The supported fields Loket holds for a linked person; empty for anyone else."""
    match link:
        case FinalLink(employee=employee, employment=employment):
            held = {
                row.field: (row.kind, tidy(employee.value(row.field))) for row in policy.catalogue if not row.is_key
            }
            record = loket.payments.get(employment.id)
            if PAYMENT_IBAN in held:
                held[PAYMENT_IBAN] = (Kind.IBAN, NOT_OBSERVED if record is None else tidy(record.iban))
            if policy.sends_hours:
                chain = loket.pay.hours.get(employment.id, ())
                day = max(business_date(loket.read_at), employment.start)
                held[WEEKLY_HOURS] = (kinds_of([WEEKLY_HOURS])[WEEKLY_HOURS], held_weekly(chain, day))
            return held
        case Concept(concept=concept):
            return {
                row.concept: (row.kind, tidy(concept.value(row.concept))) for row in policy.catalogue if row.concept
            }
        case Unlinked() | Terminated() | UnderAnotherNumber() | Unresolved() | NotVisible():
            return {}
        case _:
            assert_never(link)


def _link_fact(person: PersonId, link: Link) -> LinkObserved | None:
    match link:
        case Unlinked() | UnderAnotherNumber():
            return LinkObserved(state=LinkState.UNLINKED, person_id=person)
        case Concept(concept=concept):
            return LinkObserved(state=LinkState.CONCEPT, person_id=person, loket_id=concept.id)
        case FinalLink(employee=employee, employment=employment):
            return LinkObserved(
                state=LinkState.FINAL, person_id=person, loket_id=employee.id, employment_id=employment.id
            )
        case Terminated(employee=employee, employment=employment):
            return LinkObserved(
                state=LinkState.TERMINATED, person_id=person, loket_id=employee.id, employment_id=employment.id
            )
        case NotVisible(loket_id=loket_id):
            return LinkObserved(state=LinkState.NOT_VISIBLE, person_id=person, loket_id=loket_id)
        case Unresolved():
            return None
        case _:
            assert_never(link)


_Value = TypeVar("_Value")


def _without(values: Mapping[FieldPath, _Value], names: Container[FieldPath]) -> dict[FieldPath, _Value]:
    return {name: value for name, value in values.items() if name not in names}


def _attempt(change: FieldChange) -> Attempt:
    return Attempt(_opened(change.before), _opened(change.after))


def _by_field(values: Iterable[FieldValue]) -> dict[FieldPath, Opened]:
    return {FieldPath(one.field): _opened(one.value) for one in values}


def _opened(value: object) -> Opened:
    return value  # type: ignore[return-value]  # the record is folded from opened events


def wanted_of(changes: Iterable[FieldChange]) -> dict[FieldPath, Opened]:
    return {FieldPath(one.field): _opened(one.after) for one in changes}


def before_of(changes: Iterable[FieldChange]) -> dict[FieldPath, Opened]:
    return {FieldPath(one.field): _opened(one.before) for one in changes}
