"""On whose end of employment the systems disagree, with the numbers and days that their streams tell."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from domain.alerts import AlertRecord
from domain.log import Log, Recorded
from domain.services.alerts.raised import SYSTEMS, disagreeing
from domain.streams import alert_stream, loket_stream, person_stream
from domain.values import LegalEntityId, PersonId
from domain.views.terminations import ENDING, NUMBERING, EndApart, OnlyIn, end_date_of, number_of


def alerts_of(entities: Collection[LegalEntityId], log: Log) -> Mapping[LegalEntityId, tuple[Recorded, ...]]:
    """What runs and checks of each told in alerts."""
    found = log.streams([alert_stream(one, SYSTEMS) for one in entities])
    return {one: found.get(alert_stream(one, SYSTEMS), ()) for one in entities}


def ends_apart(
    alerts: Mapping[LegalEntityId, Sequence[Recorded]], log: Log
) -> Mapping[LegalEntityId, tuple[EndApart, ...]]:
    """As the latest run or check of each saw it."""
    told = {entity: tuple(disagreeing(AlertRecord.of(events))) for entity, events in alerts.items()}
    people = {person for each in told.values() for person, _ in each}
    gates = log.of_kinds([person_stream(one) for one in sorted(people)], NUMBERING)
    numbers = {stream: number_of(events) for stream, events in gates.items()}
    numbered = {
        (entity, number): loket_stream(entity, number)
        for entity, each in told.items()
        for person, _ in each
        if (number := numbers.get(person_stream(person))) is not None
    }
    ended = log.of_kinds(sorted(set(numbered.values())), ENDING)
    ends = {stream: end_date_of(events) for stream, events in ended.items()}

    def one(entity: LegalEntityId, person: PersonId, ended_in: OnlyIn) -> EndApart:
        number = numbers.get(person_stream(person))
        stream = None if number is None else numbered[entity, number]
        return EndApart(person, number, ended_in, ends.get(stream) if stream else None)

    return {entity: tuple(one(entity, *each) for each in found) for entity, found in told.items()}
