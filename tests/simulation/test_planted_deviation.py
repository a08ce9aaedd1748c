"""A run that decides otherwise than the rules say is found whatever else happens: in the life of every seed."""

from __future__ import annotations

import pytest

from tests.simulation.planted import found, life_with_a_deviation


@pytest.mark.parametrize("seed", [3, 8])
def test_what_runs_decide_otherwise_is_found_in_every_life(seed: int) -> None:
    lived, planted = life_with_a_deviation(seed)

    assert (planted.times > 0, found(lived)) == (True, True)
