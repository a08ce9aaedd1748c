"""What a run tells of what it read, as a fact and in words."""

from __future__ import annotations

from domain.events.runs import NotReadAgain, SystemsRead
from domain.planning.details import FEWER_SHOW, PAY_HIDDEN
from domain.services.reading.observe import Observation
from domain.services.reading.unread import rights_of
from domain.values import one_or_many


def not_shown(observation: Observation) -> str:
    """What else is accepted with the read: attributes that few people show (EDIT-2), pay that is gone (PAY-14)."""
    hidden = len(observation.personio.pay_hidden)
    told = [FEWER_SHOW.format(who=", ".join(observation.vanished))] if observation.vanished else []
    told += [one_or_many(PAY_HIDDEN, hidden).format(number=hidden)] if hidden else []
    return "; ".join(told)


def systems_read(observation: Observation) -> SystemsRead:
    unread = observation.unread
    return SystemsRead(
        personio_read_at=observation.personio.read_at,
        loket_read_at=observation.loket.read_at,
        personio_people=len(observation.personio.people),
        loket_employees=len(observation.loket.employees),
        loket_concepts=len(observation.loket.concepts),
        notes=observation.notes,
        version=observation.version,
        rights=rights_of(observation.access),
        not_read_again=NotReadAgain(unread.run, unread.since, len(unread.numbers)) if unread.since else None,
        rule="RUN-2",
    )
