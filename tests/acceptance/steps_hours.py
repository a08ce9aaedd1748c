"""Steps about working hours: what Loket has of a person, what is done with Personio's, and what became of it."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then

from domain.attributes import GROSS_WAGE, WEEKLY_HOURS
from domain.events.loket import FieldOverwritten, Placed, RecordPlaced, WriteIntended
from domain.settings import WeeklyHours
from tests.acceptance import words
from tests.acceptance.words import DATE
from tests.support.scene import Scene
from tests.support.world import facts

_SETTINGS = {"sent": WeeklyHours.SEND, "not looked at": WeeklyHours.IGNORE}


@given(parsers.re(r"weekly hours are (?P<what>sent|not looked at)"))
def setting(scene: Scene, what: str) -> None:
    scene.world.weekly_hours = _SETTINGS[what]


@given(parsers.re(rf"Loket has her for (?P<weekly>[\d.]+) of (?P<full>\d+) hours(?: from {DATE})?"))
def hours_in_loket(scene: Scene, weekly: str, full: str, day: str | None) -> None:
    """A full week is what Loket holds without any hours of the person's own."""
    one = scene.world.people[scene.last]
    own = None if weekly == full else Decimal(weekly)
    scene.world.payroll.set_hours(one.entity, one.number, words.day(day) if day else one.start, own, Decimal(full))


@given("Loket has no hours of her")
def no_hours(scene: Scene) -> None:
    one = scene.world.people[scene.last]
    scene.world.payroll.hide_hours(one.entity, one.number)


@then(parsers.re(rf"Loket has her for (?P<weekly>[\d.]+) hours from {DATE}"))
def hours_are(scene: Scene, weekly: str, day: str) -> None:
    one = scene.world.people[scene.last]
    held = scene.world.payroll.hours(one.entity, one.number)
    assert max(held) == words.day(day)
    assert held[words.day(day)] == Decimal(weekly)


@then("the hours were written before the wage")
def hours_first(scene: Scene) -> None:
    written = [one.field for one in facts(scene.world.history(scene.last), FieldOverwritten)]
    assert written.index(WEEKLY_HOURS) < written.index(GROSS_WAGE)
    intended = [one.changes[0].field for one in facts(scene.world.history(scene.last), WriteIntended)]
    assert intended[0] == WEEKLY_HOURS


@then(
    parsers.re(
        r"the history says that the hours went into (?P<where>a new record|the newest record), under a day that is ours"
    )
)
def placed(scene: Scene, where: str) -> None:
    history = scene.world.history(scene.last)
    (told,) = facts(history, RecordPlaced)
    assert told.placed is (Placed.NEW_RECORD if where == "a new record" else Placed.NEWEST_IN_PLACE)
    assert told.rule == "RETRO-2"
    assert [one.effective_on for one in facts(history, FieldOverwritten) if one.field == WEEKLY_HOURS] == [None]
