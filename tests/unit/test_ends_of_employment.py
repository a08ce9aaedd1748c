"""Intervals in which Loket had ended an employment: reinstated, or another employment took the number (AUD-7)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.values import EmployeeNumber
from domain.views.terminations import EndDateSeen, Interval, intervals

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)


def seen(employment: str, end: date | None, day: int, number: int = 4711) -> EndDateSeen:
    return EndDateSeen(EmployeeNumber(number), employment, 1, end, datetime(2026, 3, day, tzinfo=UTC), day)


def told(*observations: EndDateSeen) -> list[tuple[str, tuple[date | None, ...], int | None, bool]]:
    """Employment, end dates, the day of March until which it stood, and whether that was a reinstatement."""
    return [
        (one.employment_id, one.end_dates, one.until.day if one.until else None, one.reinstated)
        for one in intervals(observations)
    ]


def test_an_end_stands_until_it_is_gone_and_a_moved_one_is_the_same_interval() -> None:
    moved = (seen("m1", MAY, 1), seen("m1", JUNE, 2))

    assert told(*moved) == [("m1", (MAY, JUNE), None, False)]
    assert told(*moved, seen("m1", None, 3)) == [("m1", (MAY, JUNE), 3, True)]
    assert told(*moved, seen("m2", None, 3)) == [("m1", (MAY, JUNE), 3, False)]  # another one runs


def test_the_end_of_another_employment_takes_the_place_of_the_one_before() -> None:
    assert told(seen("m1", MAY, 1), seen("m2", JUNE, 2)) == [("m1", (MAY,), 2, False), ("m2", (JUNE,), None, False)]


def test_an_employment_without_an_end_says_nothing_and_each_number_is_told_by_itself() -> None:
    assert told(seen("m1", None, 1)) == []
    both = intervals([seen("m1", MAY, 1, 4712), seen("m9", JUNE, 2, 4711)])
    assert [(one.employee_number, one.employment_id) for one in both] == [(4711, "m9"), (4712, "m1")]
    assert all(isinstance(one, Interval) for one in both)
