"""What is planned and what of it is due, in local time over the changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.planning.business_date import AMSTERDAM
from domain.schedule import (
    Job,
    Planned,
    Standing,
    as_it_came,
    due,
    following,
    is_ahead,
    late,
    planned_days,
    timetable,
    whole_again,
)
from domain.values import LegalEntityId

TULP = LegalEntityId("170")
GRACE = timedelta(hours=2)
LONG_AGO = datetime(2026, 3, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    """An instant from Dutch local time."""
    return datetime.fromisoformat(text).replace(tzinfo=AMSTERDAM).astimezone(UTC)


def daily(text: str, job: Job = Job.DRIFT_CHECK) -> Planned:
    return Planned(TULP, job, timetable(text))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 6 * * *", range(1, 32)),
        ("30 6 * * mon-fri", [n for n in range(1, 32) if date(2026, 5, n).weekday() < 5]),
        ("30 6 * * sat-mon", [2, 3, 4, 9, 10, 11, 16, 17, 18, 23, 24, 25, 30, 31]),
        ("0 20 18 * *", [18]),
        ("0 20 1-3,18 * *", [1, 2, 3, 18]),
        ("0 20 18 may,dec *", [18]),
        ("0 20 18 jun-apr *", []),
        ("0 7 first-workday * *", [1]),
        ("0 7 first-workday apr *", []),
    ],
)
def test_a_timetable_names_its_days(text: str, days: list[int]) -> None:
    found = timetable(text).between(date(2026, 5, 1), date(2026, 5, 31))

    assert [one.day for one in found] == list(days)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("30 6 * * 1-5", "not a weekday by name"),
        ("30 6 * 3 *", "not a month by name"),
        ("30 6 * * mon-friday", "not a weekday by name"),
        ("30 6 * * monday-fri", "not a weekday by name"),
        ("30 2 * * *", "between 02:00 and 03:00"),
        ("0 2 * * *", "between 02:00 and 03:00"),
        ("*/5 6 * * *", "at most once a day"),
        ("0 6,18 * * *", "at most once a day"),
        ("0 24 * * *", "must be a single hour"),
        ("0 6 32 * *", "not a day of the month"),
        ("0 6 1 * mon", "not both"),
        ("0 6 * *", "needs five fields"),
        ("0 6 * * * *", "needs five fields"),
        ("0 6 20-10 * *", "names no day"),
        ("0 9 31 feb *", "never occurs"),
        ("0 9 30 feb *", "never occurs"),
        ("0 9 31 apr *", "never occurs"),
    ],
)
def test_what_could_be_misread_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refusal:
        timetable(text)

    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 5, 30, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 4, 30, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 4, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 5, 30, tzinfo=UTC)),
    ],
)
def test_half_past_six_is_half_past_six_on_both_sides_of_a_clock_change(day: date, instant: datetime) -> None:
    assert timetable("30 6 * * *").instant(day) == instant


@pytest.mark.parametrize("text", ["59 1 * * *", "0 3 * * *", "30 6 * * *", "0 0 * * *", "59 23 * * *"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_clock_that_steps_over_a_change_by_minutes_finds_each_business_date_due_once(text: str, day: date) -> None:
    planned, standing = daily(text), Standing(text, LONG_AGO, done=day - timedelta(days=2))
    ran: list[date] = []

    now = at(f"{day - timedelta(days=1)}T00:00")
    while now < at(f"{day + timedelta(days=2)}T00:00"):
        wanted = due(planned, standing, now, GRACE)
        assert wanted.missed == ()
        if wanted.run is not None:
            ran.append(wanted.run.business_date)
            standing = Standing(text, LONG_AGO, done=wanted.run.business_date)
        now += timedelta(minutes=1)

    assert ran == [day - timedelta(days=1), day, day + timedelta(days=1)]


def test_a_day_of_downtime_is_one_run_and_each_lost_day_is_told() -> None:
    standing = Standing("30 6 * * *", LONG_AGO, done=date(2026, 3, 10))

    wanted = due(daily("30 6 * * *"), standing, at("2026-03-13T07:00"), GRACE)

    assert [one.business_date.day for one in wanted.missed] == [11, 12]
    assert wanted.run is not None
    assert wanted.run.business_date == date(2026, 3, 13)


@pytest.mark.parametrize(
    ("now", "missed"), [("2026-03-11T06:30", []), ("2026-03-11T08:30", []), ("2026-03-11T08:31", [11])]
)
def test_what_has_not_begun_is_missed_only_after_the_grace_and_still_wanted(now: str, missed: list[int]) -> None:
    standing = Standing("30 6 * * *", LONG_AGO, done=date(2026, 3, 10))

    wanted = due(daily("30 6 * * *"), standing, at(now), GRACE)

    assert [one.business_date.day for one in wanted.missed] == missed
    assert wanted.run is not None
    assert late(daily("30 6 * * *"), standing, at(now), GRACE) is bool(missed)


def test_what_was_told_is_not_told_again() -> None:
    standing = Standing("30 6 * * *", LONG_AGO, done=date(2026, 3, 10), told=date(2026, 3, 12))

    wanted = due(daily("30 6 * * *"), standing, at("2026-03-13T09:00"), GRACE)

    assert [one.business_date.day for one in wanted.missed] == [13]


def test_a_planned_run_of_another_day_is_missed_and_not_made_up_for() -> None:
    standing = Standing("0 20 18 * *", LONG_AGO)

    same_day = due(daily("0 20 18 * *", Job.SYNC), standing, at("2026-03-18T23:30"), GRACE)
    next_day = due(daily("0 20 18 * *", Job.SYNC), standing, at("2026-03-19T00:30"), GRACE)

    assert same_day.run is not None
    assert next_day.run is None
    assert [one.business_date.day for one in next_day.missed] == [18]


def test_nothing_before_the_timetable_was_put_on_record_counts() -> None:
    standing = Standing("30 6 * * *", at("2026-03-11T06:31"))

    assert not due(daily("30 6 * * *"), standing, at("2026-03-12T06:29"), GRACE)
    assert due(daily("30 6 * * *"), standing, at("2026-03-12T06:30"), GRACE).run is not None
    for since in (None, at("2026-03-11T06:30")):  # not on record at all, or from that very moment on
        assert not due(daily("30 6 * * *", Job.SYNC), Standing("30 6 * * *", since), at("2026-03-11T09:00"), GRACE)
        assert not late(daily("30 6 * * *"), Standing("30 6 * * *", since), at("2026-03-11T09:00"), GRACE)


def test_what_was_put_off_waits_and_is_late_meanwhile() -> None:
    standing = Standing("30 6 * * *", LONG_AGO, done=date(2026, 3, 10), not_before=at("2026-03-11T09:00"))
    planned = daily("30 6 * * *")

    assert due(planned, standing, at("2026-03-11T08:59"), GRACE).run is None
    assert late(planned, standing, at("2026-03-11T08:59"), GRACE)
    assert due(planned, standing, at("2026-03-11T09:00"), GRACE).run is not None


@pytest.mark.parametrize(
    "standing",
    [
        Standing("30 6 * * *", at("2027-03-11T06:31"), done=date(2027, 3, 11)),
        Standing("30 6 * * *", LONG_AGO, done=date(2027, 3, 11)),
        Standing("30 6 * * *", LONG_AGO, done=date(2026, 3, 10), told=date(2027, 3, 11)),
        Standing("30 6 * * *", LONG_AGO, done=date(2026, 3, 10), not_before=at("2027-03-11T09:00")),
    ],
)
def test_what_is_on_record_from_a_clock_that_was_a_year_ahead_keeps_nothing_from_being_due(standing: Standing) -> None:
    now = at("2026-03-11T09:00")
    came = as_it_came(standing, [date(2026, 3, 10), date(2027, 3, 11)], [date(2027, 3, 11)], now)

    assert is_ahead(standing, now)
    found = due(daily("30 6 * * *"), came, now, GRACE)
    assert [one.business_date.day for one in found.missed] == [11]
    assert found.run is not None
    assert found.run.business_date == date(2026, 3, 11)


def test_a_clock_that_is_set_back_over_midnight_does_not_do_a_day_again() -> None:
    standing = Standing("30 0 * * *", LONG_AGO, done=date(2026, 3, 12))

    assert not due(daily("30 0 * * *"), standing, at("2026-03-11T23:50"), GRACE)


def test_the_first_working_day_is_the_first_one_from_monday_to_friday_of_each_month() -> None:
    days = timetable("0 7 first-workday * *").between(date(2026, 1, 1), date(2026, 12, 31))

    assert [day.isoformat()[5:] for day in days] == [
        "01-01", "02-02", "03-02", "04-01", "05-01", "06-01", "07-01", "08-03", "09-01", "10-01", "11-02", "12-01",
    ]  # fmt: skip


def test_a_planned_run_is_looked_at_the_day_before() -> None:
    ahead = timetable("0 20 1 * *", days_before=1)

    assert following(ahead, at("2026-03-15T12:00")) == at("2026-03-31T20:00")


def test_the_business_dates_ahead_begin_with_today_only_before_todays_time() -> None:
    plan = [daily("30 6 * * *")]
    before, after = (planned_days(plan, plan[0].key, at(f"2026-03-15T{now}"), 2) for now in ("06:29", "06:30"))

    assert [one.day for one in before] == [15, 16, 17]
    assert [one.day for one in after] == [16, 17]


def test_a_job_that_is_not_planned_has_no_days_ahead() -> None:
    assert planned_days([], daily("30 6 * * *").key, at("2026-03-15T06:00"), 2) == ()


def test_the_days_ahead_of_a_job_are_its_own() -> None:
    morning, monday = daily("30 6 * * *", Job.VERIFY), daily("30 6 * * mon")

    assert planned_days([morning, monday], monday.key, at("2026-03-15T12:00"), 2) == (date(2026, 3, 16),)


@pytest.mark.parametrize(
    ("last", "whole"),
    [
        (None, True),
        ("2026-03-08T23:59", True),
        ("2026-03-09T00:01", False),
        ("2026-03-15T06:00", False),
        ("2026-03-16T00:01", True),
        ("2999-01-01T06:00", True),
    ],
)
def test_the_whole_log_is_verified_again_so_many_business_dates_after_the_last_time(
    last: str | None, whole: bool
) -> None:
    assert whole_again(at(last) if last else None, at("2026-03-15T06:00"), days=7) is whole
