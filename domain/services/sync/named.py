"""The people a pilot is of (RUN-10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from domain.settings import Policy
from domain.values import EmployeeNumber


def pilot_of(policy: Policy, numbers: Collection[int]) -> Policy:
    """The policy of a run that takes up these employee numbers only; of everyone for none."""
    return replace(policy, only=frozenset(map(EmployeeNumber, numbers))) if numbers else policy
