"""How a run went on once everybody was decided about, held against what stops a run (AUD-11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from domain.events.loket import WriteIntended
from domain.events.runs import BrakeReleased, RunBlocked, RunCompleted, RunRefused, RunStarted
from domain.four_eyes import CONFIRMED_WITHIN
from domain.log import Fact, Log, Recorded, Vault
from domain.planning.brake import fingerprint
from domain.planning.decide import Plan
from domain.planning.gates import Stop, stopped_by
from domain.services.replay.looks import Look
from domain.services.sync.view_held import stopped
from domain.values import Actor, RunId

_STOPS: Final = frozenset(one.value for one in Stop)
_ENDS: Final = (RunRefused, RunBlocked, RunCompleted)
RELEASED: Final = "the brake was released, and that does not follow"
STOPPED_AND_WROTE: Final = "it was stopped, and wrote"
ENDED_TWICE: Final = "it ended more than once"


@dataclass(frozen=True, slots=True)
class Course:
    """What of it does not follow."""

    compared: bool  # with what stops a run; False where somebody's grounds are gone, or the run is of an older version
    done: tuple[str, ...]  # no changed rule explains it
    decided: tuple[str, ...]


def course_of(log: Log, vault: Vault, look: Look, plan: Plan, events: Sequence[Recorded]) -> Course:
    """`events` are those of the run, `plan` everybody's decisions derived again.

    A run that was cut off before it wrote, or that ended for a reason from outside, was stopped by nothing that is
    derived, and nothing is said of it but by whom the brake was released.
    """
    facts = [event.fact for event in events]
    known = look.gates is not None and len(look.grounds) == len(look.prints)
    print_of_plan = fingerprint(plan, vault) if known else None
    releases = [(event, event.fact) for event in events if isinstance(event.fact, BrakeReleased)]
    unfounded = [one for one in releases if not _may_pass(log, look, *one, print_of_plan)]
    done = [RELEASED for _ in unfounded]
    if any(_stop(fact) for fact in facts) and any(isinstance(fact, WriteIntended) for fact in facts):
        done.append(STOPPED_AND_WROTE)
    elif sum(isinstance(fact, _ENDS) for fact in facts) > 1:
        done.append(ENDED_TWICE)
    if look.gates is None or print_of_plan is None:
        return Course(compared=False, done=tuple(done), decided=())
    wanted = next((one.plan for one in facts if isinstance(one, RunStarted)), None)
    derived = stopped_by(plan, look.policy, look.gates, wanted=wanted, print_of_plan=print_of_plan)
    released = len(releases) > len(unfounded)
    return Course(True, tuple(done), _decided(facts, derived, print_of_plan, released=released))


def _decided(facts: Sequence[Fact], derived: Stop | None, print_of_plan: str, *, released: bool) -> tuple[str, ...]:
    stops = [(fact, stop) for fact in facts if (stop := _stop(fact)) is not None]
    if not stops and not any(isinstance(fact, RunCompleted | WriteIntended) for fact in facts):
        return ()
    if released:
        if derived is not Stop.BRAKE:
            return ("the brake was released, and would not have stopped it",)
        derived = None
    fact, stop = stops[0] if stops else (None, None)
    if stop is not derived:
        return (f"recorded {stop or 'not stopped'}, derived {derived or 'not stopped'}",)
    told = (fact.plan_now or fact.fingerprint) if isinstance(fact, RunRefused) else None
    if stop in (Stop.BRAKE, Stop.ANOTHER_PLAN) and told != print_of_plan:
        return ("it was stopped with another plan than the derived one",)
    return ()


def _stop(fact: Fact) -> Stop | None:
    match fact:
        case RunRefused(reason=reason) if reason in _STOPS:
            return Stop(reason)
        case RunBlocked():
            return Stop.FINDINGS
        case _:
            return None


def _may_pass(log: Log, look: Look, event: Recorded, released: BrakeReleased, print_of_plan: str | None) -> bool:
    """Whether the brake had stopped this plan for somebody else, lately, and nobody had let it pass yet.

    Lately: within a day before everybody was judged, which is a moment before the release was asked for.
    """
    actor = Actor(event.meta.actor)
    stop = stopped(log, look.entity, RunId(released.braked_run), released.fingerprint, actor, before=event.position)
    if stop is None or print_of_plan not in (None, released.fingerprint):
        return False
    return look.at - stop.meta.recorded_at <= CONFIRMED_WITHIN
