"""What a person decides about a difference: acknowledge, accept for a time, keep Loket's value; or hold someone out.

Every decision has an actor and a reason, is an event, and can be withdrawn (DRIFT-6, DRIFT-8). One about several fields
of a person is recorded whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.drift.case import DriftCase
from domain.drift.pay import goes_with_pay
from domain.errors import NotDecidable, NotFound
from domain.events.drift import (
    DecisionWithdrawn,
    DriftAccepted,
    DriftAcknowledged,
    HoldOutWithdrawn,
    KeptValueWithdrawn,
    LoketValueKept,
    PersonHeldOut,
)
from domain.log import Fact, StreamId
from domain.personal import Lost, Opened, Personal
from domain.planning.business_date import business_date
from domain.records.loket_record import LoketRecord
from domain.services.journal import Journal, opened_streams
from domain.settings import Policy
from domain.streams import drift_stream, hold_stream, loket_stream
from domain.values import EmployeeNumber, FieldPath, SubjectRef, trimmed

ACCEPTED_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class About:
    """One difference that is decided about."""

    name: FieldPath
    stream: StreamId
    case: DriftCase
    subject: SubjectRef


def may_be_accepted(policy: Policy, name: FieldPath) -> bool:
    """Whether a difference in this field may be left as it is for a time (DRIFT-8)."""
    return policy.entity.allow_accepted_drift and not goes_with_pay(name)


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, about what, and why. Raises NotDecidable when no reason is given."""

    policy: Policy
    journal: Journal
    reason: str

    def __post_init__(self) -> None:
        if not trimmed(self.reason):
            raise NotDecidable("give a reason with --reason: it is kept with the decision")

    def acknowledge(self, number: EmployeeNumber, *names: FieldPath) -> None:
        """The loss of Loket's values in the next run is known and agreed."""
        found = self._open(number, names)
        self._record((one, DriftAcknowledged(subject=one.subject, reason=self.reason, rule="DRIFT-6")) for one in found)

    def accept(self, number: EmployeeNumber, *names: FieldPath, until: date | None = None) -> date:
        """Leave the fields as they are in Loket, up to and including that day; answers the day."""
        self._allowed()
        for name in names:
            if goes_with_pay(name):
                raise NotDecidable(
                    f"{name} is pay, which Loket takes from Personio alone (PAY-5): acknowledge or keep it"
                )
        found, last = self._open(number, names), self.last_day(until)
        self._record((one, self.accepting(one, last)) for one in found)
        return last

    def keep(self, number: EmployeeNumber, *names: FieldPath) -> None:
        """Loket's values are the right ones: they go to the list of what is to be entered in Personio."""
        self._record((one, self._keeping(one)) for one in self._open(number, names))

    def withdraw(self, number: EmployeeNumber, *names: FieldPath) -> None:
        """Nothing is decided about these differences any more, and nothing of them is to be entered in Personio."""
        found = _cases(self.policy, self.journal, number, names)
        self._record([(one, fact) for one in found for fact in self._withdrawing(number, one)])

    def hold_out(self, number: EmployeeNumber) -> None:
        """Leave the person out of the next run that writes, and of that one only."""
        self._allowed()
        tools, entity = self.journal.tools, self.policy.entity.personio_id
        tools.views.catch_up()
        if number not in tools.views.sync_state.people(entity).values():
            raise NotFound(f"the log has nobody with employee number {number} in legal entity {entity}")
        theirs = loket_stream(entity, number)
        own = LoketRecord.of(opened_streams(tools, [theirs]).get(theirs, ()))
        stream = hold_stream(entity, number)
        self.journal.knows(stream, len(tools.log.stream(stream)))
        subject = own.subject or tools.vault.subject()
        self.journal.record((stream, [PersonHeldOut(subject=subject, reason=self.reason, rule="DRIFT-8")]))

    def let_in(self, number: EmployeeNumber) -> None:
        """The person who was held out takes part in the next run after all."""
        stream = hold_stream(self.policy.entity.personio_id, number)
        events = self.journal.tools.log.stream(stream)
        held = events[-1].fact if events else None
        if not isinstance(held, PersonHeldOut):
            raise NotFound(f"nobody with employee number {number} is held out of the next run")
        self.journal.knows(stream, len(events))
        self.journal.record((stream, [HoldOutWithdrawn(subject=held.subject, reason=self.reason, rule="DRIFT-8")]))

    def last_day(self, until: date | None) -> date:
        """Of an acceptance that is made now. Raises NotDecidable where none may be, and for a day that has passed."""
        self._allowed()
        today = business_date(self.journal.tools.clock.now())
        last = until or today + ACCEPTED_FOR
        if last < today:
            raise NotDecidable(f"{last} has passed: accept a difference until today or later")
        return last

    def accepting(self, one: About, last: date) -> Fact:
        held = _known(one.case.personio)
        return DriftAccepted(
            subject=one.subject, field=one.name, personio=held, until=last, reason=self.reason, rule="DRIFT-8"
        )

    def _allowed(self) -> None:
        if not self.policy.entity.allow_accepted_drift:
            raise NotDecidable(
                f"legal entity {self.policy.entity.personio_id} does not allow this: "
                "set allow_accepted_drift = true in its [[legal_entity]] (DRIFT-8)"
            )

    def _keeping(self, one: About) -> Fact:
        held = _known(one.case.loket)
        return LoketValueKept(subject=one.subject, field=one.name, value=held, reason=self.reason, rule="DRIFT-4")

    def _withdrawing(self, number: EmployeeNumber, one: About) -> Iterator[Fact]:
        decided = one.case.decided is not None
        if not decided and one.case.kept is None:
            raise NotFound(f"nothing is decided about {one.name} of employee number {number}")
        if decided:
            yield DecisionWithdrawn(subject=one.subject, reason=self.reason, rule="DRIFT-8")
        if one.case.kept is not None:
            yield KeptValueWithdrawn(subject=one.subject, reason=self.reason, rule="DRIFT-4")

    def _open(self, number: EmployeeNumber, names: Sequence[FieldPath]) -> list[About]:
        found = _cases(self.policy, self.journal, number, names)
        for one in found:
            if not one.case.open:
                raise _no_difference(number, one.name, self.policy)
        return found

    def _record(self, decided: Iterable[tuple[About, Fact]]) -> None:
        facts: dict[StreamId, list[Fact]] = {}
        for one, fact in decided:
            facts.setdefault(one.stream, []).append(fact)
        self.journal.record(*facts.items())


def extend(
    policy: Policy, journal: Journal, number: EmployeeNumber, *names: FieldPath, until: date | None, reason: str = ""
) -> date:
    """Leave accepted fields as they are in Loket until another day, for the reason that stands or a new one.

    Raises NotFound for one that is not accepted.
    """
    facts, last = {}, date.min
    for one in _cases(policy, journal, number, names):
        decided = one.case.decided if one.case.acceptance else None
        if decided is None:
            raise NotFound(f"{one.name} of employee number {number} is not accepted as it is in Loket")
        if not trimmed(reason) and not isinstance(decided.reason, str):
            raise NotDecidable("the reason of this decision was erased: give a new one")
        deciding = Deciding(policy, journal, trimmed(reason) or str(decided.reason))
        last = deciding.last_day(until)
        facts[one.stream] = [deciding.accepting(one, last)]
    journal.record(*facts.items())
    return last


def _cases(policy: Policy, journal: Journal, number: EmployeeNumber, names: Sequence[FieldPath]) -> list[About]:
    """The cases of these fields, each once, whether they are open or not. Raises NotFound for what never differed."""
    tools, entity = journal.tools, policy.entity.personio_id
    streams = {drift_stream(entity, number, name): name for name in names}
    histories, found = opened_streams(tools, streams), []
    for stream, name in streams.items():
        case = DriftCase.of(histories.get(stream, ()))
        if case.subject is None:
            raise _no_difference(number, name, policy)
        journal.knows(stream, case.next_version)
        found.append(About(name, stream, case, case.subject))
    return found


def _no_difference(number: EmployeeNumber, name: FieldPath, policy: Policy) -> NotFound:
    entity = policy.entity.personio_id
    return NotFound(f"there is no open difference in {name} of employee number {number} in legal entity {entity}")


def _known(value: Opened) -> Personal:
    if isinstance(value, Lost):
        raise NotFound("the value of this difference was erased; make a new drift check first")
    return value
