"""The people a pilot is of: every number it names has to be somebody's (RUN-10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from domain.planning.decide import Plan
from domain.settings import Policy
from domain.values import EmployeeNumber


def pilot_of(policy: Policy, numbers: Collection[int]) -> Policy:
    """The policy of a run that takes up these employee numbers only; of everyone for none."""
    return replace(policy, only=frozenset(map(EmployeeNumber, numbers))) if numbers else policy


def nobody_has(plan: Plan, policy: Policy) -> str | None:
    """What is wrong with the numbers of a pilot; None where somebody of the legal entity has each, or it is none."""
    unknown = sorted((policy.only or frozenset()) - {one.number for one in plan.decisions if one.number is not None})
    if not unknown:
        return None
    listed = ", ".join(map(str, unknown))
    return f"nobody in legal entity {policy.entity.personio_id} has employee number {listed} in Personio"
