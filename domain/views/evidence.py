"""How each field of one employee stands between the two systems, by the events so far; no value is opened for it.

Three answers: the same, other, or not known. The same says a run or a check that held the two against each other, or a
write that was confirmed; other says an open difference, a write that did not land, or the first change on one side
after they were the same. Whatever else happens to a field leaves it not known until somebody looks again: a second
change, values that were erased, a person who takes no part any more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from domain.attributes import CATALOGUE, CITIZEN_SERVICE_NUMBER, WAGE_FIELDS, retention_of
from domain.drift.pay import PAY_FINDINGS, goes_with_pay
from domain.events import drift, erasure, findings, loket, personio
from domain.events.runs import FindingRaised, OutcomeRecorded
from domain.events.values import FieldValue
from domain.log import Fact, Recorded, StreamId
from domain.personal import Personal
from domain.planning.eligibility import HELD_OUT, NOT_IN_PILOT
from domain.planning.findings import IDENTITY_FINDINGS, NoticeCode
from domain.planning.pay.targets import ONE_TIME, RECURRING
from domain.planning.writes import EMPLOYEE_NUMBER_FIELD
from domain.streams import drift_case_of
from domain.values import BLANK, NOT_OBSERVED, FieldPath, LegalEntityId

KEYS: Final = frozenset({*(str(row.field) for row in CATALOGUE if row.is_key), str(EMPLOYEE_NUMBER_FIELD)})
NOT_IN_CONCEPTS: Final = frozenset(str(row.field) for row in CATALOGUE if row.concept is None)
_ATTRIBUTES: Final = frozenset(str(row.field) for row in CATALOGUE if not row.is_key)
_IN_FINAL: Final = {str(row.concept): str(row.field) for row in CATALOGUE if row.concept}
_ALL_WRITTEN: Final = frozenset({"unchanged", "updated", "concept_created", "concept_updated"})
_LOOKED_AT_ELSEWHERE: Final = frozenset({HELD_OUT.rule, NOT_IN_PILOT.rule})
_PAY_APART: Final = frozenset(
    {
        NoticeCode.PAY_DIFFERS_AT_START_DATE,
        NoticeCode.PAY_ONLY_IN_LOKET,
        NoticeCode.PAY_ENDED_IN_PERSONIO,
        NoticeCode.HOURS_NOT_COMPARED,
        NoticeCode.PART_TIME_FACTOR_DIFFERS,
        NoticeCode.PART_TIME_FACTOR_UNKNOWN,
    }
)
_COMPONENT: Final = re.compile(r"component (\d+)\b")


def plain(name: str) -> str:
    """The path of a field in a final employee, whichever of the two it was told by."""
    return _IN_FINAL.get(name, name)


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
class Known:
    """Whether a field is the same in both, None where that is not known, and the event that says so."""

    same: bool | None
    since: int
    moved: bool = False  # Personio has changed it since it was the same


@dataclass(frozen=True, slots=True)
class Look:
    """A completed drift check: its place in the log, and which fields of the employee it saw waiting in Personio."""

    position: int
    waiting: frozenset[str] = frozenset()


@dataclass(slots=True)
class Evidence:
    """A fold of the events of one employee in one legal entity; fields are by their path in a final employee."""

    entity: LegalEntityId | None = None
    known: dict[str, Known] = field(default_factory=dict)
    causes: dict[str, tuple[Cause, ...]] = field(default_factory=dict)
    out: int | None = None  # the event by which the person takes no part: nobody looks at their fields
    by_hand: dict[str, int] = field(default_factory=dict)  # what a run found to differ of somebody whom Loket ended
    hidden: dict[str, int] = field(default_factory=dict)  # what Personio does not show
    unread: dict[str, int] = field(default_factory=dict)  # what Loket does not show
    only_loket: frozenset[str] = frozenset()
    link: loket.LinkState | None = None
    linked_at: int | None = None
    stale: set[str] = field(default_factory=set)  # Personio may have shown other values in another legal entity since
    _versions: dict[StreamId, int] = field(default_factory=dict)  # of the last event of each person's stream
    _holding: dict[StreamId, loket.Holding] = field(default_factory=dict)  # by the stream of a number
    _employee: bool = False  # the number is somebody in Loket, whoever that is
    _creating: bool = False  # a concept employee may have been created
    _ours: dict[str, Personal] = field(default_factory=dict)
    _shown_at: dict[str, int] = field(default_factory=dict)
    _theirs: dict[str, Personal] = field(default_factory=dict)
    _accepted: set[str] = field(default_factory=set)
    _open: set[str] = field(default_factory=set)  # differences
    _findings: set[tuple[str, str | None]] = field(default_factory=set)
    _writing: dict[str, loket.WriteIntended] = field(default_factory=dict)
    _steps: dict[str, tuple[Cause, ...]] = field(default_factory=dict)  # by intent
    _paid: set[str] = field(default_factory=set)  # written on some day; on every day once a run has come to its end

    @property
    def unsettled(self) -> bool:
        """Whether a finding leaves open who in Loket this is: then nothing of them is looked at there."""
        return any(
            code in IDENTITY_FINDINGS or (code not in PAY_FINDINGS and (name is None or plain(name) not in _ATTRIBUTES))
            for code, name in self._findings
        )

    @property
    def being_written(self) -> int | None:
        """The first write of which it is not known whether it landed: no check records what Loket holds until it is."""
        return min((self._intended_at(intent) for intent in self._writing), default=None)

    @property
    def nowhere(self) -> bool:
        """Whether nobody in Loket has the number, as far as that is known."""
        if self._theirs or self._creating or self._employee or self.link not in (None, loket.LinkState.UNLINKED):
            return False
        return self.link is not None or not self._findings

    def hear(self, event: Recorded) -> None:
        told = getattr(event.fact, "legal_entity", None)
        self._notices_gaps(event)
        if told is None or self.entity is None or told == self.entity:
            self._hear_of_person(event.fact, event.position)
            self._hear_of_loket(event.stream, event.fact, event.position)
            self._hear_of_writes(event.fact, event.position)
            self._hear_of_drift(event)

    def _notices_gaps(self, event: Recorded) -> None:
        """What another legal entity's runs recorded of the person is no part of this history; that they did, shows."""
        last = self._versions.get(event.stream)
        if last is not None and event.version > last + 1:
            self.stale |= self._ours.keys()
            self.known = {name: Known(None, event.position, moved=True) for name in self.known}
        if event.stream.startswith("person:"):
            self._versions[event.stream] = event.version

    def look(self, look: Look) -> None:
        """A check compared everyone: what differs and does not wait is an open difference by now."""
        for name in look.waiting:
            self._takes_part()
            known = self.known.get(name)
            since = known.since if known and known.same is False else look.position
            self.known[name] = Known(False, since, moved=True)
        if self.out is None and not self._findings and not self._writing:
            self._compared(look.position, but=look.waiting | self._open | self.stale)

    def goes_away(self, position: int) -> None:
        """To another legal entity, whose runs tell of the person from then on."""
        self._leaves(position)
        self.by_hand = {}

    def _takes_part(self) -> None:
        self.out, self.by_hand = None, {}

    def _leaves(self, position: int) -> None:
        self.out = position if self.out is None else self.out

    # --- what Personio showed, and what runs made of the person ---

    def _hear_of_person(self, fact: Fact, position: int) -> None:
        match fact:
            case personio.AttributesObserved(values=values):
                self._first(self._ours, values, position, dated=fact.effective_on is not None)
                self._shown_at.update((plain(one.field), position) for one in values)
                self.stale.difference_update(plain(one.field) for one in values)
                for one in values:
                    self._sees(plain(one.field), position, visible=one.value is not NOT_OBSERVED)
            case personio.AttributeChanged(field=name, after=after):
                self._ours[plain(name)], self._shown_at[plain(name)] = after, position
                self.stale.discard(plain(name))
                self._moved(plain(name), position, ours=True)
            case personio.AttributeVisibilityChanged(field=name, visible=visible):
                self._takes_part()
                self._sees(plain(name), position, visible=visible)
            case personio.GatesObserved(considered=considered, status=status):
                if considered == "no" or status not in (None, "ACTIVE"):
                    self._leaves(position)
            case personio.PersonNotSeen():
                self._leaves(position)
            case personio.PersonLeftEntity():
                self.goes_away(position)
            case FindingRaised(code=code, field=name) | findings.FindingOpened(code=code, field=name):
                self._findings.add((code, name))
            case findings.FindingResolved(code=code, field=name, how=how, rule=rule):
                self._findings.discard((code, name))
                if how is not findings.FindingEnd.NOT_FOUND and rule not in _LOOKED_AT_ELSEWHERE:
                    self._leaves(position)
            case OutcomeRecorded(outcome="left_out"):
                self._left_out(fact, position)
            case OutcomeRecorded():
                self._outcome(fact, position)
            case erasure.ErasureCompleted(keys=keys):
                gone = {key.retention for key in keys}
                for name in [one for one in self.known if retention_of(one) in gone]:
                    self.known[name] = Known(None, position)

    def _sees(self, name: str, position: int, *, visible: bool) -> None:
        if visible:
            self.hidden.pop(name, None)
        else:
            self.hidden.setdefault(name, position)

    def _left_out(self, fact: OutcomeRecorded, position: int) -> None:
        """Of somebody whom Loket has ended a run says what is left to be changed there by hand (END-2)."""
        if fact.reason in _LOOKED_AT_ELSEWHERE:
            return
        self._leaves(position)
        self._findings.clear()
        told = _details(fact, NoticeCode.MANUAL_FOLLOW_UP)
        names = (plain(name) for each in told for name in each.split(", ") if name)
        self.by_hand = {name: self.by_hand.get(name, position) for name in names}

    def _outcome(self, fact: OutcomeRecorded, position: int) -> None:
        self._takes_part()
        bsn = NoticeCode.BSN_NOT_READABLE_IN_LOKET in fact.notices
        told = _details(fact, NoticeCode.NOT_READ_IN_LOKET)
        unread = [plain(name) for each in told for name in each.split(", ")]
        unread += [str(CITIZEN_SERVICE_NUMBER)] if bsn else []
        self.unread = {name: self.unread.get(name, position) for name in unread}
        self.only_loket = frozenset(_only_in_loket(_details(fact, NoticeCode.PAY_ONLY_IN_LOKET)))
        if fact.outcome != "blocked" or fact.reason == "CHECK-2":
            self._findings.clear()
        if fact.outcome in _ALL_WRITTEN:
            filled = (plain(name) for each in _details(fact, NoticeCode.FILLED_IN_LOKET) for name in each.split(", "))
            pay = _PAY_APART.isdisjoint(fact.notices) and not any(goes_with_pay(FieldPath(name)) for name in unread)
            self._compared(position, pay=pay, but=filled)
        elif fact.outcome == "blocked":  # what is recorded of one side only may have moved on the other
            for name, known in self.known.items():
                if known.same and not (name in self._ours and name in self._theirs):
                    self.known[name] = Known(None, position)

    def _compared(self, position: int, *, pay: bool = False, but: Iterable[str] = ()) -> None:
        """Whatever both sides showed is the same by now, but for what was left alone. `pay`: of pay, too."""
        left_alone = self._accepted | set(but) | self.hidden.keys() | self.unread.keys() | KEYS
        both = {name for name in self._ours if name in self._theirs and self._may_be_the_same(name)}
        paid = {name for name in both | self._paid if goes_with_pay(FieldPath(name))}
        for name in ((both - paid) | (paid if pay else set())) - left_alone:
            if name not in self.known or not self.known[name].same:
                self.known[name] = Known(True, position)
        if pay:
            self._paid.clear()

    def _may_be_the_same(self, name: str) -> bool:
        return name in self.stale or (self._ours[name] is BLANK) == (self._theirs[name] is BLANK)

    # --- what Loket showed ---

    def _hear_of_loket(self, stream: StreamId, fact: Fact, position: int) -> None:
        if self._holding.setdefault(stream, loket.Holding()).ends_with(fact):
            self._theirs, self.known, self.causes = {}, {}, {}
        match fact:
            case loket.LoketFieldsObserved(values=values):
                self._first(self._theirs, values, position, dated=fact.effective_on is not None)
            case loket.LoketFieldChanged(field=name, after=after):
                self._theirs[plain(name)] = after
                self._moved(plain(name), position, ours=False)
            case loket.FieldsConfirmed(fields=names):
                self._takes_part()
                self.known.update((plain(name), Known(True, position)) for name in names)
            case loket.LinkObserved(state=state):
                self._linked(state, position)
            case loket.EmployeeSeen():
                self._employee = True
            case loket.TerminationObserved():
                self._leaves(position)
            case loket.ConceptEmployeeCreated():
                self._linked(loket.LinkState.CONCEPT, position)
            case loket.ConceptEmployeeGone():
                self._linked(loket.LinkState.UNLINKED, position)
            case loket.EmployeeReleased():
                self._linked(loket.LinkState.NOT_VISIBLE, position)

    def _linked(self, state: loket.LinkState, position: int) -> None:
        self.link, self.linked_at = state, position
        self._creating = self._employee = False
        if state is loket.LinkState.TERMINATED:
            self._leaves(position)

    def _first(self, side: dict[str, Personal], values: Iterable[FieldValue], position: int, *, dated: bool) -> None:
        """Seen for the first time; of a field that was known it is another day's, or the first since it was erased."""
        self._takes_part()
        for one in values:
            name = plain(one.field)
            side[name] = one.value
            if name in self.known:
                moved = self.known[name].moved or side is self._ours
                self.known[name] = Known(None, position, moved=dated and moved)

    def _moved(self, name: str, position: int, *, ours: bool) -> None:
        """It was the same until now, as far as anybody looked; what was never compared stays so.

        Pay holds by days: of a change it is not told whether it reaches into one that is compared.
        """
        self._takes_part()
        known = self.known.get(name)
        if known is not None:
            first = known.same is True and not goes_with_pay(FieldPath(name))
            self.known[name] = Known(False if first else None, position, moved=ours or known.moved)

    # --- what we wrote ---

    def _hear_of_writes(self, fact: Fact, position: int) -> None:
        match fact:
            case loket.WriteIntended(intent=intent):
                self._takes_part()
                self._writing[intent] = fact
                self._steps[intent] = (Cause(Step.INTENDED, position),)
                self._creating |= fact.kind is loket.WriteKind.CONCEPT_CREATED
                for name in _written(fact):
                    self._not_known(name, position)
            case loket.WriteRefused() | loket.WriteNotSent() | loket.WriteNotApplied():
                self._did_not_land(fact.intent, position)
            case loket.WriteConflicted(intent=intent, found=found):
                self._writing.pop(intent, None)
                self._theirs.update((plain(one.field), one.value) for one in found)
                for one in found:
                    self.known[plain(one.field)] = Known(False if len(found) == 1 else None, position)
            case loket.WriteConfirmed(intent=intent):
                self._steps[intent] = (*self._steps.get(intent, ()), Cause(Step.CONFIRMED, position))
                self._landed(fact, position)
            case loket.FieldOverwritten(field=name, intent=intent, after=after):
                self._theirs[plain(name)] = after
                self._holds(plain(name), position, every_day=fact.effective_on is None)
                self._led_here(plain(name), intent, Cause(Step.OVERWRITTEN, position))

    def _landed(self, fact: loket.WriteConfirmed, position: int) -> None:
        intended = self._writing.pop(fact.intent, None)
        if intended is None:
            return
        seen = loket.seen_to_land(fact, intended)
        for change in intended.changes:
            name = plain(change.field)
            if seen:
                self._theirs[name] = change.after
                self._holds(name, position, every_day=not intended.kind.pays)
            else:
                self._not_known(name, position)
            self._led_here(name, fact.intent)

    def _did_not_land(self, intent: str, position: int) -> None:
        intended = self._writing.pop(intent, None)
        if intended is None:
            return
        if intended.kind is loket.WriteKind.CONCEPT_CREATED:
            self._creating, self.known = False, {}
            return
        for change in intended.changes:
            name = plain(change.field)
            moved = self._shown_at.get(name, -1) > self._intended_at(intent)  # to what Loket holds, perhaps
            self._theirs[name] = change.before
            self.known[name] = Known(None if moved else False, position, moved=moved)

    def _intended_at(self, intent: str) -> int:
        return self._steps[intent][0].position

    def _holds(self, name: str, position: int, *, every_day: bool) -> None:
        if every_day:
            self.known[name] = Known(True, position)
        else:
            self._paid.add(name)
            self._not_known(name, position)

    def _not_known(self, name: str, position: int) -> None:
        known = self.known.get(name)
        self.known[name] = Known(None, position, moved=known is not None and known.moved)

    def _led_here(self, name: str, intent: str, *last: Cause) -> None:
        shown = (Cause(Step.SHOWN, self._shown_at[name]),) if name in self._shown_at else ()
        self.causes[name] = (*shown, *self._steps.get(intent, ()), *last)

    # --- differences, and what people decided about them ---

    def _hear_of_drift(self, event: Recorded) -> None:
        position = event.position
        match event.fact:
            case drift.DriftOpened(field=name) | drift.DriftReopened(field=name) | drift.DriftMoved(field=name):
                self._takes_part()
                self._open.add(plain(name))
                self._differs(plain(name), position)
            case drift.DriftAccepted(field=name):
                self._accepted.add(plain(name))
                self._differs(plain(name), position)
            case drift.AcceptanceEnded() | drift.DecisionWithdrawn():
                self._accepted.discard(_case(event))
            case drift.DriftResolved(how=how):
                self._accepted.discard(_case(event))
                self._open.discard(_case(event))
                self._resolved(_case(event), how, position)

    def _differs(self, name: str, position: int) -> None:
        known = self.known.get(name)
        self.known[name] = Known(False, position, moved=known is not None and known.moved)

    def _resolved(self, name: str, how: drift.Resolved, position: int) -> None:
        """It is no drift any more: the same, or only waiting for the next run, where Personio has moved (DRIFT-4).

        While a write has no known outcome what Loket holds is recorded only by the run that reads it back. Told then,
        the very value that ended the case would look like a change after both were the same.
        """
        known = self.known.get(name)
        if how is drift.Resolved.LEFT_OUT:
            self._leaves(position)
        elif known is not None and not known.same:
            put_back = how is drift.Resolved.PUT_BACK and not known.moved and self.being_written is None
            self.known[name] = Known(True if put_back else None, position, moved=known.moved)


def _case(event: Recorded) -> str:
    return plain(drift_case_of(event.stream)[2])


def _written(fact: loket.WriteIntended) -> Iterator[str]:
    return (plain(change.field) for change in fact.changes)


def _details(fact: OutcomeRecorded, code: NoticeCode) -> list[str]:
    return [detail for told, detail in zip(fact.notices, fact.details, strict=False) if told == code]


def _only_in_loket(details: Iterable[str]) -> Iterator[str]:
    """Whatever is paid by a component has either of two names."""
    for detail in details:
        found = _COMPONENT.search(detail)
        yield from (f"{kind}.{found[1]}" for kind in (RECURRING, ONE_TIME)) if found else map(str, WAGE_FIELDS)
