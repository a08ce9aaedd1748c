"""Whose turn it is: by share, by urgency, by waiting; measured over days of work that no test waits for."""

from __future__ import annotations

from collections import defaultdict
from itertools import groupby

import pytest

from domain.fairness import GOES_ON, TURN, Given, Had, Queued, Urgency, evenness, faded, may_begin, next_in_turn
from domain.schedule import Job
from tests.support.shop import Shop


def test_one_of_five_thousand_people_starves_none_of_two_hundred_small_ones() -> None:
    shop = Shop(places=4)
    for entity in range(50):  # there first, with an hour of work
        shop.defer("large", str(entity), Job.DRIFT_CHECK, 70.0)
    for number in range(200):
        shop.defer(f"small-{number}", "1", Job.DRIFT_CHECK, 2.0)
    shop.work()

    ends = max(at for at, tenant, _, _ in shop.begun if tenant != "large")
    assert ends <= 200 * 2.0 / 2 + 140  # as if two of the four places were theirs, after what had begun
    assert shop.most["large"] == 2
    assert len(shop.begun) == 250


def test_who_comes_while_a_large_one_is_worked_at_waits_for_no_more_than_one_of_its_jobs() -> None:
    shop = Shop(places=4)
    for entity in range(20):
        shop.defer("large", str(entity), Job.SYNC, 3000.0)
    shop.work(until=100.0)
    shop.now = 100.0
    shop.defer("small", "1", Job.DRIFT_CHECK, 2.0)
    shop.fill()

    assert shop.begun[-1][1:] == ("small", Job.DRIFT_CHECK, 0.0)


def test_what_payroll_waits_for_goes_first_and_what_waits_long_moves_up() -> None:
    urgent = Queued("b", Urgency.PAYROLL_WAITS, 1.0)

    soon, late = Queued("a", Urgency.NOBODY_WAITS, 800.0), Queued("a", Urgency.NOBODY_WAITS, 1800.0)
    assert next_in_turn([soon, urgent], {"b": Given(0, 500.0)}, {}, 2) == urgent
    assert next_in_turn([late, urgent], {"b": Given(0, 500.0)}, {}, 2) == late


def test_each_job_moves_up_by_its_own_waiting_also_within_one_tenant() -> None:
    """A tenant whose runs never end would have had no retention for ever."""
    shop = Shop()
    shop.defer("tulp", "1", Job.RETENTION, 10.0)
    shop.defer("tulp", "171", Job.SYNC, 60.0)
    for _ in range(100):
        shop.defer("tulp", "170", Job.SYNC, 60.0)
        shop.fill()
        shop.work(until=shop.now + 60.0)
    assert [one.waited for one in shop.begun if one.what == Job.RETENTION] == [pytest.approx(1800.0, abs=60)]

    old, new = Queued("a", Urgency.NOBODY_WAITS, 1800.0), Queued("a", Urgency.PAYROLL_WAITS, 1.0)
    assert next_in_turn([new, old], {}, {}, 2) == old


def test_a_clock_that_was_set_back_makes_nothing_less_urgent() -> None:
    looked, nobody = Queued("a", Urgency.SOMEBODY_LOOKS, -7200.0), Queued("b", Urgency.NOBODY_WAITS, 1.0)

    assert next_in_turn([nobody, looked], {}, {}, 2) == looked


@pytest.mark.parametrize(("places", "left"), [(2, 1), (4, 1), (6, 1), (8, 2), (12, 3)])
def test_two_large_ones_leave_places_to_whoever_holds_none(places: int, left: int) -> None:
    shop = Shop(places=places)
    for entity in range(50):
        for large in ("one", "other"):
            shop.defer(large, str(entity), Job.SYNC, 3000.0)
    shop.fill()
    assert places - len(shop.running) == left

    shop.now = 60.0
    for number in range(3):
        shop.defer(f"small-{number}", "1", Job.DRIFT_CHECK, 2.0)
    shop.fill()
    assert sum(one.tenant.startswith("small") for one in shop.begun) == min(3, left)


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize(("places", "left"), [(2, 1), (3, 1), (4, 1), (8, 2), (12, 3)])
def test_however_many_large_ones_there_are_they_leave_a_place_to_short_jobs(
    places: int, left: int, *, new: bool
) -> None:
    """Also on the first day, when nobody knows yet who is large."""
    shop = Shop(places=places)
    for number in range(3 * places):
        shop.defer(f"large-{number}", "1", Job.SYNC, 3000.0, new=new)
    shop.fill()
    assert places - len(shop.running) == left

    for number in range(40):
        shop.now += 15.0
        shop.work(until=shop.now)
        shop.defer(f"small-{number}", "1", Job.DRIFT_CHECK, 10.0)
        shop.fill()
    assert [one.waited for one in shop.begun if one.tenant.startswith("small")] == [0.0] * 40


def test_in_a_week_of_thirty_large_and_two_hundred_small_ones_no_small_one_waits_for_a_large_one() -> None:
    """Everybody's timetable says seven o'clock, and after a night nobody's seconds of work are remembered."""
    shop = Shop(places=8)
    for day in range(7):
        shop.work(until=day * 86_400.0)
        shop.now = day * 86_400.0
        for number in range(30):
            for entity in range(3):
                shop.defer(f"large-{number}", str(entity), Job.SYNC, 1800.0 + 60 * number)
        for number in range(200):
            shop.defer(f"small-{number}", "1", Job.SYNC, 10.0 + number % 50)
    shop.work()

    waited = sorted(one.waited for one in shop.begun if one.tenant.startswith("small"))
    assert len(waited) == 7 * 200
    assert waited[-1] <= sum(10.0 + number % 50 for number in range(200)) / 2 + 60  # as if two places were theirs alone
    assert len(shop.begun) == 7 * 290


def test_a_tenant_is_large_by_its_longest_job_of_the_last_weeks_and_by_what_it_is_at() -> None:
    week = 7 * 86_400.0
    assert Given().is_long
    assert not Had(0.0).and_then(300.0, 300.0).given(300.0).is_long
    once = Had(0.0).and_then(400.0, 400.0).and_then(500.0, 10.0)
    assert once.given(500.0).is_long
    assert once.given(500.0 + week).longest == pytest.approx(200.0, abs=1)
    assert not Given(0, 0.0, 20.0).is_long
    assert Given(0, 0.0, 20.0).beside(1, 301.0, 301.0).is_long
    assert Given().beside(1, 5.0, 5.0).is_long  # nothing of it has ended yet


def test_one_place_alone_is_kept_for_nobody() -> None:
    large = Queued("large", Urgency.NOBODY_WAITS, 1.0)

    assert next_in_turn([large], {}, {}, 1) == large


def test_short_jobs_that_are_being_done_leave_a_long_one_the_places_it_may_have() -> None:
    large = Queued("large", Urgency.NOBODY_WAITS, 1.0)
    short = {f"small-{number}": Given(1, 0.0, 20.0) for number in range(3)}
    long = {f"large-{number}": Given(1, 0.0, 900.0) for number in range(3)}

    assert next_in_turn([large], short, {}, 4) == large
    assert next_in_turn([large], long, {}, 4) is None


def test_whoever_holds_none_begins_also_where_more_places_are_held_than_are_known() -> None:
    assert may_begin(0, -3)
    assert not may_begin(1, -3)


def test_work_is_given_by_share_while_everybody_has_more_than_can_be_done() -> None:
    shop = Shop(places=2, shares={"double": 2.0})
    for tenant in ("double", "one", "other"):
        for entity in range(400):
            shop.defer(tenant, str(entity), Job.DRIFT_CHECK, 10.0)
    shop.work(until=4000.0)

    had = defaultdict[str, float](float)
    for _, tenant, _, _ in shop.begun:
        had[tenant] += 10.0
    assert evenness([had["double"] / 2, had["one"], had["other"]]) > 0.99


def test_whoever_has_just_had_a_job_goes_on_while_what_it_needs_is_open() -> None:
    shop = Shop()
    for tenant in ("a", "b", "c"):
        for what in (Job.SYNC, Job.LOOK_AHEAD, Job.VERIFY, Job.RETENTION):
            shop.defer(tenant, "1", what, 0.5)
    shop.work()

    urgent = [Urgency.PAYROLL_WAITS if one.what in (Job.SYNC, Job.LOOK_AHEAD) else Urgency.NOBODY_WAITS
              for one in shop.begun]  # fmt: skip
    assert [one.tenant for one in shop.begun] == [*"aabbcc", *"ccbbaa"]
    assert urgent == [Urgency.PAYROLL_WAITS] * 6 + [Urgency.NOBODY_WAITS] * 6


def test_nobody_goes_on_for_more_jobs_than_begin_in_two_turns() -> None:
    shop = Shop(shares={"double": 2.0})
    for tenant in ("a", "b", "double"):
        for entity in range(12):
            shop.defer(tenant, str(entity), Job.DRIFT_CHECK, 2.0)
    shop.work()

    in_a_row = [(tenant, len([*jobs])) for tenant, jobs in groupby(one.tenant for one in shop.begun)]
    assert in_a_row[:5] == [("a", 3), ("b", 3), ("double", 11), ("a", 3), ("b", 5)]
    begin_in_two = 2 * (int(TURN / 2.0) + 1)
    assert max(many for tenant, many in in_a_row if tenant != "double") <= begin_in_two


def test_who_has_rested_or_has_long_jobs_takes_its_turn_by_what_it_had() -> None:
    queued = [Queued("more", Urgency.SOMEBODY_LOOKS, 1.0), Queued("less", Urgency.SOMEBODY_LOOKS, 1.0)]
    given = {"more": Given(0, 4.0, 4.0, rested=GOES_ON), "less": Given(0, 1.0, 1.0)}

    assert next_in_turn(queued, given, {}, 2) == queued[0]
    assert next_in_turn(queued, {**given, "more": Given(0, 4.0, TURN + 1, rested=0.0)}, {}, 2) == queued[1]
    assert next_in_turn(queued, {**given, "more": Given(0, 4.0, 4.0, rested=GOES_ON + 1)}, {}, 2) == queued[1]


@pytest.mark.parametrize(("places", "most"), [(1, 1), (2, 1), (3, 2), (4, 2), (12, 6)])
def test_nobody_holds_more_than_half_of_the_places(places: int, most: int) -> None:
    queued = [Queued("a", Urgency.PAYROLL_WAITS, 99.0)]

    assert next_in_turn(queued, {"a": Given(most - 1)}, {}, places) == queued[0]
    assert next_in_turn(queued, {"a": Given(most)}, {}, places) is None


def test_evenness_is_one_for_equal_and_small_for_all_to_one() -> None:
    assert evenness([]) == evenness([0.0, 0.0]) == evenness([3.0, 3.0]) == 1.0
    assert evenness([4.0, 0.0, 0.0, 0.0]) == 0.25


def test_of_what_somebody_had_half_counts_after_an_hour() -> None:
    assert faded(100.0, 3600.0) == 50.0
