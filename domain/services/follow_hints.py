"""Recording what a re-read of some people shows, as any other read would; whatever else is left to the runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from domain.attributes import Role
from domain.log import Fact, StreamId
from domain.planning import blanks
from domain.planning.eligibility import exclusions
from domain.records.loket_record import LoketRecord
from domain.records.personio_record import PersonioRecord
from domain.services.journal import Journal, Tools, opened_streams
from domain.services.sync.sweeps import last_accepted
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
    last = last_accepted(tools, entity)
    blank = blanks.readable(last.sightings, None, policy.rules.absent_is_blank) if last else frozenset[Role]()
    people = [blanks.filled(one, blank) for one in people]  # what these few leave out, the last sweep tells (EDIT-2)
    journal = Journal(tools=tools, actor=WEBHOOK, correlation=correlation)
    with tools.claims.claim(entity, correlation) as claim:
        journal.hold(claim)
        streams = {one.id: person_stream(one.id) for one in people}
        theirs = {one.id: loket_stream(entity, number) for one in people if (number := one.employee_number) is not None}
        histories = opened_streams(tools, [*streams.values(), *dict.fromkeys(theirs.values())])
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
        journal.record_all({stream: news for stream, news in facts.items() if news})
    return frozenset(again)


def _news(person: PersonioPerson, record: PersonioRecord, held: LoketRecord, policy: Policy) -> tuple[Fact, ...]:
    gates = record.observe_gates(person, policy)
    left_out = exclusions(person, policy, terminated=held.ended_on is not None)
    if record.subject is None or left_out:
        return gates
    return (*gates, *record.observe_attributes(person, policy, record.subject))
