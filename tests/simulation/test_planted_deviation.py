"""A run that decides otherwise than the rules say is found whatever else happens: in the life of every seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.planning.decide import Plan, decide
from tests.simulation.office_life import life


@pytest.mark.parametrize("seed", [3, 8])
def test_what_runs_decide_otherwise_is_found_in_every_life(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run leaves out the last write of whoever has several: so little that nothing else notices it at once."""

    def otherwise(*read: Any, **about: Any) -> Plan:
        plan = decide(*read, **about)
        kept = (replace(one, writes=one.writes[:-1]) if len(one.writes) > 1 else one for one in plan.decisions)
        return replace(plan, decisions=tuple(kept))

    monkeypatch.setattr("domain.services.sync.run.decide", otherwise)

    assert [one for one in life(seed).broken if "does not follow" in one]
