"""What stops a whole run once everybody is decided about: asked in this order, the brake last.

A second person may let a plan pass the brake (`brake.released_by`); nobody can let it pass anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from domain.events.loket import WriteKind
from domain.planning.brake import braking
from domain.planning.decide import Plan
from domain.planning.details import NOBODY_HAS
from domain.settings import Policy


class Stop(StrEnum):
    """By the word that a run gives as its reason."""

    NUMBER_OF_NOBODY = "RUN-10"
    FINDINGS = "CHECK-2"
    RIGHTS = "RUN-9"
    ANOTHER_PLAN = "RUN-14"
    BRAKE = "BRAKE"


@dataclass(frozen=True, slots=True)
class Gates:
    """What they are asked with, beside the plan and the settings."""

    first_run: bool  # no run of the legal entity has completed
    forbidden: frozenset[WriteKind] = frozenset()  # what the Loket user surely may not write


def stopped_by(plan: Plan, policy: Policy, gates: Gates, *, wanted: str | None, print_of_plan: str) -> Stop | None:
    """The first that stops it; `wanted` is the fingerprint of the only plan that may be written, None for any."""
    if nobody_has(plan, policy):
        return Stop.NUMBER_OF_NOBODY
    if plan.blocked:
        return Stop.FINDINGS
    if plan.kinds & gates.forbidden:
        return Stop.RIGHTS
    if wanted not in (None, print_of_plan):
        return Stop.ANOTHER_PLAN
    return Stop.BRAKE if braking(plan, policy.brake, first_run=gates.first_run) else None


def nobody_has(plan: Plan, policy: Policy) -> str | None:
    """What is wrong with the numbers of a pilot; None where somebody of the legal entity has each, or it is none."""
    unknown = sorted((policy.only or frozenset()) - {one.number for one in plan.decisions if one.number is not None})
    if not unknown:
        return None
    listed = ", ".join(map(str, unknown))
    return NOBODY_HAS.format(entity=policy.entity.personio_id, said=listed)
