"""Someone says that Loket really removed an employee it does not show any more: the number is free again (MATCH-5)."""

from __future__ import annotations

from domain.errors import Misconfigured, NotFound, SecondPersonNeeded
from domain.events.loket import EmployeeReleased, LinkObserved, LinkState
from domain.four_eyes import SURELY, is_second_person
from domain.log import Recorded
from domain.records.loket_record import LoketRecord
from domain.services.journal import Journal, opened_streams
from domain.settings import Policy
from domain.streams import loket_stream
from domain.values import EmployeeNumber, RunId, SubjectRef, trimmed


def release_employee(policy: Policy, journal: Journal, number: EmployeeNumber, *, reason: str) -> None:
    """From now on the number is unknown, in every legal entity of this employer, until Loket shows it again.

    Somebody else must say so than who ran into it, as with a plan that the brake stopped. Raises Misconfigured without
    a reason, NotFound when no reading on record missed the employee, SecondPersonNeeded, and RunAlreadyInProgress.
    """
    tools, entity = journal.tools, policy.entity.personio_id
    if not trimmed(reason):
        raise Misconfigured("give a reason with --reason: it is kept with the release")
    with tools.claims.claim(entity, RunId(journal.correlation)) as claim:
        journal.hold(claim)
        streams = [loket_stream(one, number) for one in (entity, *sorted(policy.same_employer))]
        histories = opened_streams(tools, streams)
        missed = _missed(histories.get(streams[0], ()))
        if missed is None:
            raise NotFound(
                f"no run or check has missed employee number {number} of legal entity {entity} in Loket: "
                "there is nothing to release"
            )
        if not is_second_person(missed.meta.actor, journal.actor):
            raise SecondPersonNeeded(
                f"{missed.meta.actor} ran into the missing employee: the release has to come from somebody else{SURELY}"
            )
        records = {stream: LoketRecord.of(histories.get(stream, ())) for stream in streams}
        subject = records[streams[0]].subject or tools.vault.subject()
        for stream, record in records.items():
            journal.knows(stream, record.next_version)
        journal.record(
            *(
                (stream, [_released(record, record.subject or subject, trimmed(reason))])
                for stream, record in records.items()
                if stream == streams[0] or record.employee_id is not None or record.concept_id is not None
            )
        )
        tools.log.checkpoint()


def _released(record: LoketRecord, subject: SubjectRef, reason: str) -> EmployeeReleased:
    return EmployeeReleased(subject=subject, loket_id=record.employee_id or "", reason=reason, rule="MATCH-5")


def _missed(history: tuple[Recorded, ...]) -> Recorded | None:
    """The reading that did not show the employee; None unless that is the latest that is known of the number."""
    links = [one for one in history if isinstance(one.fact, LinkObserved | EmployeeReleased)]
    last = links[-1] if links else None
    missing = last is not None and isinstance(last.fact, LinkObserved) and last.fact.state is LinkState.NOT_VISIBLE
    return last if missing else None
