"""The simulated Loket against its API document: every path, field, limit and refusal, by plain HTTP.

Each test cites the section of the document it holds the simulator to. Nobody relaxes one of these to make a client
pass without citing the source.
"""

from collections.abc import Iterator

import pytest

from adapters.simulators.loket.simulator import LoketSimulator
from tests.contract.loket_simulator.desk import Clock, Desk


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = Clock()
    with LoketSimulator(now=clock) as loket:
        desk = Desk(loket, clock)
        with desk.http:
            yield desk
