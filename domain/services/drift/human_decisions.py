"""What a person decides about a difference: acknowledge, accept for a time, keep Loket's value; or hold someone out.

Every decision has an actor and a reason, and is an event (DRIFT-6, DRIFT-8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from domain.drift.case import DriftCase
from domain.drift.pay import goes_with_pay
from domain.errors import Misconfigured, NotFound
from domain.events.drift import DriftAccepted, DriftAcknowledged, LoketValueKept, PersonHeldOut
from domain.log import StreamId
from domain.personal import Lost, Opened, Personal
from domain.planning.business_date import business_date
from domain.records.loket_record import LoketRecord
from domain.services.journal import Journal, opened_streams
from domain.settings import Policy
from domain.streams import drift_stream, hold_stream, loket_stream
from domain.values import EmployeeNumber, FieldPath, SubjectRef, trimmed

ACCEPTED_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, about what, and why. Raises Misconfigured when no reason is given."""

    policy: Policy
    journal: Journal
    reason: str

    def __post_init__(self) -> None:
        if not trimmed(self.reason):
            raise Misconfigured("give a reason with --reason: it is kept with the decision")

    def acknowledge(self, number: EmployeeNumber, name: FieldPath) -> None:
        """The loss of Loket's value in the next run is known and agreed."""
        stream, _, subject = self._open(number, name)
        self.journal.record((stream, [DriftAcknowledged(subject=subject, reason=self.reason, rule="DRIFT-6")]))

    def accept(self, number: EmployeeNumber, name: FieldPath, until: date | None = None) -> date:
        """Leave the field as it is in Loket, up to and including that day; answers the day."""
        self._allowed()
        if goes_with_pay(name):
            raise Misconfigured(f"{name} is pay, which Loket takes from Personio alone (PAY-5): acknowledge or keep it")
        stream, case, subject = self._open(number, name)
        today = business_date(self.journal.tools.clock.now())
        last = until or today + ACCEPTED_FOR
        if last < today:
            raise Misconfigured(f"{last} has passed: accept a difference until today or later")
        accepted = DriftAccepted(
            subject=subject,
            field=name,
            personio=_known(case.personio),
            until=last,
            reason=self.reason,
            rule="DRIFT-8",
        )
        self.journal.record((stream, [accepted]))
        return last

    def keep(self, number: EmployeeNumber, name: FieldPath) -> None:
        """Loket's value is the right one: it goes to the list of what is to be entered in Personio."""
        stream, case, subject = self._open(number, name)
        kept = LoketValueKept(subject=subject, field=name, value=_known(case.loket), reason=self.reason, rule="DRIFT-4")
        self.journal.record((stream, [kept]))

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

    def _allowed(self) -> None:
        if not self.policy.entity.allow_accepted_drift:
            raise Misconfigured(
                f"legal entity {self.policy.entity.personio_id} does not allow this: "
                "set allow_accepted_drift = true in its [[legal_entity]] (DRIFT-8)"
            )

    def _open(self, number: EmployeeNumber, name: FieldPath) -> tuple[StreamId, DriftCase, SubjectRef]:
        tools, entity = self.journal.tools, self.policy.entity.personio_id
        stream = drift_stream(entity, number, name)
        case = DriftCase.of(opened_streams(tools, [stream]).get(stream, ()))
        if not case.open or case.subject is None:
            raise NotFound(
                f"there is no open difference in {name} of employee number {number} in legal entity {entity}"
            )
        self.journal.knows(stream, case.next_version)
        return stream, case, case.subject


def _known(value: Opened) -> Personal:
    if isinstance(value, Lost):
        raise NotFound("the value of this difference was erased; make a new drift check first")
    return value
