"""The people a pilot is of (RUN-10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from domain.errors import Misconfigured
from domain.settings import Policy
from domain.values import EmployeeNumber


def pilot_of(policy: Policy, numbers: Collection[int] | None) -> Policy:
    """The policy of a run that takes up these employee numbers only, None for everyone.

    Raises Misconfigured where no number is named: that is nobody.
    """
    if numbers is None:
        return policy
    if not numbers:
        raise Misconfigured("a pilot names at least one employee number")
    return replace(policy, only=frozenset(map(EmployeeNumber, numbers)))
