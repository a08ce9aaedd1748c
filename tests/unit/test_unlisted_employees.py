"""Who is employed in Loket, and in no list of employees, is no new hire (MATCH-5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from domain.services.replay.looks import Looks, looks_between
from domain.services.replay.replay import replay
from domain.snapshots import LoketSnapshot
from domain.values import EmployeeNumber
from tests.support.fake_loket import FakeLoket
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess


@pytest.fixture
def world() -> Iterator[World]:
    made = World(InProcess())
    made.employ("Lotte")
    yield made
    made.close()


def test_on_the_first_day_nobody_is_created_who_is_employed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their employment names them, though the list of employees leaves them out."""
    sanne = EmployeeNumber(world.employ("Sanne").number)
    read = FakeLoket.read

    def without_sanne(loket: FakeLoket, *asked: Any, **more: Any) -> LoketSnapshot:
        shown = read(loket, *asked, **more)
        listed = {number: one for number, one in shown.employees.items() if number != sanne}
        return replace(shown, employees=listed, unlisted={sanne: shown.employees[sanne].id})

    monkeypatch.setattr(FakeLoket, "read", without_sanne)

    report = world.run(date(2026, 2, 2))

    assert report is not None
    assert [one.reason for one in report.outcomes if one.number == sanne] == ["EMPLOYEE_NOT_VISIBLE_IN_LOKET"]
    assert world.payroll.concepts(TULP) == []
    looks = Looks(world.tools().log, world.tools().vault)
    assert [replay(looks, name).follows for name in looks_between(world.tools().log)] == [True]
