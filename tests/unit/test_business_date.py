"""The calendar of the Netherlands: on which day an instant lies there, and when a day of theirs begins (WHAT-1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.planning.business_date import business_date, day_begins, local, salary_date
from tests.support.people import person


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 1, 31, 22, 59, tzinfo=UTC), date(2026, 1, 31)),
        (datetime(2026, 1, 31, 23, 0, tzinfo=UTC), date(2026, 2, 1)),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_a_day_begins_at_midnight_in_the_netherlands_in_winter_and_summer(instant: datetime, day: date) -> None:
    assert business_date(instant) == local(instant).date() == day
    assert day_begins(day) <= instant < day_begins(day, days=1)


def test_an_instant_without_a_place_on_earth_has_no_day() -> None:
    with pytest.raises(ValueError, match="aware"):
        business_date(datetime(2026, 3, 1))  # noqa: DTZ001  the one that is refused


def test_for_ever_has_no_day_after_it_and_the_first_of_all_days_none_before() -> None:
    assert day_begins(date.max, days=1) == datetime.max.replace(tzinfo=UTC)
    assert day_begins(date.max) == day_begins(date.max - timedelta(days=1), days=1)
    assert day_begins(date.min) == datetime.min.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "day"), [("2026-04-01", date(2026, 4, 1)), ("2026-02-01", date(2026, 3, 15)), ("", date(2026, 3, 15))]
)
def test_a_concept_employee_receives_the_salary_of_the_business_date_or_of_a_later_entry_date(
    entry: str, day: date
) -> None:
    assert salary_date(person(entry_date_current_period=entry), date(2026, 3, 15)) == day
