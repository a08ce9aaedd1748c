"""What a run takes from views and acts on, held against the events: views are tables that somebody can edit (LOG-4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from domain.errors import ViewsDiffer
from domain.events.drift import PersonHeldOut
from domain.events.runs import BrakeReleased, ReadAccepted, RunBlocked, RunRefused, RunStarted
from domain.four_eyes import is_second_person
from domain.log import Log
from domain.services.sync.recover import Unfinished
from domain.services.sync.remember import Remembered
from domain.streams import hold_stream, loket_stream, run_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, RunId

_VIEW: Final = "sync_state"
_PAGE: Final = 500


def hold_unfinished(unfinished: Unfinished, remembered: Remembered, entity: LegalEntityId) -> None:
    """Raises ViewsDiffer when somebody's write has no outcome and was not among those that were looked for (RUN-8)."""
    for number, record in remembered.numbers.items():
        if record.open_intents and loket_stream(entity, number) not in unfinished.records:
            raise ViewsDiffer(_VIEW)


def hold_stopped(log: Log, entity: LegalEntityId, run: RunId, print_: str, actor: Actor) -> None:
    """Raises ViewsDiffer unless this run was stopped with this fingerprint for somebody else, and nobody let it pass.

    `print_`: of the plan that was braked, or of the read that was doubted.
    """
    events = log.stream(run_stream(run))
    begun = events and isinstance(events[0].fact, RunStarted) and events[0].fact.legal_entity == entity
    stops = [one for one in events if isinstance(one.fact, RunRefused | RunBlocked) and one.fact.fingerprint == print_]
    if not begun or not stops or not is_second_person(events[0].meta.actor, actor):
        raise ViewsDiffer(_VIEW)
    after = stops[-1].position
    while page := log.page(after, _PAGE):
        passed = (one.fact for one in page if isinstance(one.fact, BrakeReleased | ReadAccepted))
        if any(one.fingerprint == print_ for one in passed):
            raise ViewsDiffer(_VIEW)
        after = page[-1].position


def held_out(log: Log, entity: LegalEntityId, numbers: Iterable[EmployeeNumber]) -> frozenset[EmployeeNumber]:
    """Those of these numbers whom somebody held out of the next run, which no run has used yet (DRIFT-8)."""
    streams = {hold_stream(entity, number): number for number in numbers}
    found = log.streams(list(streams))
    return frozenset(streams[one] for one, events in found.items() if isinstance(events[-1].fact, PersonHeldOut))
