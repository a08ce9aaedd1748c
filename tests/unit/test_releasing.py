"""Saying that Loket removed an employee, beside the scenarios of MATCH-5: what is on record, of whom, and by whom."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from domain.errors import Misconfigured, NotFound, SecondPersonNeeded
from domain.events.loket import EmployeeReleased
from domain.records.loket_record import LoketRecord
from domain.services.journal import opened_streams
from domain.streams import loket_stream
from domain.values import EmployeeNumber
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess


@pytest.fixture
def world() -> Iterator[World]:
    """Anna's run misses Sanne in Loket; Daan is there."""
    made = World(InProcess())
    for name in ("Sanne", "Daan"):
        made.employ(name)
    made.run(date(2026, 3, 15))
    made.payroll.hide_employee(TULP, made.people["Sanne"].number)
    made.run(date(2026, 3, 16))
    yield made
    made.close()


def released(world: World) -> list[tuple[str, str, object]]:
    """In which streams, of which employee, and why."""
    return [
        (one.stream, one.fact.loket_id, one.fact.reason)
        for one in world.everything()
        if isinstance(one.fact, EmployeeReleased)
    ]


def test_the_release_names_the_employee_that_it_was_and_is_said_once_where_the_number_was_known(world: World) -> None:
    stream = loket_stream(TULP.personio_id, EmployeeNumber(world.people["Sanne"].number))
    before = LoketRecord.of(opened_streams(world.tools(), [stream])[stream])
    world.release_employee("Sanne", " taken out by payroll ", actor="Bas")

    assert before.employee_id
    assert released(world) == [(stream, before.employee_id, "taken out by payroll")]
    with pytest.raises(NotFound, match="nothing to release"):
        world.release_employee("Sanne", "once more", actor="Bas")


def test_nobody_is_released_without_a_reason_by_who_missed_them_or_while_they_are_there(world: World) -> None:
    with pytest.raises(Misconfigured, match="give a reason"):
        world.release_employee("Sanne", " ", actor="Bas")
    with pytest.raises(SecondPersonNeeded, match="Anna ran into"):
        world.release_employee("Sanne", "taken out", actor="Anna")
    with pytest.raises(NotFound, match="nothing to release"):
        world.release_employee("Daan", "taken out", actor="Bas")
    assert released(world) == []


def test_a_release_is_under_a_signed_head(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    log, signed = world.tools().log, list[int]()
    monkeypatch.setattr(log, "checkpoint", lambda: signed.append(log.size()))

    world.release_employee("Sanne", "taken out", actor="Bas")

    assert signed == [log.size()]
