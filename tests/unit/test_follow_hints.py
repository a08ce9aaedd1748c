"""What a re-read of the few people whom webhooks name may put on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import Any

import pytest

from domain.attributes import CONSIDER, Role
from domain.errors import ClaimLost
from domain.events.personio import AttributeChanged, GatesObserved
from domain.services.follow_hints import record_people
from domain.values import BLANK, RunId
from tests.support.world import LONG_AGO, TULP, World, facts
from tests.support.world_in_process import InProcess

PHONE, CITY = Role("phone"), Role("city")
_IDS = count()


@pytest.fixture
def world() -> Iterator[World]:
    """Sanne and Daan, equal in both systems after a run, of a Personio that leaves empty attributes out."""
    world = World(InProcess())
    world.hr.omit_empties()
    world.employ("Sanne")
    world.employ("Daan")
    world.run(date(2026, 3, 14))
    yield world
    world.close()


def follow(world: World, name: str) -> list[object]:
    """A webhook about this person; answers what it added to the log."""
    person, before = world.people[name].person, len(world.everything())
    assert person is not None
    world.clock.sleep(60)
    people = world.tools().personio.people([person], today=world.clock.today())
    run = RunId(f"hint-{next(_IDS)}")
    record_people(world.policy(), world.tools(), people, read_at=world.clock.now(), correlation=run)
    return [one.fact for one in world.everything()[before:]]


def test_what_is_hidden_by_now_is_not_recorded_as_blanked(world: World) -> None:
    world.hr.hide(PHONE, None)
    world.edit("Sanne", CITY, "Gouda", since=LONG_AGO)

    added = follow(world, "Sanne")

    (changed,) = added
    assert isinstance(changed, AttributeChanged)
    assert changed.after == "Gouda"


def test_consider_that_is_hidden_by_now_is_not_recorded_as_no(world: World) -> None:
    world.hr.hide(CONSIDER, None)
    world.edit("Sanne", CITY, "Gouda", since=LONG_AGO)

    assert follow(world, "Sanne") == []


def test_a_field_that_was_emptied_is_left_to_the_next_sweep(world: World) -> None:
    world.edit("Sanne", PHONE, BLANK, since=LONG_AGO)

    assert follow(world, "Sanne") == []

    before = len(world.everything())
    world.run(date(2026, 3, 15))
    emptied = facts(world.everything()[before:], AttributeChanged)
    assert [one.after for one in emptied] == [BLANK]
    assert facts(world.everything()[before:], GatesObserved) == []


def test_whom_another_read_recorded_meanwhile_is_read_again(world: World) -> None:
    world.edit("Sanne", CITY, "Gouda", since=LONG_AGO)
    world.edit("Daan", CITY, "Gouda", since=LONG_AGO)
    sanne, daan = (world.people[name].person for name in ("Sanne", "Daan"))
    assert sanne
    assert daan
    people = world.tools().personio.people([sanne, daan], today=world.clock.today())
    world.clock.sleep(60)
    read_at = world.clock.now()
    world.clock.sleep(60)
    follow(world, "Sanne")
    before = len(world.everything())

    again = record_people(world.policy(), world.tools(), people, read_at=read_at, correlation=RunId("hint-late"))

    assert again == {sanne}
    assert [one.stream for one in world.everything()[before:]] == [f"person:{daan}"]


def test_what_was_recorded_at_the_very_moment_of_the_read_may_be_newer(world: World) -> None:
    world.edit("Sanne", CITY, "Gouda", since=LONG_AGO)
    follow(world, "Sanne")
    sanne = world.people["Sanne"].person
    assert sanne is not None
    people = world.tools().personio.people([sanne], today=world.clock.today())

    again = record_people(
        world.policy(), world.tools(), people, read_at=world.clock.now(), correlation=RunId("hint-at-once")
    )

    assert again == {sanne}


def test_of_whom_no_run_has_included_yet_only_the_gates_are_kept(world: World) -> None:
    world.hire("Olga")

    assert [type(one) for one in follow(world, "Olga")] == [GatesObserved]


def test_of_whom_loket_has_ended_or_who_is_left_out_no_value_is_kept(world: World) -> None:
    world.payroll.end_employment(TULP, world.people["Sanne"].number, date(2026, 2, 28))
    world.run(date(2026, 3, 15))
    world.edit("Sanne", CITY, "Gouda", since=LONG_AGO)
    world.edit("Daan", CONSIDER, "No", since=LONG_AGO)
    world.edit("Daan", CITY, "Gouda", since=LONG_AGO)

    assert follow(world, "Sanne") == []
    assert [type(one) for one in follow(world, "Daan")] == [GatesObserved]


def test_whose_claim_somebody_took_over_meanwhile_records_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.edit("Sanne", CITY, "Gouda", since=LONG_AGO)
    log, claims = world.tools().log, world.tools().claims
    append, size = log.append, log.size()

    def too_late(*what: Any, **about: Any) -> Any:
        claims.holder_died(TULP.personio_id)  # type: ignore[attr-defined]
        with claims.claim(TULP.personio_id, RunId("other")):
            return append(*what, **about)

    monkeypatch.setattr(log, "append", too_late)
    with pytest.raises(ClaimLost):
        follow(world, "Sanne")

    assert log.size() == size
