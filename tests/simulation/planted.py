"""A deviation to be found: each run leaves out the last write of whoever has several.

So little that nothing else notices it at once. Whoever derives the decisions again decides by the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from domain.planning.decide import Plan, decide
from tests.simulation.office_life import Life, life


@dataclass
class Planted:
    times: int = 0  # that somebody lost a write by it


def found(lived: Life) -> bool:
    return any("does not follow" in one for one in lived.broken)


def life_with_a_deviation(seed: int) -> tuple[Life, Planted]:
    with _planted() as planted:
        return life(seed), planted


@contextmanager
def _planted() -> Iterator[Planted]:
    planted = Planted()

    def otherwise(*read: Any, **about: Any) -> Plan:
        plan = decide(*read, **about)
        planted.times += sum(len(one.writes) > 1 for one in plan.decisions)
        kept = (replace(one, writes=one.writes[:-1]) if len(one.writes) > 1 else one for one in plan.decisions)
        return replace(plan, decisions=tuple(kept))

    with patch("domain.services.sync.decided.decide", otherwise):
        yield planted
