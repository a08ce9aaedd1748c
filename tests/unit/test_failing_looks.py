"""Looks at tenants that fail, and keep no thread from the others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from api.tenants.failing import FOR_LONG, SELDOM, Failing


@dataclass
class Time:
    now: float = 1000.0


def looked_at(failing: Failing, time: Time, seconds: int) -> list[float]:
    """When, of one look each half minute that meets a database that is silent."""
    begun = []
    for each in range(0, seconds, 30):
        time.now = 1000.0 + each
        if not failing.rests("tulp"):
            begun.append(time.now - 1000.0)
            failing.failed("tulp", "PostgreSQL did not answer", waits=True)
    return begun


def test_a_look_that_waited_in_vain_is_tried_later_each_time_and_never_given_up() -> None:
    time = Time()
    failing = Failing(lambda: time.now)

    begun = looked_at(failing, time, 1800)

    assert begun[:5] == [0, 30, 60, 120, 240]
    assert {later - sooner for sooner, later in pairwise(begun[4:])} == {SELDOM}
    assert not failing.rests("roos")
    failing.well("tulp")
    assert not failing.rests("tulp")


def test_a_look_that_failed_at_once_is_tried_as_often_as_ever() -> None:
    failing = Failing(lambda: 1000.0)
    told = [failing.failed("tulp", why, waits=False) for why in ("not believed", "not believed", "no right")]

    assert (told, failing.rests("tulp")) == ([True, False, True], False)


def test_whoever_operates_hears_of_what_fails_for_some_minutes_and_not_of_who_has_gone() -> None:
    time = Time()
    failing = Failing(lambda: time.now)
    for name in ("tulp", "roos", "gone"):
        failing.failed(name, f"{name} is not believed", waits=False)
    time.now += FOR_LONG - 1
    assert failing.for_long == {}
    failing.well("roos")
    failing.only({"tulp", "roos"})
    time.now += 1

    assert failing.for_long == {"tulp": "tulp is not believed"}


def test_what_is_told_elsewhere_is_not_told_once_more_and_not_after_it_is_well() -> None:
    time = Time()
    failing = Failing(lambda: time.now)
    failing.failed("tulp", "", waits=True)
    time.now += FOR_LONG

    assert failing.for_long == {}
    assert failing.failed("tulp", "no right", waits=False)
    assert failing.for_long == {"tulp": "no right"}
