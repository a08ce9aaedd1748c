"""Which classes of a person's values must be kept on a day, and why (AUD-9)."""

from __future__ import annotations

from datetime import date

import pytest

from domain.erasure import KeptClass, RetentionPeriods, Standing, WhyKept, kept_classes
from domain.personal import Retention

FISCAL, IDENTITY, HR = Retention.FISCAL_7Y, Retention.ID_5Y, Retention.HR_2Y
LEFT = Standing(last_fact=date(2026, 3, 15), left_on=date(2026, 5, 31))
PERIODS = RetentionPeriods()


@pytest.mark.parametrize(
    ("retention", "last_day", "first_free"),
    [
        (FISCAL, date(2033, 12, 31), date(2034, 1, 1)),  # 7 years after the calendar year of the fact
        (IDENTITY, date(2031, 12, 31), date(2032, 1, 1)),  # 5 years after the calendar year of leaving
        (HR, date(2028, 5, 30), date(2028, 5, 31)),  # 2 years after leaving
    ],
)
def test_a_class_is_kept_to_the_last_day_of_its_period_and_free_on_the_next(
    retention: Retention, last_day: date, first_free: date
) -> None:
    assert kept_classes([retention], LEFT, PERIODS, today=last_day) == (
        KeptClass(retention, WhyKept.LEGAL_PERIOD, first_free),
    )
    assert kept_classes([retention], LEFT, PERIODS, today=first_free) == ()


@pytest.mark.parametrize("left_on", [None, date(2040, 1, 1)])
def test_nothing_goes_while_the_person_is_employed_however_old_the_last_fact_is(left_on: date | None) -> None:
    employed = Standing(last_fact=date(2026, 3, 15), left_on=left_on)

    assert kept_classes([HR, IDENTITY, FISCAL], employed, PERIODS, today=date(2035, 1, 1)) == (
        KeptClass(FISCAL, WhyKept.EMPLOYED),
        KeptClass(HR, WhyKept.EMPLOYED),
        KeptClass(IDENTITY, WhyKept.EMPLOYED),
    )


def test_a_hold_keeps_everything_whatever_the_periods_say() -> None:
    held = Standing(LEFT.last_fact, LEFT.left_on, held=True)

    kept = kept_classes([HR, IDENTITY, FISCAL], held, PERIODS, today=date(2090, 1, 1))

    assert {one.retention: one.why for one in kept} == dict.fromkeys((HR, IDENTITY, FISCAL), WhyKept.HOLD)


def test_someone_who_left_on_a_leap_day_is_kept_to_the_first_of_march() -> None:
    left = Standing(last_fact=date(2028, 1, 1), left_on=date(2028, 2, 29))

    assert kept_classes([HR], left, PERIODS, today=date(2030, 2, 28)) == (
        KeptClass(HR, WhyKept.LEGAL_PERIOD, date(2030, 3, 1)),
    )


def test_configured_periods_count() -> None:
    shorter = RetentionPeriods(fiscal_years=0, identity_years=0, hr_years=0)

    assert kept_classes([HR, IDENTITY, FISCAL], LEFT, shorter, today=date(2027, 1, 1)) == ()
