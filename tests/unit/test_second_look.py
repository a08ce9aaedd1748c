"""A second read of Loket within one run is held against the last accepted sweep like the first (RUN-8, RUN-12)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.services.sync.report import RunStatus
from tests.support.faults import LoketFault
from tests.support.world import World
from tests.support.world_in_process import InProcess

FIRST, LATER = date(2026, 3, 1), date(2026, 3, 15)


def test_a_second_look_that_shows_far_fewer_employees_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(InProcess())
    names = [f"Person{index}" for index in range(12)]
    for name in names:
        world.employ(name)
    world.hire("Daan")
    loket: Any = world.payroll
    loket.add_fault(LoketFault.LOST)  # so that the next run looks for the concept employee again
    world.run(FIRST)
    read, reads = loket.read, []

    def read_less_and_less(*entity: Any, **numbers: Any) -> Any:
        reads.append(entity)
        if len(reads) == 2:
            for name in names[:7]:
                loket.hide_employee(world.people[name].entity, world.people[name].number)
        return read(*entity, **numbers)

    monkeypatch.setattr(loket, "read", read_less_and_less)

    report = world.run(LATER)

    assert len(reads) >= 2
    assert report is not None
    assert (report.status, report.reason) == (RunStatus.REFUSED, "IMPLAUSIBLE_READ")
    world.close()
