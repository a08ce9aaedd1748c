"""What a run, check or plan takes from views, held against the events: views are tables that can be edited (LOG-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from domain.drift.case import DriftCase
from domain.errors import ViewsDiffer
from domain.events.drift import PersonHeldOut
from domain.events.runs import BrakeReleased, ReadAccepted, RunBlocked, RunCompleted, RunRefused, RunStarted
from domain.four_eyes import is_second_person
from domain.log import Log, Recorded, StreamId
from domain.planning.decide import Memory, Plan
from domain.services.journal import Tools, opened_streams
from domain.services.sync.recover import RUN_ENDED, Unfinished
from domain.services.sync.remember import Remembered
from domain.settings import Policy
from domain.streams import drift_stream, hold_stream, loket_stream, run_stream
from domain.values import Actor, EmployeeNumber, LegalEntityId, RunId

_VIEW: Final = "sync_state"
_PAGE: Final = 500


def hold_runs(tools: Tools, entity: LegalEntityId) -> None:
    """Raises ViewsDiffer where a view hides which run of the entity settled a sweep last, or a later one that is open.

    What it says of the former is held against that run; everything after is read. The views must be caught up.
    """
    last = tools.views.sync_state.accepted_sweep(entity)
    first = tools.log.stream(run_stream(last)) if last is not None else ()
    if last is not None and not (_begun(first, entity) and any(isinstance(one.fact, _SETTLES) for one in first)):
        raise ViewsDiffer(_VIEW)
    open_runs: set[StreamId] = {one.stream for one in first}
    later: set[StreamId] = set()
    for event in _since(tools.log, first[0].position if first else -1):
        match event.fact:
            case RunStarted() as fact if fact.legal_entity == entity:
                open_runs.add(event.stream)
                later.add(event.stream)
            case RunCompleted() | ReadAccepted() if event.stream in later:
                raise ViewsDiffer(_VIEW, event.position)
        if isinstance(event.fact, RUN_ENDED):
            open_runs.discard(event.stream)
    if open_runs - {run_stream(one) for one in tools.views.sync_state.open_runs(entity)}:
        raise ViewsDiffer(_VIEW)


def hold_accepted(tools: Tools, policy: Policy, plan: Plan, memory: Memory) -> None:
    """Raises ViewsDiffer when a field would be written whose value in Loket somebody accepted, unknown to the view."""
    if not policy.entity.allow_accepted_drift:
        return
    entity = policy.entity.personio_id
    known = {(number, one.field) for number, accepted in memory.accepted.items() for one in accepted}
    wanted = {
        (one.number, change.field)
        for one in plan.decisions
        if one.number is not None
        for write in one.writes
        for change in write.changes
    }
    streams = [drift_stream(entity, *key) for key in sorted(wanted - known)]
    for events in opened_streams(tools, streams).values():
        case = DriftCase.of(events)
        if case.open and case.acceptance is not None:
            raise ViewsDiffer("drift", events[-1].position)


def hold_unfinished(unfinished: Unfinished, remembered: Remembered, entity: LegalEntityId) -> None:
    """Raises ViewsDiffer when somebody's write has no outcome and was not among those that were looked for (RUN-8)."""
    for number, record in remembered.numbers.items():
        if record.open_intents and loket_stream(entity, number) not in unfinished.records:
            raise ViewsDiffer(_VIEW)


def hold_stopped(log: Log, entity: LegalEntityId, run: RunId, print_: str, actor: Actor) -> None:
    """Raises ViewsDiffer unless `stopped` finds it."""
    if stopped(log, entity, run, print_, actor) is None:
        raise ViewsDiffer(_VIEW)


def stopped(
    log: Log, entity: LegalEntityId, run: RunId, print_: str, actor: Actor, *, before: int | None = None
) -> Recorded | None:
    """Where this run was stopped with this fingerprint for somebody else, and nobody let it pass since.

    `print_`: of the plan that was braked, or of the read that was doubted. `before`: as it was at that position.
    """
    events = log.stream(run_stream(run))
    stops = [one for one in events if isinstance(one.fact, RunRefused | RunBlocked) and one.fact.fingerprint == print_]
    if not _begun(events, entity) or not stops or not is_second_person(events[0].meta.actor, actor):
        return None
    for one in _since(log, stops[-1].position):
        if before is not None and one.position >= before:
            break
        if isinstance(one.fact, BrakeReleased | ReadAccepted) and one.fact.fingerprint == print_:
            return None
    return stops[-1]


def held_out(log: Log, entity: LegalEntityId, numbers: Iterable[EmployeeNumber]) -> frozenset[EmployeeNumber]:
    """Those of these numbers whom somebody held out of the next run, which no run has used yet (DRIFT-8)."""
    streams = {hold_stream(entity, number): number for number in numbers}
    found = log.streams(list(streams))
    return frozenset(streams[one] for one, events in found.items() if isinstance(events[-1].fact, PersonHeldOut))


_SETTLES: Final = (RunCompleted, ReadAccepted)  # later sweeps are held against that run's (RUN-12)


def _begun(events: Sequence[Recorded], entity: LegalEntityId) -> bool:
    """Whether these are the events of a run of this entity."""
    return bool(events) and isinstance(events[0].fact, RunStarted) and events[0].fact.legal_entity == entity


def _since(log: Log, after: int) -> Iterator[Recorded]:
    while page := log.page(after, _PAGE):
        yield from page
        after = page[-1].position
