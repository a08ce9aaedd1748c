"""Whose facts are shown under a number, and since when nobody carries it any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from domain.attributes import Role
from domain.errors import Unreachable
from domain.events.drift import DriftChecked
from domain.events.runs import OutcomesRecorded, Unmoved
from domain.log import Recorded, StreamId
from domain.services.read_employee import about_them, away_since, last_look
from domain.values import EmployeeNumber
from domain.views.evidence import Look
from domain.views.history import Span
from tests.support.fake_log import FakeLog
from tests.support.log_site import META, gates, to
from tests.support.world import TULP, World
from tests.support.world_in_process import InProcess

NUMBER = EmployeeNumber(4711)
SANNE, DAAN = StreamId("person:11"), StreamId("person:12")
MIDNIGHT = datetime(2026, 3, 16, tzinfo=UTC)


def alike(*people: Unmoved) -> OutcomesRecorded:
    return OutcomesRecorded(outcome="unchanged", reason="EDIT-1", people=people)


def shown(fact: OutcomesRecorded, *carried: Span, position: int = 5) -> list[object]:
    events = [
        Recorded(position, StreamId("run:run-1"), 0, "", META, fact),
        Recorded(position + 1, SANNE, 0, "", META, gates(4711)),
    ]
    return [getattr(one.fact, "person_id", one.fact) for one in about_them(events, NUMBER, carried)]


def test_of_what_a_run_told_of_many_only_whoever_has_the_number_is_shown() -> None:
    told = alike(Unmoved("11", 4711), Unmoved("12", 4712), Unmoved("13"))

    assert shown(told, Span(StreamId("person:13"), 0, None)) == ["11", gates(4711)]


@pytest.mark.parametrize(
    ("span", "theirs"),
    [
        (Span(DAAN, 0, None), True),
        (Span(DAAN, 5, 5), True),
        (Span(DAAN, 0, 4), False),
        (Span(DAAN, 6, None), False),
        (Span(SANNE, 0, None), False),
    ],
)
def test_who_was_seen_without_a_number_is_shown_to_whom_carried_it_then(span: Span, theirs: bool) -> None:
    told = alike(Unmoved("12"), Unmoved("13", 4712))

    assert shown(told, span) == [*(["12"] if theirs else []), gates(4711)]
    assert shown(alike(Unmoved("12", 4800)), span) == [gates(4711)]  # by then they had another number


def away(spans: Sequence[Span], day: int, size: int = 4) -> int | None:
    """A log with one event a day; asked at noon of a day."""
    log = FakeLog()
    for place in range(size):
        at = msgspec.structs.replace(META, recorded_at=MIDNIGHT + timedelta(days=place))
        log.append([to(SANNE, place, gates(place))], meta=at)
    return away_since(spans, log=log, by=MIDNIGHT + timedelta(days=day, hours=12))


@pytest.mark.parametrize(
    ("spans", "day", "since"),
    [
        ([Span(SANNE, 0, 1)], 3, 2),
        ([Span(SANNE, 0, 1)], 2, 2),
        ([Span(SANNE, 0, 1)], 1, None),  # that it ended was recorded a day later
        ([Span(SANNE, 0, None)], 3, None),
        ([Span(SANNE, 0, 3)], 3, 4),  # nothing was recorded after it
        ([Span(SANNE, 0, 0), Span(DAAN, 2, None)], 3, None),
        ([Span(SANNE, 0, 0), Span(DAAN, 2, None)], 1, 1),  # the next one has not begun yet
        ([Span(SANNE, 0, 0), Span(DAAN, 1, 2)], 3, 3),
        ([], 3, None),
    ],
)
def test_a_number_is_nobodys_once_the_last_who_carried_it_is_gone(
    spans: list[Span], day: int, since: int | None
) -> None:
    assert away(spans, day) == since


@pytest.fixture
def world() -> Iterator[World]:
    one = World(InProcess())
    for name in ("Sanne", "Daan"):
        one.employ(name)
    one.run(date(2026, 3, 15))
    yield one
    one.close()


def looked(world: World, name: str, by: datetime | None = None) -> Look | None:
    tools = world.tools()
    tools.views.catch_up()
    number = EmployeeNumber(world.people[name].number)
    return last_look(TULP.personio_id, number, log=tools.log, views=tools.views, by=by or world.clock.now())


def test_the_last_look_at_somebody_is_the_last_check_that_was_completed_with_what_waited_of_theirs(
    world: World,
) -> None:
    def unreachable() -> None:
        raise Unreachable("Loket did not answer")

    before_any = looked(world, "Sanne")
    world.hooks().on_reading = unreachable
    world.check(date(2026, 3, 16))
    refused_only = looked(world, "Sanne")
    world.edit("Sanne", Role("street"), "Kade")
    world.edit("Daan", Role("city"), "Weesp")
    world.check(date(2026, 3, 17))
    world.hooks().on_reading = unreachable
    world.check(date(2026, 3, 18))

    (checked,) = (one for one in world.everything() if isinstance(one.fact, DriftChecked))
    assert (before_any, refused_only) == (None, None)
    assert looked(world, "Sanne") == Look(checked.position, frozenset({"address.street"}))
    assert looked(world, "Daan") == Look(checked.position, frozenset({"address.city"}))
    assert looked(world, "Sanne", checked.meta.recorded_at - timedelta(seconds=1)) is None
