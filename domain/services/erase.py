"""Erasing a person: asked for, judged, confirmed by a second person, carried out whatever happens (AUD-9).

requested -> confirmed (durable, with the keys) -> keys destroyed -> completed
A confirmed erasure that a crash cut short is finished when the log is next opened. So is one whose keys nobody can
read any more, but whose bytes are in files that somebody reads, such as a backup: it stays confirmed until then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from domain.erasure import KeptClass, RetentionPeriods, Standing, kept_classes
from domain.errors import KeysOnDisk, Misconfigured, MustBeKept, NotFound, SecondPersonNeeded
from domain.events.custody import MorePeopleAsked, PeopleNamed, ValuesUnmasked
from domain.events.erasure import (
    DestroyedKey,
    ErasureCompleted,
    ErasureConfirmed,
    ErasureRefused,
    ErasureRequested,
    ErasuresReapplied,
    HoldPlaced,
    HoldReleased,
)
from domain.events.loket import LinkObserved, TerminationObserved, TerminationReversed
from domain.events.personio import GatesObserved, PersonLeftEntity
from domain.events.report import ReportOrdered
from domain.events.runs import OutcomesRecorded
from domain.four_eyes import SURELY, is_second_person
from domain.log import Fact, Log, Meta, Pending, Recorded, StreamAppend, fitting
from domain.outcomes import outcome_of
from domain.personal import Retention
from domain.planning.business_date import business_date
from domain.ports import Clock, HistoryViews, KeyCustody
from domain.records.erasure_book import Erasure, ErasureBook, ErasureState
from domain.streams import CUSTODY, ERASURES, person_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, PersonId, SubjectRef, trimmed

DEFAULT_PERIODS: Final = RetentionPeriods()
_AT_ONCE: Final = 500
_TOGETHER: Final = 500  # keys in one event
_REASONED: Final = (ValuesUnmasked, MorePeopleAsked, ReportOrdered)
"""Their reason is sealed under a subject of its own, unless they are about one person."""


@dataclass(frozen=True, slots=True)
class Eraser:
    """Erasures in the name of one actor."""

    log: Log
    keys: KeyCustody
    views: HistoryViews
    clock: Clock
    actor: Actor
    periods: RetentionPeriods = DEFAULT_PERIODS

    def book(self) -> ErasureBook:
        return ErasureBook.of(self.log.stream(ERASURES))

    def entities(self, person: PersonId) -> frozenset[LegalEntityId]:
        """The legal entities the person was ever seen in: an erasure reaches all of them. Empty for someone unknown."""
        seen = (event.fact for event in self.log.stream(person_stream(person)))
        return frozenset(LegalEntityId(one.legal_entity) for one in seen if isinstance(one, GatesObserved))

    def request(self, person: PersonId, reason: str) -> Erasure:
        """Ask to erase a person. What must be kept is told at once; the rest waits for a second person.

        Raises NotFound for a person the log does not know, Misconfigured without a reason.
        """
        book = self.book()
        waiting = book.open_for(person)
        if waiting is not None:
            return waiting
        known = self._known(person)
        erasure = f"erasure-{book.next_version}"  # its place in the stream: no two are the same
        asked = ErasureRequested(
            erasure=erasure, person_id=person, subject=known.subject, reason=_given(reason), rule="AUD-9"
        )
        kept = self._kept(person, known, book, {Retention.FISCAL_7Y})  # the reason will be sealed as fiscal
        self._record(book, [asked, *_refusals(erasure, person, kept)])
        return self.book().erasures[erasure]

    def confirm(self, erasure: str) -> Erasure:
        """Agree to another actor's request, judged afresh, and carry it out, as far as that goes now.

        Raises NotFound for no such open request, SecondPersonNeeded for one's own, MustBeKept if nothing may go now.
        """
        book = self.book()
        asked = book.erasures.get(erasure)
        if asked is None or asked.state is ErasureState.COMPLETED:
            raise NotFound(f"there is no open request {erasure}")
        if asked.state is ErasureState.REQUESTED:
            if not is_second_person(asked.requested_by, self.actor):
                raise SecondPersonNeeded(
                    f"{erasure} was requested by {asked.requested_by}: somebody else has to confirm it{SURELY}"
                )
            self._confirm(book, erasure, asked.person, self._known(asked.person))
        self.try_to_finish()
        return self.book().erasures[erasure]

    def apply_retention(self) -> tuple[Erasure, ...]:
        """Erase every class of every person whose period is over and who is not held; no request is needed for that."""
        begun: list[str] = []
        everyone, expired = self._everyone()
        begun += self._expire(expired)
        for person in sorted(everyone):
            book, known = self.book(), self._known(person)
            erasure = f"retention-{business_date(self.clock.now())}-{person}"
            if erasure not in book.erasures and self._doomed(person, known, book)[0]:
                self._confirm(book, erasure, person, known)
                begun.append(erasure)
        self.try_to_finish()
        return tuple(self.book().erasures[one] for one in begun)

    def hold(self, person: PersonId, reason: str) -> None:
        """Keep everything of a person until the hold is released."""
        subject = self._known(person).subject
        self._record(self.book(), [HoldPlaced(person_id=person, subject=subject, reason=_given(reason), rule="AUD-9")])

    def release(self, person: PersonId, reason: str) -> None:
        book = self.book()
        if person not in book.holds:
            raise NotFound(f"person {person} is not held")
        subject = self._known(person).subject
        self._record(book, [HoldReleased(person_id=person, subject=subject, reason=_given(reason), rule="AUD-9")])

    def finish(self) -> tuple[Erasure, ...]:
        """Carry out every confirmed erasure that is not complete; doing it twice is doing it once.

        Raises KeysOnDisk where nobody can read the keys any more and the erasures are not complete for all that.
        """
        done = self.book().unfinished
        if done:
            self._destroy([key for one in done for key in one.keys])
            self.keys.wipe()
        for one in done:
            completed = ErasureCompleted(erasure=one.id, person_id=one.person, keys=one.keys, rule="AUD-9")
            self._record(self.book(), [completed])
        return done

    def try_to_finish(self) -> None:
        """As `finish`; while bytes of keys that nobody can read any more stay on the disk, erasures stay confirmed."""
        with suppress(KeysOnDisk):
            self.finish()

    def returned(self) -> tuple[DestroyedKey, ...]:
        """Keys that were destroyed and are there again: the key store came from a backup."""
        honoured = self.book().honoured
        there = self.keys.present(frozenset(key.key_id for key in honoured))
        return tuple(key for key in honoured if key.key_id in there)

    def reapply(self) -> tuple[DestroyedKey, ...]:
        """Destroy again what a restored key store brought back. Raises KeysOnDisk as `finish`: do it once more."""
        back = self.returned()
        if back:
            self._destroy(back)
            parts = fitting((key.key_id for key in back), _TOGETHER)
            self._record(self.book(), [ErasuresReapplied(key_ids=part, rule="AUD-9") for part in parts])
        self.keys.wipe()
        return back

    def _confirm(self, book: ErasureBook, erasure: str, person: PersonId, known: _Known) -> None:
        keys, kept = self._doomed(person, known, book)
        if not keys:
            why = "; ".join(_why_kept(one) for one in kept) or "no key of this person is left"
            raise MustBeKept(f"nothing of person {person} may be erased now: {why}")
        self._record(book, [*_refusals(erasure, person, kept), *_confirmed(erasure, person, keys)])

    def _doomed(
        self, person: PersonId, known: _Known, book: ErasureBook
    ) -> tuple[tuple[DestroyedKey, ...], tuple[KeptClass, ...]]:
        """The keys that may be destroyed today, and the classes that must be kept."""
        kept = self._kept(person, known, book)
        held_back = {one.retention for one in kept}
        theirs = chain.from_iterable(map(self._keys_of, known.subjects))
        keys = [key for key in theirs if key.retention not in held_back]
        if Retention.FISCAL_7Y in held_back:  # reasons are kept like what is fiscal
            return tuple(keys), kept
        return (*keys, *self._reasons_naming(known.subjects)), kept

    def _reasons_naming(self, subjects: Collection[SubjectRef]) -> Iterator[DestroyedKey]:
        """The keys of reasons that may name one of several people."""
        named = (one.fact for one in self.log.stream(CUSTODY) if isinstance(one.fact, PeopleNamed))
        reasons = dict.fromkeys(SubjectRef(one.subject) for one in named if not set(subjects).isdisjoint(one.people))
        return chain.from_iterable(map(self._keys_of, reasons))

    def _keys_of(self, subject: SubjectRef) -> Iterator[DestroyedKey]:
        return (DestroyedKey(subject, retention, key_id) for retention, key_id in self.keys.held(subject))

    def _kept(
        self, person: PersonId, known: _Known, book: ErasureBook, more: Iterable[Retention] = ()
    ) -> tuple[KeptClass, ...]:
        classes = {retention for subject in known.subjects for retention, _ in self.keys.held(subject)}
        standing = Standing(known.last_fact, known.left_on, person in book.holds)
        return kept_classes({*classes, *more}, standing, self.periods, today=business_date(self.clock.now()))

    def _destroy(self, keys: Sequence[DestroyedKey]) -> None:
        """By id: a person who came back meanwhile has another key, which stays."""
        there = self.keys.present(frozenset(key.key_id for key in keys))
        for key in keys:
            if key.key_id in there:
                self.keys.destroy(SubjectRef(key.subject), key.retention)

    def _known(self, person: PersonId) -> _Known:
        self.views.catch_up()
        return _known(person, tuple(self._events(person)))

    def _events(self, person: PersonId) -> Iterator[Recorded]:
        """Everything the log has about a person, in order: their own stream and their numbers' histories."""
        own = self.log.stream(person_stream(person))
        numbers = {
            (event.fact.legal_entity, event.fact.employee_number)
            for event in own
            if isinstance(event.fact, GatesObserved) and event.fact.employee_number is not None
        }
        positions = {event.position for event in own}
        for entity, number in numbers:
            positions.update(self.views.history.positions(LegalEntityId(entity), EmployeeNumber(number)))
        ordered = sorted(positions)
        for start in range(0, len(ordered), _AT_ONCE):
            yield from self.log.at(ordered[start : start + _AT_ONCE])

    def _everyone(self) -> tuple[set[PersonId], tuple[SubjectRef, ...]]:
        """Everyone the log holds a value of, and the reasons of nobody in particular that are past their period: one
        pass over the log."""
        people: set[PersonId] = set()
        natural: set[str] = set()
        reasons: dict[SubjectRef, date] = {}
        for event in self.log.replay():
            subject = getattr(event.fact, "subject", "")
            if not subject:
                continue
            if isinstance(event.fact, _REASONED):
                reasons[SubjectRef(subject)] = business_date(event.meta.recorded_at)
            elif not isinstance(event.fact, PeopleNamed):
                natural.add(subject)
                if event.stream.startswith("person:"):
                    people.add(PersonId(event.stream.removeprefix("person:")))
        today = business_date(self.clock.now())
        over = (one for one, day in reasons.items() if one not in natural and today >= self.periods.reason_until(day))
        return people, tuple(over)

    def _expire(self, reasons: Sequence[SubjectRef]) -> list[str]:
        """Erase these reasons; no request is needed."""
        keys = tuple(chain.from_iterable(map(self._keys_of, reasons)))
        book = self.book()
        begun = _confirmed(f"retention-{business_date(self.clock.now())}-reasons-{book.next_version}", "", keys)
        if begun:
            self._record(book, begun)
        return [one.erasure for one in begun]

    def _record(self, book: ErasureBook, facts: Sequence[Fact]) -> None:
        meta = Meta(recorded_at=self.clock.now(), actor=self.actor, correlation="erase")
        pending = [Pending(fact) for fact in facts]
        self.log.append([StreamAppend(ERASURES, book.next_version, pending)], meta=meta)
        self.log.checkpoint()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the log knows of a person that matters here."""

    subjects: tuple[SubjectRef, ...]
    last_fact: date
    left_on: date | None

    @property
    def subject(self) -> SubjectRef:
        return self.subjects[-1]


def _known(person: PersonId, events: Sequence[Recorded]) -> _Known:
    subjects: dict[SubjectRef, None] = {}
    for event in events:
        theirs = event.stream == person_stream(person) or getattr(event.fact, "person_id", None) == person
        if theirs and (subject := getattr(event.fact, "subject", "")):
            subjects[SubjectRef(subject)] = None
    if not subjects:
        raise NotFound(f"the log holds no personal value of person {person}")
    about = [one for one in events if _is_about(one, person, subjects) and one.stream not in _OURS]
    days = chain.from_iterable((business_date(one.meta.recorded_at), one.fact.effective_on) for one in about)
    return _Known(tuple(subjects), max(day for day in days if day is not None), _left_on(person, events))


def _is_about(event: Recorded, person: PersonId, subjects: Collection[str]) -> bool:
    """Whether an event says something of this natural person that counts for how long their values are kept.

    A run that judged them and had no news of them counts as one that had.
    """
    if not isinstance(event.fact, OutcomesRecorded):
        return getattr(event.fact, "subject", "") in subjects
    told = outcome_of(event.fact, person)
    return told is not None and told.outcome != "left_out"


_OURS: Final = (CUSTODY, ERASURES)  # what was done with the log is no fact about the person


def _left_on(person: PersonId, events: Sequence[Recorded]) -> date | None:
    """Loket's end date while it stands; else the day Personio no longer had the person in the entity."""
    ended: date | None = None
    gone: date | None = None
    holder: dict[str, str] = {}  # who is linked to a number's stream
    for event in events:
        match event.fact:
            case LinkObserved(person_id=linked):
                holder[event.stream] = linked
            case TerminationObserved(effective_on=day) if holder.get(event.stream, person) == person:
                ended = day
            case TerminationReversed() if holder.get(event.stream, person) == person:
                ended = None
            case PersonLeftEntity() if event.stream == person_stream(person):
                gone = business_date(event.meta.recorded_at)
            case GatesObserved() if event.stream == person_stream(person):
                gone = None
    return ended or gone


def _confirmed(erasure: str, person: str, keys: Sequence[DestroyedKey]) -> list[ErasureConfirmed]:
    """One erasure; the keys that do not fit it go with others beside it."""
    return [
        ErasureConfirmed(erasure=f"{erasure}-{place}" if place else erasure, person_id=person, keys=part, rule="AUD-9")
        for place, part in enumerate(fitting(keys, _TOGETHER))
    ]


def _refusals(erasure: str, person: PersonId, kept: Iterable[KeptClass]) -> list[ErasureRefused]:
    return [
        ErasureRefused(
            erasure=erasure, person_id=person, retention=one.retention, why=one.why, until=one.until, rule="AUD-9"
        )
        for one in kept
    ]


def _why_kept(kept: KeptClass) -> str:
    until = f" until {kept.until}" if kept.until else ""
    return f"{kept.retention} is kept ({kept.why.replace('_', ' ')}){until}"


def _given(reason: str) -> str:
    if not trimmed(reason):
        raise Misconfigured("an erasure or a hold needs --reason TEXT; it is kept with your name")
    return reason
