"""Deciding about a difference: why, about which one, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from adapters.sqlite.views.drift import SqliteDrift
from domain.attributes import GROSS_WAGE
from domain.errors import Misconfigured, NotFound, ViewsDiffer
from domain.services.drift.human_decisions import ACCEPTED_FOR
from domain.services.sync.preview import AHEAD, preview
from domain.values import EmployeeNumber, FieldPath
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

STREET, CITY = FieldPath("address.street"), FieldPath("address.city")
TODAY = date(2026, 3, 16)


@pytest.fixture
def world() -> Iterator[World]:
    """In which Loket's street differs, and people may accept that."""
    made = World(InProcess())
    made.allow_accepted_drift = True
    made.employ("Sanne")
    made.run(date(2026, 3, 15))
    made.payroll.set_field(TULP, made.people["Sanne"].number, STREET, "Third Rd")
    made.check(TODAY)
    yield made
    made.close()


def number(world: World) -> EmployeeNumber:
    return EmployeeNumber(world.people["Sanne"].number)


@pytest.mark.parametrize("reason", ["", "  "])
def test_nothing_is_decided_without_a_reason(world: World, reason: str) -> None:
    with pytest.raises(Misconfigured, match="give a reason"):
        world.deciding(reason)


def test_a_difference_is_accepted_until_a_day_that_has_not_passed_or_for_a_while(world: World) -> None:
    deciding = world.deciding("moved for a month")

    with pytest.raises(Misconfigured, match="has passed"):
        deciding.accept(number(world), STREET, TODAY - timedelta(days=1))
    assert deciding.accept(number(world), STREET, TODAY) == TODAY
    assert world.deciding("longer").accept(number(world), STREET) == TODAY + ACCEPTED_FOR


def test_pay_is_never_accepted(world: World) -> None:
    with pytest.raises(Misconfigured, match="is pay"):
        world.deciding("as agreed").accept(number(world), GROSS_WAGE)


def test_nobody_accepts_or_is_held_out_where_the_legal_entity_does_not_allow_it(world: World) -> None:
    world.allow_accepted_drift = False

    with pytest.raises(Misconfigured, match="does not allow this"):
        world.deciding("as agreed").accept(number(world), STREET)
    with pytest.raises(Misconfigured, match="does not allow this"):
        world.deciding("as agreed").hold_out(number(world))


def test_only_an_open_difference_and_somebody_known_can_be_decided_about(world: World) -> None:
    with pytest.raises(NotFound, match="no open difference"):
        world.deciding("known").acknowledge(number(world), CITY)
    with pytest.raises(NotFound, match="has nobody with employee number 9999"):
        world.deciding("on leave").hold_out(EmployeeNumber(9999))
    world.run(TODAY)
    with pytest.raises(NotFound, match="no open difference"):
        world.deciding("known").keep(number(world), STREET)


def test_a_plan_for_a_later_day_says_that_it_looks_ahead(world: World) -> None:
    later = preview(world.policy(), world.tools(), on=TODAY + timedelta(days=3))
    now = preview(world.policy(), world.tools())

    assert AHEAD in later.notes
    assert AHEAD not in now.notes


def test_an_accepted_difference_that_a_view_hides_is_not_written_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deciding("moved for a month").accept(number(world), STREET, TODAY + timedelta(days=9))
    monkeypatch.setattr(SqliteDrift, "cases", lambda *_, **__: ())  # somebody deleted its row

    with pytest.raises(ViewsDiffer, match="drift"):
        world.run(TODAY + timedelta(days=1))

    assert world.payroll.field(TULP, number(world), STREET) == "Third Rd"
