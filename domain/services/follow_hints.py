"""Recording what a re-read of some people shows, as any other read would; whatever else is left to the runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from domain.attributes import CONSIDER
from domain.log import Fact, StreamId
from domain.planning.eligibility import exclusions
from domain.records.loket_record import LoketRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal, Tools
from domain.services.telling import opened_telling
from domain.settings import Policy
from domain.snapshots import PersonioPerson
from domain.streams import loket_stream, person_stream
from domain.values import Actor, PersonId, RunId

WEBHOOK: Final = Actor("webhook:personio")


def record_people(
    policy: Policy, tools: Tools, people: Sequence[PersonioPerson], *, read_at: datetime, correlation: RunId
) -> frozenset[PersonId]:
    """Append what is new about these people of one legal entity (AUD-1); answers who has to be read again.

    Of somebody who was not included yet, or whom Loket has ended, only the gates: what else may be kept of a person is
    decided by a run, which reads both systems. Whom another read recorded since `read_at` is read again: nobody can say
    which of the two is older. Raises RunAlreadyInProgress when the entity is held; nothing is recorded then.
    """
    entity = policy.entity.personio_id
    journal = Journal(tools=tools, actor=WEBHOOK, correlation=correlation)
    with tools.claims.claim(entity, correlation) as claim:
        journal.hold(claim)
        streams = {one.id: person_stream(one.id) for one in people}
        theirs = {one.id: loket_stream(entity, number) for one in people if (number := one.employee_number) is not None}
        histories = opened_telling(tools, dict.fromkeys([*streams.values(), *theirs.values()]))
        facts: dict[StreamId, Sequence[Fact]] = {}
        again: set[PersonId] = set()
        for person in people:
            stream = streams[person.id]
            told = histories.get(stream, ())
            if told and told[-1].meta.recorded_at >= read_at:
                again.add(person.id)
                continue
            record = PersonioRecord.of(told)
            held = LoketRecord.of(histories.get(theirs[person.id], ())) if person.id in theirs else LoketRecord()
            journal.knows(stream, record.next_version)
            facts[stream] = _news(person, record, held, policy)
        journal.record_all(facts)
    return frozenset(again)


def _news(person: PersonioPerson, record: PersonioRecord, held: LoketRecord, policy: Policy) -> tuple[Fact, ...]:
    """What these few leave out says nothing: only a whole sweep tells an empty field from a lapsed right (EDIT-2)."""
    if CONSIDER not in person.values:
        return ()  # whether more than the gates may be kept is for a run to say
    policy = replace(policy, catalogue=tuple(row for row in policy.catalogue if row.role in person.values))
    gates = record.observe_gates(person, policy)
    left_out = exclusions(person, policy, terminated=held.ended_on is not None)
    if record.subject is None or left_out:
        return gates
    return (*gates, *record.observe_attributes(person, policy, record.subject))
