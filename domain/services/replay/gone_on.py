"""How a run went on once everybody was decided about, held against what stops a run (AUD-11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from domain.events.loket import WriteIntended
from domain.events.runs import BrakeReleased, RunBlocked, RunCompleted, RunRefused, RunStarted
from domain.log import Log, Recorded, Vault
from domain.planning.brake import CONFIRMED_WITHIN, fingerprint
from domain.planning.decide import Plan
from domain.planning.gates import Stop, stopped_by
from domain.services.replay.looks import Look
from domain.services.sync.view_held import stopped
from domain.values import Actor, RunId

_STOPS: Final = frozenset(one.value for one in Stop)


def not_following(log: Log, vault: Vault, look: Look, plan: Plan, events: Sequence[Recorded]) -> Iterator[str]:
    """What of it does not follow. `events` are those of the run, `plan` everybody's decisions derived again.

    Nothing where the log does not tell: of checks and validations, of a run that was cut off before it wrote or that
    ended for a reason from outside, and where somebody's grounds are gone, who may have been what stopped it.
    """
    facts = [event.fact for event in events]
    recorded = _ending(facts)
    if look.gates is None or recorded is None or len(look.grounds) < len(look.prints):
        return
    print_of_plan = fingerprint(plan, vault)
    wanted = next((one.plan for one in facts if isinstance(one, RunStarted)), None)
    derived = stopped_by(plan, look.policy, look.gates, wanted=wanted, print_of_plan=print_of_plan)
    for event in events:
        if isinstance(event.fact, BrakeReleased):
            if derived is Stop.BRAKE and _may_pass(log, look, event, event.fact, print_of_plan):
                derived = None
            else:
                yield "run: the brake was released, and that does not follow"
    stop, print_told = recorded
    if stop is not derived:
        yield f"run: recorded {stop or 'not stopped'}, derived {derived or 'not stopped'}"
    elif print_told not in (None, print_of_plan):
        yield "run: it was stopped with another plan than the derived one"


def _ending(facts: Sequence[object]) -> tuple[Stop | None, str | None] | None:
    """What stopped it, None for nothing, and the fingerprint of the plan that it then told; None: not to be said."""
    for fact in facts:
        match fact:
            case RunRefused(reason=Stop.BRAKE.value | Stop.ANOTHER_PLAN.value as reason):
                return Stop(reason), fact.plan_now or fact.fingerprint
            case RunRefused(reason=reason) if reason in _STOPS:
                return Stop(reason), None
            case RunBlocked():
                return Stop.FINDINGS, None
            case RunCompleted() | WriteIntended():
                return None, None
            case _:
                continue
    return None


def _may_pass(log: Log, look: Look, released: Recorded, fact: BrakeReleased, print_of_plan: str) -> bool:
    """Whether the brake had stopped this plan for somebody else, lately, and nobody had let it pass yet."""
    run, actor = RunId(fact.braked_run), Actor(released.meta.actor)
    stop = stopped(log, look.entity, run, fact.fingerprint, actor, before=released.position)
    if stop is None or fact.fingerprint != print_of_plan:
        return False
    return released.meta.recorded_at - stop.meta.recorded_at <= CONFIRMED_WITHIN
