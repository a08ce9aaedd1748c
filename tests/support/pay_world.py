"""A payroll with wages and allowances, and any Personio in front of it: what tests of pay begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from domain.planning.findings import FindingCode
from domain.settings import ComponentKind, LegalEntity, PayComponent
from domain.snapshots import Compensation, PayWindow
from domain.values import PersonId
from tests.support.fake_personio import FakePersonio
from tests.support.world import World
from tests.support.world_in_process import InProcess

_Hr = TypeVar("_Hr", bound=FakePersonio)
FULL_TIME = (Decimal(40), Decimal(40))  # hours a week, of a full week
BEGAN, FIRST, LATER, APRIL = date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 15), date(2026, 4, 1)


def employ_paid(world: World, name: str) -> tuple[PersonId, str]:
    """In both systems, with a salary; and the id of that."""
    one = world.employ(name)
    assert one.person is not None
    return one.person, earns(world, one.person)


def earns(world: World, person: PersonId) -> str:
    return world.hr.set_salary(person, Decimal(3000), "MONTHLY", hours=FULL_TIME, effective_from=BEGAN)


def findings_of(world: World) -> list[tuple[FindingCode, str | None]]:
    """In a plan of the middle of March."""
    seen = world.look(LATER)
    assert seen is not None
    return [(one.code, one.detail) for decision in seen.plan.decisions for one in decision.findings]


def world_with(hr: type[_Hr]) -> tuple[World, _Hr]:
    """A world with another Personio."""
    wiring = InProcess()
    personio = hr(wiring.clock.now, mapped=wiring.hr.mapped)
    wiring.hr = personio
    wiring._tools = replace(wiring._tools, personio=personio)
    world = World(wiring, pay_from=date(2026, 1, 1))
    world.components["Phone"] = PayComponent(284, ComponentKind.RECURRING)
    world.components["Bonus"] = PayComponent(380, ComponentKind.ONE_TIME)
    return world, personio


class OneOfAnId(FakePersonio):
    """Of the amounts under an id a list shows the newest alone that has begun by its end."""

    asked = 0  # for single days

    def compensations(self, entity: LegalEntity, *, on: date) -> PayWindow:
        self.asked += 1
        return super().compensations(entity, on=on)

    def _in_window(self, pay: Compensation, start: date, end: date) -> bool:
        newer = (one for one in self._pay if one.id == pay.id and one.takes_effect > pay.takes_effect)
        return super()._in_window(pay, start, end) and not any(one.takes_effect <= end for one in newer)
